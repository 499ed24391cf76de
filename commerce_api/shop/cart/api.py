"""The cart for scripts and programs: every call answers the whole cart document."""

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.openapi import Operations, api
from commerce_api.shop.cart import service
from commerce_api.shop.cart.browser import cart_token, keep_cart, mend_badge
from commerce_api.shop.cart.document import CartView, cart_of
from commerce_api.shop.cart.errors import CartFull, LineUnknown, QuantityLimit
from commerce_api.shop.cart.schemas import CartOut, LineId, NewLine, NewQuantity
from commerce_api.shop.catalog.errors import OutOfStock, ProductGone, SkuUnknown


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
async def add_line(request: Request, body: NewLine) -> CartOut:
    """Equal lines become one; the first piece opens a cart and gives its cookie."""

    async def work() -> tuple[str, CartView]:
        added = await service.add(cart_token(request), body.sku, body.quantity, language(request))
        return added.token, await _told(request, added.token)

    token, view = await transact(work)
    keep_cart(request, token, view.pieces)
    return CartOut.of(view)


@api("PATCH", "/api/v1/cart/lines/{line}", summary="Change how many", errors=(LineUnknown, QuantityLimit), tag="cart")
async def change_line(request: Request, line: LineId, body: NewQuantity) -> CartOut:
    """Sets the line to the quantity."""
    token = cart_token(request)

    async def work() -> CartView:
        await service.change(token, line, body.quantity)
        return await _told(request, token)

    return await _kept(request, token, await transact(work))


@api("DELETE", "/api/v1/cart/lines/{line}", summary="Take a line out", errors=(LineUnknown,), tag="cart")
async def remove_line(request: Request, line: LineId) -> CartOut:
    """Takes out exactly this line."""
    token = cart_token(request)

    async def work() -> CartView:
        await service.remove(token, line)
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


OPERATIONS: Operations = (read_cart, add_line, change_line, remove_line)
