"""The cart for scripts and programs: every call answers the whole cart document."""

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, TooMany
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.openapi import Operations, Reply, api
from commerce_api.foundation.web.parsing import RowId
from commerce_api.shop.cart import service
from commerce_api.shop.cart.browser import cart_token, count_promo_try, keep_cart, mend_badge, token_header
from commerce_api.shop.cart.document import CartView, cart_of, document_of
from commerce_api.shop.cart.errors import CartEmpty, CartFull, LineUnknown, QuantityLimit
from commerce_api.shop.cart.schemas import CartOut, LineChange, NewLine, PromoIn
from commerce_api.shop.catalog.errors import OutOfStock, ProductGone, SkuUnknown
from commerce_api.shop.promotions.errors import (
    PromoExpired,
    PromoMinimum,
    PromoNotYet,
    PromoOtherGoods,
    PromoUnknown,
    PromoUsedUp,
)


@api("GET", "/api/v1/cart", summary="The cart of this visitor", tag="cart")
async def read_cart(request: Request) -> CartOut:
    """Writes nothing; a visitor without a cart gets an empty document and no cookie."""
    view = await cart_of(cart_token(request), settings_of(request).shop, language(request))
    mend_badge(request, view.pieces)
    return CartOut.of(view)


@api(
    "POST",
    "/api/v1/cart/lines",
    summary="Put a SKU into the cart",
    errors=(SkuUnknown, ProductGone, OutOfStock, CartFull, QuantityLimit),
    tag="cart",
)
async def add_line(request: Request, body: NewLine) -> Reply[CartOut]:
    """Equal lines become one; the first piece opens a cart and gives its cookie, to a program its `X-Cart-Token`."""

    async def work() -> tuple[str, CartView]:
        added = await service.add(cart_token(request), body.sku, body.quantity, language(request))
        view = await document_of(added.contents, added.offers, settings_of(request).shop, language(request))
        await service.remember_prices(view.told_prices)
        return added.token, view

    token, view = await transact(work, whole=True)
    keep_cart(request, token, view.pieces)
    return Reply(CartOut.of(view), headers=token_header(request, token))


@api(
    "PATCH",
    "/api/v1/cart/lines/{line}",
    summary="Change how many, or the size or colour",
    errors=(LineUnknown, QuantityLimit, SkuUnknown, ProductGone, OutOfStock),
    tag="cart",
)
async def change_line(request: Request, line: RowId, body: LineChange) -> CartOut:
    """Sets the line to the quantity, to another SKU of its product, or to both."""
    token = cart_token(request)
    if body.quantity is None and body.sku is None:
        raise Invalid({"quantity": "missing"})

    async def work() -> CartView:
        if body.quantity is not None:
            await service.change(token, line, body.quantity)
        if body.sku is not None:
            await service.exchange(token, line, body.sku, language(request))
        return await _told(request, token)

    return await _kept(request, token, await transact(work))


@api("DELETE", "/api/v1/cart/lines/{line}", summary="Take a line out", errors=(LineUnknown,), tag="cart")
async def remove_line(request: Request, line: RowId) -> CartOut:
    """Takes out exactly this line."""
    token = cart_token(request)

    async def work() -> CartView:
        await service.remove(token, line)
        return await _told(request, token)

    return await _kept(request, token, await transact(work))


@api(
    "POST",
    "/api/v1/cart/promo",
    summary="Give a promo code",
    errors=(CartEmpty, PromoUnknown, PromoNotYet, PromoExpired, PromoUsedUp, PromoOtherGoods, PromoMinimum, TooMany),
    tag="cart",
)
async def give_promo(request: Request, body: PromoIn) -> CartOut:
    """The cart with the code, or the reason why it takes nothing off. One code at a time: the last one given counts."""
    token = cart_token(request)
    await count_promo_try(request)

    async def work() -> CartView:
        await service.give_promo(token, body.code)
        return await _told(request, token)

    return await _kept(request, token, await transact(work))


@api("DELETE", "/api/v1/cart/promo", summary="Forget the promo code", tag="cart")
async def drop_promo(request: Request) -> CartOut:
    """The cart without a code."""
    token = cart_token(request)

    async def work() -> CartView:
        await service.drop_promo(token)
        return await _told(request, token)

    return await _kept(request, token, await transact(work))


async def _told(request: Request, token: str | None) -> CartView:
    """The document, remembering the prices that it tells to have changed: the shopper knows them from now on."""
    view = await cart_of(token, settings_of(request).shop, language(request))
    await service.remember_prices(view.told_prices)
    return view


async def _kept(request: Request, token: str | None, view: CartView) -> CartOut:
    if token:
        keep_cart(request, token, view.pieces)
    return CartOut.of(view)


OPERATIONS: Operations = (read_cart, add_line, change_line, remove_line, give_promo, drop_promo)
