"""Orders follow their parcels, money follows the carrier's codes, and waybills follow their orders."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import Delivery, OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.dispatch.errors import NoCashOwed
from commerce_api.shop.dispatch.moves import cash_arrived
from commerce_api.shop.orders.models import Order, StatusChange
from commerce_api.shop.orders.status import CancelReason, PaymentStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.shipping.models import Shipment
from commerce_api.shop.shipping.states import CashState, Direction, ShipmentState
from commerce_api.shop.shipping.tracking import track
from tests.commerce_api.shop.dispatch.builders import S, an_order, made, move, status_of, work
from tests.commerce_api.shop.orders.builders import STAFF
from tests.commerce_api.shop.shipping.builders import Line, later, mirrored

pytestmark = pytest.mark.anyio


@pytest.fixture
async def line(sqlite_database: Settings) -> Line:
    return await mirrored()


async def followed(line: Line, settings: Settings) -> None:
    """The calendar asks the carrier, and the worker does what follows."""
    await track(line.carrier(), eager=True)
    await work(line, settings)


async def test_an_order_goes_where_its_parcel_goes_and_is_paid_by_the_carriers_cash(
    line: Line, sqlite_database: Settings
) -> None:
    order = await an_order(stock={"M": 5})
    await move(order.number, S.PACKED)
    waybill = await made(line, order, sqlite_database)
    seen = []
    for push in ("next", "next", "next", "next"):
        line.pushed(waybill.waybill, push)
        await followed(line, sqlite_database)
        now = await Order.get(id=order.id)
        seen.append((line.depot.documents[waybill.waybill].code, now.status, now.payment_status, now.paid))

    assert seen == [
        ("5", S.SHIPPED, PaymentStatus.UNPAID, 0),
        ("7", S.SHIPPED, PaymentStatus.UNPAID, 0),
        ("10", S.DELIVERED, PaymentStatus.UNPAID, 0),
        ("11", S.DELIVERED, PaymentStatus.PAID, 97_000),
    ]
    assert (await Shipment.get()).cash_state is CashState.SETTLED
    assert (await Shipment.get()).next_poll_at is None
    actors = {step.actor for step in await StatusChange.filter(order_id=order.id, new__in=["shipped", "delivered"])}
    assert actors == {"carrier"}
    assert (await Sku.get()).stock == 4


async def test_a_prepaid_order_becomes_paid_by_what_the_carrier_brings(line: Line, sqlite_database: Settings) -> None:
    order = await an_order(pay_type=PayType.PREPAY_200, paid=20_000)
    waybill = await made(line, order, sqlite_database)
    line.pushed(waybill.waybill, "next", "next", "next", "next")
    await followed(line, sqlite_database)

    now = await Order.get(id=order.id)
    assert (now.status, now.payment_status, now.paid) == (S.DELIVERED, PaymentStatus.PAID, 97_000)


async def test_an_order_paid_online_owes_the_carrier_nothing(line: Line, sqlite_database: Settings) -> None:
    order = await an_order(pay_type=PayType.ONLINE_FULL, paid=97_000)
    waybill = await made(line, order, sqlite_database)
    line.pushed(waybill.waybill, "next", "next", "next")
    await followed(line, sqlite_database)

    now = await Order.get(id=order.id)
    assert (now.status, now.payment_status, now.paid) == (S.DELIVERED, PaymentStatus.PAID, 97_000)
    assert (await Shipment.get()).cash_state is CashState.NONE


async def test_a_refused_parcel_makes_a_refused_order_and_its_return_puts_the_goods_back(
    line: Line, sqlite_database: Settings
) -> None:
    order = await an_order(stock={"M": 5}, quantity=2)
    waybill = await made(line, order, sqlite_database)
    line.pushed(waybill.waybill, "next", "next", "refuse")
    await followed(line, sqlite_database)
    assert await status_of(order) is S.REFUSED
    assert (await Sku.get()).stock == 3
    back = await Shipment.get(direction=Direction.BACK)

    line.pushed(back.waybill, "next", "next")
    await followed(line, sqlite_database)

    assert await status_of(order) is S.RETURNED
    assert (await Sku.get()).stock == 5
    now = await Order.get(id=order.id)
    assert (now.paid, now.payment_status) == (0, PaymentStatus.UNPAID)


async def test_an_unknown_code_moves_no_order(line: Line, sqlite_database: Settings) -> None:
    order = await an_order()
    waybill = await made(line, order, sqlite_database)
    line.depot.documents[waybill.waybill].own = "777"
    await followed(line, sqlite_database)

    assert await status_of(order) is S.CONFIRMED
    assert (await Shipment.get()).code == "777"


async def test_what_the_carrier_says_twice_happens_once(line: Line, sqlite_database: Settings) -> None:
    order = await an_order()
    waybill = await made(line, order, sqlite_database)
    line.pushed(waybill.waybill, "next", "next", "next", "next")
    await followed(line, sqlite_database)
    events = await OutboxEvent.filter(name="ParcelMoved").order_by("id")
    for event in events:
        await OutboxEvent.create(name=event.name, payload=event.payload, created_at=clock.now())

    await work(line, sqlite_database)

    assert (await Order.get(id=order.id)).paid == 97_000


async def test_a_parcel_that_disagrees_with_its_order_moves_nothing_and_stops_nobody(
    line: Line, sqlite_database: Settings
) -> None:
    order = await an_order()
    waybill = await made(line, order, sqlite_database)
    await Order.filter(id=order.id).update(status=S.CANCELLED)
    line.pushed(waybill.waybill, "next")
    await followed(line, sqlite_database)

    assert await status_of(order) is S.CANCELLED
    assert await Delivery.filter(state="dead").count() == 0


async def test_a_waybill_that_somebody_deleted_at_the_carriers_frees_the_order_for_another(
    line: Line, sqlite_database: Settings
) -> None:
    order = await an_order()
    waybill = await made(line, order, sqlite_database)
    line.depot.remove(waybill.waybill)
    await followed(line, sqlite_database)

    assert (await Shipment.get()).state is ShipmentState.VOID
    assert [row.payload["reason"] for row in await OutboxEvent.filter(name="WaybillDead")] == ["removed"]
    assert (await made(line, order, sqlite_database)).attempt == 2


async def test_packed_orders_get_their_waybill_where_the_shop_wants_that(line: Line, sqlite_database: Settings) -> None:
    settings = replace(sqlite_database, shop=replace(sqlite_database.shop, waybill_on_packed=True))
    order, other = await an_order(), await an_order()
    await move(order.number, S.PACKED)
    await work(line, settings)
    await move(other.number, S.PACKED)
    await work(line, sqlite_database)

    assert [row.order_id for row in await Shipment.all()] == [order.id]
    assert len(line.depot.documents) == 1


async def test_a_silent_carrier_is_asked_again_by_the_outbox(line: Line, sqlite_database: Settings) -> None:
    settings = replace(sqlite_database, shop=replace(sqlite_database.shop, waybill_on_packed=True))
    order = await an_order()
    await move(order.number, S.PACKED)
    line.broken["*"] = "silent"
    await work(line, settings)
    assert len(line.depot.documents) == 0
    line.broken.clear()

    await Delivery.filter(handler="dispatch.order_moved").update(available_at=clock.now() - timedelta(seconds=1))
    with later(minutes=5):
        await work(line, settings)

    assert (await Shipment.filter(state=ShipmentState.MADE).get()).order_id == order.id


async def test_what_no_repeat_can_mend_is_told_to_staff_once(line: Line, sqlite_database: Settings) -> None:
    settings = replace(sqlite_database, shop=replace(sqlite_database.shop, waybill_on_packed=True))
    order = await an_order()
    await Order.filter(id=order.id).update(city="Львів", branch="біля вокзалу", branch_ref="")
    await move(order.number, S.PACKED)
    await work(line, settings)

    dead = await OutboxEvent.filter(name="WaybillDead")
    assert [(row.payload["order_id"], row.payload["reason"]) for row in dead] == [(order.id, "delivery_unresolved")]


async def test_a_cancelled_order_loses_its_waybill(line: Line, sqlite_database: Settings) -> None:
    order = await an_order()
    waybill = await made(line, order, sqlite_database)
    await move(order.number, S.CANCELLED, reason=CancelReason.CUSTOMER_ASKED)
    await work(line, sqlite_database)

    assert line.depot.documents[waybill.waybill].code == "2"
    assert (await Shipment.get()).state is ShipmentState.VOID


async def test_without_a_carrier_nothing_is_owed(line: Line, sqlite_database: Settings) -> None:
    order = await an_order()
    await move(order.number, S.CANCELLED, reason=CancelReason.CUSTOMER_ASKED)
    await work(None, sqlite_database)

    assert await Delivery.filter(state="dead").count() == 0


async def test_staff_book_the_money_that_no_code_tells_of_once(line: Line, sqlite_database: Settings) -> None:
    order = await an_order()
    waybill = await made(line, order, sqlite_database)
    with pytest.raises(NoCashOwed):
        await transact(partial(cash_arrived, waybill.id, STAFF, "виписка 17"))
    line.pushed(waybill.waybill, "next", "next", "next")
    await followed(line, sqlite_database)

    await transact(partial(cash_arrived, waybill.id, STAFF, "виписка 17"))
    with pytest.raises(NoCashOwed):
        await transact(partial(cash_arrived, waybill.id, STAFF, "виписка 17"))
    line.pushed(waybill.waybill, "next")
    await followed(line, sqlite_database)

    now = await Order.get(id=order.id)
    assert (now.paid, now.payment_status) == (97_000, PaymentStatus.PAID)
