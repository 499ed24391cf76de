"""What a quote is made of and what it says: frozen, free of the database. Amounts are kopiyky."""

from dataclasses import dataclass, field
from typing import Final

from commerce_api.shop.pricing.codes import Refusal

MOST_PIECES: Final = 50
"""Of one line (rules.md 4)."""
MOST_LINES: Final = 100


@dataclass(frozen=True, slots=True)
class PricedLine:
    """`quantity` pieces of a SKU at the shelf price of one; `product` and `category` are slugs, for codes that ask."""

    sku: str
    unit_price: int
    quantity: int
    product: str = ""
    category: str = ""

    def __post_init__(self) -> None:
        if self.unit_price < 0 or self.quantity < 1:
            raise ValueError(f"a line costs nothing less than 0 and counts from 1: {self}")

    @property
    def total(self) -> int:
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Totals:
    """One quote. `goods` is the gross sum at shelf prices; `due_now` is the share to be paid before the parcel leaves.

    `free_shipping_left` is what is missing to free delivery, 0 when it is reached. `shares` are the parts of the
    discount that each line bears, in the order of the lines; they sum to `discount`. `refused` says why the code that
    was given takes nothing off, None when it does or when there was none.
    """

    goods: int
    discount: int
    shipping: int
    payable: int
    due_now: int
    free_shipping_left: int
    # Two carts with the same lines in another order have the same totals.
    shares: tuple[int, ...] = field(default=(), compare=False)
    refused: Refusal | None = None
