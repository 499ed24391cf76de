"""Columns to filter by: per category and for the whole catalogue one small file, read whole by a script.

A row is a product in one colour. Its offers are the sizes and fits on sale in that colour as bits, so that "coal in M"
is answered by one row and never by coal in S beside milk in M.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sitegen.choices import choices_of
from sitegen.finding.order import products_in_order
from sitegen.finding.parts import Memory, Part, address, hashed
from sitegen.page import Document
from sitegen.snapshot import Snapshot
from sitegen.source import ColourView, ProductView, VariantView

WHOLE: Final = ""
"""The name of the whole catalogue among the categories."""

_memory: Final = Memory()


def part(shop: Snapshot, lang: str) -> Part:
    """The files of a language by category; the whole catalogue stands under the empty name."""
    documents = {name: facets(shop, lang, name) for name in names(shop, lang)}
    return Part({name: address(document) for name, document in documents.items()}, tuple(documents.values()))


def names(shop: Snapshot, lang: str) -> list[str]:
    """The whole catalogue and its categories."""
    return [WHOLE, *(view.slug for view in shop.categories(lang))]


def facets(shop: Snapshot, lang: str, name: str) -> Document:
    """The file of a category, or of the whole catalogue."""
    products, ordinals = products_in_order(shop, lang), None
    if name:
        ordinals = [ordinal for ordinal, product in enumerate(products) if product.category == name]
        products = tuple(products[ordinal] for ordinal in ordinals)
    categories = tuple(names(shop, lang)[1:]) if name == WHOLE else (name,)

    def make() -> Document:
        stem = f"facets-{name}-{lang}" if name else f"facets-{lang}"
        places = range(len(products)) if ordinals is None else ordinals
        return hashed(f"finding:{lang}:facets:{name}", stem, columns(products, places, shop.colours, categories))

    document: Document = _memory.recall((lang, name), (products, ordinals, shop.colours, categories), make)
    return document


def columns(
    products: Sequence[ProductView], ordinals: Iterable[int], palette: Iterable[ColourView], categories: Sequence[str]
) -> dict[str, Any]:
    """The file's content. Columns of numbers that grow or stay are written as differences: they pack smaller."""
    choices = choices_of(products, palette)
    colours = [colour.slug for colour in choices.colours]
    sizes, fits = choices.sizes, choices.fits
    rows = [variant for product in products for variant in product.variants]
    colour_at, category_at = _places(colours), _places(categories)
    bits = {(size, fit): 1 << (at * len(fits) + n) for at, size in enumerate(sizes) for n, fit in enumerate(fits)}
    offers = [_offers(variant, bits) for variant in rows]
    masks = {mask: place for place, (mask, _) in enumerate(Counter(offers).most_common())}
    return {
        "categories": categories,
        "colours": colours,
        "sizes": sizes,
        "fits": fits,
        "ordinal": _differences(ordinals),
        "category": [category_at[product.category] for product in products],
        "rows": [len(product.variants) for product in products],
        "colour": [colour_at[variant.colour.slug] for variant in rows],
        "price": _differences(variant.price for variant in rows),
        "masks": list(masks),
        "offers": [masks[each] for each in offers],
    }


def _places(names: Sequence[str]) -> Mapping[str, int]:
    return {name: place for place, name in enumerate(names)}


def _offers(variant: VariantView, bits: Mapping[tuple[str, str], int]) -> int:
    found = 0
    for sku in variant.skus:
        if sku.available:
            found |= bits.get((sku.size, sku.fit), 0)
    return found


def _differences(numbers: Iterable[int]) -> list[int]:
    before, steps = 0, []
    for number in numbers:
        steps.append(number - before)
        before = number
    return steps
