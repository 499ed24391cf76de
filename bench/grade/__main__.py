"""Grade the pages of this checkout: `make grade`, or python -m bench.grade [--pages home,cart] [--runs 3] [--quick].

Starts a shop of its own on free ports, fills a cart, places an order, and asks every judge about every page in every
language. Exit status: 0 when every goal is met, 1 when one is missed, 2 when something could not be measured.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Error as BrowserError

from bench.grade import browser, lighthouse, outside, report
from bench.grade.browser import Seen
from bench.grade.pages import Page, prepare
from bench.grade.shop import NoShop, Shop, opened, pack
from bench.grade.tools import ROOT, ToolsMissing, install
from bench.grade.visitors import Refused, visitor
from sitegen.checks.markup import CannotCheck

FAILURES = (NoShop, ToolsMissing, Refused, CannotCheck, lighthouse.LighthouseFailed, outside.JudgeFailed, BrowserError)


def grade(shop: Shop, pages: list[Page], runs: int, *, quick: bool) -> dict[str, Seen]:
    """Everything there is to say about each page, by its name."""
    seen = {page.name: Seen() for page in pages}

    def add(page: Page, more: Seen) -> None:
        seen[page.name].figures |= more.figures
        seen[page.name].notes += more.notes

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {f"{number}.html": page for number, page in enumerate(pages)}
        for file, page in files.items():
            (folder / file).write_text((page.visitor or visitor(shop)).get(page.path), "utf-8")
        for found in (outside.markup_of(folder, list(files)), outside.data_of(folder, list(files))):
            for file, more in found.items():
                add(files[file], more)
    with browser.launched() as chromium:
        for number, page in enumerate(pages, 1):
            print(f"{number} of {len(pages)}: {page.name}", file=sys.stderr)
            add(page, outside.observatory(shop, page.path))
            add(page, browser.bare(chromium, shop.url, page))
            add(page, browser.accessibly(chromium, shop.url, page))
            if not quick:
                add(page, lighthouse.measure(shop.url, page, runs))
            # Last, because it presses what can be pressed.
            add(page, browser.slowly(chromium, shop.url, page, runs))
    return seen


def main() -> int:
    """Grade, show, keep."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--pages", default="", help="only pages whose names begin so: home,product,cart-empty")
    parser.add_argument(
        "--runs",
        type=int,
        default=3,
        help="visits of Lighthouse and of the slow phone a page, of which the median counts",
    )
    parser.add_argument("--quick", action="store_true", help="without Lighthouse")
    parser.add_argument("--lang", default="uk,en", help="languages")
    parser.add_argument("--store", action="store_true", help="keep the figures, also of a part or a quick run")
    options = parser.parse_args()
    languages = {lang: "" if lang == "uk" else f"/{lang}" for lang in options.lang.split(",")}
    try:
        install()
        with tempfile.TemporaryDirectory(prefix="grade-", dir=ROOT / "var") as home, opened(Path(home)) as shop:
            pack(Path(home))
            graded = grade(shop, prepare(shop, options.pages, languages), options.runs, quick=options.quick)
    except FAILURES as error:
        print(f"could not be measured: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    count = report.show(graded)
    if options.store or not (options.quick or options.pages):
        report.store(graded)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
