"""Forms of an order's page that concern its money, and the way back from the bank."""

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.flash import flash
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.redirects import see_other
from commerce_api.foundation.web.rendering import render_message
from commerce_api.shop.cart.browser import cart_token, keep_cart
from commerce_api.shop.cart.queries import pieces_of
from commerce_api.shop.orders.errors import OrderUnknown
from commerce_api.shop.orders.payment import id_of
from commerce_api.shop.payments.queries import Attempt
from commerce_api.shop.settlement import changes, doors

SOURCE = "page"


def to_bank(attempt: Attempt | None, otherwise: str) -> Response:
    """303 to the bank's page, whose origin the policy of our pages names; without a page to one of ours."""
    if attempt is None or not attempt.page:
        return see_other(otherwise)
    return RedirectResponse(attempt.page, status_code=303)


@page("POST", "/order/{token}/pay")
async def pay_order(request: Request, token: str) -> Response:
    """To the bank's page, once it is there; else to the order's, which shows it when it comes."""
    lang = language(request)
    try:
        attempt = await doors.pay_order(request, token)
    except ShopError as refused:
        return _refused(request, token, refused)
    return to_bank(attempt, urls.order(token, lang))


@page("GET", "/order/{token}/return")
async def come_back(request: Request, token: str) -> Response:
    """From the bank to the order's page, after a look at what the bank says."""
    try:
        await doors.look(request, token)
    except OrderUnknown as refused:
        return _refused(request, token, refused)
    return see_other(urls.order(token, language(request)))


@page("POST", "/order/{token}/pay-on-receipt")
async def pay_on_receipt(request: Request, token: str) -> Response:
    """Cash to the carrier instead."""
    shop = settings_of(request).shop
    try:
        order_id = await id_of(token)
        await transact(partial(changes.pay_on_receipt, order_id, shop, SOURCE))
    except ShopError as refused:
        return _refused(request, token, refused)
    flash(request, "payments.switched")
    return see_other(urls.order(token, language(request)))


@page("POST", "/order/{token}/back-to-cart")
async def back_to_cart(request: Request, token: str) -> Response:
    """The order is cancelled, its goods are in the cart again."""
    lang = language(request)
    try:
        order_id = await id_of(token)
        cart, missing = await transact(partial(changes.back_to_cart, order_id, cart_token(request), SOURCE))
    except ShopError as refused:
        return _refused(request, token, refused)
    if cart:
        keep_cart(request, cart, await pieces_of(cart))
    if missing:
        flash(request, "payments.back_in_cart_but", names=", ".join(missing))
    else:
        flash(request, "payments.back_in_cart")
    return see_other(urls.cart(lang))


def _refused(request: Request, token: str, refused: ShopError) -> Response:
    """Back to the order's page with a sentence; an order that is not there has no page."""
    if isinstance(refused, OrderUnknown):
        return unknown_order(request)
    told = {name: value for name, value in refused.details.items() if isinstance(value, str | int)}
    flash(request, f"errors.{refused.code}", **told)
    return see_other(urls.order(token, language(request)))


def unknown_order(request: Request) -> Response:
    """The same for an order that never was and for somebody else's."""
    lang = language(request)
    return render_message(
        request,
        title="message.order_unknown_title",
        body="message.order_unknown",
        actions=[(texts(lang)("message.to_home"), urls.home(lang))],
        status=OrderUnknown.status,
    )


PAGES: Pages = (pay_order, come_back, pay_on_receipt, back_to_cart)
