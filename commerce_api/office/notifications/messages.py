"""What a staff notice says. Words come from the theme's texts; personal data only where the reader may have it."""

from typing import Final

from commerce_api.foundation.events import PaymentChanged
from commerce_api.foundation.kit import money
from commerce_api.foundation.kit.email import mask_email
from commerce_api.foundation.kit.phone import mask_phone
from commerce_api.foundation.theming import Texts
from commerce_api.office.notifications.words import line_words
from commerce_api.shop.catalog.restock import Wish
from commerce_api.shop.orders.queries import OrderView
from commerce_api.shop.orders.status import PaymentStatus
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping.doors import place_words

MONEY_CAME: Final = frozenset({PaymentStatus.PREPAID, PaymentStatus.PAID})
MONEY_WENT: Final = frozenset({PaymentStatus.REFUNDED, PaymentStatus.PARTIALLY_REFUNDED})


def order_placed(order: OrderView, t: Texts) -> str:
    """The staff's notice of a new order: lines, delivery, promo, total (rules.md 11), and how it is paid."""
    delivery = "delivery_courier" if order.delivery_kind is DeliveryKind.COURIER else "delivery"
    parts = [
        t("notices.staff.order_placed", number=order.number, total=money.format_amount(order.payable)),
        *(line_words(line, t) for line in order.lines),
        t(f"notices.staff.{delivery}", place=place_words(order.delivery_kind, order.city, order.branch, t)),
    ]
    if order.promo_code:
        taken = money.format_amount(order.discount)
        parts.append(t("notices.staff.promo", code=order.promo_code, discount=taken))
    state = t(f"order.payment_status.{order.payment_status.value}")
    parts.append(t("notices.staff.pay", pay=t(f"pay_type.{order.pay_type.value}"), state=state))
    return "\n".join(parts)


def order_moved(number: str, old: str, new: str, t: Texts) -> str:
    """The staff's notice of a problem with an order: cancelled, refused, returned."""
    return t("notices.staff.order_moved", number=number, old=t(f"order.status.{old}"), new=t(f"order.status.{new}"))


def payment_facts(event: PaymentChanged, order: OrderView) -> dict[str, str]:
    """The `amount` that moved and what is `left` to pay, as they are read."""
    left = max(0, order.payable - order.paid)
    return {"amount": money.format_amount(abs(event.amount)), "left": money.format_amount(left)}


def payment_changed(event: PaymentChanged, order: OrderView, t: Texts) -> str:
    """Money that came, did not come or went back; "" for a change that is none of these."""
    facts = {"number": event.number, **payment_facts(event, order)}
    if event.new in MONEY_WENT:
        return t("notices.staff.refunded", None, **facts)
    if event.new in MONEY_CAME or event.new == PaymentStatus.FAILED:
        return t(f"notices.staff.payment_{event.new}", None, **facts)
    return ""


def restock_arrived(wish: Wish, product: str, t: Texts) -> str:
    """The notice that somebody's size is back; the contact is masked, because notices may end up in logs."""
    contact = mask_email(wish.contact) if "@" in wish.contact else mask_phone(wish.contact)
    return t("notices.staff.restock_arrived", product=product, sku=wish.sku, contact=contact, lang=wish.lang)
