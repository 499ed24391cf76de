"""Numbers: by kind and Kyiv day, without gaps or doubles."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from commerce_api.foundation.db.tx import NoTransaction, transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.orders.models import NumberCounter
from commerce_api.shop.orders.numbering import (
    DROPSHIP,
    PAYOUT,
    RETAIL,
    WHOLESALE,
    NumberForm,
    format_number,
    next_number,
)

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "value", "number"),
    [
        (RETAIL, 1, "TWC23112026N01"),
        (RETAIL, 99, "TWC23112026N99"),
        (RETAIL, 101, "TWC23112026N101"),
        (RETAIL, 1_500, "TWC23112026N1500"),
        (DROPSHIP, 1, "DS23112026001"),
        (WHOLESALE, 12, "WS23112026012"),
        (PAYOUT, 1_000, "PY231120261000"),
    ],
)
def test_a_number_is_kind_day_and_a_counter_that_is_never_cut(form: NumberForm, value: int, number: str) -> None:
    assert format_number(form, date(2026, 11, 23), value) == number


async def take(form: NumberForm = RETAIL) -> str:
    return await transact(lambda: next_number(form))


async def test_fifteen_hundred_orders_of_a_day_have_numbers_of_their_own(database: Settings) -> None:
    async def many(count: int) -> list[str]:
        return [await take() for _ in range(count)]

    with clock.frozen(NOON):
        taken = [number for part in await asyncio.gather(*(many(250) for _ in range(6))) for number in part]

    assert sorted(taken, key=lambda number: int(number[12:])) == [
        f"TWC23112026N{value:02d}" for value in range(1, 1_501)
    ]


async def test_order_a_hundred_and_one_of_a_day_is_no_special_case(database: Settings) -> None:
    await NumberCounter.create(kind="TWC", day=date(2026, 11, 23), value=99)

    with clock.frozen(NOON):
        assert [await take(), await take()] == ["TWC23112026N100", "TWC23112026N101"]


async def test_kinds_count_for_themselves(sqlite_database: Settings) -> None:
    with clock.frozen(NOON):
        taken = [await take(form) for form in (RETAIL, DROPSHIP, RETAIL, PAYOUT)]

    assert taken == ["TWC23112026N01", "DS23112026001", "TWC23112026N02", "PY23112026001"]


async def test_the_day_changes_at_midnight_in_kyiv(sqlite_database: Settings) -> None:
    with clock.frozen(datetime(2026, 11, 23, 21, 59, 59, tzinfo=UTC)):
        before = await take()
    with clock.frozen(datetime(2026, 11, 23, 22, 0, 0, tzinfo=UTC)):
        after = await take()

    assert (before, after) == ("TWC23112026N01", "TWC24112026N01")


async def test_a_number_that_was_rolled_back_is_given_to_the_next(database: Settings) -> None:
    async def lose() -> None:
        await next_number(RETAIL)
        raise ZeroDivisionError

    with clock.frozen(NOON):
        with pytest.raises(ZeroDivisionError):
            await transact(lose)
        assert await take() == "TWC23112026N01"


async def test_the_first_orders_of_a_day_may_come_at_once(database: Settings) -> None:
    with clock.frozen(NOON):
        taken = await asyncio.gather(*(take() for _ in range(8)))

    assert sorted(taken) == [f"TWC23112026N0{value}" for value in range(1, 9)]


async def test_a_number_needs_a_transaction(sqlite_database: Settings) -> None:
    with pytest.raises(NoTransaction):
        await next_number(RETAIL)
