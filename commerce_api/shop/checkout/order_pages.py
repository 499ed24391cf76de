"""The page of an order: what was promised, where it is, and a way out while there is one."""

from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.access import signed_in
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.flash import flash, take_flashes
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_form, validated
from commerce_api.foundation.web.redirects import see_other
from commerce_api.foundation.web.rendering import render
from commerce_api.shop.checkout.schemas import CancelForm
from commerce_api.shop.orders.errors import IllegalTransition, OrderUnknown
from commerce_api.shop.orders.queries import OrderView, order_by_token
from commerce_api.shop.orders.schemas import OrderOut
from commerce_api.shop.orders.service import cancel_by_customer
from commerce_api.shop.orders.status import CustomerReason, OrderStatus
from commerce_api.shop.settlement.bank import bank_of
from commerce_api.shop.settlement.pages import unknown_order
from commerce_api.shop.settlement.state import pay_state
from commerce_api.shop.shipping import shipments
from commerce_api.shop.shipping.doors import place_words


@page("GET", "/order/{token}/")
async def show_order(request: Request, token: str) -> Response:
    """The order that the token opens, for as long as it exists."""
    lang = language(request)
    try:
        stored = await order_by_token(token)
    except OrderUnknown:
        return unknown_order(request)
    order = OrderOut.of(stored, lang)
    title = texts(lang)("order.title", number=order.number)
    return render(
        request,
        "order.html",
        kind="order",
        title=title,
        context={
            "order": order,
            "address": place_words(stored.delivery_kind, stored.city, stored.branch, texts(lang)),
            "notices": take_flashes(request),
            "reasons": [reason.value for reason in CustomerReason],
            "claim": _claim(request, stored),
            "in_account": stored.account_id is not None,
            "parcel": (await shipments.of_orders([stored.id])).get(stored.id),
            "pay": await pay_state(stored, bank_of(request), settings_of(request).shop),
        },
    )


@page("POST", "/order/{token}/cancel")
async def cancel_order(request: Request, token: str) -> Response:
    """Cancel while the table allows it, with or without a reason; the order's page says what came of it."""
    form = validated(CancelForm, await read_form(request))
    try:
        await transact(lambda: cancel_by_customer(token, "page", form.reason))
    except OrderUnknown:
        return unknown_order(request)
    except IllegalTransition as refused:
        # The page was opened before something happened to the order, or the button was pressed twice.
        done = refused.details["old"] == OrderStatus.CANCELLED
        flash(request, "order.cancelled_before" if done else "order.cancel_late")
    else:
        flash(request, "order.cancelled")
    return see_other(urls.order(token, language(request)))


def _claim(request: Request, order: OrderView) -> str | None:
    """What a guest's order offers: to be taken into the account that is signed in, or to open one."""
    if order.account_id is not None:
        return None
    if signed_in(request):
        return "claim"
    return "open" if order.email else None


PAGES: Pages = (show_order, cancel_order)
