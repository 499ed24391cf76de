"""Same key, same answer - a retry, a double click, a lost reply - and one order."""

import asyncio

import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.idempotency import Answer, attempt, once
from commerce_api.foundation.web.models import KeptAnswer
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.orders.models import Order
from tests.commerce_api.shop.cart.builders import put_on_shelf, shop_front, shopper
from tests.commerce_api.shop.checkout.builders import buy, fill

pytestmark = pytest.mark.anyio


async def test_the_same_key_and_body_get_the_same_answer_again(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 5})
    async with shopper(shop_front(database), database) as client:
        total = await fill(client, {codes["M"]: 1})
        first = await buy(client, total)
        again = [await buy(client, total) for _ in range(3)]

    assert first.status_code == 201
    assert [(answer.status_code, answer.content) for answer in again] == [(201, first.content)] * 3
    assert await Order.all().count() == 1
    assert (await Sku.get(code=codes["M"])).stock == 4


async def test_a_retry_does_not_order_what_was_put_in_since(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 5})
    async with shopper(shop_front(database), database) as client:
        total = await fill(client, {codes["M"]: 1})
        first = await buy(client, total)
        await fill(client, {codes["M"]: 1})
        again = await buy(client, total)
        cart = (await client.get("/api/v1/cart")).json()

    assert again.content == first.content
    assert [line["quantity"] for line in cart["lines"]] == [1]
    assert client.cookies["n"] == "1"
    assert (await Sku.get(code=codes["M"])).stock == 4, "what the retry reserved was rolled back"


async def test_the_same_key_with_another_body_is_refused(database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(database), database) as client:
        total = await fill(client, {codes["M"]: 1})
        await buy(client, total)
        emptied = await buy(client, total, comment="інше")
        await fill(client, {codes["M"]: 1})
        filled = await buy(client, total, comment="інше")

    for answer in (emptied, filled):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")
    assert await Order.all().count() == 1


async def test_a_new_key_makes_an_honest_second_order(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        numbers = [(await buy(client, await fill(client, {codes["M"]: 1}), key)).json()["number"] for key in ("a", "b")]
    assert len(set(numbers)) == 2


async def test_a_refusal_is_not_remembered(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 1})
    async with shopper(shop_front(database), database) as client:
        total = await fill(client, {codes["M"]: 1})
        refusals = [
            await buy(client, total, contact={"name": "О", "phone": "0671234567"}),
            await buy(client, total + 1),
        ]
        await Sku.filter(code=codes["M"]).update(stock=0)
        refusals.append(await buy(client, total))
        assert await KeptAnswer.all().count() == 0
        await Sku.filter(code=codes["M"]).update(stock=1)
        accepted = await buy(client, total)

    assert [answer.status_code for answer in refusals] == [422, 409, 409]
    assert accepted.status_code == 201


async def test_the_same_key_sent_at_once_makes_exactly_one_order(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 50})
    app = shop_front(database)
    for round_ in range(6):
        async with shopper(app, database) as client:
            total = await fill(client, {codes["M"]: 1})
            answers = await asyncio.gather(*(buy(client, total, f"key-{round_}") for _ in range(4)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
    assert await Order.all().count() == 6
    sku = await Sku.get(code=codes["M"])
    assert (sku.stock, sku.reserved) == (44, 6)


async def test_a_stranger_with_the_same_key_gets_an_order_of_their_own(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    app = shop_front(sqlite_database)
    async with shopper(app, sqlite_database) as mine, shopper(app, sqlite_database) as theirs:
        first = await buy(mine, await fill(mine, {codes["M"]: 1}))
        empty_handed = await buy(theirs, 97_000)
        second = await buy(theirs, await fill(theirs, {codes["M"]: 1}))

    assert (empty_handed.status_code, empty_handed.json()["code"]) == (409, "cart_empty")
    assert first.json()["token"] != second.json()["token"]


async def test_who_loses_at_the_unique_key_reads_the_winner_s_answer(database: Settings) -> None:
    tried = attempt("key", "cart", {"total": 1})
    runs = []

    async def work() -> Answer:
        runs.append(1)
        return Answer(201, {"number": f"N{len(runs)}"})

    answers = await asyncio.gather(*(once(tried, work) for _ in range(4)))

    assert len({answer.body["number"] for answer in answers}) == 1
    assert [answer.again for answer in answers].count(False) == 1


async def test_a_key_is_stored_as_a_digest_whatever_its_length(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        total = await fill(client, {codes["M"]: 1})
        assert (await buy(client, total, key="k" * 255)).status_code == 201
    stored = await KeptAnswer.get()
    assert len(stored.key) == 64
    assert "kkk" not in stored.key
