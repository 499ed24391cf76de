"""Wholesale: what a piece costs by how many pieces of a kind are taken together (rules.md 9). Amounts are kopiyky."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PIECES_STEP: Final = 8
"""A model is sold from this many pieces on and in steps of as many."""


@dataclass(frozen=True, slots=True)
class Tier:
    """From `pieces` of a kind on, each costs `price`; the next tier ends this one."""

    pieces: int
    price: int


def _tiers(*prices: int) -> tuple[Tier, ...]:
    return tuple(Tier(pieces, price) for pieces, price in zip((8, 16, 32, 64, 100), prices, strict=True))


WHOLESALE: Final[Mapping[str, tuple[Tier, ...]]] = {
    "tee": _tiers(540_00, 520_00, 500_00, 490_00, 480_00),
    "longsleeve": _tiers(620_00, 600_00, 580_00, 570_00, 560_00),
    "hoodie": _tiers(1_300_00, 1_250_00, 1_200_00, 1_175_00, 1_150_00),
}
"""By kind of garment, fewest pieces first. A long sleeve is a T-shirt and 80 UAH."""


def wholesale_price(kind: str, pieces: int) -> int | None:
    """Kopiyky for one of `pieces` of a kind; None below the first tier and for a kind that is not sold wholesale."""
    reached = [tier for tier in WHOLESALE.get(kind, ()) if pieces >= tier.pieces]
    return reached[-1].price if reached else None
