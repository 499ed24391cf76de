"""What the bank is asked for: the lines of a bill, which always sum to its amount (rules.md 1)."""

from collections.abc import Iterable
from typing import Final, Protocol

from commerce_api.foundation.kit import money
from commerce_api.foundation.theming import texts
from commerce_api.shop.payments.gateway import BasketLine

DELIVERY: Final = "DELIVERY"
PREPAYMENT: Final = "PREPAYMENT"
REST: Final = "REST"
"""Codes of lines that are no SKU."""


class SoldLine(Protocol):
    """A line of an order, placed or about to be."""

    @property
    def sku(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def unit_price(self) -> int: ...


def whole_bill(lines: Iterable[tuple[SoldLine, int]], shipping: int, lang: str) -> tuple[BasketLine, ...]:
    """Every line of an order with its share of the discount, and delivery as a line of its own; kopiyky."""
    goods = [BasketLine(line.sku, line.name, line.quantity, line.unit_price, share) for line, share in lines]
    # A thing that a code made free is nothing to pay for, and banks refuse lines of nothing.
    priced = [line for line in goods if line.total > 0]
    if shipping:
        priced.append(BasketLine(DELIVERY, texts(lang)("payments.bill.delivery"), 1, shipping))
    return tuple(priced)


def one_line(code: str, amount: int, number: str, lang: str) -> tuple[BasketLine, ...]:
    """A prepayment, or the rest of an order that was paid in part: one line of the whole amount."""
    return (BasketLine(code, texts(lang)(f"payments.bill.{code.lower()}", number=number), 1, amount),)


def refund_lines(paid: Iterable[BasketLine], amount: int, only: Iterable[str] = ()) -> tuple[BasketLine, ...]:
    """The lines that `amount` kopiyky of a refund are for, by largest remainder over what was paid for each.

    `only` names the codes that come back; without it all lines share. A line that is returned whole keeps its quantity.
    Raises ValueError when the amount is more than those lines are worth.
    """
    wanted = frozenset(only)
    lines = [line for line in paid if not wanted or line.code in wanted]
    whole = sum(line.total for line in lines)
    if amount > whole:
        raise ValueError(f"{amount} is more than the lines are worth: {whole}")
    shares = money.split(amount, [line.total for line in lines])
    return tuple(
        line if share == line.total else BasketLine(line.code, line.name, 1, share)
        for line, share in zip(lines, shares, strict=True)
        if share
    )
