"""The checkout for people: one form, one button, and every typed word comes back with an error."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, ShopError
from commerce_api.foundation.kit import clock, ids, urls
from commerce_api.foundation.kit.phone import show_phone
from commerce_api.foundation.settings import ShopSettings
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.access import signed_in
from commerce_api.foundation.web.carried import carried, port_of, settings_of
from commerce_api.foundation.web.error_texts import error_sentence, form_errors
from commerce_api.foundation.web.flash import flash
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_form, validated
from commerce_api.foundation.web.redirects import see_other
from commerce_api.foundation.web.rendering import render
from commerce_api.shop.accounts.queries import person, profile_of
from commerce_api.shop.cart import service as carts
from commerce_api.shop.cart.browser import asked_of, cart_token, count_promo_try, promo_by_link
from commerce_api.shop.cart.document import CartView, cart_of
from commerce_api.shop.cart.schemas import CartOut
from commerce_api.shop.checkout.api import buy
from commerce_api.shop.checkout.choosing import choices_shown, wish_of
from commerce_api.shop.checkout.cities import CITIES
from commerce_api.shop.checkout.places import Place
from commerce_api.shop.checkout.quoting import in_words, quoted
from commerce_api.shop.checkout.schemas import CheckoutForm, Way, unsaid
from commerce_api.shop.pricing.lines import Totals
from commerce_api.shop.pricing.payments import PayType, cod_commission, pay_choices
from commerce_api.shop.pricing.shipping import DeliveryKind, shipping_price
from commerce_api.shop.promotions.errors import PromoRefused
from commerce_api.shop.settlement.bank import bank_of
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.errors import ParcelTooBig

FIELD_TEXTS: Final[Mapping[tuple[str, str], str]] = {
    ("name", "missing"): "errors.name_missing",
    ("name", "too_short"): "errors.name_missing",
    ("phone", "missing"): "errors.phone_missing",
    ("phone", "too_long"): "errors.phone_malformed",
    ("email", "too_long"): "errors.email_malformed",
    ("city", "missing"): "errors.city_missing",
    ("city", "too_short"): "errors.city_malformed",
    ("branch", "missing"): "errors.branch_missing",
    ("street", "missing"): "errors.street_missing",
    ("street", "too_short"): "errors.street_missing",
    ("house", "missing"): "errors.house_missing",
    ("house", "too_long"): "errors.house_too_long",
    ("city_token", "too_long"): "errors.choice_unknown",
    ("branch_token", "too_long"): "errors.choice_unknown",
    ("payment", "missing"): "errors.payment_missing",
    ("payment", "choice"): "errors.payment_missing",
    ("comment", "too_long"): "errors.comment_too_long",
}
"""Field and what is wrong with it, to the words of this form; other complaints have the web layer's words."""
LOOK_UP: Final = "places"
OTHER_WAY: Final = {Way.POINT: {"street", "house", "flat"}, Way.COURIER: {"branch", "branch_token"}}
"""Fields that a way of delivery does not ask for: they stand hidden in the form, and nobody is bothered with them."""
SHOWN: Final = (
    "phone", "name", "email", "city", "branch", "street", "house", "flat", "payment", "comment", "promo",
)  # fmt: skip
"""Fields that the shopper can mend, in the order of the page; a complaint of any other stands over the whole form."""
UNSPOKEN: Final = frozenset({"no_bank"})
"""Reasons against a way to pay that concern the shop and not the order: such a way is not shown at all."""


@page("GET", "/checkout/")
async def show_checkout(request: Request) -> Response:
    """The form, with a key of its own. A cart that cannot be ordered leads to the cart page, which says why.

    A code that came by the link stands in its field, as in the cart; looking gives none and changes nothing.
    """
    view, code = await _cart(request), asked_of(request).promo
    if not view.lines:
        flash(request, "errors.cart_empty")
    if not view.lines or view.blocked:
        lang = language(request)
        return see_other(urls.cart_promo_kept(code, lang) if code else urls.cart(lang))
    values = await _remembered(request)
    if not code or view.promo:
        return await _form(request, view, values, {})
    wrong = await promo_by_link(request, code, view)
    return await _form(request, view, {**values, "promo": code}, {"promo": wrong} if wrong else {})


@page("POST", "/checkout/")
async def post_checkout(request: Request) -> Response:
    """Place the order and go to its page; on any refusal the same form with everything typed.

    The buttons `act` give or forget a promo code, or look the typed words up in the directory, and show the same form
    again: nothing is checked or placed then. A code that stands typed in its field is meant as well: the sum that it
    makes is shown before anything is placed.
    """
    lang = language(request)
    values = await read_form(request)
    act = values.pop("act", "")
    try:
        if act == LOOK_UP:
            return await _form_again(request, values, None)
        if act:
            await _promo(request, act, values.get("promo", ""))
            return await _form_again(request, {**values, "promo": ""}, None)
        form = _checked(values)
        wish = await wish_of(form)
        if code := values.get("promo", ""):
            await _promo(request, "promo", code)
            told = texts(lang)("promo.counted", code=code.upper())
            return await _form_again(request, {**values, "promo": ""}, None, (told,))
        answer = await buy(request, wish, form.key)
    except ShopError as refused:
        if refused.status >= 500:
            raise
        return await _form_again(request, values, refused)
    flash(request, "order.thanks")
    page = answer.body["payment"].get("redirect_url")
    # The bank's origin is named in the policy of this page, which browsers apply to the redirect after a form.
    return RedirectResponse(page, 303) if page else see_other(urls.order(answer.body["token"], lang))


