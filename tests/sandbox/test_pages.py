"""The sandbox's own pages: what happened, what goes wrong, what time it is."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest
from selectolax.lexbor import LexborHTMLParser

from sandbox import environment
from sandbox.app import EMULATORS, create
from sandbox.clock import Clock
from sandbox.world import World

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOON, speed=0))


@pytest.fixture
async def person(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=create(world))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8001") as client:
        yield client


async def test_everything_that_happened_stands_in_the_journal_newest_first(
    world: World, person: httpx2.AsyncClient
) -> None:
    world.journal.note("monobank", "invoice made", amount=95000, page="http://localhost:8001/monobank/pay/1")
    world.journal.note("telegram", "said <b>hello</b>")

    page = LexborHTMLParser((await person.get("/")).text)
    assert [node.text() for node in page.css(".what")] == ["said <b>hello</b>", "invoice made"]
    link = page.css_first("dd a")
    assert link is not None
    assert link.attributes["href"] == "http://localhost:8001/monobank/pay/1"

    only = LexborHTMLParser((await person.get("/?service=monobank")).text)
    assert [node.text() for node in only.css(".what")] == ["invoice made"]
    told = (await person.get("/journal.json", params={"after": 1})).json()
    assert told == [
        {"number": 2, "at": NOON.isoformat(), "service": "telegram", "what": "said <b>hello</b>", "facts": {}}
    ]


async def test_a_switch_is_put_on_by_a_form_and_by_a_program(world: World, person: httpx2.AsyncClient) -> None:
    answer = await person.post("/faults", data={"service": "s3", "fault": "reset", "times": "3", "seconds": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/faults")
    await person.post("/faults", data={"service": "s3", "fault": "500", "times": "1", "percent": "5"})
    told = (await person.post("/faults", json={"service": "s3", "fault": "hang", "share": 0.1})).json()

    assert [(each["fault"], each["times"], each["share"]) for each in told] == [
        ("reset", 3, None),
        ("500", None, 0.05),
        ("hang", None, 0.1),
    ]
    page = LexborHTMLParser((await person.get("/faults")).text)
    assert [node.text() for node in page.css(".armed code")] == ["reset", "500", "hang"]
    assert (await person.get("/faults", headers={"accept": "application/json"})).json()["armed"] == told

    await person.post("/faults/off")
    assert world.faults.armed == []


@pytest.mark.parametrize("body", ['{"service": "s3"}', '{"service": "s3", "fault": "500", "times": "x"}', "[]", "{"])
async def test_a_switch_that_makes_no_sense_is_refused(person: httpx2.AsyncClient, body: str) -> None:
    answer = await person.post("/faults", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 422
    assert answer.json()["problem"]


async def test_the_clock_moves_on_at_a_press(world: World, person: httpx2.AsyncClient) -> None:
    assert (await person.post("/clock", data={"hours": "24"})).status_code == 303

    assert world.clock.now() == datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert (await person.post("/clock", data={"hours": "soon"})).status_code == 422


async def test_browsers_may_say_where_a_press_comes_from(person: httpx2.AsyncClient) -> None:
    # Under a stricter policy they send `Origin: null` with the sandbox's own forms, and no button works.
    assert (await person.get("/")).headers["referrer-policy"] == "same-origin"
    assert (await person.post("/faults/off", headers={"origin": "null"})).status_code == 403


async def test_other_sites_cannot_press_the_buttons(world: World, person: httpx2.AsyncClient) -> None:
    answer = await person.post("/faults/off", headers={"origin": "http://evil.example"})

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/", "/faults", "/inbox", "/s3/"])
async def test_no_page_runs_scripts_or_styles_itself(person: httpx2.AsyncClient, path: str) -> None:
    answer = await person.get(path)

    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not LexborHTMLParser(answer.text).css("script, style, [style]")


# what the emulators share


async def test_what_is_done_later_is_done_and_its_failure_is_told(world: World) -> None:
    done = []

    async def work() -> None:
        done.append(1)
        raise RuntimeError("no")

    world.later(0, work)
    await world.settle()

    assert done == [1]
    assert [entry.what for entry in world.journal] == ["something failed behind the scenes"]


async def test_a_webhook_is_noted_with_the_answer_of_the_shop() -> None:
    seen: list[httpx2.Request] = []

    def shop(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        if request.url.path == "/gone":
            raise httpx2.ConnectError("nobody there")
        return httpx2.Response(200)

    world = World(shop=httpx2.MockTransport(shop))

    assert await world.post("monobank", "http://shop/webhooks/monobank", b"{}", {"x-sign": "abc"}) == 200
    assert await world.post("monobank", "http://shop/gone", b"{}") is None
    assert (seen[0].content, seen[0].headers["x-sign"]) == (b"{}", "abc")
    assert [entry.what for entry in world.journal] == ["webhook", "webhook not delivered"]


# settings


def test_a_shop_is_led_to_the_emulators_that_are_there() -> None:
    assert set(environment.SERVICES) <= {*EMULATORS, "smtp"}
    assert set(EMULATORS) - {"s3"} <= set(environment.SERVICES)
    assert set(environment.environment("http://x", 1, environment.TOKENS)) == set(environment.TOKENS)


def test_a_service_with_a_token_of_its_own_is_left_alone() -> None:
    both = ("monobank", "google")

    led = environment.stand_ins(
        "http://localhost:8001", 8002, both, {"MONOBANK_TOKEN": "real", "GOOGLE_ISSUER": "mine"}
    )

    assert set(led) == {"GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"}
