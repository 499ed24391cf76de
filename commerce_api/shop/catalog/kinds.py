"""What a garment is, by its kind: sizes, centimetres, cloth, weight, parcel box and care (rules.md 3).

A product may replace material, weight, care and size table; what it does not replace follows from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from commerce_api.shop.catalog.views import SizeRow

SIZES: Final = ("XS", "S", "M", "L", "XL", "XXL")
"""Every size, in the order it is shown and stored."""

FIBRES: Final = ("bamboo", "cotton", "elastane", "polyester")
"""Fibres that the theme has words for."""

CARE: Final = (
    "wash-30", "wash-40", "hand-wash", "inside-out", "no-bleach", "iron-low", "no-iron", "no-tumble", "no-dry-clean",
)  # fmt: skip
"""Care instructions that the theme has words for, in the order of a label."""


@dataclass(frozen=True, slots=True)
class KindDefaults:
    """`weight_g` is a parcel's weight of one piece, `box_cm` its box, `jersey` the cloth in g/m² where it is known."""

    sizes: tuple[str, ...]
    size_table: tuple[SizeRow, ...]
    material: tuple[tuple[str, int], ...]
    weight_g: int
    box_cm: tuple[int, int, int]
    care: tuple[str, ...]
    jersey: int | None


def _rows(sizes: tuple[str, ...], *columns: tuple[float, ...]) -> tuple[SizeRow, ...]:
    lengths, widths, *more = columns
    sleeves: tuple[float | None, ...] = more[0] if more else (None,) * len(sizes)
    return tuple(SizeRow(*row) for row in zip(sizes, lengths, widths, sleeves, strict=True))


_LABEL: Final = ("wash-30", "inside-out", "no-bleach", "iron-low", "no-tumble")
_S_TO_XXL: Final = SIZES[1:]
_TEE_LENGTH: Final = (68.5, 70.0, 72.0, 74.0, 76.0)
_TEE_WIDTH: Final = (49.0, 51.0, 52.5, 54.0, 58.5)

KINDS: Final[Mapping[str, KindDefaults]] = {
    "tee": KindDefaults(
        sizes=_S_TO_XXL,
        size_table=_rows(_S_TO_XXL, _TEE_LENGTH, _TEE_WIDTH),
        material=(("cotton", 95), ("elastane", 5)),
        weight_g=220,
        box_cm=(25, 20, 4),
        care=_LABEL,
        jersey=190,
    ),
    "hoodie": KindDefaults(
        sizes=SIZES,
        size_table=_rows(SIZES, (54.0, 58.0, 67.0, 70.0, 73.0, 78.0), (52.0, 56.0, 60.0, 64.0, 68.0, 72.0)),
        material=(("cotton", 90), ("polyester", 10)),
        weight_g=800,
        box_cm=(30, 25, 8),
        care=_LABEL,
        jersey=320,
    ),
    "longsleeve": KindDefaults(
        sizes=_S_TO_XXL,
        size_table=_rows(_S_TO_XXL, _TEE_LENGTH, _TEE_WIDTH, (60.0, 61.0, 62.0, 63.0, 64.0)),
        material=(("bamboo", 95), ("elastane", 5)),
        weight_g=300,
        box_cm=(25, 20, 4),
        care=_LABEL,
        jersey=None,
    ),
}
"""Defaults by the value of models.Kind."""


def read_size(text: str) -> str | None:
    """A size as a person writes it (`m`, `2XL`) in the shop's spelling; None when there is no such size."""
    size = text.strip().upper()
    size = "XXL" if size == "2XL" else size
    return size if size in SIZES else None


def size_order(size: str) -> int:
    """Where a size stands in lists; sizes nobody knows come last."""
    return SIZES.index(size) if size in SIZES else len(SIZES)


def in_size_order(rows: Mapping[str, list[float]]) -> tuple[SizeRow, ...]:
    """A stored size table as rows: databases do not keep the order of an object's keys."""
    ordered = sorted(rows.items(), key=lambda row: size_order(row[0]))
    return tuple(SizeRow(size, cm[0], cm[1], cm[2] if len(cm) > 2 else None) for size, cm in ordered)


def by_share(material: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Fibres and percents, the largest share first: databases do not keep the order of an object's keys."""
    return tuple(sorted(material.items(), key=lambda fibre: (-fibre[1], fibre[0])))
