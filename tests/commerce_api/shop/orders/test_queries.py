"""Finding orders: by token for everybody, by anything else for staff."""

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit.paging import PageRequest
from commerce_api.foundation.settings import Settings
from commerce_api.shop.orders import service
from commerce_api.shop.orders.errors import OrderUnknown
from commerce_api.shop.orders.queries import (
    figures,
    for_staff,
    of_account,
    order_by_id,
    order_by_number,
    order_by_token,
)
from commerce_api.shop.orders.status import OrderStatus
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.orders.builders import STAFF, placed

pytestmark = pytest.mark.anyio

FIRST = PageRequest(1, 10)


async def test_an_order_opens_by_its_token_and_never_by_anything_else(database: Settings) -> None:
    codes = await put_on_shelf()
    told = await placed({codes["M"]: 1})

    assert (await order_by_token(told.token)).number == told.number
    for guess in (told.number, str(told.id), "", "x" * 32, told.token[:-1], f"{told.token}\x00", "я" * 32, "x" * 5_000):
        with pytest.raises(OrderUnknown):
            await order_by_token(guess)
    assert await order_by_id(told.id) == await order_by_number(told.number)


@pytest.mark.parametrize(
    "typed",
    ["067 111-22-33", "ґудзь", "ҐУДЗЬ Їж", "HANNA@example", " hanna@EXAMPLE.com "],
)
async def test_staff_find_an_order_in_any_letter_case_and_spelling(database: Settings, typed: str) -> None:
    codes = await put_on_shelf()
    wanted = await placed({codes["M"]: 1}, name="Ґудзь Їжаченко", phone="+380671112233", email="Hanna@example.com")
    await placed({codes["M"]: 1})

    found = await for_staff(FIRST, typed)

    assert [row.number for row in found.items] == [wanted.number]


async def test_a_number_finds_its_order_and_wildcards_are_letters(database: Settings) -> None:
    codes = await put_on_shelf()
    told = await placed({codes["M"]: 1})

    assert [row.number for row in (await for_staff(FIRST, told.number.lower())).items] == [told.number]
    for wild in ("%", "_", "twc%n01", "\\"):
        assert (await for_staff(FIRST, wild)).total == 0


async def test_lists_are_newest_first_in_pages_and_by_status(database: Settings) -> None:
    codes = await put_on_shelf()
    numbers = [(await placed({codes["M"]: 1})).number for _ in range(5)]
    await transact(lambda: service.confirm(numbers[1], STAFF, "test"))

    first, last = await for_staff(PageRequest(1, 2)), await for_staff(PageRequest(3, 2))

    assert [row.number for row in first.items] == [numbers[4], numbers[3]]
    assert ([row.number for row in last.items], last.total, last.pages) == ([numbers[0]], 5, 3)
    confirmed = await for_staff(FIRST, status=OrderStatus.CONFIRMED)
    assert [row.number for row in confirmed.items] == [numbers[1]]


async def test_an_account_sees_its_own_orders_only(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    mine = await placed({codes["M"]: 1}, account_id=1)
    await placed({codes["M"]: 1}, account_id=2)
    await placed({codes["M"]: 1})

    assert [row.number for row in (await of_account(1, FIRST)).items] == [mine.number]


async def test_the_figures_count_what_waits_and_what_came_today(database: Settings) -> None:
    codes = await put_on_shelf()
    assert (await figures())["today_payable"] == "0\u00a0₴"
    numbers = [(await placed({codes["M"]: 1})).number for _ in range(3)]
    await transact(lambda: service.confirm(numbers[0], STAFF, "test"))

    assert await figures() == {"new": 2, "confirmed": 1, "today": 3, "today_payable": "2\u00a0910\u00a0₴"}
