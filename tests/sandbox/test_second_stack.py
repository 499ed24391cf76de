"""The stand-ins by other roads than the shop's own: httpx over a socket, the openai package over httpx, smtplib."""

import asyncio
import json
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import httpx
import openai
import pytest
from pydantic import BaseModel, ValidationError

from sandbox import smtp
from sandbox.environment import BANK_TOKEN, BOT_TOKEN, PARCELS_KEY
from sandbox.faults import Switch, Wire
from sandbox.world import World
from tests.sandbox import shapes

pytestmark = pytest.mark.anyio

CITIES = {
    "apiKey": PARCELS_KEY,
    "modelName": "Address",
    "calledMethod": "getCities",
    "methodProperties": {"Limit": "3"},
}
CALLS: dict[str, tuple[httpx.Request, type[shapes.Shape] | None]] = {
    "google": (httpx.Request("GET", "http://x/.well-known/openid-configuration"), shapes.issuer.Discovery),
    "monobank": (
        httpx.Request("GET", "http://x/api/merchant/pubkey", headers={"x-token": BANK_TOKEN}),
        shapes.bank.BankKey,
    ),
    "nova-poshta": (httpx.Request("POST", "http://x/v2.0/json/", json=CITIES), shapes.carrier.Envelope),
    "openai": (httpx.Request("GET", "http://x/v1/models", headers={"authorization": "Bearer k"}), shapes.model.Models),
    "telegram": (httpx.Request("POST", f"http://x/bot{BOT_TOKEN}/getMe", json={}), None),
    "telegram-id": (httpx.Request("GET", "http://x/.well-known/jwks.json"), shapes.issuer.Keys),
}
"""One harmless call of each service, and the shape of its answer."""
BROKEN: dict[Wire, tuple[type[Exception], ...]] = {
    Wire.HANG: (httpx.ReadTimeout,),
    Wire.RESET: (httpx.ReadError, httpx.RemoteProtocolError),
    Wire.LOST_REPLY: (httpx.ReadError, httpx.RemoteProtocolError),
    Wire.TRUNCATED: (httpx.RemoteProtocolError,),
    Wire.MALFORMED: (json.JSONDecodeError,),
}


async def ask(served: str, service: str, patience: float = 5) -> httpx.Response:
    """One call over a connection of its own, its answer read as JSON. Raises httpx's errors and JSONDecodeError."""
    call = CALLS[service][0]
    async with httpx.AsyncClient(trust_env=False, timeout=patience) as client:
        answer = await client.request(
            call.method, f"{served}/{service}{call.url.raw_path.decode()}", headers=call.headers, content=call.content
        )
    if answer.status_code < 400:
        answer.json()
    return answer


@pytest.mark.parametrize("service", list(CALLS))
async def test_every_service_answers_another_stack_and_fails_as_its_switches_say(
    world: World, served: str, service: str
) -> None:
    fine = await ask(served, service)
    shape = CALLS[service][1]
    assert fine.status_code == 200
    if shape:
        shape.model_validate(fine.json())
    for fault in Wire:
        world.faults.arm(Switch(service, fault, seconds=0))
        if fault in BROKEN:
            with pytest.raises(BROKEN[fault]):
                await ask(served, service, patience=0.1 if fault is Wire.HANG else 5)
            continue
        answer = await ask(served, service)
        wanted = {Wire.ERROR: 500, Wire.TOO_MANY: 200 if service == "nova-poshta" else 429, Wire.GATEWAY: 502}
        assert answer.status_code == wanted.get(fault, 200), fault
    assert (await ask(served, service)).json() == fine.json() or service == "nova-poshta"


class Text(BaseModel):
    """What is asked for."""

    lead: str


@pytest.fixture
async def client(served: str) -> AsyncIterator[openai.AsyncOpenAI]:
    """The openai package over httpx, which it still takes."""
    stack: Any = httpx.AsyncClient(trust_env=False)
    made = openai.AsyncOpenAI(
        api_key="sandbox", base_url=f"{served}/openai/v1", max_retries=0, timeout=2, http_client=stack
    )
    async with made:
        yield made


