"""Waybills for staff programs. What was done is audited when it is done: the carrier is asked outside transactions."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.web.access import Audit, account_of, requires
from commerce_api.foundation.web.carried import port_of, settings_of
from commerce_api.foundation.web.idempotency import Answer, IdempotencyKey, IdempotencyMismatch, attempt, keep, kept
from commerce_api.foundation.web.openapi import FromHeader, Operations, api
from commerce_api.shop.dispatch import errors
from commerce_api.shop.dispatch.schemas import ShipmentOut
from commerce_api.shop.dispatch.waybills import make_waybill, void_waybill
from commerce_api.shop.orders.api import STAFF
from commerce_api.shop.orders.errors import OrderUnknown
from commerce_api.shop.orders.queries import order_by_number
from commerce_api.shop.orders.schemas import OrderNumber
from commerce_api.shop.orders.status import Actor, Who
from commerce_api.shop.shipping import shipments
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.errors import NoCarrier, ParcelTooBig

MAKING = (
    OrderUnknown,
    NoCarrier,
    errors.WaybillNotNow,
    errors.WaybillInProgress,
    errors.WaybillRefused,
    errors.DeliveryUnresolved,
    errors.CashNotTaken,
    ParcelTooBig,
    errors.CarrierSilent,
    IdempotencyMismatch,
)
TAKING_BACK = (
    OrderUnknown,
    NoCarrier,
    errors.NoWaybill,
    errors.WaybillInProgress,
    errors.WaybillTravels,
    errors.WaybillRefused,
    errors.CarrierSilent,
)


def carrier_of(request: Request) -> Carrier:
    """The carrier of this shop. Raises NoCarrier."""
    carrier = port_of(request, Carrier)
    if carrier is None:
        raise NoCarrier()
    return carrier


async def make_noted(request: Request, number: str, audit: Audit) -> ShipmentOut:
    """Make an order's waybill, or find the one it has, and note it."""
    account = account_of(request)
    made = await make_waybill(number, Actor(Who.STAFF, account.id), carrier_of(request), settings_of(request).shop)
    changes: Mapping[str, object] = {"waybill": made.waybill, "cash": made.cash}
    await transact(partial(audit, account.id, "waybill.make", number, changes))
    return ShipmentOut.of(made)


async def void_noted(request: Request, number: str, audit: Audit) -> None:
    """Take an order's waybill back and note it."""
    account = account_of(request)
    await void_waybill(number, carrier_of(request), str(Actor(Who.STAFF, account.id)))
    await transact(partial(audit, account.id, "waybill.void", number, {}))


def operations(audit: Audit) -> Operations:
    """The calls of this room, all of them for staff; what they do is written down with `audit`."""

    @api(
        "POST",
        "/api/v1/staff/orders/{number}/waybill",
        summary="Make the waybill of an order",
        status=201,
        errors=MAKING,
        tag="staff",
    )
    @requires(*STAFF)
    async def make(
        request: Request, number: OrderNumber, key: Annotated[IdempotencyKey, FromHeader("Idempotency-Key")]
    ) -> ShipmentOut:
        """The one that it has, where it has one: however often this is called, there is one. The same key gives the
        same answer, also when the waybill was taken back since."""
        tried = attempt(key, f"staff:{account_of(request).id}", {"waybill": number})
        told = await kept(tried)
        if told is None:
            made = await make_noted(request, number, audit)
            told = await keep(tried, Answer(201, made.model_dump(mode="json")))
        return ShipmentOut.model_validate(told.body)

    @api(
        "GET",
        "/api/v1/staff/orders/{number}/waybill",
        summary="The parcel of an order",
        errors=(OrderUnknown, errors.NoWaybill),
        tag="staff",
    )
    @requires(*STAFF)
    async def read(request: Request, number: OrderNumber) -> ShipmentOut:
        """With the carrier's last words."""
        found = await shipments.open_of((await order_by_number(number)).id)
        if found is None:
            raise errors.NoWaybill(number=number)
        return ShipmentOut.of(found)

    @api(
        "DELETE",
        "/api/v1/staff/orders/{number}/waybill",
        summary="Take the waybill of an order back",
        errors=TAKING_BACK,
        tag="staff",
    )
    @requires(*STAFF)
    async def take_back(request: Request, number: OrderNumber) -> None:
        """While the parcel was not handed over."""
        await void_noted(request, number, audit)

    return (make, read, take_back)
