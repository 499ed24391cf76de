"""Placing an order from a cart: the story, in the one transaction that its edge opens."""

from dataclasses import dataclass, replace
from typing import Final

from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings, ShopSettings
from commerce_api.shop.accounts.queries import email_of
from commerce_api.shop.cart.freezing import FrozenCart, freeze
from commerce_api.shop.checkout.errors import PaymentNotAllowed, PriceChanged
from commerce_api.shop.checkout.places import Choice, Place, looked_up
from commerce_api.shop.checkout.quoting import totals_at
from commerce_api.shop.orders.draft import AppliedPromo, Contact, Delivery, DraftLine, OrderDraft
from commerce_api.shop.orders.placing import PlacedOrder, place
from commerce_api.shop.orders.status import Actor, Who
from commerce_api.shop.pricing.codes import CodeTerms
from commerce_api.shop.pricing.lines import Totals
from commerce_api.shop.pricing.payments import PayType, pay_choices
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.promotions.errors import refused
from commerce_api.shop.settlement.bank import Bank
from commerce_api.shop.settlement.paying import first_attempt

SOURCE: Final = "checkout"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the shopper asked for. `expected_total` is the sum (kopiyky) that stood on the button. `choice` are tokens
    of the directory, None for words."""

    contact: Contact
    delivery: Delivery
    pay_type: PayType
    comment: str
    expected_total: int
    choice: Choice | None = None


async def place_order(
    wish: Wish,
    cart_token: str | None,
    settings: Settings,
    lang: str,
    account_id: int | None = None,
    bank: Bank | None = None,
) -> PlacedOrder:
    """The order of the cart: taken out of it, priced, checked against what the shopper saw, and placed; with it the
    attempt to pay when money is due now, for which the caller asks the bank after the commit.

    Runs inside the caller's transaction, which must be rolled back on any error. Raises CartEmpty, ProductGone and
    OutOfStock (naming the lines), ChoiceUnknown, ParcelTooBig, PaymentNotAllowed, PriceChanged, and PromoRefused when
    the code that the shopper saw working does not any more, or not for this customer.
    """
    cart = await freeze(cart_token, lang)
    place_to = await looked_up(wish.delivery, wish.choice, settings.secret_key)
    totals = await _totals(wish, cart, place_to, settings.shop)
    kind, cash = place_to.delivery.kind, place_to.cash
    check_payment(wish.pay_type, totals.payable, kind, settings.shop, bank=bank is not None, cash=cash)
    if totals.payable != wish.expected_total:
        if totals.refused:
            raise refused(totals.refused)
        raise PriceChanged(total=totals.payable, expected=wish.expected_total)
    promo = await _applied(cart.terms, settings.secret_key, account_id) if cart.terms and totals.discount else None
    draft = _draft(replace(wish, delivery=place_to.delivery), cart, totals, lang, account_id, promo)
    placed = await place(draft, Actor(Who.CUSTOMER), SOURCE)
    if bank is not None:
        await begin_payment(placed, draft, bank)
    return placed


async def _applied(terms: CodeTerms, key: str, account_id: int | None) -> AppliedPromo:
    limited = terms.once_per_customer or terms.group
    return AppliedPromo(terms, key, await email_of(account_id) if account_id and limited else None)


async def begin_payment(placed: PlacedOrder, draft: OrderDraft, bank: Bank) -> int | None:
    """Write down the attempt to pay for a new order, in its transaction; its id, None when nothing is due now."""
    shares = draft.totals.shares or (0,) * len(draft.lines)
    lines = list(zip(draft.lines, shares, strict=True))
    return await first_attempt(placed, lines, draft.totals.shipping, draft.pay_type, draft.lang, bank)


async def _totals(wish: Wish, cart: FrozenCart, where: Place, shop: ShopSettings) -> Totals:
    """What the cart costs there; words cost what the settings say. Raises ParcelTooBig."""

    def reckoned(told: int | None) -> Totals:
        return quote(cart.priced, shop, where.delivery.kind, wish.pay_type, cart.terms, clock.now(), told)

    if wish.choice is None:
        return reckoned(None)
    pieces = ((line.offer.product, line.quantity) for line in cart.lines)
    return await totals_at(where, pieces, reckoned, wish.expected_total)


def check_payment(
    pay_type: PayType, payable: int, kind: DeliveryKind, shop: ShopSettings, *, bank: bool, cash: bool
) -> None:
    """Raises PaymentNotAllowed with the reason when an order of this sum (kopiyky) cannot be paid that way; `cash` says
    whether the receiver may pay at the point."""
    for choice in pay_choices(payable, kind, shop, bank, cash=cash):
        if choice.kind is pay_type and not choice.allowed:
            raise PaymentNotAllowed({"payment": "errors.payment_not_allowed"}, reason=choice.reason)


def _draft(
    wish: Wish, cart: FrozenCart, totals: Totals, lang: str, account_id: int | None, promo: AppliedPromo | None
) -> OrderDraft:
    return OrderDraft(
        lang=lang,
        contact=wish.contact,
        delivery=wish.delivery,
        pay_type=wish.pay_type,
        comment=wish.comment,
        lines=tuple(DraftLine.of(line.offer, line.quantity, lang) for line in cart.lines),
        totals=totals,
        account_id=account_id,
        promo=promo,
    )
