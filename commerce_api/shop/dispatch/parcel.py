"""What of an order goes on a waybill: where to, how heavy, worth how much, and what the receiver pays (rules.md 6)."""

from typing import Final

from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.dispatch.errors import CashNotTaken, DeliveryUnresolved, WaybillNotNow
from commerce_api.shop.orders.queries import OrderView
from commerce_api.shop.orders.status import OrderStatus
from commerce_api.shop.payments.queries import refunds_of
from commerce_api.shop.payments.status import RefundReason, RefundStatus
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping import directory
from commerce_api.shop.shipping.carrier import Box, WaybillAsk
from commerce_api.shop.shipping.directory import CityRow, Point
from commerce_api.shop.shipping.errors import ParcelTooBig
from commerce_api.shop.shipping.parcels import box_of
from commerce_api.shop.shipping.states import PointKind

READY: Final = frozenset({OrderStatus.CONFIRMED, OrderStatus.PACKED})
"""Statuses in which a waybill is made, or its label printed once more."""
CORRECTIONS: Final = frozenset({RefundReason.EDITED, RefundReason.TOO_MUCH})
ABOUT: Final = "Одяг"
"""What the carrier writes as the contents; what it is exactly is nobody's business on the way."""


def declared(order: OrderView) -> int:
    """The worth of the goods as they were paid (kopiyky): what the carrier answers for."""
    return order.gross - order.discount


async def owed(order: OrderView) -> int:
    """What the carrier collects from the receiver (kopiyky): all that was not paid yet.

    What staff gave back is not collected at the door again, unless all of it went back: then nothing was paid. What
    went back because it was too much never paid for anything.
    """
    if order.refunded == order.paid:
        return order.payable
    back = await refunds_of(order.id) if order.refunded else []
    too_much = sum(one.amount for one in back if one.status is RefundStatus.DONE and one.reason in CORRECTIONS)
    return max(0, order.payable - order.paid + too_much)


async def wanted(order: OrderView, shop: ShopSettings, reference: str = "") -> WaybillAsk:
    """The waybill that the order wants now; branches are looked at anew, for they close and change their limits.

    Raises WaybillNotNow, DeliveryUnresolved, ParcelTooBig, CashNotTaken.
    """
    if order.status not in READY:
        raise WaybillNotNow(number=order.number, status=order.status.value)
    box, cash = await box_of((line.product, line.quantity) for line in order.lines), await owed(order)
    by_courier = order.delivery_kind is DeliveryKind.COURIER
    place = await _courier_city(order) if by_courier else await _point(order)
    if isinstance(place, Point):
        check_point(place, box, declared(order), cash, shop)
    return WaybillAsk(
        reference=reference,
        kind=place.delivery if isinstance(place, Point) else DeliveryKind.COURIER,
        city_ref=place.city_ref if isinstance(place, Point) else place.ref,
        city=place.city if isinstance(place, Point) else place.name,
        area=place.area,
        branch_ref=place.ref if isinstance(place, Point) else "",
        address="" if isinstance(place, Point) else order.branch,
        name=order.name,
        phone=order.phone,
        box=box,
        declared=declared(order),
        cash=cash,
        payment_control=shop.payment_control,
        about=ABOUT,
    )


def check_point(point: Point, box: Box, worth: int, cash: int, shop: ShopSettings) -> None:
    """Whether a point takes the parcel. Raises ParcelTooBig, CashNotTaken."""
    against = point.limits.against(box)
    if against is None and point.kind is PointKind.LOCKER and worth > shop.locker_limit:
        against = "worth"
    if against:
        raise ParcelTooBig({"branch": f"errors.parcel_too_big_{against}"}, reason=against)
    if cash and not point.cash:
        raise CashNotTaken(branch=point.name)


async def _point(order: OrderView) -> Point:
    point = await directory.point_by_ref(order.branch_ref) if order.branch_ref else None
    point = point or (None if order.branch_ref else await directory.meant_by(order.city, order.branch))
    if point is None:
        raise DeliveryUnresolved(number=order.number, city=order.city, branch=order.branch)
    return point


async def _courier_city(order: OrderView) -> CityRow:
    """The city of the directory, or the words that were typed: a courier is sent to words."""
    city = await directory.city_by_ref(order.city_ref) if order.city_ref else None
    return city or CityRow(order.city_ref, order.city, "", 0)
