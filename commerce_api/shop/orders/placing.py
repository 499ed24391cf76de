"""Placing an order: the one way in which an order comes to be, for every channel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.events import OrderPlaced
from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.outbox.service import record
from commerce_api.shop.catalog import stock
from commerce_api.shop.orders import numbering
from commerce_api.shop.orders.draft import Channel, OrderDraft
from commerce_api.shop.orders.errors import EmptyOrder
from commerce_api.shop.orders.models import Order, OrderLine, StatusChange
from commerce_api.shop.orders.status import Actor, OrderStatus, PaymentStatus

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
    back on any error. Raises EmptyOrder, and OutOfStock or SkuUnknown from the stock.
    """
    require_transaction()
    if not draft.lines or draft.totals.payable <= 0:
        raise EmptyOrder()
    held = await stock.reserve(stock.StockLine(line.sku, line.quantity) for line in draft.lines)
    # Last of the shared rows: everybody who orders today waits for this counter until we commit.
    number = await numbering.next_number(NUMBERS[draft.channel])
    order = await _store(draft, number, clock.now())
    await OrderLine.bulk_create(_lines(order.id, draft, held))
    await StatusChange.create(
        order_id=order.id,
        at=order.placed_at,
        field="status",
        old=None,
        new=order.status,
        actor=str(actor),
        source=source,
    )
    await record(
        OrderPlaced(
            order_id=order.id,
            number=number,
            channel=draft.channel.value,
            pay_type=draft.pay_type.value,
            payable=order.payable,
        )
    )
    return PlacedOrder(order.id, number, order.token, order.payable, order.due_now, order.payment_status)


async def _store(draft: OrderDraft, number: str, at: datetime) -> Order:
    contact, delivery, totals = draft.contact, draft.delivery, draft.totals
    return await Order.create(
        number=number,
        token=ids.token(),
        channel=draft.channel,
        status=OrderStatus.NEW,
        payment_status=PaymentStatus.UNPAID,
        pay_type=draft.pay_type,
        account_id=draft.account_id,
        lang=draft.lang,
        name=contact.name,
        phone=contact.phone,
        email=contact.email,
        delivery_kind=delivery.kind,
        city=delivery.city,
        branch=delivery.branch,
        comment=draft.comment,
        gross=totals.goods,
        discount=totals.discount,
        shipping=totals.shipping,
        payable=totals.payable,
        due_now=totals.due_now,
        search=search_text(number, contact.name, contact.phone, contact.email),
        placed_at=at,
        updated_at=at,
    )


def search_text(number: str, name: str, phone: str, email: str | None) -> str:
    """What staff look for, casefolded: databases fold only some alphabets (libraries.md 6.1)."""
    return " ".join((number, name, phone, email or "")).strip().casefold()[:500]


def _lines(order_id: int, draft: OrderDraft, held: frozenset[str]) -> list[OrderLine]:
    return [
        OrderLine(
            order_id=order_id,
            position=position,
            sku=line.sku,
            product=line.product,
            name=line.name,
            colour=line.colour,
            size=line.size,
            fit=line.fit,
            image=line.image,
            unit_price=line.unit_price,
            quantity=line.quantity,
            points=line.points,
            reserved=line.sku in held,
        )
        for position, line in enumerate(draft.lines, start=1)
    ]
