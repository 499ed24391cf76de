"""The cart's own rules, without a browser."""

import asyncio

import pytest

from commerce_api.foundation.db.tx import NoTransaction, transact
from commerce_api.foundation.kit import ids
from commerce_api.foundation.settings import Settings
from commerce_api.shop.cart import service
from commerce_api.shop.cart.errors import CartFull, LineUnknown, QuantityLimit
from commerce_api.shop.cart.models import Cart, CartLine
from commerce_api.shop.cart.queries import contents_of, pieces_of
from commerce_api.shop.catalog.errors import OutOfStock, ProductGone, SkuUnknown
from tests.commerce_api.shop.cart.builders import put_on_shelf, reprice, take_off_shelf

pytestmark = pytest.mark.anyio


async def add(token: str | None, sku: str, quantity: int = 1) -> str:
    added = await transact(lambda: service.add(token, sku, quantity, "uk"))
    return added.token


async def test_the_first_piece_opens_a_cart_of_which_only_the_digest_is_stored(database: Settings) -> None:
    codes = await put_on_shelf()

    token = await add(None, codes["M"])

    cart = await Cart.get()
    assert cart.token_digest == ids.digest(token)
    assert len(token) == 32, "192 bits"
    assert [(row.sku, row.quantity, row.seen_price) for row in (await contents_of(token)).rows] == [
        (codes["M"], 1, 89_000)
    ]


async def test_a_token_that_opens_nothing_is_not_adopted(database: Settings) -> None:
    codes = await put_on_shelf()

    token = await add("chosen-by-somebody-else-00000000", codes["M"])

    assert token != "chosen-by-somebody-else-00000000"
    assert await pieces_of("chosen-by-somebody-else-00000000") == 0


async def test_equal_lines_become_one_up_to_fifty_pieces(database: Settings) -> None:
    codes = await put_on_shelf()
    token = await add(None, codes["M"], 30)

    await add(token, codes["M"], 20)

    assert [row.quantity for row in (await contents_of(token)).rows] == [50]
    with pytest.raises(QuantityLimit):
        await add(token, codes["M"], 1)
    assert await pieces_of(token) == 50


async def test_adding_again_keeps_the_price_that_the_shopper_saw_first(database: Settings) -> None:
    codes = await put_on_shelf()
    token = await add(None, codes["M"])
    await reprice("kolos-tee", 95_000)

    await add(token, codes["M"])

    assert [(row.quantity, row.seen_price) for row in (await contents_of(token)).rows] == [(2, 89_000)]


async def test_the_hundred_and_first_line_is_refused(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    token = await add(None, codes["M"])
    cart = await Cart.get()
    others = [
        CartLine(cart_id=cart.id, sku=f"TC-{n}", name="", quantity=1, seen_price=1, added_at=cart.created_at)
        for n in range(99)
    ]
    await CartLine.bulk_create(others)
    more = await put_on_shelf("maky-tee")

    with pytest.raises(CartFull):
        await add(token, more["M"])
    await add(token, codes["M"])  # a line that is there may still grow


async def test_what_cannot_be_bought_is_not_put_in(sqlite_database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 0, "L": 1})
    await put_on_shelf("maky-tee")
    await take_off_shelf("maky-tee")

    with pytest.raises(OutOfStock):
        await add(None, codes["M"])
    with pytest.raises(ProductGone):
        await add(None, "TC-MAKY-TEE-COAL-M")
    with pytest.raises(SkuUnknown):
        await add(None, "TC-NEVER-WAS")
    assert await Cart.all().count() == 0, "a refusal opens no cart"


async def test_only_the_exact_line_of_the_own_cart_is_changed_or_removed(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": None})
    mine, others = await add(None, codes["M"]), await add(None, codes["L"])
    theirs = ((await contents_of(others)).rows)[0].id

    with pytest.raises(LineUnknown):
        await transact(lambda: service.change(mine, theirs, 5))
    with pytest.raises(LineUnknown):
        await transact(lambda: service.remove(mine, theirs))
    with pytest.raises(LineUnknown):
        await transact(lambda: service.remove(None, theirs))

    assert await pieces_of(others) == 1
    assert (await transact(lambda: service.remove(others, theirs))).name == "Футболка «Колос»"
    assert await pieces_of(mine) == 1


async def test_two_tabs_adding_the_same_thing_make_one_line(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": None})
    token = await add(None, codes["L"])

    await asyncio.gather(*(add(token, codes["M"]) for _ in range(8)))

    rows = {row.sku: row.quantity for row in (await contents_of(token)).rows}
    assert rows == {codes["L"]: 1, codes["M"]: 8}


async def test_changes_need_a_transaction(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    with pytest.raises(NoTransaction):
        await service.add(None, codes["M"], 1, "uk")
    with pytest.raises(NoTransaction):
        await service.change("x", 1, 1)
