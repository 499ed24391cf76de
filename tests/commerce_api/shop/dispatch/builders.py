"""Orders that are ready to leave, and a worker that follows what happens to them."""

from functools import partial
from typing import Any

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog.queries import offers
from commerce_api.shop.dispatch.waybills import make_waybill
from commerce_api.shop.orders.draft import Delivery
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.payment import add_money
from commerce_api.shop.orders.placing import place
from commerce_api.shop.orders.service import change_status
from commerce_api.shop.orders.status import OrderStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.shipping.directory import Point
from commerce_api.shop.shipping.shipments import ShipmentView
from commerce_api.shop.shipping.states import PointKind
from commerce_api.wiring import Adapters
from tests.commerce_api import working
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.orders.builders import CUSTOMER, STAFF, draft
from tests.commerce_api.shop.shipping.builders import Line, a_point

S = OrderStatus


async def an_order(
    *,
    to: Point | None = None,
    quantity: int = 1,
    paid: int = 0,
    stock: dict[str, int | None] | None = None,
    **details: Any,
) -> Order:
    """A confirmed order to a chosen point: for cash, or paid by so much (kopiyky)."""
    sku = "TC-KOLOS-TEE-COAL-M"
    if sku not in await offers([sku]):
        await put_on_shelf(stock=stock or {"M": None})
    point = to or await a_point("Львів")
    ready = await draft({sku: quantity}, **details)
    chosen = Delivery(point.delivery, point.city, point.name, point.city_ref, point.ref)
    object.__setattr__(ready, "delivery", chosen)
    done = await transact(partial(place, ready, CUSTOMER, "checkout"))
    if paid:
        await transact(partial(add_money, done.id, paid, channel="bank", source="test"))
    elif ready.pay_type is PayType.COD:
        await move(done.number, S.CONFIRMED)
    return await Order.get(id=done.id)


async def move(number: str, *to: OrderStatus, **details: Any) -> None:
    """Staff move an order."""
    for status in to:
        await transact(partial(change_status, number, status, STAFF, "test", **details))


async def status_of(order: Order) -> OrderStatus:
    return (await Order.get(id=order.id)).status


async def made(line: Line, order: Order, settings: Settings) -> ShipmentView:
    """The waybill of an order, as staff make it."""
    return await make_waybill(order.number, STAFF, line.carrier(), settings.shop)


async def work(line: Line | None, settings: Settings) -> None:
    """The worker does what is owed."""
    await working.work(settings, Adapters(carrier=line.carrier() if line else None))


async def locker(**more: Any) -> Point:
    return await a_point("Львів", PointKind.LOCKER, **more)
