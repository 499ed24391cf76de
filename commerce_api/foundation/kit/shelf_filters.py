"""What templates ask of the variants, SKUs and pictures of a product.

Plain functions: cards are rendered tens of thousands of times, and chains of Jinja's own filters cost more than all the
rest of a card.

They take views (`shop/catalog/views.py`) without knowing them: this floor lies below.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final


def in_colour(variants: Sequence[Any], colour: str) -> Any:
    """The variant in the colour of this slug; the first one where there is none, or none is named."""
    if colour:
        for variant in variants:
            if variant.colour.slug == colour:
                return variant
    return variants[0]


def prices(variants: Sequence[Any]) -> list[int]:
    """The prices that variants have, in kopiyky, the lowest first, each once."""
    return sorted({variant.price for variant in variants})


def sizes_there(skus: Sequence[Any]) -> str:
    """`S M L`: the sizes of which some SKU can be bought, each once."""
    return " ".join(dict.fromkeys([sku.size for sku in skus if sku.available]))


def first_missing(skus: Sequence[Any]) -> str:
    """The code of the first SKU that cannot be bought; "" when all can."""
    for sku in skus:
        if not sku.available:
            return str(sku.code)
    return ""


def picture_keys(images: Sequence[Any]) -> str:
    """The address stems of the two pictures that a card shows."""
    return " ".join([image.key for image in images[:2]])


def two_digits(number: int) -> str:
    """`03`: a number as frames are numbered."""
    return f"{number:02d}"


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    each.__name__: each for each in (in_colour, prices, sizes_there, first_missing, picture_keys, two_digits)
}
