"""Numbers of orders and payouts: a counter row for each kind and Kyiv day (rules.md 2)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from tortoise.exceptions import IntegrityError

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import require_transaction, savepoint
from commerce_api.foundation.kit import clock
from commerce_api.shop.orders.models import NumberCounter


@dataclass(frozen=True, slots=True)
class NumberForm:
    """How the numbers of a kind are written: prefix, day, separator, and a counter of at least `digits` digits."""

    prefix: str
    separator: str
    digits: int


RETAIL: Final = NumberForm("TWC", "N", 2)
DROPSHIP: Final = NumberForm("DS", "", 3)
WHOLESALE: Final = NumberForm("WS", "", 3)
PAYOUT: Final = NumberForm("PY", "", 3)


COUNT_UP: Final = "UPDATE number_counter SET value = value + 1 WHERE kind = ? AND day = ? RETURNING value"
"""Plain SQL, because the ORM counts and reads in two, and every order of the shop waits for this row (ADR 0017)."""


def format_number(form: NumberForm, day: date, value: int) -> str:
    """`TWC23112026N01`; the counter grows past its digits, it is never cut."""
    return f"{form.prefix}{day:%d%m%Y}{form.separator}{value:0{form.digits}d}"


async def next_number(form: NumberForm) -> str:
    """The next number of a kind today, inside the transaction that uses it: a rollback gives the number back.

    The counter's row stays locked until that transaction ends, so ask late. Raises NoTransaction without one.
    """
    require_transaction()
    day = clock.kyiv_today()
    value = await _count_up(form, day) or await _open_day(form, day)
    return format_number(form, day, value)


async def _count_up(form: NumberForm, day: date) -> int | None:
    """The counter's next value, None when this day has no counter yet."""
    rows = await plain.fetch(COUNT_UP, form.prefix, day)
    return int(rows[0]["value"]) if rows else None


async def _open_day(form: NumberForm, day: date) -> int:
    try:
        async with savepoint():
            await plain.insert(NumberCounter, {"kind": form.prefix, "day": day, "value": 1})
    except IntegrityError:
        # A rival opened the day between our update and our insert; its row is there now.
        value = await _count_up(form, day)
        if value is None:
            raise
        return value
    return 1
