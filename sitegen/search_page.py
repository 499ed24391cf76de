"""The search page: a field, and the newest things until somebody asks."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from commerce_api.foundation.kit import urls
from sitegen.page import Output, Page, file_of, standing
from sitegen.snapshot import Snapshot

FEATURE: Final = "search"
"""Its name among the `features` of content/site.toml; without it there is neither page nor field in the header."""
NEWEST: Final = 4


def is_on(shop: Snapshot) -> bool:
    """Whether this shop shows search."""
    return FEATURE in shop.site.get("features", ())


def search(shop: Snapshot, _: str) -> Iterator[Output]:
    """The page in every language; the browser fills it, so robots have nothing to read there."""
    if not is_on(shop):
        return
    for meta in standing(shop, "search", urls.search):
        context = {"categories": shop.categories(meta.lang), "products": shop.newest(meta.lang, NEWEST)}
        yield Page("search", file_of(meta.path), "search.html", replace(meta, robots="noindex"), context)
