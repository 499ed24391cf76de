"""What becomes of an order after it is placed: every change goes through the one transition table (lessons.md 33)."""

from collections.abc import Collection
from datetime import timedelta

from commerce_api.foundation import telemetry
from commerce_api.foundation.events import OrderStatusChanged
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.service import record
from commerce_api.shop.catalog import stock
from commerce_api.shop.orders.errors import IllegalTransition, NotPaidYet, OrderUnknown, ReasonNeeded, ReturnTooLate
from commerce_api.shop.orders.locking import locked
from commerce_api.shop.orders.models import Order, OrderLine, StatusChange
from commerce_api.shop.orders.queries import TOKEN
from commerce_api.shop.orders.status import (
    STAFF_CANCEL_REASONS,
    Actor,
    CancelReason,
    CustomerReason,
    OrderStatus,
    PaymentStatus,
    Who,
    may_move,
)
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.promotions import service as promotions

log = telemetry.logger(__name__)

MONEY_HERE = frozenset({PaymentStatus.PREPAID, PaymentStatus.PAID})


async def confirm(number: str, actor: Actor, source: str) -> None:
    """Accept an order for packing: staff for cash on delivery, the system on payment.

    Raises OrderUnknown, IllegalTransition, NotPaidYet.
    """
    await change_status(number, OrderStatus.CONFIRMED, actor, source)


async def cancel(number: str, reason: CancelReason, actor: Actor, source: str, note: str = "") -> None:
    """Cancel an order and give its reserved stock back. `note` is a staff member's own words beside the reason.

    Raises OrderUnknown, IllegalTransition, ReasonNeeded.
    """
    await change_status(number, OrderStatus.CANCELLED, actor, source, reason=reason, note=note)


async def cancel_by_customer(token: str, source: str, why: CustomerReason | None = None) -> None:
    """The customer, known by the order's token, cancels it while the table allows; `why` if they said it.

    Raises OrderUnknown, IllegalTransition.
    """
    # Some databases do not answer but fail when asked for text that cannot be a token, such as one with a zero byte.
    order = await Order.get_or_none(token=token).only("id", "number") if TOKEN.fullmatch(token) else None
    if order is None:
        raise OrderUnknown()
    await cancel(order.number, CancelReason.CUSTOMER, Actor(Who.CUSTOMER), source, note=why.value if why else "")


async def change_status(
    number: str,
    new: OrderStatus,
    actor: Actor,
    source: str,
    *,
    reason: CancelReason | None = None,
    note: str = "",
    return_days: int = 14,
    restock: Collection[str] = (),
) -> None:
    """Move an order by the table, with its history row, its effect on stock and code, and the event.

    Runs inside the caller's transaction and holds the order's row until its end, so that two who move the same order
    come one after the other. `return_days` limits staff returns (a setting); `restock` names the SKUs of a return that
    can be sold again. Raises OrderUnknown, IllegalTransition, NotPaidYet, ReasonNeeded, ReturnTooLate.
    """
    order = await locked(Order.filter(number=number))
    old = order.status
    if not may_move(old, new, actor.who):
        log.warning("illegal_transition", order=number, old=old.value, new=new.value, actor=str(actor), source=source)
        raise IllegalTransition(number=number, old=old.value, new=new.value)
    await _check_circumstances(order, new, actor, reason, return_days)
    await _move_stock(order, new, actor, restock)
    if new is OrderStatus.CANCELLED and order.promo_code:
        await promotions.release(order.id)
    at = clock.now()
    await Order.filter(id=order.id, status=old).update(status=new, updated_at=at)
    await StatusChange.create(
        order_id=order.id,
        at=at,
        field="status",
        old=old.value,
        new=new.value,
        actor=str(actor),
        source=source,
        reason=_words(reason, note),
    )
    await record(
        OrderStatusChanged(order_id=order.id, number=number, old=old.value, new=new.value, actor=actor.who.value)
    )


async def _check_circumstances(
    order: Order, new: OrderStatus, actor: Actor, reason: CancelReason | None, return_days: int
) -> None:
    """What the table cannot say: money for a confirmation, a reason for a cancellation, days for a return."""
    if reason is CancelReason.EXPIRED and order.payment_status in MONEY_HERE:
        raise IllegalTransition(number=order.number, old=order.status.value, new=new.value)
    if new is OrderStatus.CONFIRMED:
        by_cash = actor.who is Who.STAFF and order.pay_type is PayType.COD
        if not by_cash and order.payment_status not in MONEY_HERE:
            raise NotPaidYet(number=order.number)
    if new is OrderStatus.CANCELLED and actor.who is Who.STAFF and reason not in STAFF_CANCEL_REASONS:
        raise ReasonNeeded({"reason": "choice"}, reasons=[known.value for known in STAFF_CANCEL_REASONS])
    if order.status is OrderStatus.DELIVERED:
        steps = StatusChange.filter(order_id=order.id, field="status", new=OrderStatus.DELIVERED.value)
        delivered = await steps.order_by("-id").first()
        if delivered and clock.now() - delivered.at > timedelta(days=return_days):
            raise ReturnTooLate(number=order.number, n=return_days)


async def _move_stock(order: Order, new: OrderStatus, actor: Actor, restock: Collection[str]) -> None:
    """Cancelled goods go back on the shelf, shipped ones leave the house, and returned ones may be sold again."""
    if new is OrderStatus.RETURNED and restock:
        rows = await OrderLine.filter(order_id=order.id, sku__in=list(restock)).order_by("position")
        await stock.put_back([stock.StockLine(row.sku, row.quantity) for row in rows], order.number, str(actor))
    if new not in {OrderStatus.CANCELLED, OrderStatus.SHIPPED}:
        return
    # Only lines that hold stock count.
    rows = await OrderLine.filter(order_id=order.id, reserved=True).order_by("position")
    lines = [stock.StockLine(row.sku, row.quantity) for row in rows]
    if lines:
        await (stock.release if new is OrderStatus.CANCELLED else stock.sell)(lines, order.number, str(actor))
        await OrderLine.filter(order_id=order.id, reserved=True).update(reserved=False)


def _words(reason: CancelReason | None, note: str) -> str:
    return ": ".join(part for part in (reason.value if reason else "", note.strip()) if part)[:200]
