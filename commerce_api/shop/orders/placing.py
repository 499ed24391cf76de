"""Placing an order: the one way in which an order comes to be, for every channel.

Its rows are written by plain SQL (foundation/db/plain.py), one statement for each table: the ORM took most of the time
of an order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.events import OrderPlaced
from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.outbox.service import record
from commerce_api.shop.catalog import stock
from commerce_api.shop.orders import numbering
from commerce_api.shop.orders.draft import AppliedPromo, Channel, Contact, Delivery, OrderDraft
from commerce_api.shop.orders.errors import EmptyOrder
from commerce_api.shop.orders.models import Order, OrderLine, StatusChange
from commerce_api.shop.orders.status import Actor, OrderStatus, PaymentStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.promotions import service as promotions
from commerce_api.shop.promotions.customers import Customer

NUMBERS: Final = {
    Channel.RETAIL: numbering.RETAIL,
    Channel.DROPSHIP: numbering.DROPSHIP,
    Channel.WHOLESALE: numbering.WHOLESALE,
}


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """What the buyer is told. `token` opens the order's page; `payable` and `due_now` are kopiyky."""

    id: int
    number: str
    token: str
    payable: int
    due_now: int
    payment_status: PaymentStatus


async def place(draft: OrderDraft, actor: Actor, source: str) -> PlacedOrder:
    """Reserve the stock, number the order and store it with its lines, first history row and event.

    `source` says where it was placed, such as `checkout`. Runs inside the caller's transaction, which must be rolled
    back on any error. Raises EmptyOrder; OutOfStock or SkuUnknown from the stock; PromoUsedUp, PromoAlreadyUsed or
    PromoGroupUsed from the code.
    """
    require_transaction()
    if not draft.lines or draft.totals.payable <= 0:
        raise EmptyOrder()
    held = await stock.reserve(stock.StockLine(line.sku, line.quantity) for line in draft.lines)
    if draft.promo:
        await promotions.claim(draft.promo.terms)
    # Last of the shared rows: everybody who orders today waits for this counter until we commit.
    number = await numbering.next_number(NUMBERS[draft.channel])
    token, at = ids.token(), clock.now()
    id_ = await plain.insert(Order, _order(draft, number, token, at))
    await plain.insert_all(OrderLine, _lines(id_, draft, held.codes))
    await stock.note_reserved(held, number, str(actor))
    if draft.promo:
        await _use_promo(draft, draft.promo, id_)
    step = {"order_id": id_, "at": at, "field": "status", "new": OrderStatus.NEW}
    await plain.insert(StatusChange, {**step, "actor": str(actor), "source": source})
    totals = draft.totals
    await record(
        OrderPlaced(
            order_id=id_,
            number=number,
            channel=draft.channel.value,
            pay_type=draft.pay_type.value,
            payable=totals.payable,
        )
    )
    return PlacedOrder(id_, number, token, totals.payable, totals.due_now, PaymentStatus.UNPAID)


async def _use_promo(draft: OrderDraft, promo: AppliedPromo, order_id: int) -> None:
    customer = Customer(draft.contact.phone, promo.email or draft.contact.email, promo.key)
    by_cash = draft.pay_type is PayType.COD
    await promotions.reserve(promo.terms, customer, order_id, draft.totals.discount, confirmed=by_cash)


def _order(draft: OrderDraft, number: str, token: str, at: datetime) -> dict[str, object]:
    totals = draft.totals
    return {
        "number": number,
        "token": token,
        "channel": draft.channel,
        "status": OrderStatus.NEW,
        "payment_status": PaymentStatus.UNPAID,
        "pay_type": draft.pay_type,
        "account_id": draft.account_id,
        "lang": draft.lang,
        **contact_columns(number, draft.contact),
        **delivery_columns(draft.delivery),
        "comment": draft.comment,
        "promo_code": draft.promo.terms.code if draft.promo else "",
        "gross": totals.goods,
        "discount": totals.discount,
        "shipping": totals.shipping,
        "payable": totals.payable,
        "due_now": totals.due_now,
        "placed_at": at,
        "updated_at": at,
    }


def contact_columns(number: str, contact: Contact) -> dict[str, object]:
    """Who receives the parcel, as an order stores it."""
    return {
        "name": contact.name,
        "phone": contact.phone,
        "email": contact.email,
        "search": search_text(number, contact.name, contact.phone, contact.email),
    }


def delivery_columns(delivery: Delivery) -> dict[str, object]:
    """Where to, as an order stores it."""
    return {
        "delivery_kind": delivery.kind,
        "city": delivery.city,
        "branch": delivery.branch,
        "city_ref": delivery.city_ref,
        "branch_ref": delivery.branch_ref,
    }


def search_text(number: str, name: str, phone: str, email: str | None) -> str:
    """What staff look for, casefolded: databases fold only some alphabets (libraries.md 6.1)."""
    return " ".join((number, name, phone, email or "")).strip().casefold()[:500]


def _lines(order_id: int, draft: OrderDraft, held: frozenset[str]) -> list[dict[str, object]]:
    shares = draft.totals.shares or (0,) * len(draft.lines)
    return [
        line.columns(order_id, position, reserved=line.sku in held, discount=share)
        for position, (line, share) in enumerate(zip(draft.lines, shares, strict=True), start=1)
    ]
