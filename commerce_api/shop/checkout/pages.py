"""The checkout and the order for people: one form, one button, and every typed word comes back with an error."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, ShopError
from commerce_api.foundation.kit import ids, urls
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.error_texts import error_sentence, field_errors
from commerce_api.foundation.web.flash import flash, take_flashes
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_form, validated
from commerce_api.foundation.web.redirects import see_other
from commerce_api.foundation.web.rendering import render, render_message
from commerce_api.shop.cart.browser import cart_token
from commerce_api.shop.cart.document import CartView, cart_of
from commerce_api.shop.cart.schemas import CartOut
from commerce_api.shop.checkout.api import buy
from commerce_api.shop.checkout.schemas import CheckoutForm
from commerce_api.shop.checkout.service import BANK
from commerce_api.shop.orders.errors import OrderUnknown
from commerce_api.shop.orders.queries import order_by_token
from commerce_api.shop.orders.schemas import OrderOut
from commerce_api.shop.orders.service import cancel_by_customer
from commerce_api.shop.pricing.payments import PayType, pay_choices
from commerce_api.shop.pricing.shipping import DeliveryKind

FIELD_TEXTS: Final[Mapping[tuple[str, str], str]] = {
    ("name", "missing"): "errors.name_missing",
    ("name", "too_short"): "errors.name_missing",
    ("phone", "missing"): "errors.phone_missing",
    ("phone", "too_long"): "errors.phone_malformed",
    ("email", "too_long"): "errors.email_malformed",
    ("city", "missing"): "errors.city_missing",
    ("city", "too_short"): "errors.city_malformed",
    ("branch", "missing"): "errors.branch_missing",
    ("payment", "missing"): "errors.payment_missing",
    ("payment", "choice"): "errors.payment_missing",
    ("comment", "too_long"): "errors.comment_too_long",
}
"""Field and what is wrong with it, to the words of this form; other complaints have the web layer's words."""
SHOWN: Final = frozenset({"name", "phone", "email", "city", "branch", "payment", "comment"})
"""Fields that the shopper can mend; a complaint of any other stands over the whole form."""


@page("GET", "/checkout/")
async def show_checkout(request: Request) -> Response:
    """The form, with a key of its own. A cart that cannot be ordered leads to the cart page, which says why."""
    view = await _cart(request)
    if not view.lines:
        flash(request, "errors.cart_empty")
    if not view.lines or view.blocked:
        return see_other(urls.cart(language(request)))
    return _form(request, view, {}, {})


@page("POST", "/checkout/")
async def post_checkout(request: Request) -> Response:
    """Place the order and go to its page; on any refusal the same form with everything typed."""
    lang = language(request)
    values = await read_form(request)
    try:
        form = validated(CheckoutForm, values)
        answer = await buy(request, form.wish(), form.key)
    except ShopError as refused:
        if refused.status >= 500:
            raise
        return await _form_again(request, values, refused)
    flash(request, "order.thanks")
    return see_other(urls.order(answer.body["token"], lang))


@page("GET", "/order/{token}/")
async def show_order(request: Request, token: str) -> Response:
    """The order that the token opens, for as long as it exists."""
    lang = language(request)
    try:
        order = OrderOut.of(await order_by_token(token), lang)
    except OrderUnknown:
        return _unknown(request)
    title = texts(lang)("order.title", number=order.number)
    return render(
        request,
        "order.html",
        kind="order",
        title=title,
        context={"order": order, "notices": take_flashes(request)},
    )


@page("POST", "/order/{token}/cancel")
async def cancel_order(request: Request, token: str) -> Response:
    """Cancel while the table allows it; the order's page says so."""
    try:
        await transact(lambda: cancel_by_customer(token, "page"))
    except OrderUnknown:
        return _unknown(request)
    flash(request, "order.cancelled")
    return see_other(urls.order(token, language(request)))


async def _cart(request: Request) -> CartView:
    return await cart_of(cart_token(request), settings_of(request).shop, language(request))


def _form(
    request: Request, view: CartView, values: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> Response:
    shop = settings_of(request).shop
    choices = pay_choices(view.totals.payable, DeliveryKind.BRANCH, shop, BANK)
    allowed = [choice.kind.value for choice in choices if choice.allowed]
    if not allowed:
        sentence = texts(language(request))("errors.payment_not_allowed")
        errors = {"payment": sentence, **errors}
    context = {
        "cart": CartOut.of(view),
        "form": values,
        "errors": errors,
        "key": ids.token(),
        "quote": view.totals,
        "payments": allowed or [PayType.COD.value],
    }
    return render(request, "checkout.html", kind="checkout", title="checkout.title", status=status, context=context)


async def _form_again(request: Request, values: Mapping[str, str], refused: ShopError) -> Response:
    """The form with what was typed and what is wrong, at today's prices; an empty cart has no form."""
    lang = language(request)
    view = await _cart(request)
    if not view.lines:
        flash(request, f"errors.{refused.code}")
        return see_other(urls.cart(lang))
    return _form(request, view, values, _sentences(refused, lang), refused.status)


def _sentences(refused: ShopError, lang: str) -> dict[str, str]:
    if not isinstance(refused, Invalid) or not refused.fields:
        return {"": error_sentence(refused, lang)}
    worded = {name: FIELD_TEXTS.get((name, word), word) for name, word in refused.fields.items()}
    errors = field_errors(Invalid(worded), lang)
    shown = {name: sentence for name, sentence in errors.items() if name in SHOWN}
    return shown if len(shown) == len(errors) else {"": error_sentence(refused, lang), **shown}


def _unknown(request: Request) -> Response:
    """The same for an order that never was and for somebody else's."""
    return render_message(
        request,
        title="message.order_unknown_title",
        body="message.order_unknown",
        actions=[(texts(language(request))("message.to_home"), urls.home(language(request)))],
        status=OrderUnknown.status,
    )


PAGES: Pages = (show_checkout, post_checkout, show_order, cancel_order)
