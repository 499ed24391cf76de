"""A waybill is made once, whoever asks and whatever is lost on the way."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.shop.dispatch import parcel
from commerce_api.shop.dispatch.errors import (
    CarrierSilent,
    CashNotTaken,
    DeliveryUnresolved,
    NoWaybill,
    WaybillInProgress,
    WaybillNotNow,
    WaybillRefused,
    WaybillTravels,
)
from commerce_api.shop.dispatch.waybills import label_of, make_waybill, void_waybill
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.payment import add_money
from commerce_api.shop.orders.status import CancelReason, OrderStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.shipping import shipments
from commerce_api.shop.shipping.carrier import WaybillAsk
from commerce_api.shop.shipping.errors import ParcelTooBig
from commerce_api.shop.shipping.models import Branch, Shipment
from commerce_api.shop.shipping.states import ShipmentState
from tests.commerce_api.shop.dispatch.builders import S, an_order, locker, made, move
from tests.commerce_api.shop.orders.builders import STAFF
from tests.commerce_api.shop.shipping.builders import SETTINGS, Line, later, mirrored

pytestmark = pytest.mark.anyio


@pytest.fixture
async def line(database: Settings) -> Line:
    return await mirrored()


@pytest.fixture
async def one_line(sqlite_database: Settings) -> Line:
    return await mirrored()


async def test_a_waybill_declares_the_goods_and_collects_what_is_owed(
    one_line: Line, sqlite_database: Settings
) -> None:
    order = await an_order(quantity=2)

    waybill = await made(one_line, order, sqlite_database)

    sent = one_line.depot.documents[waybill.waybill].asked
    assert (sent["Cost"], sent["AfterpaymentOnGoodsCost"]) == ("1780", "1860")
    assert (sent["Weight"], sent["OptionsSeat"][0]["volumetricHeight"]) == ("0.490", "8")
    assert (sent["RecipientAddress"], sent["CityRecipient"]) == (order.branch_ref, order.city_ref)
    assert sent["InfoRegClientBarcodes"] == f"{order.number}-1"
    assert [row.payload["shipment_id"] for row in await OutboxEvent.filter(name="WaybillMade")] == [waybill.id]


async def test_what_was_paid_is_not_collected_again(one_line: Line, sqlite_database: Settings) -> None:
    whole = await an_order(pay_type=PayType.ONLINE_FULL, paid=97_000)
    part = await an_order(pay_type=PayType.PREPAY_200, paid=20_000)

    waybills_ = [await made(one_line, order, sqlite_database) for order in (whole, part)]

    asked = [one_line.depot.documents[one.waybill].asked.get("AfterpaymentOnGoodsCost") for one in waybills_]
    assert asked == [None, "770"]
    assert [one.cash for one in waybills_] == [0, 77_000]


async def test_two_staff_members_who_make_one_waybill_make_one(line: Line, database: Settings) -> None:
    order = await an_order()

    answers = await asyncio.gather(*(made(line, order, database) for _ in range(4)), return_exceptions=True)

    assert len(line.depot.documents) == 1
    assert await Shipment.all().count() == 1
    assert all(isinstance(one, WaybillInProgress) or not isinstance(one, BaseException) for one in answers), answers
    again = await made(line, order, database)
    assert again.waybill in line.depot.documents
    assert len(line.depot.documents) == 1


@pytest.mark.parametrize("fault", ["lost", "html", "wrong"])
async def test_after_a_lost_reply_the_document_is_found_and_not_made_again(
    one_line: Line, sqlite_database: Settings, fault: str
) -> None:
    order = await an_order()
    one_line.broken["save"] = fault
    with pytest.raises(CarrierSilent):
        await made(one_line, order, sqlite_database)
    assert (await Shipment.get()).state is ShipmentState.UNKNOWN
    one_line.broken.clear()

    waybill = await made(one_line, order, sqlite_database)

    assert waybill.state is ShipmentState.MADE
    assert len(one_line.depot.documents) == 1


async def test_nothing_is_made_while_the_look_for_it_fails(one_line: Line, sqlite_database: Settings) -> None:
    order = await an_order()
    one_line.broken["save"] = "lost"
    with pytest.raises(CarrierSilent):
        await made(one_line, order, sqlite_database)
    one_line.broken = {"getDocumentList": "silent"}

    with pytest.raises(CarrierSilent):
        await made(one_line, order, sqlite_database)

    assert one_line.asked.count("save") == 1
    assert (await Shipment.get()).state is ShipmentState.UNKNOWN


async def test_nothing_is_made_after_a_look_for_it_was_refused(one_line: Line, sqlite_database: Settings) -> None:
    order = await an_order()
    one_line.broken["save"] = "lost"
    with pytest.raises(CarrierSilent):
        await made(one_line, order, sqlite_database)
    one_line.broken.clear()

    wrong_key = one_line.carrier(replace(SETTINGS, api_key="withdrawn"))
    with pytest.raises(WaybillRefused):
        await make_waybill(order.number, STAFF, wrong_key, sqlite_database.shop)

    assert (await Shipment.get()).state is ShipmentState.UNKNOWN
    waybill = await made(one_line, order, sqlite_database)
    assert list(one_line.depot.documents) == [waybill.waybill]


async def test_two_documents_under_one_reference_become_one(one_line: Line, sqlite_database: Settings) -> None:
    order = await an_order()
    one_line.broken["save"] = "lost"
    with pytest.raises(CarrierSilent):
        await made(one_line, order, sqlite_database)
    first = next(iter(one_line.depot.documents.values()))
    one_line.depot.make(first.asked, locker=False, cash=True)
    one_line.broken.clear()

    waybill = await made(one_line, order, sqlite_database)

    assert waybill.waybill == first.number
    assert [one.code for one in one_line.depot.all()] == ["2", "1"]


async def test_an_intent_whose_caller_died_is_taken_up_after_a_while(one_line: Line, sqlite_database: Settings) -> None:
    order = await an_order()
    await transact(partial(shipments.want, order.id, order.number, 89_000, 97_000, "staff:7"))
    with pytest.raises(WaybillInProgress):
        await made(one_line, order, sqlite_database)

    with later(minutes=2):
        waybill = await made(one_line, order, sqlite_database)

    assert waybill.waybill in one_line.depot.documents
    assert one_line.asked[0] == "getDocumentList"


async def test_a_document_that_we_cannot_write_down_is_taken_back(
    one_line: Line, sqlite_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await an_order()

    async def broken(*_: Any) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(shipments, "made", broken)
        with pytest.raises(OSError, match="disk"):
            await made(one_line, order, sqlite_database)

    assert [one.code for one in one_line.depot.all()] == ["2"]
    with later(minutes=2):
        await made(one_line, order, sqlite_database)
    assert [one.code for one in one_line.depot.all()] == ["1", "2"]


async def test_an_order_that_was_cancelled_meanwhile_keeps_no_waybill(
    one_line: Line, sqlite_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await an_order()
    carrier = one_line.carrier()
    ask = carrier.make_waybill

    async def and_meanwhile(*args: Any) -> Any:
        await move(order.number, S.CANCELLED, reason=CancelReason.CUSTOMER_ASKED)
        return await ask(*args)

    monkeypatch.setattr(carrier, "make_waybill", and_meanwhile)
    with pytest.raises(WaybillNotNow):
        await make_waybill(order.number, STAFF, carrier, sqlite_database.shop)

    assert [one.code for one in one_line.depot.all()] == ["2"]
    assert (await Shipment.get()).state is ShipmentState.VOID


async def test_a_refusal_is_told_in_the_carriers_words_and_another_try_is_free(
    one_line: Line, sqlite_database: Settings
) -> None:
    order = await an_order()
    await Order.filter(id=order.id).update(phone="+38")
    with pytest.raises(WaybillRefused) as refused:
        await made(one_line, order, sqlite_database)
    await Order.filter(id=order.id).update(phone="+380671234567")

    waybill = await made(one_line, order, sqlite_database)

    assert refused.value.details["carrier_code"] == "20000300434"
    assert (waybill.attempt, (await Shipment.get(attempt=1)).state) == (2, ShipmentState.FAILED)


async def test_typed_words_are_sent_when_they_can_mean_one_point_and_else_staff_are_asked(
    one_line: Line, sqlite_database: Settings
) -> None:
    clear, vague = await an_order(), await an_order()
    await Order.filter(id=clear.id).update(city="львів", branch="відд. 12", branch_ref="", city_ref="")
    await Order.filter(id=vague.id).update(city="Львів", branch="біля вокзалу", branch_ref="", city_ref="")

    waybill = await made(one_line, clear, sqlite_database)
    with pytest.raises(DeliveryUnresolved):
        await made(one_line, vague, sqlite_database)

    sent = one_line.depot.documents[waybill.waybill].asked["RecipientAddress"]
    assert (await Branch.get(ref=sent)).number == 12


async def test_a_point_that_closed_or_is_too_small_or_takes_no_cash_is_told_before_the_carrier_is_asked(
    one_line: Line, sqlite_database: Settings
) -> None:
    box = await locker()
    closed, big, cash = await an_order(), await an_order(to=box, quantity=16), await an_order(to=box)
    await Branch.filter(ref=closed.branch_ref).update(open=False)
    await Order.filter(id=cash.id).update(branch_ref=(await locker(cash=False)).ref)

    for order, error in ((closed, DeliveryUnresolved), (big, ParcelTooBig), (cash, CashNotTaken)):
        with pytest.raises(error):
            await made(one_line, order, sqlite_database)

    assert one_line.asked == []
    assert await Shipment.all().count() == 0


@pytest.mark.parametrize("status", [S.NEW, S.SHIPPED, S.CANCELLED])
async def test_only_orders_that_are_ready_get_a_waybill(
    one_line: Line, sqlite_database: Settings, status: OrderStatus
) -> None:
    order = await an_order()
    await Order.filter(id=order.id).update(status=status)

    with pytest.raises(WaybillNotNow):
        await made(one_line, order, sqlite_database)


async def test_a_waybill_is_taken_back_while_the_parcel_is_here_and_not_later(
    one_line: Line, sqlite_database: Settings
) -> None:
    order = await an_order()
    waybill = await made(one_line, order, sqlite_database)
    one_line.pushed(waybill.waybill, "next")
    with pytest.raises(WaybillRefused):
        await void_waybill(order.number, one_line.carrier(), "staff:7")
    await Shipment.filter(id=waybill.id).update(parcel="moving")
    with pytest.raises(WaybillTravels):
        await void_waybill(order.number, one_line.carrier(), "staff:7")
    other = await an_order()
    second = await made(one_line, other, sqlite_database)

    await void_waybill(other.number, one_line.carrier(), "staff:7")

    assert one_line.depot.documents[second.waybill].code == "2"
    with pytest.raises(NoWaybill):
        await void_waybill(other.number, one_line.carrier(), "staff:7")
    assert (await made(one_line, other, sqlite_database)).attempt == 2


async def test_a_taking_back_that_was_lost_is_done_again_without_harm(
    one_line: Line, sqlite_database: Settings
) -> None:
    order = await an_order()
    await made(one_line, order, sqlite_database)
    one_line.broken["delete"] = "lost"
    with pytest.raises(CarrierSilent):
        await void_waybill(order.number, one_line.carrier(), "staff:7")
    one_line.broken.clear()

    await void_waybill(order.number, one_line.carrier(), "staff:7")

    assert (await Shipment.get()).state is ShipmentState.VOID


async def test_a_label_is_a_pdf_that_we_fetched(one_line: Line, sqlite_database: Settings) -> None:
    order = await an_order()
    with pytest.raises(NoWaybill):
        await label_of(order.number, one_line.carrier())
    waybill = await made(one_line, order, sqlite_database)

    number, pdf = await label_of(order.number, one_line.carrier())

    assert number == waybill.waybill
    assert number.encode() in pdf
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert (await label_of(order.number, one_line.carrier()))[1] == pdf


async def test_an_order_that_is_paid_while_its_waybill_begins_gets_none_that_collects_it(
    one_line: Line, sqlite_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await an_order()
    reckon = parcel.wanted

    async def paid_meanwhile(*asked: Any) -> WaybillAsk:
        ask = await reckon(*asked)
        await transact(partial(add_money, order.id, order.payable, channel="bank", source="test"))
        return ask

    monkeypatch.setattr(parcel, "wanted", paid_meanwhile)
    with pytest.raises(WaybillInProgress):
        await made(one_line, order, sqlite_database)
    monkeypatch.undo()

    assert (await made(one_line, order, sqlite_database)).cash == 0
