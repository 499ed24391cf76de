"""How a rendered page travels."""

import gzip
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from structlog.testing import capture_logs

from commerce_api.foundation.kit.searching.rules import SHOP_WORDS, ShopWords
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.pages import Page
from commerce_api.foundation.web.rendering import Renderer, render_message
from tests.commerce_api.foundation.web.apps import publish, visiting

pytestmark = pytest.mark.anyio

WORDS = "Кошик чекає на вас, а з ним худі й футболки. "


async def said(request: Request) -> Response:
    return render_message(request, title=WORDS, body=WORDS * 40)


@pytest.mark.parametrize(
    ("accepted", "site", "packed"),
    [
        ("gzip, br", "none", True),
        ("gzip", "same-origin", True),
        ("gzip;q=0", "none", False),
        ("identity", "none", False),
        ("gzip", "cross-site", False),
        ("gzip", "same-site", False),
    ],
)
async def test_a_page_travels_packed_to_whoever_can_unpack_it_and_does_not_come_from_elsewhere(
    settings: Settings, accepted: str, site: str, packed: bool
) -> None:
    # given a page of the sidecar
    publish(settings)
    app = make_application(settings, pages=[Page("GET", "/cart/", said)])
    async with visiting(app) as visitor:
        plain = await visitor.get("/cart/", headers={"Accept-Encoding": "identity"})

        # when it is asked for by a browser that unpacks some forms
        answer = await visitor.get("/cart/", headers={"Accept-Encoding": accepted, "Sec-Fetch-Site": site})

    # then it is the same page, in few bytes where that can be, and caches are told of the difference
    assert (answer.headers.get("content-encoding") == "gzip") is packed
    assert answer.text == plain.text
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) < len(gzip.compress(plain.content)) * 1.1 or not packed


@pytest.mark.parametrize("name", ["site.toml", "search.toml"])
async def test_a_file_of_content_that_somebody_has_just_spoilt_closes_no_cart(
    settings: Settings, tmp_path: Path, name: str
) -> None:
    # given a shop that answers
    content = tmp_path / "words"
    shutil.copytree(settings.content_dir, content, ignore=shutil.ignore_patterns("catalog"))
    settings = replace(settings, content_dir=content)
    publish(settings)
    app = make_application(settings, pages=[Page("GET", "/cart/", said)])
    async with visiting(app) as visitor:
        before = await visitor.get("/cart/")

        # when a file is saved in the middle of a line
        (content / name).write_text("name = [", "utf-8")

        # then the page is what it was
        after = [await visitor.get("/cart/") for _ in range(2)]
    assert before.status_code == 200
    assert [answer.text for answer in after] == [before.text] * 2


async def test_spoilt_words_of_the_shop_count_as_before_are_read_once_and_said_once(
    settings: Settings, tmp_path: Path
) -> None:
    # given a file of words that is in use
    path = tmp_path / SHOP_WORDS
    path.write_text('joined = ["t shirt"]', "utf-8")
    renderer = Renderer(replace(settings, content_dir=tmp_path))
    before = renderer.shop_words()

    # when it is saved with a mistake
    path.write_text("joined = [", "utf-8")
    with capture_logs() as logged:
        spoilt = [renderer.shop_words() for _ in range(3)]

    # then shoppers find as they did, and the log says it once
    assert before.joined == ("t shirt",)
    assert spoilt == [before] * 3
    assert [line["event"] for line in logged] == ["search.toml cannot be read"]
    # and the next good one counts, as does that there is none any more
    path.write_text('joined = ["over size"]', "utf-8")
    assert renderer.shop_words().joined == ("over size",)
    path.unlink()
    assert renderer.shop_words() == ShopWords()


async def test_a_shop_that_begins_with_spoilt_words_has_none_and_says_it_once(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / SHOP_WORDS).write_text("joined = [", "utf-8")
    renderer = Renderer(replace(settings, content_dir=tmp_path))

    with capture_logs() as logged:
        assert [renderer.shop_words() for _ in range(2)] == [ShopWords()] * 2

    assert len(logged) == 1


async def test_words_that_are_being_replaced_close_no_page(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given an editor that takes the file away when it has been seen, and has not written the new one
    path = tmp_path / SHOP_WORDS
    path.write_text('joined = ["t shirt"]', "utf-8")
    renderer = Renderer(replace(settings, content_dir=tmp_path))
    seen = renderer._words.changed

    def gone() -> bool:
        changed = seen()
        path.unlink()
        return changed

    monkeypatch.setattr(renderer._words, "changed", gone)

    assert renderer.shop_words() == ShopWords()
