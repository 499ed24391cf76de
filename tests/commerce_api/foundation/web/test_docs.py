"""The API for people: every call, every error, and nothing that the policy forbids."""

import re
from collections import Counter
from html import unescape

import pytest

from commerce_api.foundation.errors import NotFound
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.documenting import openapi_document, problem_example
from commerce_api.wiring import OPERATIONS
from tests.commerce_api.foundation.web.apps import publish, visiting

pytestmark = pytest.mark.anyio


@pytest.fixture
def page_settings(settings: Settings) -> Settings:
    names = ("css/search-box.css", "js/search-box.js", "js/search-worker.js")
    publish(settings, **{name: f"/assets/{name}" for name in names})
    return settings


async def _page(settings: Settings) -> str:
    async with visiting(make_application(settings, operations=OPERATIONS)) as reader:
        answer = await reader.get("/api/docs")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return answer.text


async def test_every_call_and_every_error_that_one_may_answer_has_its_anchor(page_settings: Settings) -> None:
    html = await _page(page_settings)

    ids = Counter(re.findall(r'\bid="([^"]+)"', html))
    document = openapi_document(OPERATIONS, site_url=page_settings.site_url)
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["operationId"] in ids
            assert operation["summary"] in unescape(html)
    linked = set(re.findall(r'href="#([^"]+)"', html))
    assert linked <= set(ids)
    assert [name for name, count in ids.items() if count > 1] == []


async def test_the_type_of_a_problem_leads_to_its_row(page_settings: Settings) -> None:
    html = await _page(page_settings)
    async with visiting(make_application(page_settings, operations=OPERATIONS)) as program:
        problem = (await program.get("/api/v1/nothing-here")).json()

    path, _, anchor = problem["type"].partition("#")
    assert (path, anchor) == ("/api/docs", problem_example(NotFound)["code"])
    assert f'<tr id="{anchor}">' in html


async def test_the_page_brings_nothing_inline_and_is_sent_once(page_settings: Settings) -> None:
    async with visiting(make_application(page_settings, operations=OPERATIONS)) as reader:
        first = await reader.get("/api/docs")
        again = await reader.get("/api/docs", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert "<style" not in first.text
    assert re.findall(r"<script(?! src=)", first.text) == []
    assert re.findall(r'<(?:script|link|img)[^>]*="(?:https?:)?//', first.text) == []
    assert "nonce-" in first.headers["content-security-policy"]


async def test_before_the_site_is_built_the_page_asks_for_patience(settings: Settings) -> None:
    async with visiting(make_application(settings, operations=OPERATIONS)) as reader:
        assert (await reader.get("/api/docs")).status_code == 503
