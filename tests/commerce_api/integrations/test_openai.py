"""The writer behind OpenAI's interface, against the stand-in: what is sent, and what becomes of each answer."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import openai
import orjson
import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.integrations.openai import OpenAiWriter, writer
from commerce_api.office.copywriting import guard, parts, prompts
from commerce_api.office.copywriting.statuses import Reason
from commerce_api.office.copywriting.writer import WritingFailed
from sandbox.app import emulator
from sandbox.faults import Switch
from sandbox.world import World
from tests import services

pytestmark = pytest.mark.anyio

FACTS = {
    "garment": "tee",
    "category": "Футболки",
    "drawing": "kolos",
    "name": "Футболка «Колос»",
    "colours": ["вугілля", "молоко"],
    "sizes": ["S", "M", "XXL"],
    "fibres": ["cotton", "elastane"],
    "care": ["wash-30", "no-bleach"],
    "cloth_g_per_m2": 190,
    "lead_by_people": "Колос на грудях, двома фарбами.",
}
PROMPT = prompts.prompt("product", "uk", ["lead", "story", "faq"], FACTS)


class Wiretap(httpx2.AsyncBaseTransport):
    """Passes requests on to the stand-in and keeps them."""

    def __init__(self, world: World) -> None:
        self.inner = httpx2.ASGITransport(emulator("openai", world))
        self.sent: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(request)
        return await self.inner.handle_async_request(request)


@pytest.fixture
def world() -> World:
    async def at_once(_seconds: float) -> None:
        return

    return World(sleep=at_once)


@pytest.fixture
def wire(world: World) -> Wiretap:
    return Wiretap(world)


def made(wire: httpx2.AsyncBaseTransport, key: str = "sandbox", model: str = "gpt-5.4-mini") -> OpenAiWriter:
    return OpenAiWriter(key, "http://openai.sandbox/v1", model, wire)


@pytest.fixture
async def one(anyio_backend: str, wire: Wiretap) -> AsyncIterator[OpenAiWriter]:
    made_one = made(wire)
    yield made_one
    await made_one.aclose()


async def failure(one: OpenAiWriter) -> WritingFailed:
    with pytest.raises(WritingFailed) as told:
        await one.write(PROMPT)
    return told.value


async def test_an_answer_comes_in_the_asked_shape_and_passes_the_guard(one: OpenAiWriter) -> None:
    reply = await one.write(PROMPT)
    content = parts.read_answer(orjson.loads(reply.text), ["lead", "story", "faq"])
    assert guard.check(content, "uk") == []
    assert reply.model == "gpt-5.4-mini"
    assert 0 < reply.tokens_in < 2000
    assert 0 < reply.tokens_out < PROMPT.longest


async def test_what_is_sent_is_a_strict_shape_of_facts_that_is_kept_nowhere(one: OpenAiWriter, wire: Wiretap) -> None:
    await one.write(PROMPT)
    (request,) = wire.sent
    sent = orjson.loads(request.content)
    assert request.url.path == "/v1/responses"
    assert request.headers["authorization"] == "Bearer sandbox"
    assert sent["store"] is False
    assert sent["max_output_tokens"] == PROMPT.longest
    assert sent["text"]["format"]["strict"] is True
    assert orjson.loads(sent["input"]) == FACTS
    assert "Колос" not in sent["instructions"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("refusal", Reason.REFUSED),
        ("filtered", Reason.REFUSED),
        ("cut_text", Reason.TRUNCATED),
        ("empty", Reason.WRONG_SHAPE),
    ],
)
async def test_an_answer_without_a_text_is_paid_for_and_says_why(
    one: OpenAiWriter, world: World, fault: str, reason: Reason
) -> None:
    world.faults.arm(Switch("openai", fault))
    error = await failure(one)
    assert (error.reason, error.paid) == (reason, True)
    assert error.tokens_in > 0


@pytest.mark.parametrize("fault", ["invalid_json", "wrong_shape", "language", "price", "obeys"])
async def test_what_is_wrong_within_a_text_is_left_to_the_room_that_asked(
    one: OpenAiWriter, world: World, fault: str
) -> None:
    world.faults.arm(Switch("openai", fault))
    reply = await one.write(PROMPT)
    try:
        content = parts.read_answer(orjson.loads(reply.text), ["lead", "story", "faq"])
    except ValueError:
        assert fault in {"invalid_json", "wrong_shape"}
    else:
        assert guard.check(content, "uk") != []


@pytest.mark.parametrize(
    ("fault", "reason", "paid"),
    [
        ("hang", Reason.UNREACHABLE, True),
        ("reset", Reason.UNREACHABLE, True),
        ("lost_reply", Reason.UNREACHABLE, True),
        ("truncated", Reason.UNREACHABLE, True),
        ("malformed", Reason.UNREACHABLE, True),
        ("500", Reason.UNREACHABLE, False),
        ("html_502", Reason.UNREACHABLE, False),
        ("429", Reason.RATE_LIMITED, False),
    ],
)
async def test_every_fault_of_the_wire_is_one_call_and_a_reason(
    one: OpenAiWriter, world: World, wire: Wiretap, fault: str, reason: Reason, paid: bool
) -> None:
    world.faults.arm(Switch("openai", fault, times=5, seconds=17))
    error = await failure(one)
    assert (error.reason, error.paid, len(wire.sent)) == (reason, paid, 1)
    assert error.retry_after == (17 if fault == "429" else None)
    assert "sandbox" not in str(error)
    assert "Колос" not in str(error)


async def test_slowness_is_borne(one: OpenAiWriter, world: World) -> None:
    world.faults.arm(Switch("openai", "slow"))
    assert (await one.write(PROMPT)).text


async def test_nobody_there_is_not_paid_for() -> None:
    class Nobody(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            raise httpx2.ConnectError("refused", request=request)

    one = made(Nobody())
    error = await failure(one)
    assert (error.reason, error.paid) == (Reason.UNREACHABLE, False)
    await one.aclose()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx2.Response(429, json={"error": {"code": "insufficient_quota"}}), Reason.KEY_REFUSED),
        (httpx2.Response(400, json={"error": {"code": "unknown_parameter"}}), Reason.REQUEST_REFUSED),
        (httpx2.Response(422, json={"error": None}), Reason.REQUEST_REFUSED),
        (httpx2.Response(403, json={"error": {"message": "no"}}), Reason.KEY_REFUSED),
        (httpx2.Response(409, json={}), Reason.UNREACHABLE),
        (httpx2.Response(200, text="<html>hello</html>"), Reason.UNREACHABLE),
        (httpx2.Response(200, json={"output": [{"type": "message", "content": []}]}), Reason.WRONG_SHAPE),
        (httpx2.Response(200, json={"status": "failed", "output": [], "error": None}), Reason.UNREACHABLE),
    ],
)
async def test_other_answers_mean_what_they_say(answer: httpx2.Response, reason: Reason) -> None:
    one = made(httpx2.MockTransport(lambda _request: answer))
    assert (await failure(one)).reason is reason
    await one.aclose()


async def test_the_smallest_answer_the_package_takes_is_enough() -> None:
    body = {"output": [{"type": "message", "content": [{"type": "output_text", "text": "{}"}]}]}
    one = made(httpx2.MockTransport(lambda _request: httpx2.Response(200, json=body)))
    reply = await one.write(PROMPT)
    assert reply.text == "{}"
    assert reply.tokens_out == PROMPT.longest
    await one.aclose()


async def test_a_wrong_key_and_an_unknown_model_stop_everything(wire: Wiretap) -> None:
    for one in (made(wire, key="wrong"), made(wire, model="no-such-model")):
        assert (await failure(one)).reason is Reason.KEY_REFUSED
        await one.aclose()


@pytest.mark.parametrize(
    ("given", "there"),
    [
        ({}, False),
        ({"OPENAI_API_KEY": "k"}, False),
        ({"TWOCOMMS_AI_ENABLED": "on"}, False),
        ({"TWOCOMMS_AI_ENABLED": "on", "OPENAI_API_KEY": "k"}, True),
    ],
)
async def test_a_shop_writes_only_when_it_wants_to_and_can(
    settings: Settings, given: dict[str, str], there: bool
) -> None:
    found = writer(services.make_settings(settings.var_dir, **given))
    assert (found is not None) is there
    if found:
        await found.aclose()


async def test_the_stand_in_serves_the_package_itself(wire: Wiretap) -> None:
    """The interface of the real service as its own client reads it, beyond what the shop uses."""
    async with openai.AsyncOpenAI(
        api_key="sandbox", base_url="http://openai.sandbox/v1", http_client=httpx2.AsyncClient(transport=wire)
    ) as client:
        answer = await client.responses.create(model="gpt-5.4-mini", input="Say hello", max_output_tokens=2000)
        assert (answer.status, answer.to_dict()["store"], answer.error) == ("completed", True, None)
        assert answer.usage is not None
        assert answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens
        assert answer.output_text
        assert [model.id async for model in client.models.list()]
        shape = {"type": "object", "properties": {"a": {"type": "string"}}, "required": []}
        loose: Any = {"format": {"type": "json_schema", "name": "x", "strict": True, "schema": shape}}
        with pytest.raises(openai.BadRequestError) as refused:
            await client.responses.create(model="gpt-5.4-mini", input="x", text=loose)
        assert refused.value.code == "invalid_json_schema"
        assert refused.value.request_id
