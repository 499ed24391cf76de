"""Freezing: what an order may be made of, or every reason why not."""

import pytest

from commerce_api.foundation.db.tx import NoTransaction, transact
from commerce_api.foundation.settings import Settings
from commerce_api.shop.cart import service
from commerce_api.shop.cart.errors import CartEmpty
from commerce_api.shop.cart.freezing import FrozenCart, freeze
from commerce_api.shop.cart.queries import contents_of
from commerce_api.shop.catalog.errors import OutOfStock, ProductGone
from commerce_api.shop.catalog.models import Sku
from tests.commerce_api.shop.cart.builders import put_on_shelf, reprice, take_off_shelf

pytestmark = pytest.mark.anyio


async def cart_with(wanted: dict[str, int]) -> str:
    async def work() -> str:
        token = ""
        for sku, quantity in wanted.items():
            token = (await service.add(token, sku, quantity, "uk")).token
        return token

    return await transact(work)


async def frozen(token: str | None) -> FrozenCart:
    return await transact(lambda: freeze(token, "uk"))


async def test_a_cart_freezes_at_the_prices_of_this_moment(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": 3})
    token = await cart_with({codes["M"]: 2, codes["L"]: 3})
    await reprice("kolos-tee", 91_000)

    cart = await frozen(token)

    assert [(line.sku, line.unit_price, line.quantity) for line in cart.priced] == [
        (codes["M"], 91_000, 2),
        (codes["L"], 91_000, 3),
    ]
    assert (await contents_of(token)).rows == (), "what is frozen has left the cart"


async def test_no_cart_and_an_empty_cart_are_nothing_to_freeze(database: Settings) -> None:
    codes = await put_on_shelf()
    token = await cart_with({codes["M"]: 1})
    await transact(lambda: service.take_lines(token))

    for opener in (None, "", "x" * 32, token):
        with pytest.raises(CartEmpty):
            await frozen(opener)


async def test_every_line_that_is_gone_or_short_is_named(database: Settings) -> None:
    codes = await put_on_shelf(stock={"S": 5, "M": 5, "L": 5})
    other = await put_on_shelf("maky-tee", name="Футболка «Маки»")
    token = await cart_with({codes["S"]: 1, codes["M"]: 4, codes["L"]: 2, other["M"]: 1})
    await Sku.filter(code=codes["M"]).update(stock=3)
    await Sku.filter(code=codes["L"]).update(stock=0)

    with pytest.raises(OutOfStock) as short:
        await frozen(token)
    await take_off_shelf("maky-tee")
    with pytest.raises(ProductGone) as gone:
        await frozen(token)

    name = "Футболка «Колос»"
    assert short.value.details["lines"] == [
        {"sku": codes["M"], "name": name, "left": 3},
        {"sku": codes["L"], "name": name, "left": 0},
    ]
    assert gone.value.details["lines"] == [{"sku": other["M"], "name": "Футболка «Маки»"}]
    assert len((await contents_of(token)).rows) == 4, "a refusal puts everything back"


async def test_freezing_needs_a_transaction(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    token = await cart_with({codes["M"]: 1})
    with pytest.raises(NoTransaction):
        await freeze(token, "uk")
