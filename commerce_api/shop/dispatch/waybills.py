"""Waybills of orders: made once whoever asks, looked up before they are made again, taken back whole.

These are edges. The carrier is asked outside transactions, between two of ours: the intent is stored before, the result
after. It knows no repeats, so an intent without a result is looked for among its documents first.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from commerce_api.foundation import telemetry
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.events import WaybillMade
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.service import record
from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.dispatch import parcel
from commerce_api.shop.dispatch.errors import (
    CarrierSilent,
    NoWaybill,
    WaybillInProgress,
    WaybillNotNow,
    WaybillRefused,
    WaybillTravels,
)
from commerce_api.shop.orders.payment import hold
from commerce_api.shop.orders.queries import OrderView, order_by_number
from commerce_api.shop.orders.status import Actor
from commerce_api.shop.shipping import shipments
from commerce_api.shop.shipping.carrier import Carrier, CarrierFailed, CarrierRefused, Waybill, WaybillAsk
from commerce_api.shop.shipping.codes import ParcelState
from commerce_api.shop.shipping.shipments import ShipmentView
from commerce_api.shop.shipping.states import ShipmentState

LOOK_BACK: Final = timedelta(days=1)
"""A document may carry the day before: the carrier and we need not agree about midnight."""

log = telemetry.logger(__name__)


async def make_waybill(number: str, actor: Actor, carrier: Carrier, shop: ShopSettings) -> ShipmentView:
    """The waybill of an order: the one it has, or a new one.

    Raises OrderUnknown, what `parcel.wanted` raises, WaybillInProgress, WaybillRefused, CarrierSilent.
    """
    order = await order_by_number(number)
    ask = await parcel.wanted(order, shop)
    shipment, new = await transact(partial(_intend, order, ask, actor))
    if shipment.state is ShipmentState.MADE:
        return shipment
    if not new and not await transact(partial(shipments.take_up, shipment.id)):
        raise WaybillInProgress(number=number)
    waybill = await _from_carrier(carrier, shipment, replace(ask, reference=shipment.reference), look_first=not new)
    return await _keep(carrier, shipment, waybill)


async def _intend(order: OrderView, ask: WaybillAsk, actor: Actor) -> tuple[ShipmentView, bool]:
    """Store the intent, under the order's lock: who pays or edits it comes before, and is on the waybill, or after, and
    sees it."""
    await hold(order.id)
    if await order_by_number(order.number) != order:
        raise WaybillInProgress(number=order.number)
    return await shipments.want(order.id, order.number, ask.declared, ask.cash, str(actor))


async def _from_carrier(carrier: Carrier, shipment: ShipmentView, ask: WaybillAsk, *, look_first: bool) -> Waybill:
    looking = look_first
    try:
        found = await _found(carrier, shipment) if look_first else []
        looking = False
        return found[0] if found else await carrier.make_waybill(ask)
    except CarrierRefused as refused:
        # A look that was refused tells as little as one that failed: what was made before may still be there.
        end = shipments.unanswered if looking else shipments.failed
        await transact(partial(end, shipment.id, str(refused)))
        raise WaybillRefused(carrier_code=refused.code, carrier_text=refused.text) from refused
    except CarrierFailed as failure:
        end = shipments.unanswered if look_first or failure.may_have_worked else shipments.failed
        await transact(partial(end, shipment.id, failure.outcome))
        raise CarrierSilent(retry_after=60) from failure


async def _found(carrier: Carrier, shipment: ShipmentView) -> list[Waybill]:
    """What the carrier has under our reference: the first is kept, any other taken back."""
    day = (shipment.created_at - LOOK_BACK).astimezone(clock.KYIV).date()
    found = list(await carrier.find_waybills(shipment.reference, day))
    for extra in found[1:]:
        await carrier.delete_waybill(extra.ref)
    return found[:1]


async def _keep(carrier: Carrier, shipment: ShipmentView, waybill: Waybill) -> ShipmentView:
    """Write down what the carrier made. When we cannot, or the order does not want it any more, it is taken back."""
    try:
        made = await transact(partial(_note_made, shipment, waybill))
    except Exception:
        await _take_back(carrier, waybill.ref)
        raise
    order = await order_by_number(shipment.order_number)
    if order.status not in parcel.READY:
        await _void(carrier, made, "order moved meanwhile")
        raise WaybillNotNow(number=order.number, status=order.status.value)
    return made


async def _note_made(shipment: ShipmentView, waybill: Waybill) -> ShipmentView:
    made = await shipments.made(shipment.id, waybill)
    await record(WaybillMade(order_id=shipment.order_id, number=shipment.order_number, shipment_id=shipment.id))
    return made


async def _take_back(carrier: Carrier, ref: str) -> None:
    try:
        await carrier.delete_waybill(ref)
    except (CarrierFailed, CarrierRefused) as error:
        # The intent is still there: the next try finds the document and keeps it.
        log.warning("waybill_left_behind", cause=str(error))


async def void_waybill(number: str, carrier: Carrier, reason: str) -> None:
    """Take an order's waybill back, while the parcel was not handed over.

    Raises OrderUnknown, NoWaybill, WaybillInProgress, WaybillTravels, WaybillRefused, CarrierSilent.
    """
    order = await order_by_number(number)
    shipment = await shipments.open_of(order.id)
    if shipment is None:
        raise NoWaybill(number=number)
    if shipment.in_flight:
        raise WaybillInProgress(number=number)
    if shipment.parcel is not ParcelState.MADE:
        raise WaybillTravels(number=number, waybill=shipment.waybill)
    await _void(carrier, shipment, reason)


async def _void(carrier: Carrier, shipment: ShipmentView, reason: str) -> None:
    try:
        refs = [shipment.ref] if shipment.ref else [one.ref for one in await _found(carrier, shipment)]
        for ref in refs:
            await carrier.delete_waybill(ref)
    except CarrierRefused as refused:
        raise WaybillRefused(carrier_code=refused.code, carrier_text=refused.text) from refused
    except CarrierFailed as failure:
        raise CarrierSilent(retry_after=60) from failure
    await transact(partial(shipments.void, shipment.id, reason))


async def label_of(number: str, carrier: Carrier) -> tuple[str, bytes]:
    """The waybill's number and its label as PDF, fetched by us: the carrier's key stands in its address.

    Raises OrderUnknown, NoWaybill, WaybillRefused, CarrierSilent.
    """
    order: OrderView = await order_by_number(number)
    shipment = await shipments.open_of(order.id)
    if shipment is None or shipment.state is not ShipmentState.MADE:
        raise NoWaybill(number=number)
    try:
        return shipment.waybill, await carrier.label(shipment.ref)
    except CarrierRefused as refused:
        raise WaybillRefused(carrier_code=refused.code, carrier_text=refused.text) from refused
    except CarrierFailed as failure:
        raise CarrierSilent(retry_after=60) from failure
