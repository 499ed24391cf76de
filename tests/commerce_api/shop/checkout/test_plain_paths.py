"""Plain SQL against the ORM: the same deeds leave the same rows, whatever is bought."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import strategies as st

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.cart import service
from commerce_api.shop.cart.queries import contents_of
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.catalog.queries import offers
from tests.commerce_api.foundation.db.test_plain import drawn
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.catalog.builders import a_colour, a_product, add, counts
from tests.commerce_api.shop.checkout.oracle import add_by_orm, offers_by_orm, place_by_orm, stored
from tests.commerce_api.shop.orders.builders import draft, placed

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 23, 10, tzinfo=UTC)
PLENTY = 10_000
SIZES = ("S", "M", "L")
BASKETS = st.lists(st.tuples(st.sampled_from(SIZES), st.integers(1, 9)), min_size=1, max_size=5)
"""Sizes and quantities; S is made to order."""

Rows = list[Mapping[str, object]]


async def filled_shelf() -> dict[str, str]:
    return await put_on_shelf(stock={"S": None, "M": PLENTY, "L": PLENTY})


async def test_offers_are_what_the_orm_reads(database: Settings) -> None:
    await add(
        a_product(discount_percent=15, fits=("classic", "oversize"), colours=(a_colour(stock=counts(M=3)),)),
        a_product("maky-tee", status="archived", colours=(a_colour("coal-milk", price=99_900), a_colour("milk"))),
    )
    codes = [code for (code,) in await Sku.all().values_list("code")]
    assert await offers([*codes, "TC-NEVER-M"]) == await offers_by_orm(codes)
    assert len(codes) == 20
    assert await offers([]) == {}


async def test_a_cart_is_filled_as_the_orm_would_fill_it(database: Settings) -> None:
    codes = await filled_shelf()

    async def lines_of(by_orm: bool, basket: list[tuple[str, int]]) -> tuple[Rows, Rows]:
        token: str | None = None
        for size, quantity in basket:
            if by_orm:
                token = await add_by_orm(token, codes[size], quantity)
                continue
            added = await transact(partial(service.add, token, codes[size], quantity, "uk"), whole=True)
            token = added.token
            assert added.contents == await contents_of(token), "what is told is what is stored"
            assert added.offers.keys() == {row.sku for row in added.contents.rows}
        return (
            (await stored("cart", frozenset({"id", "token_digest"})))[-1:],
            [row for row in await stored("cart_line") if row["cart_id"] == (await stored("cart"))[-1]["id"]],
        )

    with clock.frozen(NOON):
        for basket in drawn(BASKETS, 12):
            ours, theirs = await lines_of(False, basket), await lines_of(True, basket)
            assert ours[0] == theirs[0]
            assert [_without(row, "id", "cart_id") for row in ours[1]] == [
                _without(row, "id", "cart_id") for row in theirs[1]
            ]


async def test_an_order_leaves_the_rows_that_the_orm_would_leave(database: Settings) -> None:
    codes = await filled_shelf()
    apart = frozenset({"id", "order_id", "token", "number", "search", "cause"})
    tables = ("shop_order", "order_line", "stock_movement", "order_status_change")

    async def newest(known: Mapping[str, int]) -> dict[str, Rows]:
        return {table: (await stored(table, apart))[known[table] :] for table in tables}

    with clock.frozen(NOON):
        for basket in drawn(BASKETS, 8):
            wanted = {codes[size]: quantity for size, quantity in basket}
            known = {table: len(await stored(table)) for table in tables}
            await placed(wanted)
            ours = await newest(known)
            between = {sku.code: (sku.stock, sku.reserved) for sku in await Sku.all()}
            known = {table: len(await stored(table)) for table in tables}
            ready = await draft(wanted)
            await transact(partial(place_by_orm, ready))
            assert ours == await newest(known)
            for sku in await Sku.all():
                stock, reserved = between[sku.code]
                taken = wanted.get(sku.code, 0) if stock is not None else 0
                assert (sku.stock, sku.reserved) == (None if stock is None else stock - taken, reserved + taken)


def _without(row: Mapping[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in names}
