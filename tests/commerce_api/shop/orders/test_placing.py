"""Placing: all of it or nothing."""

from dataclasses import replace
from functools import partial

import pytest

from commerce_api.foundation.db.tx import NoTransaction, transact
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog.errors import OutOfStock
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.orders.errors import EmptyOrder
from commerce_api.shop.orders.models import NumberCounter, Order, OrderLine, StatusChange
from commerce_api.shop.orders.placing import place, search_text
from commerce_api.shop.orders.queries import order_by_token
from commerce_api.shop.orders.status import OrderStatus, PaymentStatus
from tests.commerce_api.shop.cart.builders import put_on_shelf, reprice, take_off_shelf
from tests.commerce_api.shop.orders.builders import CUSTOMER, draft, placed

pytestmark = pytest.mark.anyio


async def test_an_order_keeps_what_was_promised_and_says_that_it_was_placed(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": 5})

    told = await placed({codes["M"]: 2, codes["L"]: 1})

    order = await order_by_token(told.token)
    assert (order.number, order.status, order.payment_status) == (told.number, OrderStatus.NEW, PaymentStatus.UNPAID)
    assert (order.gross, order.discount, order.shipping, order.payable, order.due_now) == (267_000, 0, 0, 267_000, 0)
    assert [(line.sku, line.name, line.colour, line.quantity, line.unit_price) for line in order.lines] == [
        (codes["M"], "Футболка «Колос»", "вугілля", 2, 89_000),
        (codes["L"], "Футболка «Колос»", "вугілля", 1, 89_000),
    ]
    assert [(step.field, step.old, step.new, step.actor, step.source) for step in order.history] == [
        ("status", None, "new", "customer", "checkout")
    ]
    event = await OutboxEvent.get()
    assert (event.name, event.payload["number"], event.payload["payable"]) == ("OrderPlaced", told.number, 267_000)


async def test_counted_stock_is_reserved_and_made_to_order_is_not(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": 5})

    await placed({codes["M"]: 2, codes["L"]: 3})

    counted, made = await Sku.get(code=codes["L"]), await Sku.get(code=codes["M"])
    assert (counted.stock, counted.reserved) == (2, 3)
    assert (made.stock, made.reserved) == (None, 0)
    held = dict(await OrderLine.all().values_list("sku", "reserved"))
    assert held == {codes["M"]: False, codes["L"]: True}


async def test_an_order_keeps_its_words_and_prices_whatever_becomes_of_the_product(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    told = await placed({codes["M"]: 1})

    await reprice("kolos-tee", 99_000)
    await take_off_shelf("kolos-tee")

    order = await order_by_token(told.token)
    assert [(line.name, line.unit_price) for line in order.lines] == [("Футболка «Колос»", 89_000)]


async def test_a_refused_order_leaves_nothing_behind(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 5, "L": 1})
    ready = await draft({codes["M"]: 1, codes["L"]: 2})

    with pytest.raises(OutOfStock) as refused:
        await transact(lambda: place(ready, CUSTOMER, "checkout"))

    assert refused.value.details["left"] == 1
    assert dict(await Sku.all().values_list("code", "stock")) == {codes["M"]: 5, codes["L"]: 1}
    for table in (Order, OrderLine, StatusChange, NumberCounter, OutboxEvent):
        assert await table.all().count() == 0, table


async def test_an_order_of_nothing_or_for_nothing_is_refused(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    ready = await draft({codes["M"]: 1})
    for empty in (replace(ready, lines=()), replace(ready, totals=replace(ready.totals, payable=0))):
        with pytest.raises(EmptyOrder):
            await transact(partial(place, empty, CUSTOMER, "checkout"))


async def test_placing_needs_a_transaction(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    with pytest.raises(NoTransaction):
        await place(await draft({codes["M"]: 1}), CUSTOMER, "checkout")


async def test_no_event_carries_personal_data(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    await placed({codes["M"]: 1}, name="Секретна Персона", phone="+380991112233", email="secret@example.com")

    stored = str([event.payload for event in await OutboxEvent.all()])
    assert not [word for word in ("Секретна", "991112233", "secret@", "Харків") if word in stored]


def test_the_search_text_is_casefolded_and_fits_its_column() -> None:
    text = search_text("TWC23112026N01", "Ґудзь Їжакевич", "+380671234567", None)

    assert text == "twc23112026n01 ґудзь їжакевич +380671234567"
    assert len(search_text("N", "я" * 120, "+380671234567", "e" * 500)) == 500
