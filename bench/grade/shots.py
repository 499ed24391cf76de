"""Pictures of every page type for people to look at: `make shots`, or python -m bench.grade.shots [--pages home,cart].

Whole pages at 360, 768 and 1440 px, light and dark, in var/shots, which git ignores. With --url a shop that runs
already is pictured, without its cart and orders when it cannot be bought from.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

from bench.grade import browser
from bench.grade.pages import Page, prepare
from bench.grade.shop import NoShop, Shop, opened
from bench.grade.tools import ROOT
from bench.grade.visitors import Refused
from commerce_api.foundation.settings import load

FOLDER: Final = ROOT / "var" / "shots"
WIDTHS: Final = (360, 768, 1440)
HEIGHT: Final = 900
TALLEST: Final = 6000
"""Pixels of a picture: what comes further down has been seen by then."""
SCHEMES: Final = ("light", "dark")
OTHERS: Final = {
    "catalog": "/catalog/",
    "list-colour": "/catalog/t-shirts/coal/",
    "search-start": "/search/",
    "size-guide": "/size-guide/",
    "wholesale": "/wholesale/",
    "journal": "/journal/",
    "article": "/journal/why-we-draw/",
    "questions": "/faq/",
}
"""Page types that are not graded one by one, but are looked at."""
UNROLL: Final = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += 600) {
    scrollTo(0, y);
    await new Promise((go) => setTimeout(go, 40));
  }
  scrollTo(0, 0);
}"""
"""Lazy pictures come when they are scrolled to."""


@contextmanager
def some_shop(url: str) -> Iterator[Shop]:
    """The shop at an address, or one started for the purpose."""
    if url:
        yield Shop(url, 0, load().build_dir / "current")
        return
    with tempfile.TemporaryDirectory(prefix="shots-", dir=ROOT / "var") as home, opened(Path(home)) as shop:
        yield shop


def picture(chromium: Browser, url: str, page: Page, width: int, scheme: str) -> Path:
    """One page in one window; the file it was written to."""
    size = {"width": width, "height": HEIGHT}
    with browser.window(
        chromium, url, page, viewport=size, color_scheme=scheme, reduced_motion="reduce"
    ) as opened_page:
        opened_page.goto(url + page.path, wait_until="networkidle")
        opened_page.evaluate(UNROLL)
        opened_page.wait_for_timeout(200)
        tall = min(TALLEST, int(opened_page.evaluate("document.documentElement.scrollHeight")))
        file = FOLDER / f"{page.name.replace(' ', '-')}-{width}-{scheme}.png"
        clip = {"x": 0.0, "y": 0.0, "width": float(width), "height": float(tall)}
        opened_page.screenshot(path=file, full_page=True, clip=clip)  # type: ignore[arg-type]
    return file


def others(chosen: str, languages: Mapping[str, str]) -> list[Page]:
    """The page types of OTHERS whose names begin with one of the comma-separated words of `chosen`."""
    words = tuple(chosen.split(","))
    return [
        Page(f"{name} {lang}", prefix + path, listed=True)
        for lang, prefix in languages.items()
        for name, path in OTHERS.items()
        if name.startswith(words)
    ]


def main() -> int:
    """Picture the pages and say where they lie."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--pages", default="", help="only pages whose names begin so: home,product")
    parser.add_argument("--url", default="", help="a shop that runs already")
    parser.add_argument("--lang", default="uk", help="languages")
    parser.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    languages = {lang: "" if lang == "uk" else f"/{lang}" for lang in options.lang.split(",")}
    try:
        with some_shop(options.url) as shop, browser.launched() as chromium:
            for page in prepare(shop, options.pages, languages) + others(options.pages, languages):
                for width in map(int, options.widths.split(",")):
                    for scheme in SCHEMES:
                        print(picture(chromium, shop.url, page, width, scheme).relative_to(ROOT))
    except (NoShop, Refused, BrowserError) as error:
        print(f"no pictures: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
