"""The service worker's file: of which build it is, what it keeps, and what it must never touch."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from commerce_api.foundation.web import paths
from sitegen import worker
from sitegen.page import Document
from sitegen.pages import expand
from sitegen.snapshot import Snapshot, snapshot_of
from sitegen.words import words_of
from tests.sitegen.builders import LANGUAGES, SITE_URL, THEME, catalogue, product

ASSETS = {
    "css/message.css": "/assets/message-0123abcdef.css",
    "css/home.css": "/assets/home-0123abcdef.css",
    "js/message.js": "/assets/message-0123abcdef.js",
    "js/sw.js": "/assets/sw-0123abcdef.js",
    "fonts/onest.woff2": "/assets/onest-0123abcdef.woff2",
}


def shop(assets: dict[str, str] | None = None, **site: Any) -> Snapshot:
    given = {"url": SITE_URL, "languages": LANGUAGES, "brand": {"name": "TwoComms"}, **site}
    texts = {lang: words_of(lang, THEME) for lang in LANGUAGES}
    return snapshot_of(catalogue(product("kolos")), [], given, texts, assets or ASSETS, {})


def build_of(snapshot: Snapshot) -> dict[str, Any]:
    (output,) = expand(snapshot, "worker")
    assert isinstance(output, Document)
    assert output.file == "sw.js"
    match = re.fullmatch(r'self\.BUILD=(.+);importScripts\("/assets/sw-0123abcdef\.js"\);\n', output.text)
    assert match
    said: dict[str, Any] = json.loads(match[1])
    return said


def test_it_keeps_the_offline_page_of_each_language_with_its_files_alone() -> None:
    said = build_of(shop())

    assert said["pages"] == {"uk": "/offline.html", "en": "/en/offline.html"}
    assert said["files"] == [ASSETS["css/message.css"], ASSETS["js/message.js"], ASSETS["fonts/onest.woff2"]]


def test_its_cache_has_another_name_when_the_offline_page_is_another_one() -> None:
    name = build_of(shop())["name"]

    assert build_of(shop())["name"] == name
    assert build_of(shop({**ASSETS, "css/message.css": "/assets/message-ffffffffff.css"}))["name"] != name
    assert build_of(shop(brand={"name": "TwoCommas"}))["name"] != name


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_it_touches_nothing_that_the_sidecar_or_the_office_answers(prefix: str) -> None:
    # given every path that is not of the build, when the worker looks at it, then it leaves it alone
    untouched = re.compile(build_of(shop())["untouched"])
    for path in (*paths.SIDECAR_PAGES, *paths.SIDECAR_JSON, paths.OFFICE, *paths.INTERNAL):
        assert untouched.search(f"{prefix}{path}"), path
        assert untouched.search(f"{prefix}{path}/x/"), path
    for path in ("/", "/cartoon/", "/product/order/", "/wholesale/", "/catalog/live/"):
        assert not untouched.search(f"{prefix}{path}"), path


def test_a_flag_makes_it_take_itself_away() -> None:
    assert build_of(shop(service_worker=False)) == {"off": True}
    assert not worker.is_on(shop(service_worker=False))


def test_a_theme_without_the_script_has_no_worker() -> None:
    assert list(expand(replace(shop(), assets={}), "worker")) == []


def test_the_scripts_of_the_theme_know_the_same_file() -> None:
    theme = Path(__file__).parents[2] / "themes" / "twocomms"

    assert f'data-worker="/{worker.FILE}"' in (theme / "templates/layouts/base.html").read_text("utf-8")
    assert "self.BUILD" in (theme / "js/sw.js").read_text("utf-8")
