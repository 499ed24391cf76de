"""Errors as answers: problem documents for programs, pages for people, and nothing told that nobody should know."""

import json
from typing import Any

import pytest
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from commerce_api.foundation.errors import Conflict, Invalid, TooMany
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import Texts
from commerce_api.foundation.web import error_texts
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.error_texts import error_sentence, error_title, field_errors, field_sentence
from commerce_api.foundation.web.openapi import api
from commerce_api.foundation.web.pages import page
from tests.commerce_api.foundation.web.apps import publish, visiting

pytestmark = pytest.mark.anyio

SECRET = "postgres://user:password@db"


class PriceChanged(Conflict):
    code = "price_changed"


class Odd(Conflict):
    code = "odd_thing"


@api("GET", "/api/v1/boom", summary="Breaks")
async def boom(request: Request) -> None:
    raise RuntimeError(SECRET)


@api("GET", "/api/v1/busy", summary="Too many")
async def busy(request: Request) -> None:
    raise TooMany(retry_after=7)


@page("GET", "/find/")
async def broken_page(request: Request) -> Response:
    raise RuntimeError(SECRET)


@page("GET", "/cart/")
async def refused_page(request: Request) -> Response:
    raise Odd(name="<script>")


@pytest.fixture
def app(settings: Settings) -> ASGIApp:
    publish(settings)
    return make_application(settings, operations=(boom, busy), pages=(broken_page, refused_page))


async def test_an_unforeseen_error_tells_a_code_and_nothing_else(app: ASGIApp) -> None:
    with structlog.testing.capture_logs() as logs:
        async with visiting(app) as program:
            answer = await program.get("/api/v1/boom")

    problem = answer.json()
    incidents = [line for line in logs if line["event"] == "incident"]
    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert [line["incident"] for line in incidents] == [problem["incident"]]
    assert str(incidents[0]["exc_info"]) == SECRET


async def test_a_broken_page_shows_the_incident_code_in_the_theme(app: ASGIApp) -> None:
    with structlog.testing.capture_logs() as logs:
        async with visiting(app) as visitor:
            answer = await visitor.get("/en/find/")

    code = next(line["incident"] for line in logs if line["event"] == "incident")
    assert answer.status_code == 500
    assert code in answer.text
    assert SECRET not in answer.text
    assert 'lang="en"' in answer.text
    assert "/assets/css/message.css" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_an_unknown_page_is_a_page_and_an_unknown_call_a_document(app: ASGIApp) -> None:
    async with visiting(app) as visitor:
        seen = await visitor.get("/account/nothing/")
        asked = await visitor.get("/api/v1/nothing")

    assert (seen.status_code, seen.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "/assets/css/message.css" in seen.text
    assert (asked.status_code, asked.json()["code"]) == (404, "not_found")


async def test_a_program_is_answered_in_the_language_it_accepts(app: ASGIApp) -> None:
    async with visiting(app) as program:
        ukrainian = await program.get("/api/v1/nothing", headers={"Accept-Language": "fr, uk;q=0.9, en;q=0.8"})
        english = await program.get("/api/v1/nothing", headers={"Accept-Language": "en-GB,en;q=0.9,uk;q=0.1"})

    assert (ukrainian.headers["content-language"], english.headers["content-language"]) == ("uk", "en")


async def test_an_error_brings_its_headers(app: ASGIApp) -> None:
    async with visiting(app) as program:
        answer = await program.get("/api/v1/busy")

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


async def test_without_a_build_an_error_page_says_how_to_make_one(settings: Settings) -> None:
    app = make_application(settings, pages=(refused_page,))

    async with visiting(app) as visitor:
        answer = await visitor.get("/cart/")

    assert answer.status_code == 409
    assert "make rebuild" in answer.text


async def test_when_the_theme_itself_breaks_the_error_is_still_said(settings: Settings) -> None:
    publish(settings)
    (settings.build_dir / "current" / "assets" / "manifest.json").write_text("{}")
    app = make_application(settings, pages=(refused_page,))

    async with visiting(app) as visitor:
        answer = await visitor.get("/cart/")

    assert answer.status_code == 409
    assert "<h1>" in answer.text
    assert "<script" not in answer.text


@pytest.fixture
def theme(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    monkeypatch.setattr(error_texts, "texts", lambda lang: Texts(lang, entries))
    return entries


def test_an_error_without_words_takes_those_of_its_parent(theme: dict[str, Any]) -> None:
    theme["errors.conflict"] = "The world has changed."

    assert error_sentence(PriceChanged(), "en") == "The world has changed."


def test_the_nearest_words_win_and_amounts_are_printed_as_money(theme: dict[str, Any]) -> None:
    theme["errors.conflict"] = "The world has changed."
    theme["errors.price_changed"] = "Now {total:money}, not {before}."

    assert error_sentence(PriceChanged(total=129900, before=1), "en") == "Now 1\u00a0299\u00a0₴, not 1."


def test_words_whose_places_are_not_known_are_passed_over(theme: dict[str, Any]) -> None:
    theme["errors.price_changed"] = "Now {total:money}."

    assert error_sentence(PriceChanged(), "en") == "Conflict"


def test_a_theme_without_any_words_falls_back_to_the_name_of_the_status(theme: dict[str, Any]) -> None:
    assert error_title(404, "en") == "Not Found"
    assert field_sentence("too_long", "en") == "too_long"


def test_a_field_has_its_own_words_before_the_common_ones(theme: dict[str, Any]) -> None:
    theme["errors.fields.missing"] = "Fill this in."
    theme["errors.phone_missing"] = "We need a phone."
    theme["errors.phone_malformed"] = "That is no phone."
    theme["checkout.consent"] = "Tick the box."

    errors = field_errors(
        Invalid({"phone": "too_long", "contact.phone": "missing", "city": "missing", "yes": "checkout.consent"}), "en"
    )

    assert errors == {
        "phone": "That is no phone.",
        "contact.phone": "We need a phone.",
        "city": "Fill this in.",
        "yes": "Tick the box.",
    }


def test_a_refusal_of_the_whole_form_stands_under_no_field(theme: dict[str, Any]) -> None:
    theme["errors.invalid"] = "Something is wrong."

    assert field_errors(Invalid(), "en") == {"": "Something is wrong."}


async def test_a_detail_never_replaces_a_member_that_programs_rely_on(settings: Settings) -> None:
    @api("GET", "/api/v1/odd", summary="Odd")
    async def odd(request: Request) -> None:
        raise Odd(code="mine", status=200, name="x")

    async with visiting(make_application(settings, operations=(odd,))) as program:
        answer = await program.get("/api/v1/odd")

    assert json.loads(answer.content) == answer.json() | {"code": "odd_thing", "status": 409, "name": "x"}
