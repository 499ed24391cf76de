"""What customers hear of their orders (rules.md 11). Each handler may run more than once and tells once."""

from collections.abc import Awaitable, Callable

from commerce_api.foundation.events import OrderPlaced, OrderStatusChanged, ParcelMoved, PaymentChanged, WaybillMade
from commerce_api.foundation.kit import money
from commerce_api.office.notifications.customers import Ways, tell_customer
from commerce_api.office.notifications.messages import MONEY_CAME, MONEY_WENT, payment_facts
from commerce_api.office.notifications.words import TRACK, Notice
from commerce_api.shop.orders.queries import OrderView, order_by_id
from commerce_api.shop.orders.status import CancelReason, OrderStatus, PaymentStatus, Who
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping import shipments
from commerce_api.shop.shipping.codes import ParcelState
from commerce_api.shop.shipping.shipments import ShipmentView


def on_order_placed(ways: Ways) -> Callable[[OrderPlaced], Awaitable[None]]:
    """Confirm an order: what was ordered, for how much, and what comes next."""

    async def handle(event: OrderPlaced) -> None:
        order = await order_by_id(event.order_id)
        notice = Notice(f"placed_{order.pay_type.value}", f"placed:{event.number}", essential=True, with_lines=True)
        await tell_customer(ways, notice, order)

    return handle


def on_payment_changed(ways: Ways) -> Callable[[PaymentChanged], Awaitable[None]]:
    """Tell of money that came, did not come, or went back. Cash that was just handed over needs no word."""

    async def handle(event: PaymentChanged) -> None:
        order = await order_by_id(event.order_id)
        notice = payment_notice(event, order)
        if notice and event.channel != "carrier":
            await tell_customer(ways, notice, order)

    return handle


def payment_notice(event: PaymentChanged, order: OrderView) -> Notice | None:
    """What a change of an order's money says, or None where it says nothing.

    Each change is told once by its step: refunds come in parts and payments fail more than once, and the order's sums
    may have moved on before either is told.
    """
    facts = payment_facts(event, order)
    told = f"{event.number}:{event.step}"
    if event.new in MONEY_WENT:
        return Notice("refunded", f"refunded:{told}", essential=True, facts=facts)
    if event.new in MONEY_CAME or event.new == PaymentStatus.FAILED:
        return Notice(f"payment_{event.new}", f"payment:{event.new}:{told}", essential=True, facts=facts)
    return None


def on_order_status_changed(ways: Ways) -> Callable[[OrderStatusChanged], Awaitable[None]]:
    """Tell where the order stands. Of several steps at once (a parcel that nobody said was packed) the last is told."""

    async def handle(event: OrderStatusChanged) -> None:
        order = await order_by_id(event.order_id)
        kind = status_kind(event, order)
        if kind and order.status == event.new:
            essential = event.new == OrderStatus.CANCELLED
            await tell_customer(ways, Notice(kind, f"status:{event.new}:{event.number}", essential), order)

    return handle


def on_waybill_made(ways: Ways) -> Callable[[WaybillMade], Awaitable[None]]:
    """Tell the number under which the parcel travels."""

    async def handle(event: WaybillMade) -> None:
        order, parcel = await order_by_id(event.order_id), await shipments.shipment(event.shipment_id)
        # One that was taken back meanwhile is no news any more.
        if parcel.waybill and parcel.state == "made":
            await tell_customer(ways, _parcel_notice("waybill", f"waybill:{parcel.id}", parcel, order), order)

    return handle


def on_parcel_moved(ways: Ways) -> Callable[[ParcelMoved], Awaitable[None]]:
    """Tell that the parcel waits at its branch. What else becomes of it, its order's status tells; a courier calls."""

    async def handle(event: ParcelMoved) -> None:
        parcel = await shipments.shipment(event.shipment_id)
        if event.new != ParcelState.ARRIVED or parcel.direction != "out":
            return
        order = await order_by_id(event.order_id)
        if order.delivery_kind is DeliveryKind.COURIER:
            return
        kind = "at_branch_due" if parcel.cash else "at_branch"
        await tell_customer(ways, _parcel_notice(kind, f"at_branch:{parcel.id}", parcel, order), order)

    return handle


def _parcel_notice(kind: str, key: str, parcel: ShipmentView, order: OrderView) -> Notice:
    facts = {
        "waybill": parcel.waybill,
        "place": f"{order.city}, {order.branch}",
        "due": money.format_amount(parcel.cash),
    }
    return Notice(kind, key, facts=facts, links=(("track", TRACK + parcel.waybill),))


def status_kind(event: OrderStatusChanged, order: OrderView) -> str:
    """Which words fit a new status; "" where the message about the payment has said it already."""
    if event.new == OrderStatus.CONFIRMED and event.actor == Who.SYSTEM:
        return ""
    if event.new == OrderStatus.SHIPPED and order.delivery_kind is DeliveryKind.COURIER:
        return "status_shipped_courier"
    if event.new != OrderStatus.CANCELLED:
        return f"status_{event.new}"
    if order.paid > order.refunded:
        return "cancelled_paid"
    steps = [step for step in order.history if step.field == "status" and step.new == OrderStatus.CANCELLED]
    expired = bool(steps) and steps[-1].reason.startswith(CancelReason.EXPIRED.value)
    return "cancelled_expired" if expired else "status_cancelled"
