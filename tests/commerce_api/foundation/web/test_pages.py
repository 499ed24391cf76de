"""Pages in every language, rendered with the theme and the assets of the build."""

import os

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.access import requires
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.language import alternates, language, preferred
from commerce_api.foundation.web.pages import page
from commerce_api.foundation.web.rendering import render_message
from tests.commerce_api.foundation.web.apps import publish, visiting

pytestmark = pytest.mark.anyio


@page("GET", "/find/")
async def find(request: Request) -> Response:
    return render_message(request, title="Found <b>", body="Nothing & nobody", actions=[("Home", "/")])


@page("POST", "/find/")
async def posted(request: Request) -> Response:
    return JSONResponse(language(request))


@page("GET", "/order/{token}/")
async def order(request: Request, token: str) -> Response:
    return JSONResponse([token, language(request)])


@page("GET", "/account/")
@requires()
async def account(request: Request) -> Response:
    return JSONResponse("never")


@pytest.fixture
def app(settings: Settings) -> ASGIApp:
    publish(settings)
    return make_application(settings, pages=(find, posted, order, account))


async def test_a_page_is_rendered_in_the_language_of_its_address(app: ASGIApp) -> None:
    async with visiting(app) as visitor:
        ukrainian, english = await visitor.get("/find/"), await visitor.get("/en/find/")

    assert 'lang="uk"' in ukrainian.text
    assert 'lang="en"' in english.text
    for answer in (ukrainian, english):
        assert "Found &lt;b&gt;" in answer.text
        assert "/assets/css/message.css" in answer.text
        assert "noindex" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_a_page_without_its_slash_is_one_hop_away_and_keeps_the_query(app: ASGIApp) -> None:
    async with visiting(app) as visitor:
        answer = await visitor.get("/en/find?q=%D1%81%D0%BE%D0%B2%D0%B0&x=1")
        token = await visitor.get("/order/abc")

    assert answer.status_code == 308
    assert answer.headers["location"] == "/en/find/?q=%D1%81%D0%BE%D0%B2%D0%B0&x=1"
    assert token.headers["location"] == "/order/abc/"


async def test_what_a_page_was_asked_goes_along_into_its_other_languages(app: ASGIApp) -> None:
    async with visiting(app) as visitor:
        answer = await visitor.get('/find/?q=%22%3E%D1%81&colour=coal&page=2&x="><b>')

    assert 'href="/en/find/?q=%22%3E%D1%81&amp;colour=coal&amp;page=2&amp;x=%22%3E%3Cb%3E"' in answer.text


async def test_parts_of_the_path_reach_the_handler(app: ASGIApp) -> None:
    async with visiting(app) as visitor:
        answer = await visitor.get("/en/order/tok-1/")

    assert answer.json() == ["tok-1", "en"]


async def test_a_page_without_the_method_names_all_it_has(app: ASGIApp) -> None:
    async with visiting(app, headers={"Sec-Fetch-Site": "same-origin"}) as visitor:
        answer = await visitor.put("/find/")

    assert answer.status_code == 405
    assert {part.strip() for part in answer.headers["allow"].split(",")} == {"GET", "HEAD", "POST"}


async def test_a_page_for_the_signed_in_asks_for_a_sign_in(app: ASGIApp) -> None:
    async with visiting(app) as visitor:
        answer = await visitor.get("/account/")

    assert answer.status_code == 401


async def test_without_a_build_a_page_says_that_it_is_coming(settings: Settings) -> None:
    async with visiting(make_application(settings, pages=(find,))) as visitor:
        answer = await visitor.get("/find/")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert "make rebuild" in answer.text
    assert 'http-equiv="refresh"' in answer.text


async def test_a_new_build_is_seen_without_a_new_start(app: ASGIApp, settings: Settings) -> None:
    async with visiting(app) as visitor:
        await visitor.get("/find/")
        publish(settings, **{"css/message.css": "/assets/message.NEW.css"})
        manifest = settings.build_dir / "current" / "assets" / "manifest.json"
        os.utime(manifest, ns=(1, 1))
        answer = await visitor.get("/find/")

    assert "/assets/message.NEW.css" in answer.text


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "uk"),
        ("en", "en"),
        ("en-US,en;q=0.5", "en"),
        ("fr,de", "uk"),
        ("de, en;q=0.3, uk;q=0.2", "en"),
        ("en;q=0, uk;q=0.1", "uk"),
        ("en;q=broken", "uk"),
        ("*", "uk"),
        (",;,;q", "uk"),
    ],
)
def test_the_best_language_that_we_speak_is_chosen(header: str, lang: str) -> None:
    assert preferred(header, ("uk", "en")) == lang


def test_a_page_knows_its_twins() -> None:
    twins = {"uk": "/cart/", "en": "/en/cart/"}

    assert alternates("/cart/", ("uk", "en")) == twins
    assert alternates("/en/cart/", ("uk", "en")) == twins
