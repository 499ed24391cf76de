"""Which pages show what: the keys that a change of the catalogue makes stale (architecture.md 6A).

product:<slug>     its page, its colours, its story, and wherever its card is shown as related
category:<slug>    the lists of a category
catalog, home      the overview and the front page
all                everything: palette, categories and settings stand on every page
"""

from collections.abc import Iterable

from commerce_api.foundation.publishing import service as publishing
from commerce_api.shop.catalog import waking

HOME = "home"
CATALOG = "catalog"
ALL = "all"


def product(slug: str) -> str:
    return f"product:{slug}"


def category(slug: str) -> str:
    return f"category:{slug}"


def of_product(slug: str, *categories: str) -> tuple[str, ...]:
    """Keys of a product's facts, texts, prices and availability; name both categories when it moved."""
    return (product(slug), *map(category, categories), CATALOG, HOME)


async def mark(keys: Iterable[str], reason: str) -> None:
    """Mark pages stale in the ambient transaction and wake the site when it commits.

    Raises NoTransaction when none is open.
    """
    await publishing.mark_stale(keys, reason)
    await waking.announce()
