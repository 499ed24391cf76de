"""One-shot messages: said once, after a redirect, in our words only."""

from collections.abc import Mapping

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import Texts
from commerce_api.foundation.web import flash as flash_module
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.flash import flash, take_flashes
from tests.commerce_api.foundation.web.apps import OWN, visiting

pytestmark = pytest.mark.anyio

WORDS: dict[str, str | Mapping[str, str]] = {
    "cart.added": "{name} is in the bag",
    "cart.left": {"one": "{n} left", "other": "{n} are left"},
}


async def say(request: Request) -> Response:
    flash(request, "cart.added", name="<b>Sova</b>")
    flash(request, "cart.left", n=3)
    flash(request, "gone.key")
    return JSONResponse(None)


async def say_too_much(request: Request) -> Response:
    for number in range(6):
        flash(request, "cart.added", name=f"{number}" * 200)
    return JSONResponse(None)


async def hear(request: Request) -> Response:
    return JSONResponse(take_flashes(request))


@pytest.fixture
def app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> ASGIApp:
    monkeypatch.setattr(flash_module, "texts", lambda lang: Texts("en", WORDS))
    return make_application(
        settings,
        routes=[
            Route("/cart/say", say, methods=["POST"]),
            Route("/cart/much", say_too_much, methods=["POST"]),
            Route("/cart/hear", hear),
        ],
    )


async def test_a_message_is_said_once_on_the_next_page(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as visitor:
        await visitor.post("/cart/say")
        first, second = await visitor.get("/cart/hear"), await visitor.get("/cart/hear")

    assert first.json() == ["<b>Sova</b> is in the bag", "3 are left"]
    assert second.json() == []


async def test_at_most_three_short_messages_travel(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as visitor:
        given = await visitor.post("/cart/much")
        heard = await visitor.get("/cart/hear")

    assert len(given.headers["set-cookie"]) < 1000
    assert heard.json() == [f"{f'{number}' * 80} is in the bag" for number in (3, 4, 5)]


async def test_a_message_that_somebody_wrote_himself_is_not_said(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as visitor:
        given = await visitor.post("/cart/say")
        value, _, signature = visitor.cookies["flash"].rpartition(".")
        forged = f"{value[:-2]}AA.{signature}"
    async with visiting(app, cookies={"flash": forged}) as forger:
        heard = await forger.get("/cart/hear")

    assert given.status_code == 200
    assert heard.json() == []
