"""Every switch does over a socket and in a process what its name says."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from commerce_api.integrations.http import Outcome, Outside, OutsideFailed, Patience
from sandbox import app as sandbox_app
from sandbox.faults import Faults, Switch, UnknownFault, Wire
from sandbox.journal import Journal
from sandbox.wire import faulty
from sandbox.world import World

pytestmark = pytest.mark.anyio

HAPPENS = {Wire.SLOW, Wire.TRUNCATED, Wire.MALFORMED, Wire.LOST_REPLY}
OUTCOMES = {
    Wire.HANG: Outcome.TIMEOUT,
    Wire.ERROR: Outcome.STATUS,
    Wire.TOO_MANY: Outcome.STATUS,
    Wire.GATEWAY: Outcome.STATUS,
    Wire.RESET: Outcome.MALFORMED,
    Wire.TRUNCATED: Outcome.MALFORMED,
    Wire.MALFORMED: Outcome.MALFORMED,
    Wire.LOST_REPLY: Outcome.MALFORMED,
}


def counter(world: World) -> Starlette:
    """An emulator that counts how often something was done."""
    world.state["counter"] = 0

    async def count(_request: Request) -> Response:
        world.state["counter"] += 1
        return JSONResponse({"done": world.state["counter"], "text": "x" * 100})

    return Starlette(routes=[Route("/do", count, methods=["POST"]), Route("/page", count)])


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(sandbox_app, "EMULATORS", {"counter": counter})

    async def no_time(_seconds: float) -> None:
        return

    return World(sleep=no_time)


async def outcome(outside: Outside) -> tuple[Outcome, OutsideFailed | None]:
    try:
        await outside.ask("POST", "/do", label="do", json={"a": 1})
    except OutsideFailed as error:
        return error.outcome, error
    return Outcome.OK, None


@pytest.fixture(params=["process", "socket"])
async def outside(request: pytest.FixtureRequest, world: World, served: str) -> AsyncIterator[Outside]:
    if request.param == "socket":
        made = Outside("counter", f"{served}/counter", patience=Patience(read=0.3, tries=1))
    else:
        app = sandbox_app.emulator("counter", world)
        made = Outside("counter", "http://sandbox", transport=httpx2.ASGITransport(app=app))
    yield made
    await made.aclose()


@pytest.mark.parametrize("fault", list(Wire))
async def test_a_fault_strikes_once_and_what_was_to_happen_happens_or_not(
    world: World, outside: Outside, fault: Wire
) -> None:
    await outcome(outside)
    world.faults.arm(Switch("counter", fault, seconds=2))

    result, failed = await outcome(outside)

    assert result is OUTCOMES.get(fault, Outcome.OK)
    assert world.state["counter"] == (2 if fault in HAPPENS else 1)
    if failed is not None:
        status, after = (failed.status, failed.retry_after)
        assert (status, after) == {
            Wire.ERROR: (500, None),
            Wire.TOO_MANY: (429, 2.0),
            Wire.GATEWAY: (502, None),
        }.get(fault, (None, None))
        assert failed.may_have_worked or fault is Wire.TOO_MANY
    assert (await outcome(outside))[0] is Outcome.OK
    assert world.faults.armed == []


async def test_a_call_that_hangs_may_be_let_go(world: World, outside: Outside) -> None:
    outside.patience = Patience(read=30, tries=1)
    world.faults.arm(Switch("counter", Wire.HANG, ends=0.1))

    result, failed = await outcome(outside)

    assert result in {Outcome.MALFORMED, Outcome.TIMEOUT}
    assert failed is not None
    assert failed.may_have_worked
    assert world.state["counter"] == 0


async def test_pages_for_people_are_spared(world: World) -> None:
    app = Starlette(routes=[Mount("/counter", faulty(counter(world), "counter", world))])
    world.faults.offer("counter", spare=("/page",))
    world.faults.arm(Switch("counter", "500"))

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://sandbox") as person:
        assert (await person.get("/counter/page")).status_code == 200
        assert (await person.post("/counter/do")).status_code == 500


def switches(chance: float = 0.5) -> Faults:
    world = World(chance=lambda: chance)
    faults = Faults(Journal(world.clock.now), lambda: chance)
    faults.offer("bank", "500", "late_webhook")
    return faults


def test_a_share_strikes_by_chance_until_it_is_put_off() -> None:
    below, above = switches(0.04), switches(0.06)
    for faults in (below, above):
        faults.arm(Switch("bank", "500", share=0.05))

    assert [bool(below.strikes("bank", "500")) for _ in range(3)] == [True] * 3
    assert not above.strikes("bank", "500")
    assert (below.struck["bank"], above.struck["bank"]) == (3, 0)

    below.arm(Switch("bank", "500", share=0))
    assert not below.strikes("bank", "500")


def test_a_switch_counts_down_and_is_limited_to_a_path() -> None:
    faults = switches()
    faults.arm(Switch("bank", "late_webhook", times=2, only="/create"))

    assert not faults.strikes("bank", "late_webhook", path="/status")
    assert [bool(faults.strikes("bank", "late_webhook", path="/create")) for _ in range(3)] == [True, True, False]


def test_a_switch_that_is_put_on_again_takes_the_place_of_the_old_one() -> None:
    faults = switches()
    faults.arm(Switch("bank", "500", times=5))
    faults.arm(Switch("bank", "500", times=1))

    assert [switch.times for switch in faults.armed] == [1]


@pytest.mark.parametrize(
    "switch",
    [
        Switch("bank", "flood"),
        Switch("museum", "500"),
        Switch("bank", "500", share=1.5),
        Switch("bank", "500", times=-1),
        Switch("bank", "500", seconds=-1),
    ],
)
def test_what_makes_no_sense_is_refused(switch: Switch) -> None:
    with pytest.raises(UnknownFault):
        switches().arm(switch)
