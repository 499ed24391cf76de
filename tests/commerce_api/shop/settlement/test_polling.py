"""Jobs of the calendar: messages that never came, orders whose time is over, the bank's statement."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.orders.models import Order, StatusChange
from commerce_api.shop.payments import service as payments
from commerce_api.shop.payments.models import Refund
from commerce_api.shop.payments.status import AttemptStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.settlement import changes
from commerce_api.shop.settlement.polling import expire_unpaid, poll
from commerce_api.shop.settlement.reconcile import reconcile
from tests.commerce_api.shop.pricing.builders import SHOP
from tests.commerce_api.shop.settlement.builders import (
    MINUTES,
    attempt_for,
    desk,
    laws_hold,
    newest,
    order_to_pay,
)

pytestmark = pytest.mark.anyio

A = AttemptStatus


async def statuses() -> tuple[str, str]:
    order = await Order.get()
    return order.status.value, order.payment_status.value


async def test_the_bank_is_asked_after_1_3_10_and_30_minutes_and_then_every_hour(sqlite_database: Settings) -> None:
    here = desk()
    await attempt_for(here, await order_to_pay())
    begun = clock.now()

    asked = []
    for minute in range(200):
        with clock.frozen(begun + timedelta(minutes=minute, seconds=1)):
            before = here.wire.calls.count("status")
            await poll(here.bank)
            if here.wire.calls.count("status") > before:
                asked.append(minute)

    # after half an hour the bank says that the page has expired
    assert asked == [1, 2, 5, 15, 45]
    assert (await newest((await Order.get()).id)).status is A.EXPIRED


async def test_an_hour_later_a_held_payment_is_still_watched(sqlite_database: Settings) -> None:
    here = desk()
    attempt = await attempt_for(here, await order_to_pay())
    here.there.pay(attempt.invoice_id or "", "hold")

    for hours in (0.1, 1.2, 2.3):
        with clock.frozen(clock.now() + timedelta(hours=hours)):
            await poll(here.bank)

    assert (await newest(attempt.order_id)).status is A.HOLD
    assert here.wire.calls.count("status") == 3


async def test_a_lost_message_is_made_good_by_the_poller(database: Settings) -> None:
    here = desk()
    attempt = await attempt_for(here, await order_to_pay())
    here.fault("lost", times=2)
    here.there.pay(attempt.invoice_id or "", "pay")
    assert here.there.messages.waiting == []

    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await poll(here.bank)

    assert await statuses() == ("confirmed", "paid")
    await laws_hold()


@pytest.mark.parametrize("known", [True, False])
async def test_a_closed_attempt_is_asked_about_once_more_and_then_left_alone(
    sqlite_database: Settings, known: bool
) -> None:
    # given an attempt that was closed, and a message of it about which the bank could not be asked
    here = desk()
    attempt = await attempt_for(here, await order_to_pay())
    await transact(partial(payments.close, attempt.id, A.REMOVED))
    if not known:
        here.there.remove({"invoiceId": attempt.invoice_id})
    await payments.look_now(attempt.id)

    for minute in range(0, 300, 10):
        with clock.frozen(clock.now() + timedelta(minutes=minute)):
            await poll(here.bank)

    assert here.wire.calls.count("status") == 1


async def test_two_workers_ask_once(database: Settings) -> None:
    here = desk()
    await attempt_for(here, await order_to_pay())

    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await asyncio.gather(*(poll(here.bank) for _ in range(4)))

    assert here.wire.calls.count("status") == 1


async def test_one_attempt_that_fails_holds_up_no_other(sqlite_database: Settings) -> None:
    here = desk()
    attempts = [await attempt_for(here, await order_to_pay(slug=f"tee-{n}")) for n in range(3)]
    for attempt in attempts:
        here.there.pay(attempt.invoice_id or "", "pay")
    # Each is asked twice.
    here.fault("malformed", only="status", times=2)

    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await poll(here.bank)

    assert await Order.filter(payment_status="paid").count() == 2


async def test_an_unpaid_order_expires_and_its_page_is_removed_first(database: Settings) -> None:
    here = desk()
    attempt = await attempt_for(here, await order_to_pay())

    with clock.frozen(clock.now() + timedelta(minutes=MINUTES, seconds=-5)):
        assert await expire_unpaid(here.bank, MINUTES) == 0
    with clock.frozen(clock.now() + timedelta(minutes=MINUTES, seconds=5)):
        assert await expire_unpaid(here.bank, MINUTES) == 1
        assert await expire_unpaid(here.bank, MINUTES) == 0

    assert (await statuses())[0] == "cancelled"
    assert (await newest(attempt.order_id)).status is A.EXPIRED
    assert (await StatusChange.filter(field="status").order_by("-id").first().values_list("reason"))[0] == "expired"
    sku = await Sku.get()
    assert (sku.stock, sku.reserved) == (10, 0)


async def test_an_order_that_was_paid_at_the_last_moment_never_expires(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    attempt = await attempt_for(here, told)
    here.there.pay(attempt.invoice_id or "", "pay")

    with clock.frozen(clock.now() + timedelta(minutes=MINUTES, seconds=5)):
        assert await expire_unpaid(here.bank, MINUTES) == 0

    assert await statuses() == ("confirmed", "paid")
    await laws_hold()


async def test_an_order_that_is_paid_while_its_page_is_removed_never_expires(database: Settings) -> None:
    here = desk()
    attempt = await attempt_for(here, await order_to_pay())

    async def pay() -> None:
        here.there.pay(attempt.invoice_id or "", "pay")

    with clock.frozen(clock.now() + timedelta(minutes=MINUTES - 1)):
        here.wire.before["remove"] = pay
        assert await expire_unpaid(here.bank, MINUTES - 2) == 0

    assert await statuses() == ("confirmed", "paid")


async def test_an_order_that_is_switched_to_cash_while_its_page_is_removed_never_expires(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    await attempt_for(here, told)

    async def switch() -> None:
        await transact(partial(changes.pay_on_receipt, told.id, SHOP, "page"))

    with clock.frozen(clock.now() + timedelta(minutes=MINUTES - 1)):
        here.wire.before["remove"] = switch
        assert await expire_unpaid(here.bank, MINUTES - 2) == 0

    assert await statuses() == ("new", "unpaid")
    assert (await Order.get()).pay_type is PayType.COD


async def test_a_page_whose_removal_was_not_heard_of_holds_its_goods_no_longer(sqlite_database: Settings) -> None:
    here = desk()
    attempt = await attempt_for(here, await order_to_pay())
    with clock.frozen(clock.now() + timedelta(minutes=MINUTES - 1)):
        here.fault("lost_reply", only="remove")
        assert await expire_unpaid(here.bank, MINUTES - 2) == 1

    assert here.wire.calls.count("remove") == 2
    assert here.there.invoices[attempt.invoice_id or ""].removed
    assert (await statuses())[0] == "cancelled"
    assert (await Sku.get()).reserved == 0


async def test_held_money_keeps_its_order(sqlite_database: Settings) -> None:
    here = desk()
    attempt = await attempt_for(here, await order_to_pay())
    here.there.pay(attempt.invoice_id or "", "hold")

    with clock.frozen(clock.now() + timedelta(minutes=MINUTES + 1)):
        assert await expire_unpaid(here.bank, MINUTES) == 0

    assert await statuses() == ("new", "pending")


async def test_a_silent_bank_keeps_an_order_for_a_day_at_most(sqlite_database: Settings) -> None:
    here = desk()
    attempt = await attempt_for(here, await order_to_pay())
    here.fault("500", times=999)

    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert await expire_unpaid(here.bank, MINUTES) == 0
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert await expire_unpaid(here.bank, MINUTES) == 1

    # and money that did come is not lost
    here.world.faults.clear()
    here.gateway._outside.breaker.succeeded()
    here.there.pay(attempt.invoice_id or "", "pay")
    await reconcile(here.gateway)
    assert [(one.reason.value, one.amount) for one in await Refund.all()] == [("late", attempt.amount)]
    await laws_hold()


async def test_an_attempt_that_never_had_a_page_holds_nothing_up(sqlite_database: Settings) -> None:
    here = desk()
    await attempt_for(here, await order_to_pay(), call=False)

    with clock.frozen(clock.now() + timedelta(minutes=MINUTES + 1)):
        assert await expire_unpaid(here.bank, MINUTES) == 1
