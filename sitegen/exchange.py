"""A new price in finished pages: where a product is only a card among others, the card is exchanged in the file.

A price stands on some thirty pages, and all but its own show it as a card. To render them again costs ten times as much
as to put the new card into the old one's place, and gives the same bytes: `tests/sitegen/test_exchange.py` holds both
against each other. What cannot be exchanged for certain is rendered.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from commerce_api.foundation.kit import urls
from sitegen import category_pages
from sitegen.page import file_of
from sitegen.paging import page_slice
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView

AWAKE: Final = 'loading="lazy" decoding="async"'
"""What `macros/card_grid.html` takes out of the first pictures of a list: the part of a card before its end is not the
same everywhere."""

Shown = tuple[str, str, str]
"""A card: product, language, and the colour that it shows, the product's first where it is ""."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The files that are one page, and the changed cards on it."""

    files: tuple[str, ...]
    shown: tuple[Shown, ...]


def only_prices(before: Snapshot, after: Snapshot, changed: Collection[str]) -> bool:
    """Whether nothing but prices differs, so that no page comes or goes and every product stands where it stood."""
    if (before.content, before.left) != (after.content, after.left):
        return False
    pairs = [(before.products.get(slug), after.products.get(slug)) for slug in changed]
    return bool(pairs) and all(old and new and _free(old) == _free(new) for old, new in pairs)


def _free(product: ProductView) -> ProductView:
    # The day of the change comes with every price, and stands in the sitemap and feeds alone.
    variants = tuple(replace(each, price=0, old_price=None) for each in product.variants)
    return replace(product, variants=variants, updated=None)


def pages_of(shop: Snapshot, key: str, changed: Collection[str]) -> list[Finished] | None:
    """The pages of a group that show changed products as cards alone; None when it shows them in other ways too.

    Nothing but prices may have changed (`only_prices`).
    """
    kind, _, rest = key.partition(":")
    if kind == "product" and rest not in changed and rest in shop.products:
        return list(_beside(shop, rest, changed))
    if kind == "category" and ":" in rest:
        return [_in_list(shop, rest, changed)]
    return None


def _beside(shop: Snapshot, slug: str, changed: Collection[str]) -> Iterator[Finished]:
    view = shop.products[slug]
    for lang in shop.languages_of(view):
        shown = tuple((other.slug, lang, "") for other in shop.related(slug, lang) if other.slug in changed)
        for variant in view.variants if shown else ():
            colours = (None, variant.colour.slug) if variant is view.variants[0] else (variant.colour.slug,)
            yield Finished(tuple(file_of(urls.product(slug, lang, colour)) for colour in colours), shown)


def _in_list(shop: Snapshot, rest: str, changed: Collection[str]) -> Finished:
    slug, lang, number, colour = f"{rest}:".split(":")[:4]
    listed = page_slice(shop.listed(lang, slug, colour), int(number))
    path = category_pages.address_of(slug, colour, lang, int(number))
    return Finished((file_of(path),), tuple((each, lang, colour) for each in listed if each in changed))


def cards(shop: Snapshot, shown: Collection[Shown], card: Callable[..., Markup]) -> dict[Shown, str]:
    """The cards of one moment, by `Renderer.card`."""
    return {each: str(card(shop.products[each[0]], *each[1:])) for each in shown}


def exchanged(
    page: bytes, shown: Collection[Shown], old: Mapping[Shown, str], new: Mapping[Shown, str]
) -> bytes | None:
    """The page with the new cards in the places of the old ones; None when one of them is not there exactly once."""
    for each in shown:
        before, after = (_ends(cards[each]) for cards in (old, new))
        if before[0] != after[0] or page.count(before[1]) != 1:
            return None
        page = page.replace(before[1], after[1])
    return page


def _ends(card: str) -> tuple[str, bytes]:
    """A card up to its first picture, and the rest of it."""
    head, awake, tail = card.partition(AWAKE)
    return (head, tail.encode()) if awake else ("", card.encode())
