"""The real content, theme and catalogue as one site: what machines read of every page of it."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from commerce_api.foundation.settings import ROOT, Settings
from commerce_api.foundation.theming import THEME
from commerce_api.shop.catalog import feed
from commerce_api.shop.catalog.importing import import_catalog
from sitegen import checks
from sitegen.build import build
from sitegen.config import Config
from tests.sitegen.builders import SITE_URL

pytestmark = pytest.mark.anyio
CYRILLIC = re.compile("[\u0400-\u04ff]")
SHORTEST, LONGEST = 15, 65


def heads(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(root.rglob("*.html")):
        html = path.read_text("utf-8")
        if 'name="robots" content="noindex"' not in html:
            yield path.relative_to(root).as_posix(), html


def found(pattern: str, html: str) -> str:
    match = re.search(pattern, html, re.DOTALL)
    return unescape(match[1]) if match else ""


def ids(thing: Any) -> Iterator[str]:
    """The `@id` of everything that is described, not only mentioned, within a thing."""
    if isinstance(thing, list):
        for each in thing:
            yield from ids(each)
    elif isinstance(thing, Mapping):
        if "@id" in thing and "@type" in thing:
            yield thing["@id"]
        for each in thing.values():
            yield from ids(each)


async def test_the_whole_demo_site_tells_machines_the_truth(sqlite_database: Settings, tmp_path: Path) -> None:
    # given the catalogue of the repository, built without its pictures
    await import_catalog(ROOT / "content")
    view = await feed.read_catalog(sqlite_database.shop)
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content, ignore=shutil.ignore_patterns("*.avif"))
    receipt = build(Config(ROOT, content, THEME, tmp_path / "build", SITE_URL, compress=False), view)
    assert [error for error in receipt.errors if not error.endswith("there is no such picture")] == []
    root = tmp_path / "build" / "current"

    # then every page that is listed says who it is, once and in its own language
    titles: Counter[tuple[str, str]] = Counter()
    for file, html in heads(root):
        canonical, title = found(r'rel="canonical" href="([^"]+)', html), found("<title>(.*?)</title>", html)
        lang = "en" if file.startswith("en/") else "uk"
        own = f"{SITE_URL}/{file.removesuffix('index.html')}"
        assert canonical == own or own.startswith(canonical), file
        titles[lang, title] += canonical == own
        assert SHORTEST <= len(title) <= LONGEST, (file, title)
        description = found('name="description" content="([^"]*)"', html)
        assert 40 <= len(description) <= 160, (file, description)
        assert found('property="og:image" content="([^"]+)"', html).startswith(SITE_URL), file
        if lang == "en":
            assert not CYRILLIC.search(title + description + found("<h1[^>]*>(.*?)</h1>", html)), file
        things = json.loads(found('<script type="application/ld.json">(.*?)</script>', html))["@graph"]
        assert [name for name, count in Counter(ids(things)).items() if count > 1 and "#shop" not in name] == [], file
        ways = [thing["itemListElement"] for thing in things if thing["@type"] == "BreadcrumbList"]
        assert len(ways) == (file not in ("index.html", "en/index.html")), file
        assert all(len(way) >= 2 for way in ways), file
    assert [title for title, count in titles.items() if count > 1] == []

    # and the shop's own inspector agrees, but for the pictures that were left out
    report = checks.check(root, SITE_URL, view=view, workers=1)
    about = [f"{problem.where}: {problem.what}" for problem in report.problems]
    assert [line for line in about if "/images/" not in line] == []
