"""What a list can be narrowed to: every value that its products have, in the order in which shoppers see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sitegen.source import ColourView, ProductView


@dataclass(frozen=True, slots=True)
class Choices:
    """The values of each filter; a filter with one value narrows nothing."""

    colours: tuple[ColourView, ...]
    sizes: tuple[str, ...]
    fits: tuple[str, ...]


def choices_of(products: Sequence[ProductView], palette: Iterable[ColourView]) -> Choices:
    """The values that some of `products` have; colours in the order of the palette."""
    there = {variant.colour.slug for product in products for variant in product.variants}
    return Choices(tuple(colour for colour in palette if colour.slug in there), sizes_of(products), fits_of(products))


def sizes_of(products: Iterable[ProductView]) -> tuple[str, ...]:
    """Every size, in the order of the products that have most of them."""
    tables = sorted({product.sizes for product in products}, key=lambda sizes: (-len(sizes), sizes))
    return tuple(dict.fromkeys(size for table in tables for size in table))


def fits_of(products: Iterable[ProductView]) -> tuple[str, ...]:
    """Every fit, by name."""
    return tuple(sorted({fit for product in products for fit in product.fits}))
