"""What a quote is made of and what it says: frozen, free of the database. Amounts are kopiyky."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PricedLine:
    """`quantity` pieces of a SKU at the shelf price of one."""

    sku: str
    unit_price: int
    quantity: int

    def __post_init__(self) -> None:
        if self.unit_price < 0 or self.quantity < 1:
            raise ValueError(f"a line costs nothing less than 0 and counts from 1: {self}")

    @property
    def total(self) -> int:
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Totals:
    """One quote. `goods` is the gross sum at shelf prices; `due_now` is the share to be paid before the parcel leaves.

    `free_shipping_left` is what is missing to free delivery, 0 when it is reached.
    """

    goods: int
    discount: int
    shipping: int
    payable: int
    due_now: int
    free_shipping_left: int