async def parsed(client: openai.AsyncOpenAI, **options: Any) -> Text | None:
    facts = json.dumps({"name": "Kolos tee", "sizes": ["S"]})
    asked = client.with_options(**options) if options else client
    told = await asked.responses.parse(model="gpt-5.4-mini", input=facts, instructions="Write", text_format=Text)
    found: Text | None = told.output_parsed
    return found


async def test_the_package_reads_what_the_stand_in_writes(world: World, client: openai.AsyncOpenAI) -> None:
    text = await parsed(client)
    assert text
    assert text.lead
    for fault in ("refusal", "empty"):
        world.faults.arm(Switch("openai", fault))
        assert await parsed(client) is None
    for fault in ("cut_text", "invalid_json", "wrong_shape"):
        world.faults.arm(Switch("openai", fault))
        with pytest.raises(ValidationError):
            await parsed(client)


@pytest.mark.parametrize(
    ("fault", "error", "options"),
    [
        ("500", openai.InternalServerError, {}),
        ("429", openai.RateLimitError, {}),
        ("html_502", openai.InternalServerError, {}),
        ("hang", openai.APITimeoutError, {"timeout": 0.2}),
        ("reset", openai.APIConnectionError, {}),
        ("lost_reply", openai.APIConnectionError, {}),
        ("truncated", openai.APIConnectionError, {}),
    ],
)
async def test_the_package_names_every_failure(
    world: World, client: openai.AsyncOpenAI, fault: str, error: type[openai.APIError], options: dict[str, float]
) -> None:
    world.faults.arm(Switch("openai", fault, seconds=3))
    with pytest.raises(error) as failed:
        await parsed(client, **options)
    if isinstance(failed.value, openai.RateLimitError):
        assert (failed.value.code, failed.value.response.headers["retry-after"]) == ("rate_limit_exceeded", "3")
        assert failed.value.request_id


async def test_the_package_asks_again_by_itself_and_is_then_served(world: World, client: openai.AsyncOpenAI) -> None:
    world.faults.arm(Switch("openai", "429", seconds=0))
    assert await parsed(client, max_retries=1)


async def test_what_was_written_is_known_afterwards_heard_or_not(world: World, client: openai.AsyncOpenAI) -> None:
    await parsed(client)
    world.faults.arm(Switch("openai", "lost_reply"))
    with pytest.raises(openai.APIConnectionError):
        await parsed(client)
    heard, lost = world.state["openai"]
    assert heard == lost
    assert (heard.of, heard.language, heard.parts) == ("Kolos tee", "en", ("lead",))
    assert heard.tokens > 0


async def test_letters_come_by_the_standard_library_too(world: World) -> None:
    listening = await smtp.listen(world)
    port = smtp.port_of(listening)

    def send(subject: str) -> None:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = "a@example.com", "b@example.com", subject
        letter.set_content("Привіт")
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as server:
            server.send_message(letter)

    await asyncio.to_thread(send, "перший")
    codes = {}
    for fault, error in (("4xx", smtplib.SMTPDataError), ("5xx", smtplib.SMTPDataError)):
        world.faults.arm(Switch("smtp", fault))
        with pytest.raises(error) as failed:
            await asyncio.to_thread(send, fault)
        codes[fault] = failed.value.smtp_code
    for fault in ("drop", "lost_reply"):
        world.faults.arm(Switch("smtp", fault))
        with pytest.raises(smtplib.SMTPServerDisconnected):
            await asyncio.to_thread(send, fault)
    listening.close()

    assert codes == {"4xx": 451, "5xx": 550}
    assert [letter.subject for letter in world.letters] == ["перший", "lost_reply"]
    assert world.letters[0].part("plain").strip() == "Привіт"