def _checked(values: Mapping[str, str]) -> CheckoutForm:
    """The form of an order. Raises Invalid with all that is wrong at once, the missing words of the place among it."""
    way = _way(values)
    unasked = {"promo", *OTHER_WAY[way]}
    try:
        return validated(CheckoutForm, {name: value for name, value in values.items() if name not in unasked})
    except Invalid as refused:
        raise Invalid(dict.fromkeys(unsaid(way, values), "missing") | dict(refused.fields)) from refused


async def _remembered(request: Request) -> dict[str, str]:
    """What whoever is signed in told of themselves (rules.md 7), by the fields of the form; a guest told nothing."""
    account = signed_in(request)
    who = await person(account.id) if account else None
    if who is None:
        return {}
    told = await profile_of(who.id)
    known = {
        "name": told.name,
        "phone": show_phone(told.phone).replace("\u00a0", " ") if told.phone else "",
        "email": who.email,
        "city": told.city,
        "branch": told.branch,
        "payment": told.payment,
    }
    return {name: value for name, value in known.items() if value}


async def _promo(request: Request, act: str, typed: str) -> None:
    """What a button of the code's field asks for. Raises what giving a code raises."""
    token = cart_token(request)
    if act == "drop":
        await transact(lambda: carts.drop_promo(token))
        return
    if not typed:
        raise Invalid({"promo": "errors.promo_missing"})
    await count_promo_try(request)
    await transact(lambda: carts.give_promo(token, typed))


def _way(values: Mapping[str, str]) -> Way:
    return Way.COURIER if values.get("way") == Way.COURIER else Way.POINT


async def _cart(request: Request) -> CartView:
    return await cart_of(cart_token(request), settings_of(request).shop, language(request))


async def _form(
    request: Request,
    view: CartView,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    status: int = 200,
    notices: Sequence[str] = (),
) -> Response:
    settings, lang = settings_of(request), language(request)
    shown, where = await choices_shown(values, settings.secret_key, lang)
    bank, carrier = bank_of(request) is not None, port_of(request, Carrier)
    background, at = carried(request).background, clock.now()
    reckon = partial(quoted, view, shop=settings.shop, bank=bank, carrier=carrier, background=background, at=at)
    try:
        told = await reckon(where, PayType.COD)
    except ParcelTooBig as refused:
        told = await reckon(Place(where.delivery), PayType.COD)
        errors = {**_sentences(refused, lang), **errors}
    payable, choices = told.totals.payable, told.choices
    allowed = [choice.kind.value for choice in choices if choice.allowed]
    if not allowed:
        errors = {"payment": texts(lang)("errors.payment_not_allowed"), **errors}
    context = {
        "cart": CartOut.of(view),
        "form": {**values, **shown.tokens},
        "places": shown,
        "errors": {name: errors[name] for name in ("", *SHOWN) if name in errors},
        "notices": notices,
        "trouble": [notice.text for notice in view.notices] if errors else [],
        "key": ids.token(),
        "ways": _ways(told.totals, settings.shop, bank),
        "quote": told.totals,
        "payments": allowed or [PayType.COD.value],
        "closed": {choice.kind.value: choice.reason for choice in choices if choice.reason not in {None, *UNSPOKEN}},
        "commission": cod_commission(payable, settings.shop),
        "arrival": in_words(told.days, lang),
        "cities": [city.in_language(lang) for city in CITIES],
    }
    return render(request, "checkout.html", kind="checkout", title="checkout.title", status=status, context=context)


def _ways(totals: Totals, shop: ShopSettings, bank: bool) -> dict[str, int]:
    """The ways of delivery that such an order can be paid by, with what each costs at least (kopiyky)."""
    goods = totals.goods - totals.discount

    def least(*kinds: DeliveryKind) -> int:
        return min(shipping_price(goods, kind, shop) for kind in kinds)

    ways = {Way.POINT.value: least(DeliveryKind.BRANCH, DeliveryKind.LOCKER)}
    door = pay_choices(totals.payable, DeliveryKind.COURIER, shop, bank)
    return ways | {Way.COURIER.value: least(DeliveryKind.COURIER)} if any(one.allowed for one in door) else ways


async def _form_again(
    request: Request, values: Mapping[str, str], refused: ShopError | None, notices: Sequence[str] = ()
) -> Response:
    """The form with what was typed, what is wrong and what is news, at today's prices; an empty cart has no form."""
    lang = language(request)
    view = await _cart(request)
    if not view.lines:
        flash(request, f"errors.{refused.code if refused else 'cart_empty'}")
        return see_other(urls.cart(lang))
    if refused is None:
        return await _form(request, view, values, {}, notices=notices)
    return await _form(request, view, values, _sentences(refused, lang), refused.status)


def _sentences(refused: ShopError, lang: str) -> dict[str, str]:
    if isinstance(refused, PromoRefused):
        return {"promo": error_sentence(refused, lang)}
    errors = form_errors(refused, lang, FIELD_TEXTS)
    shown = {name: sentence for name, sentence in errors.items() if name in SHOWN}
    return shown if len(shown) == len(errors) else {"": error_sentence(refused, lang), **shown}


PAGES: Pages = (show_checkout, post_checkout)
