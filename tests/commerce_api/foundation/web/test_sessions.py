"""Sessions kept on the server: new tokens, two ends, and nothing in the table that opens a door."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import sessions
from commerce_api.foundation.web.access import Identity
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.models import Session
from tests.commerce_api.foundation.web.apps import OWN, visiting

pytestmark = pytest.mark.anyio

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def post(path: str, deed: Callable[[Request], Awaitable[Any]]) -> Route:
    async def endpoint(request: Request) -> Response:
        return JSONResponse(await deed(request))

    return Route(path, endpoint, methods=["POST"])


async def who(request: Request) -> Response:
    account = request.state.account
    known = {"id": account.id, "roles": sorted(account.roles)} if isinstance(account, Identity) else None
    return JSONResponse({"account": known, "colour": sessions.recall(request, "colour")})


async def listed(request: Request) -> list[list[Any]]:
    return [[one.user_agent, one.current] for one in await sessions.list_sessions(1, request)]


async def roles_of(account_id: int) -> frozenset[str] | None:
    return None if account_id == 13 else frozenset({"shopper"})


@pytest.fixture
def app(database: Settings) -> ASGIApp:
    return make_application(
        database,
        roles_of=roles_of,
        routes=[
            Route("/account/who", who),
            post("/account/in", lambda request: sessions.open_session(request, int(request.query_params["id"]))),
            post("/account/staff", lambda request: sessions.open_session(request, 1, staff=True)),
            post("/account/out", sessions.close_session),
            post("/account/out-elsewhere", lambda request: sessions.close_all(1, keep=request)),
            post("/account/list", listed),
            post("/account/colour", lambda request: sessions.remember(request, "colour", "red")),
            post("/account/forget", lambda request: sessions.remember(request, "colour", None)),
        ],
    )


async def test_reading_gives_no_cookie_and_writes_no_row(app: ASGIApp) -> None:
    async with visiting(app) as visitor:
        answer = await visitor.get("/account/who")

    assert "set-cookie" not in answer.headers
    assert await Session.all().count() == 0


async def test_after_signing_in_the_browser_is_known_and_the_table_holds_no_token(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as visitor:
        signed_in = await visitor.post("/account/in?id=1")
        known = await visitor.get("/account/who")
        token = visitor.cookies["sid"]

    row = await Session.get()
    assert known.json()["account"] == {"id": 1, "roles": []}
    assert signed_in.headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000")
    assert len(token) >= 32
    assert row.digest == ids.digest(token)
    assert token not in str([row.digest, row.data, row.user_agent])


async def test_signing_in_makes_a_new_token_ends_the_old_one_and_keeps_what_was_remembered(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as visitor:
        await visitor.post("/account/colour")
        planted = visitor.cookies["sid"]
        await visitor.post("/account/in?id=1")
        chosen = visitor.cookies["sid"]
        known = await visitor.get("/account/who")
    async with visiting(app, cookies={"sid": planted}) as thief:
        stranger = await thief.get("/account/who")

    assert chosen != planted
    assert known.json() == {"account": {"id": 1, "roles": []}, "colour": "red"}
    assert stranger.json() == {"account": None, "colour": None}


async def test_a_token_that_nobody_was_given_opens_nothing(app: ASGIApp) -> None:
    async with visiting(app, cookies={"sid": "made-up"}) as visitor:
        answer = await visitor.get("/account/who")

    assert answer.json()["account"] is None
    assert "set-cookie" not in answer.headers


async def test_signing_out_ends_the_session_and_takes_the_cookie(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as visitor:
        await visitor.post("/account/in?id=1")
        token = visitor.cookies["sid"]
        await visitor.post("/account/out")
        assert "sid" not in visitor.cookies
    async with visiting(app, cookies={"sid": token}) as thief:
        stranger = await thief.get("/account/who")

    assert stranger.json()["account"] is None
    assert await Session.all().count() == 0


async def test_a_disabled_account_is_nobody_at_once(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as visitor:
        await visitor.post("/account/in?id=13")
        answer = await visitor.get("/account/who")

    assert answer.json()["account"] is None


@pytest.mark.parametrize(
    ("door", "seen_at", "later", "known"),
    [
        ("/account/in?id=1", [], timedelta(days=29, hours=23), True),
        ("/account/in?id=1", [], timedelta(days=30), False),
        ("/account/in?id=1", [timedelta(days=20)], timedelta(days=30), False),
        ("/account/staff", [], timedelta(minutes=29), True),
        ("/account/staff", [], timedelta(minutes=30), False),
        ("/account/staff", [timedelta(minutes=20)], timedelta(minutes=45), True),
        ("/account/staff", [timedelta(minutes=25 * i) for i in range(1, 29)], timedelta(hours=12), False),
    ],
)
async def test_a_session_ends_after_a_while_unseen_and_after_its_whole_time(
    app: ASGIApp, door: str, seen_at: list[timedelta], later: timedelta, known: bool
) -> None:
    async with visiting(app, headers=OWN) as visitor:
        with clock.frozen(START):
            await visitor.post(door)
        for moment in seen_at:
            with clock.frozen(START + moment):
                assert (await visitor.get("/account/who")).json()["account"]
        with clock.frozen(START + later):
            answer = await visitor.get("/account/who")

    assert bool(answer.json()["account"]) is known
    assert await Session.all().count() == int(known)


async def test_a_staff_cookie_ends_with_the_browser(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as visitor:
        answer = await visitor.post("/account/staff")

    assert "max-age" not in answer.headers["set-cookie"].lower()


async def test_an_owner_sees_the_devices_and_ends_all_others(app: ASGIApp) -> None:
    phone = {**OWN, "User-Agent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/150.0 Mobile Safari/537.36"}
    laptop = {**OWN, "User-Agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 15) Gecko/20100101 Firefox/153.0"}
    async with visiting(app, headers=phone) as first, visiting(app, headers=laptop) as second:
        with clock.frozen(START):
            await first.post("/account/in?id=1")
        with clock.frozen(START + timedelta(minutes=1)):
            await second.post("/account/in?id=1")
            seen = await second.post("/account/list")
            ended = await second.post("/account/out-elsewhere")
            left_out = await first.get("/account/who")
            still_in = await second.get("/account/who")

    assert seen.json() == [["Firefox, Mac", True], ["Chrome, Android", False]]
    assert ended.json() == 1
    assert left_out.json()["account"] is None
    assert still_in.json()["account"]


async def test_only_an_own_session_can_be_ended(database: Settings) -> None:
    row = await Session.create(digest="d", account_id=1, created_at=START, seen_at=START, expires_at=START)

    assert not await sessions.close_one(2, row.id)
    assert await sessions.close_one(1, row.id)


async def test_what_a_guest_wants_remembered_is_remembered_and_forgotten(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as visitor:
        await visitor.post("/account/colour")
        kept = await visitor.get("/account/who")
        await visitor.post("/account/forget")
        gone = await visitor.get("/account/who")

    assert (kept.json()["colour"], gone.json()["colour"]) == ("red", None)


async def test_forgetting_what_was_never_kept_opens_no_session(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as visitor:
        answer = await visitor.post("/account/forget")

    assert "set-cookie" not in answer.headers


async def test_the_sweep_removes_only_what_is_over(database: Settings) -> None:
    for digest, end in (("old", START), ("new", START + timedelta(days=1))):
        await Session.create(digest=digest, created_at=START, seen_at=START, expires_at=end)

    with clock.frozen(START):
        assert await sessions.sweep_sessions() == 1
    assert [row.digest for row in await Session.all()] == ["new"]


async def test_a_bearer_is_not_taken_for_the_owner_of_the_cookie_beside_it(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as visitor:
        await visitor.post("/account/in?id=1")
        answer = await visitor.get("/account/who", headers={"Authorization": "Bearer other"})

    assert answer.json()["account"] is None


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("curl/8.0", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_a_device_is_named_in_two_words(agent: str, said: str) -> None:
    assert sessions.short_agent(agent) == said
