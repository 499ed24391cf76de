"""Between processes: the last unit, the same key, and a process that dies in the middle."""

import asyncio
from collections import Counter

import pytest
from starlette.applications import Starlette

from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.models import KeptAnswer
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.orders.models import Order, OrderLine
from tests.commerce_api.shop.cart.builders import put_on_shelf, shop_front, shopper
from tests.commerce_api.shop.checkout.builders import buy, fill
from tests.commerce_api.shop.checkout.processes import Purchase, buy_and_die, buy_in_processes

pytestmark = pytest.mark.anyio

ROUNDS = 10


async def filled(app: Starlette, settings: Settings, sku: str, key: str) -> Purchase:
    """A filled cart, ready to be bought under a key."""
    async with shopper(app, settings) as client:
        total = await fill(client, {sku: 1})
        return Purchase(client.cookies["cart"], key, total)


async def test_two_processes_sell_the_last_unit_once(database: Settings) -> None:
    app = shop_front(database)
    parts: list[list[Purchase]] = [[], []]
    for n in range(ROUNDS):
        codes = await put_on_shelf(f"tee-{n}", stock={"M": 1})
        for part in parts:
            part.append(await filled(app, database, codes["M"], f"key-{n}"))

    first, second = await asyncio.to_thread(buy_in_processes, database, *parts)

    for ours, theirs in zip(first, second, strict=True):
        assert sorted((ours[0], theirs[0])) == [201, 409], (ours, theirs)
        lost = ours[1] if ours[0] == 409 else theirs[1]
        assert lost["code"] == "out_of_stock"
    assert {(sku.stock, sku.reserved) for sku in await Sku.all()} == {(0, 1)}
    assert await Order.all().count() == await OutboxEvent.all().count() == ROUNDS


async def test_two_processes_with_the_same_key_place_one_order(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 100})
    app = shop_front(database)
    purchases = [await filled(app, database, codes["M"], f"key-{n}") for n in range(ROUNDS)]

    first, second = await asyncio.to_thread(buy_in_processes, database, purchases, purchases)

    assert first == second, "both are told the same"
    assert Counter(status for status, _ in first) == {201: ROUNDS}
    assert await Order.all().count() == ROUNDS
    assert len(set(await Order.all().values_list("number", flat=True))) == ROUNDS
    sku = await Sku.get(code=codes["M"])
    assert (sku.stock, sku.reserved) == (100 - ROUNDS, ROUNDS)


@pytest.mark.parametrize(("point", "kept"), [("before_commit", 0), ("after_commit", 1), ("before_reply", 1)])
async def test_after_a_crash_the_same_key_ends_in_exactly_one_order(database: Settings, point: str, kept: int) -> None:
    codes = await put_on_shelf(stock={"M": 5})
    app = shop_front(database)
    purchase = await filled(app, database, codes["M"], "key")

    code = await asyncio.to_thread(buy_and_die, database, purchase, point)
    after_crash = await Order.all().count()
    async with shopper(app, database) as client:
        client.cookies.set("cart", purchase.cart)
        answer = await buy(client, purchase.total, "key")

    assert code == 137
    assert after_crash == kept
    assert answer.status_code == 201
    order = await Order.get()
    assert answer.json()["number"] == order.number
    counts = [await table.all().count() for table in (OrderLine, OutboxEvent, KeptAnswer)]
    assert counts == [1, 1, 1]
    sku = await Sku.get(code=codes["M"])
    assert (sku.stock, sku.reserved) == (4, 1)
