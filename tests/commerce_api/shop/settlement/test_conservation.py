"""Money that could be counted twice: by two channels, by one channel twice, or asked of somebody who has it back."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs
from tortoise.expressions import F

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.events import PaymentChanged
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.office.notifications.customer_handlers import payment_notice
from commerce_api.shop.dispatch.parcel import owed
from commerce_api.shop.orders import payment as order_money
from commerce_api.shop.orders import service as orders
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.queries import order_by_id
from commerce_api.shop.orders.status import CancelReason, OrderStatus
from commerce_api.shop.payments import refunds as refund_rows
from commerce_api.shop.payments.errors import NothingHeld
from commerce_api.shop.payments.gateway import BankState, BankStatus
from commerce_api.shop.payments.models import Payment, Refund
from commerce_api.shop.payments.status import AttemptStatus, RefundReason, RefundStatus
from commerce_api.shop.settlement.changes import order_changed, pay_on_receipt
from commerce_api.shop.settlement.holding import capture
from commerce_api.shop.settlement.polling import expire_unpaid, poll
from commerce_api.shop.settlement.refunds import order_refund, send_all, settle_refunds
from commerce_api.shop.settlement.service import ask
from commerce_api.shop.settlement.state import pay_state
from commerce_api.shop.shipping import shipments
from tests.commerce_api.shop.orders.builders import STAFF
from tests.commerce_api.shop.settlement.builders import (
    MINUTES,
    apply,
    attempt_for,
    desk,
    laws_hold,
    newest,
    order_to_pay,
    paid_order,
)

pytestmark = pytest.mark.anyio


async def test_money_that_comes_online_while_the_carrier_collects_it_goes_to_the_queue(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    attempt = await attempt_for(here, told)
    await transact(partial(pay_on_receipt, told.id, database.shop, "test"))
    await transact(partial(orders.confirm, told.number, STAFF, "test"))
    await transact(partial(shipments.want, told.id, told.number, told.payable, told.payable, "staff:1"))

    here.there.pay(attempt.invoice_id or "", "pay")
    await ask(here.gateway, attempt, "webhook")

    refund = await Refund.get()
    assert (refund.amount, refund.reason, refund.from_order) == (told.payable, RefundReason.LATE, False)
    assert (await Order.get()).paid == 0
    await laws_hold()


async def test_what_the_carrier_brings_beyond_what_is_owed_goes_to_the_queue_once(database: Settings) -> None:
    here = desk()
    told, _attempt = await paid_order(here)
    await transact(partial(order_money.add_money, told.id, told.payable, channel="carrier", source="test"))

    for _ in range(2):
        await here.outbox()

    refunds = await Refund.all()
    assert [(one.amount, one.reason) for one in refunds] == [(told.payable, RefundReason.TOO_MUCH)]


async def test_what_the_bank_takes_after_it_held_it_too_late_goes_back_once(database: Settings) -> None:
    here = desk(hold=True)
    told = await order_to_pay()
    attempt = await attempt_for(here, told)
    await transact(partial(orders.cancel, told.number, CancelReason.OTHER, STAFF, "test"))
    here.there.pay(attempt.invoice_id or "", "hold")
    await ask(here.gateway, attempt, "webhook")
    assert (await Refund.get()).amount == told.payable

    # somebody takes it in the bank's own cabinet
    await here.gateway.finalize(attempt.invoice_id or "", attempt.amount)
    await ask(here.gateway, attempt, "webhook")

    assert [one.amount for one in await Refund.all()] == [told.payable]
    await laws_hold()


async def test_held_money_keeps_its_order_for_days(sqlite_database: Settings) -> None:
    here = desk(hold=True)
    attempt = await attempt_for(here, await order_to_pay())
    here.there.pay(attempt.invoice_id or "", "hold")
    await ask(here.gateway, attempt, "webhook")

    with clock.frozen(clock.now() + timedelta(days=2)):
        assert await expire_unpaid(here.bank, MINUTES) == 0

    assert (await Order.get()).status is OrderStatus.NEW
    assert (await newest(attempt.order_id)).status is AttemptStatus.HOLD


async def test_held_money_that_the_bank_will_let_go_of_is_cried_out(
    sqlite_database: Settings,
) -> None:
    here = desk(hold=True)
    attempt = await attempt_for(here, await order_to_pay())
    here.there.pay(attempt.invoice_id or "", "hold")
    await ask(here.gateway, attempt, "webhook")

    with clock.frozen(clock.now() + timedelta(days=8, hours=1)), capture_logs() as lines:
        await poll(here.bank)

    assert "hold_ends_soon" in [line["event"] for line in lines]


async def test_a_page_that_the_bank_calls_open_long_after_its_end_is_closed(sqlite_database: Settings) -> None:
    here = desk()
    attempt = await attempt_for(here, await order_to_pay())

    class Stubborn:
        def __getattr__(self, name: str) -> Any:
            return getattr(here.gateway, name)

        async def check(self, invoice_id: str) -> BankState:
            return BankState(invoice_id, BankStatus.CREATED, attempt.amount, 980)

    with clock.frozen(attempt.expires_at + timedelta(hours=2)):
        await poll(replace(here.bank, gateway=Stubborn()))

    assert (await newest(attempt.order_id)).status is AttemptStatus.EXPIRED


async def test_nobody_is_asked_for_money_that_was_given_back(database: Settings) -> None:
    here = desk()
    told, _attempt = await paid_order(here)
    made = await transact(partial(order_refund, told.id, 10_000, "a stain", "staff:1"))
    await send_all(here.gateway, made, "test")
    order = await order_by_id(told.id)
    assert order.refunded == 10_000

    shown = await pay_state(order, here.bank, database.shop)

    assert not shown.can_pay
    assert shown.amount == 0
    assert await owed(order) == 0


async def test_what_the_bank_gives_back_of_a_second_payment_is_not_the_orders(database: Settings) -> None:
    here = desk()
    told, first = await paid_order(here)
    second = await Payment.create(
        order_id=told.id,
        reference=f"{told.number}-2",
        provider="monobank",
        amount=told.payable,
        basket=[],
        status=AttemptStatus.REMOVED,
        invoice_id="second",
        created_at=clock.now(),
        expires_at=clock.now(),
    )
    came = BankState("second", BankStatus.SUCCESS, told.payable, 980, final_amount=told.payable)
    await apply(told.id, second.id, came)
    assert (await Refund.get()).reason is RefundReason.SECOND

    await apply(told.id, second.id, replace(came, final_amount=told.payable - 100))

    assert (await Order.get()).refunded == 0
    assert first.credited == told.payable
    assert sorted([one.amount for one in await Refund.all()]) == [100, told.payable - 100]
    await laws_hold()


async def test_what_is_held_for_a_cancelled_order_is_not_taken(sqlite_database: Settings) -> None:
    here = desk(hold=True)
    told = await order_to_pay()
    attempt = await attempt_for(here, told)
    here.there.pay(attempt.invoice_id or "", "hold")
    await ask(here.gateway, attempt, "webhook")
    await transact(partial(orders.cancel, told.number, CancelReason.OTHER, STAFF, "test"))

    with pytest.raises(NothingHeld):
        await capture(here.bank, told.id, told.number, "office")

    assert here.wire.calls.count("finalize") == 0


async def test_what_went_back_because_it_was_too_much_is_collected_when_an_edit_asks_for_it_again(
    sqlite_database: Settings,
) -> None:
    here = desk()
    told, _attempt = await paid_order(here)
    await Order.filter(id=told.id).update(gross=F("gross") - 10_000, payable=F("payable") - 10_000, due_now=1)
    await transact(partial(order_changed, told.id))
    await send_all(here.gateway, [(await Refund.get()).id], "test")
    assert await owed(await order_by_id(told.id)) == 0

    await Order.filter(id=told.id).update(gross=F("gross") + 4_000, payable=F("payable") + 4_000)

    assert await owed(await order_by_id(told.id)) == 4_000


async def test_an_order_whose_money_went_back_whole_owes_it_whole(sqlite_database: Settings) -> None:
    here = desk()
    told, _attempt = await paid_order(here)
    await send_all(here.gateway, await transact(partial(order_refund, told.id, told.payable, "cash", "staff:1")), "t")

    assert await owed(await order_by_id(told.id)) == told.payable


async def test_two_refunds_that_are_told_late_are_both_told(sqlite_database: Settings) -> None:
    here = desk()
    told, _attempt = await paid_order(here)
    for _ in range(2):
        await send_all(here.gateway, await transact(partial(order_refund, told.id, 100, "a stain", "staff:1")), "t")
    events = [
        PaymentChanged(**dict[str, Any](row.payload))
        for row in await OutboxEvent.filter(name="PaymentChanged").order_by("id")
    ]
    order = await order_by_id(told.id)

    notices = [payment_notice(event, order) for event in events if event.new == "partially_refunded"]

    assert len({notice.key for notice in notices if notice}) == 2
    assert [event.amount for event in events] == [told.payable, -100, -100]


async def test_a_refund_that_is_sent_anew_while_the_old_call_is_looked_up_stays_sent(database: Settings) -> None:
    here = desk()
    told, _attempt = await paid_order(here)
    [refund_id] = await transact(partial(order_refund, told.id, 10_000, "a stain", "staff:1"))
    await transact(partial(refund_rows.claim, refund_id))

    async def sent_anew() -> None:
        with clock.frozen(clock.now() + timedelta(minutes=3)):
            await transact(partial(refund_rows.end, refund_id, RefundStatus.QUEUED))
            await transact(partial(refund_rows.claim, refund_id))

    here.wire.before["status"] = sent_anew
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await settle_refunds(here.gateway)

    assert (await Refund.get()).status is RefundStatus.SENT


async def test_what_the_bank_gives_back_of_a_refund_that_waits_makes_it_smaller(database: Settings) -> None:
    here = desk()
    told, attempt = await paid_order(here)
    await transact(partial(order_refund, told.id, 10_000, "a stain", "staff:1"))
    state = await here.gateway.check(attempt.invoice_id or "")

    for _ in range(2):
        await apply(told.id, attempt.id, replace(state, final_amount=told.payable - 4_000))

    rows = await Refund.all().order_by("id")
    assert [(row.amount, row.status.value) for row in rows] == [(6_000, "queued"), (4_000, "done")]
    assert (await Order.get()).refunded == 4_000
    await send_all(here.gateway, [rows[0].id], "test")
    assert (await Order.get()).refunded == 10_000
    await laws_hold()
