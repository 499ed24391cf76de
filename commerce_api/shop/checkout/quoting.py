"""What the cart costs at the place that a shopper has in mind, and when it is there. Asks the carrier with little
patience, which placing an order never does."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from commerce_api.foundation.kit.clock import KYIV
from commerce_api.foundation.settings import ShopSettings
from commerce_api.foundation.theming import texts, weekday
from commerce_api.foundation.web.background import Background
from commerce_api.shop.cart.document import CartView, priced
from commerce_api.shop.checkout.places import Place, check_size, price_ask
from commerce_api.shop.pricing.days import DayRange, arrival
from commerce_api.shop.pricing.lines import Totals
from commerce_api.shop.pricing.payments import PayChoice, PayType, pay_choices
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.shipping import quotes
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.parcels import box_of


@dataclass(frozen=True, slots=True)
class Quoted:
    """Totals, days of arrival, and the ways to pay with the reasons against them."""

    totals: Totals
    days: DayRange
    choices: tuple[PayChoice, ...]


def in_words(days: DayRange, lang: str) -> str:
    """When the parcel arrives, as the checkout says it."""
    t, first, last = texts(lang), weekday(days.first, lang), weekday(days.last, lang)
    if days.first == days.last:
        return t("checkout_page.day", day=first)
    return t("checkout_page.days", first=first, last=last)


async def totals_at(
    where: Place,
    pieces: Iterable[tuple[str, int]],
    reckoned: Callable[[int | None], Totals],
    expected: int | None,
) -> Totals:
    """What an order of these goods (slug and quantity) costs there: by the price that the carrier told lately, or by
    the settings where it told none, or where `expected`, the sum that was shown (kopiyky), was reckoned so.

    `reckoned` gives the totals for a price that the carrier told, and for None those of the settings. Asks nobody
    outside. Raises ParcelTooBig.
    """
    box, by_settings = await box_of(pieces), reckoned(None)
    check_size(where, box)
    ask = price_ask(where, box, by_settings.goods - by_settings.discount)
    told = await quotes.known(ask) if ask else None
    return reckoned(told.price) if told and by_settings.payable != expected else by_settings


async def quoted(
    view: CartView,
    where: Place,
    pay_type: PayType,
    shop: ShopSettings,
    bank: bool,
    carrier: Carrier | None,
    background: Background,
    at: datetime,
) -> Quoted:
    """The quote of a cart for a place at a moment (aware). An edge: the carrier may be asked in the `background`, no
    transaction open.

    Raises ParcelTooBig.
    """
    lines, kind = priced(view.lines), where.delivery.kind
    by_settings = totals = quote(lines, shop, kind, pay_type, view.terms, at)
    road = None
    pieces = [(line.product, line.quantity) for line in view.lines if not line.gone]
    if pieces and where.delivery.city_ref:
        box = await box_of(pieces)
        check_size(where, box)
        ask = price_ask(where, box, by_settings.goods - by_settings.discount)
        told = await quotes.told(carrier, ask, background) if ask else None
        if told:
            totals = quote(lines, shop, kind, pay_type, view.terms, at, told.price)
            road = max(0, (told.day - at.astimezone(KYIV).date()).days) if told.day else None
    days = arrival(at, shop, printed=view.printed, road=road)
    return Quoted(totals, days, pay_choices(totals.payable, kind, shop, bank, cash=where.cash))
