"""What a parcel's move does to its order, and what an order's move does to its waybill. Handlers, hence edges."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final

from commerce_api.foundation import telemetry
from commerce_api.foundation.db.tx import require_transaction, transact
from commerce_api.foundation.errors import ShopError, Unavailable
from commerce_api.foundation.events import OrderStatusChanged, ParcelMoved, WaybillDead
from commerce_api.foundation.outbox.service import record
from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.dispatch.errors import NoCashOwed, NoWaybill, WaybillInProgress, WaybillTravels
from commerce_api.shop.dispatch.waybills import make_waybill, void_waybill
from commerce_api.shop.orders.payment import add_money
from commerce_api.shop.orders.queries import OrderView, order_by_id
from commerce_api.shop.orders.service import change_status
from commerce_api.shop.orders.status import Actor, OrderStatus, Who
from commerce_api.shop.shipping import shipments
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.codes import ParcelState, meaning
from commerce_api.shop.shipping.shipments import ShipmentView
from commerce_api.shop.shipping.states import Direction

SOURCE: Final = "tracking"
CARRIER: Final = Actor(Who.CARRIER)
S = OrderStatus
ROADS: Final[Mapping[OrderStatus, tuple[OrderStatus, ...]]] = {
    S.SHIPPED: (S.CONFIRMED, S.PACKED, S.SHIPPED),
    S.DELIVERED: (S.CONFIRMED, S.PACKED, S.SHIPPED, S.DELIVERED),
    S.REFUSED: (S.CONFIRMED, S.PACKED, S.SHIPPED, S.REFUSED),
    S.RETURNED: (S.CONFIRMED, S.PACKED, S.SHIPPED, S.REFUSED, S.RETURNED),
}
"""The states an order goes through on its way to one: what the carrier has was packed, whoever forgot to say so."""
OUT: Final[Mapping[ParcelState, OrderStatus]] = {
    ParcelState.MOVING: S.SHIPPED,
    ParcelState.ARRIVED: S.SHIPPED,
    ParcelState.RECEIVED: S.DELIVERED,
    ParcelState.REFUSED: S.REFUSED,
}

log = telemetry.logger(__name__)


async def on_parcel_moved(event: ParcelMoved) -> None:
    """The order follows its parcel, and the carrier's cash its codes."""
    await transact(partial(_follow, event))


async def _follow(event: ParcelMoved) -> None:
    require_transaction()
    shipment, order, state = await shipments.shipment(event.shipment_id), await order_by_id(event.order_id), None
    if shipment.direction is Direction.BACK:
        state = S.RETURNED if event.new == ParcelState.RECEIVED else None
    else:
        state = OUT.get(ParcelState(event.new))
    if state:
        await _lead(order, state)
    if event.new == ParcelState.REMOVED and shipment.direction is Direction.OUT:
        await shipments.void(shipment.id, "removed at the carrier")
        await record(_dead(order, shipment.id, "removed"))
    meant = meaning(event.code)
    if meant and meant.paid:
        await _take_cash(shipment, "carrier", f"waybill {shipment.waybill}", "")


async def _lead(order: OrderView, target: OrderStatus) -> None:
    """Move the order along the road to where its parcel is; one that is there already, or past it, stays."""
    road = ROADS[target]
    if order.status not in road:
        log.warning("parcel_disagrees", order=order.number, status=order.status.value, parcel=target.value)
        return
    for step in road[road.index(order.status) + 1 :]:
        back = [line.sku for line in order.lines] if step is S.RETURNED else []
        await change_status(order.number, step, CARRIER, SOURCE, restock=back)


async def _take_cash(shipment: ShipmentView, channel: str, source: str, reason: str) -> int:
    amount = await shipments.settle_cash(shipment.id)
    if amount:
        await add_money(shipment.order_id, amount, channel=channel, source=source, reason=reason)
    return amount


async def cash_arrived(shipment_id: int, actor: Actor, reason: str) -> None:
    """Staff have seen the carrier's money in the account, where no code tells of it: payment control ends in the bank.

    Inside the caller's transaction. Raises ShipmentUnknown, NoCashOwed, NoTransaction.
    """
    require_transaction()
    shipment = await shipments.shipment(shipment_id)
    if shipment.parcel is not ParcelState.RECEIVED or not await _take_cash(shipment, "staff", str(actor), reason):
        raise NoCashOwed(number=shipment.order_number)


def on_order_moved(carrier: Carrier | None, shop: ShopSettings) -> Callable[[OrderStatusChanged], Awaitable[None]]:
    """Packed orders get their waybill (a setting), cancelled ones lose it. Without a carrier nothing is owed."""

    async def handle(event: OrderStatusChanged) -> None:
        if carrier is None:
            return
        if event.new == S.PACKED and shop.waybill_on_packed and event.actor != Who.CARRIER:
            await _make(event, carrier, shop)
        elif event.new == S.CANCELLED:
            await _drop(event, carrier)

    return handle


async def _make(event: OrderStatusChanged, carrier: Carrier, shop: ShopSettings) -> None:
    try:
        await make_waybill(event.number, Actor(Who.SYSTEM), carrier, shop)
    except (Unavailable, WaybillInProgress):
        raise  # the outbox comes again
    except ShopError as refused:
        log.warning("waybill_not_made", order=event.number, cause=refused.code)
        order = await order_by_id(event.order_id)
        await transact(partial(record, _dead(order, 0, refused.code)))


async def _drop(event: OrderStatusChanged, carrier: Carrier) -> None:
    try:
        await void_waybill(event.number, carrier, "order cancelled")
    except NoWaybill:
        return
    except WaybillTravels as refused:
        order = await order_by_id(event.order_id)
        await transact(partial(record, _dead(order, 0, refused.code)))


def _dead(order: OrderView, shipment_id: int, reason: str) -> WaybillDead:
    return WaybillDead(order_id=order.id, number=order.number, shipment_id=shipment_id, reason=reason)
