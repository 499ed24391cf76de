"""Placing an order from a cart: the story, in the one transaction that its edge opens."""

from dataclasses import dataclass
from typing import Final

from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.cart.freezing import FrozenCart, FrozenLine, freeze
from commerce_api.shop.checkout.errors import PaymentNotAllowed, PriceChanged
from commerce_api.shop.orders.draft import Contact, Delivery, DraftLine, OrderDraft
from commerce_api.shop.orders.placing import PlacedOrder, place
from commerce_api.shop.orders.status import Actor, Who
from commerce_api.shop.pricing.lines import Totals
from commerce_api.shop.pricing.payments import PayType, pay_choices
from commerce_api.shop.pricing.quote import quote

BANK: Final = False
"""No bank is connected to the till: ways to pay online are refused with that reason."""
SOURCE: Final = "checkout"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the shopper asked for. `expected_total` is the sum (kopiyky) that stood on the button."""

    contact: Contact
    delivery: Delivery
    pay_type: PayType
    comment: str
    expected_total: int


async def place_order(
    wish: Wish, cart_token: str | None, shop: ShopSettings, lang: str, account_id: int | None = None
) -> PlacedOrder:
    """The order of the cart: taken out of it, priced, checked against what the shopper saw, and placed.

    Runs inside the caller's transaction, which must be rolled back on any error. Raises CartEmpty, ProductGone and
    OutOfStock (naming the lines), PaymentNotAllowed, PriceChanged.
    """
    cart = await freeze(cart_token, lang)
    totals = quote(cart.priced, shop, wish.delivery.kind, wish.pay_type)
    _check_payment(wish, totals, shop)
    if totals.payable != wish.expected_total:
        raise PriceChanged(total=totals.payable, expected=wish.expected_total)
    return await place(_draft(wish, cart, totals, lang, account_id), Actor(Who.CUSTOMER), SOURCE)


def _check_payment(wish: Wish, totals: Totals, shop: ShopSettings) -> None:
    for choice in pay_choices(totals.payable, wish.delivery.kind, shop, BANK):
        if choice.kind is wish.pay_type and not choice.allowed:
            raise PaymentNotAllowed({"payment": "errors.payment_not_allowed"}, reason=choice.reason)


def _draft(wish: Wish, cart: FrozenCart, totals: Totals, lang: str, account_id: int | None) -> OrderDraft:
    return OrderDraft(
        lang=lang,
        contact=wish.contact,
        delivery=wish.delivery,
        pay_type=wish.pay_type,
        comment=wish.comment,
        lines=tuple(_line(line, lang) for line in cart.lines),
        totals=totals,
        account_id=account_id,
    )


def _line(line: FrozenLine, lang: str) -> DraftLine:
    offer = line.offer
    return DraftLine(
        sku=offer.code,
        product=offer.product,
        name=offer.name(lang),
        colour=offer.colour_name(lang),
        size=offer.size,
        fit=offer.fit,
        image=offer.image,
        unit_price=offer.price,
        quantity=line.quantity,
        points=offer.points,
    )
