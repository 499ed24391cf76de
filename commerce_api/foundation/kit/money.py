"""Money of the shop: integers of kopiyky, rounded in one place.

Rules: `docs/rules.md` 1. Nothing outside this module rounds, splits, reads or formats an amount.
"""

import re
from collections.abc import Sequence

KOPIYKY = 100
"""Kopiyky in one hryvnia."""

NO_BREAK = "\u00a0"


def hryvnias(amount: int) -> int:
    """Whole hryvnias as kopiyky."""
    return amount * KOPIYKY


def shelf_price(price: int, discount_percent: int) -> int:
    """The price on the shelf: `price` kopiyky less a discount of 0..90 %, half-up to whole hryvnias.

    Raises ValueError for a negative price or a discount outside 0..90.
    """
    if price < 0:
        raise ValueError(f"a price is never negative: {price}")
    if not 0 <= discount_percent <= 90:
        raise ValueError(f"a discount is 0 to 90 percent: {discount_percent}")
    if discount_percent == 0:
        return price
    hundredths = price * (100 - discount_percent)
    return (hundredths + 50 * KOPIYKY) // (100 * KOPIYKY) * KOPIYKY


def percent_of(amount: int, percent: int) -> int:
    """`percent` of an order amount in kopiyky, half-up to one kopiyka."""
    return (amount * percent + 50) // 100


def split(total: int, weights: Sequence[int]) -> list[int]:
    """`total` kopiyky shared by weight, by largest remainder: the shares always sum to the total.

    Equal remainders go to the earlier share, so that the same input gives the same shares on every machine.
    Raises ValueError when there is something to share and no weight to share it by.
    """
    whole = sum(weights)
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("only amounts that are not negative can be split")
    if whole == 0:
        if total == 0:
            return [0] * len(weights)
        raise ValueError(f"nothing to split {total} over")
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def format_amount(amount: int) -> str:
    """`1 299 ₴` with no-break spaces in every language; kopiyky only when there are any."""
    sign = "\u2212" if amount < 0 else ""
    whole, rest = divmod(abs(amount), KOPIYKY)
    digits = f"{whole:,}".replace(",", NO_BREAK)
    return f"{sign}{digits}{f',{rest:02d}' if rest else ''}{NO_BREAK}₴"


def read_amount(text: str) -> int | None:
    """Hryvnias as people type them (`890`, `1 290 ₴`, `89,50`) in kopiyky; None when that is no amount."""
    plain = re.sub(r"[\s₴]", "", text).replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", plain):
        return None
    whole, _, rest = plain.partition(".")
    return int(whole) * KOPIYKY + int(rest.ljust(2, "0"))
