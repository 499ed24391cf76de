"""What a garment weighs and measures in its parcel: its own weight, else that of its kind (rules.md 3)."""

from collections.abc import Iterable, Sequence
from typing import Final

from commerce_api.foundation.db import plain
from commerce_api.shop.catalog.kinds import KINDS
from commerce_api.shop.catalog.queries import called_now

ParcelSize = tuple[int, tuple[int, int, int]]
"""Grams of one piece, and its box in centimetres."""
SIZES: Final = "SELECT slug, kind, weight_g FROM product WHERE slug IN ({})"


async def parcel_sizes(products: Iterable[str]) -> dict[str, ParcelSize]:
    """Weight and box by slug, also by one that the product has left. One statement where all are called so now. A
    product that is gone counts as the heaviest kind, for its parcel leaves all the same."""
    wanted = list(dict.fromkeys(products))
    found = await _found(wanted)
    missing = [slug for slug in wanted if slug not in found]
    if missing:
        now = await called_now(missing)
        sizes = await _found(sorted({*now.values()}))
        heaviest = max(KINDS.values(), key=lambda kind: kind.weight_g)
        for slug in missing:
            found[slug] = sizes.get(now.get(slug, ""), (heaviest.weight_g, heaviest.box_cm))
    return found


async def _found(slugs: Sequence[str]) -> dict[str, ParcelSize]:
    found: dict[str, ParcelSize] = {}
    for row in await plain.fetch(SIZES.format(plain.places(len(slugs))), *slugs) if slugs else ():
        kind = KINDS[row["kind"]]
        found[row["slug"]] = (row["weight_g"] or kind.weight_g, kind.box_cm)
    return found
