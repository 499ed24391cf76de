"""What a parcel weighs and measures, and whether a point takes it (rules.md 3 and 6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from commerce_api.shop.catalog.parcels import parcel_sizes
from commerce_api.shop.shipping.carrier import Box

WRAPPING_G: Final = 50
"""The bag around the goods."""
LEAST_G: Final = 100
"""Less than this the carrier does not write on a waybill."""


@dataclass(frozen=True, slots=True)
class Packed:
    """`quantity` pieces of one garment: the weight of one, and its box in centimetres."""

    quantity: int
    weight_g: int
    box_cm: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a point takes at most; 0 is no limit."""

    weight_g: int = 0
    length_cm: int = 0
    width_cm: int = 0
    height_cm: int = 0

    def against(self, box: Box) -> str | None:
        """`weight` or `size` when the parcel is too big for the point however it is turned, else None."""
        if self.weight_g and box.weight_g > self.weight_g:
            return "weight"
        room = sorted(side or 10_000 for side in (self.length_cm, self.width_cm, self.height_cm))
        sides = sorted((box.length_cm, box.width_cm, box.height_cm))
        return "size" if any(side > space for side, space in zip(sides, room, strict=True)) else None


async def box_of(pieces: Iterable[tuple[str, int]]) -> Box:
    """The parcel of goods given as slug and quantity."""
    wanted = list(pieces)
    sizes = await parcel_sizes(slug for slug, _ in wanted)
    return packed_together(Packed(quantity, *sizes[slug]) for slug, quantity in wanted)


def packed_together(goods: Iterable[Packed]) -> Box:
    """One parcel of goods that lie on each other. Raises ValueError for none."""
    pieces = list(goods)
    if not pieces:
        raise ValueError("nothing to pack")
    flat = [sorted(piece.box_cm, reverse=True) for piece in pieces]
    return Box(
        weight_g=max(LEAST_G, WRAPPING_G + sum(piece.weight_g * piece.quantity for piece in pieces)),
        length_cm=max(sides[0] for sides in flat),
        width_cm=max(sides[1] for sides in flat),
        height_cm=sum(sides[2] * piece.quantity for sides, piece in zip(flat, pieces, strict=True)),
    )
