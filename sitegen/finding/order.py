"""The ordinals that all search data share: products of a language, oldest first, so that a new one is appended."""

from sitegen.snapshot import Snapshot
from sitegen.source import ProductView


def products_in_order(shop: Snapshot, lang: str) -> tuple[ProductView, ...]:
    """The products of a language; the place of each, from 0, is its ordinal.

    It is the reverse of the shop's own order, so "newest first" is the ordinals from high to low.
    """
    listing = shop.index.newest.get(lang)
    return tuple(shop.products[slug] for slug in reversed(listing.slugs)) if listing else ()
