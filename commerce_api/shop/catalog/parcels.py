"""What a garment weighs and measures in its parcel: its own weight, else that of its kind (rules.md 3)."""

from collections.abc import Iterable
from typing import Final

from commerce_api.foundation.db import plain
from commerce_api.shop.catalog.kinds import KINDS

ParcelSize = tuple[int, tuple[int, int, int]]
"""Grams of one piece, and its box in centimetres."""
SIZES: Final = "SELECT slug, kind, weight_g FROM product WHERE slug IN ({})"


async def parcel_sizes(products: Iterable[str]) -> dict[str, ParcelSize]:
    """Weight and box by slug. One statement. A product that is gone counts as the heaviest kind, for its parcel leaves
    all the same."""
    wanted = list(dict.fromkeys(products))
    if not wanted:
        return {}
    heaviest = max(KINDS.values(), key=lambda kind: kind.weight_g)
    found: dict[str, ParcelSize] = dict.fromkeys(wanted, (heaviest.weight_g, heaviest.box_cm))
    for row in await plain.fetch(SIZES.format(plain.places(len(wanted))), *wanted):
        kind = KINDS[row["kind"]]
        found[row["slug"]] = (row["weight_g"] or kind.weight_g, kind.box_cm)
    return found
