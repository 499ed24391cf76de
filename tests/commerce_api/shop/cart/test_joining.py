"""A guest who signs in keeps what they put into their cart."""

import asyncio

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import Settings
from commerce_api.shop.cart import joining, service
from commerce_api.shop.cart.models import Cart, CartLine
from commerce_api.shop.cart.queries import contents_of
from commerce_api.shop.cart.tokens import account_token
from tests.commerce_api.shop.cart.builders import put_on_shelf

pytestmark = pytest.mark.anyio
ME = 7


async def guest_cart(sku: str, quantity: int) -> str:
    """A guest's cart with one line; its token."""
    return (await transact(lambda: service.add(None, sku, quantity, "uk"))).token


async def test_equal_lines_are_added_up_to_fifty_and_the_guests_cart_is_gone(database: Settings) -> None:
    codes = await put_on_shelf()
    first, second = await guest_cart(codes["M"], 30), await guest_cart(codes["M"], 45)
    assert await transact(lambda: joining.join(first, ME)) == 30
    assert await transact(lambda: joining.join(second, ME)) == 50
    assert await transact(lambda: joining.join(second, ME)) == 50
    assert (await Cart.get()).account_id == ME


async def test_one_guests_cart_joins_once_however_often_somebody_signs_in_at_once(database: Settings) -> None:
    codes = await put_on_shelf()
    guest = await guest_cart(codes["M"], 2)
    await transact(lambda: joining.join(None, ME))
    await asyncio.gather(*(transact(lambda: joining.join(guest, ME)) for _ in range(3)))
    assert [(line.sku, line.quantity) for line in await CartLine.all()] == [(codes["M"], 2)]


async def test_a_code_of_the_account_stays_and_a_guests_comes_along_to_none(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    guest = await guest_cart(codes["M"], 1)
    await Cart.all().update(promo="GUEST10")
    await transact(lambda: joining.join(guest, ME))
    other = await guest_cart(codes["M"], 1)
    await Cart.filter(account_id=None).update(promo="OTHER10")
    await transact(lambda: joining.join(other, ME))
    assert (await contents_of(account_token(ME))).promo == "GUEST10"
