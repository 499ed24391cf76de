"""The bank's statement beside our books: its last days every day, the months before them once a week."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from commerce_api.foundation import metrics
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.orders.models import Order
from commerce_api.shop.payments.errors import GatewayError
from commerce_api.shop.payments.models import Payment, StatementLook
from commerce_api.shop.settlement.reconcile import FAR_BACK, FAR_EVERY, WINDOW, look_far_back, reconcile
from tests.commerce_api.shop.settlement.builders import Desk, attempt_for, desk, laws_hold, order_to_pay, paid_order

pytestmark = pytest.mark.anyio
WINDOWS = 26
"""Weeks, the last one short, from three days to half a year ago."""


async def statuses() -> tuple[str, str]:
    order = await Order.get()
    return order.status.value, order.payment_status.value


def asked(here: Desk) -> int:
    return here.wire.calls.count("statement")


async def test_the_statement_finds_what_no_message_told(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    attempt = await attempt_for(here, told)
    here.there.pay(attempt.invoice_id or "", "pay")
    await Payment.all().update(next_check_at=None)

    first = await reconcile(here.gateway)
    second = await reconcile(here.gateway)

    assert (first.lines, first.corrected, first.unknown) == (1, 1, ())
    assert (second.lines, second.corrected) == (1, 0)
    assert await statuses() == ("confirmed", "paid")
    await laws_hold()


async def test_the_statement_finds_money_that_was_given_back_in_the_bank_s_cabinet(database: Settings) -> None:
    here = desk()
    told, attempt = await paid_order(here)
    here.there.cancel({"invoiceId": attempt.invoice_id, "amount": 1_000})

    report = await reconcile(here.gateway)

    assert report.corrected == 1
    order = await Order.get()
    assert (order.payment_status.value, order.refunded) == ("partially_refunded", 1_000)
    assert order.number == told.number
    await laws_hold()


async def test_money_that_nobody_knows_is_counted_and_told(sqlite_database: Settings) -> None:
    here = desk()
    page = here.there.create({"amount": 700, "merchantPaymInfo": {"reference": "somebody"}})
    here.there.pay(page["invoiceId"], "pay")
    before = metrics.STATEMENT_UNKNOWN.read()

    report = await reconcile(here.gateway)

    assert report.unknown == (page["invoiceId"],)
    assert metrics.STATEMENT_UNKNOWN.read() == before + 1


async def test_money_that_nobody_knows_is_told_once_however_often_it_is_seen(database: Settings) -> None:
    here, paid = desk(), clock.now()
    before = metrics.STATEMENT_UNKNOWN.read()

    async def somebody_pays(reference: str) -> str:
        page = here.there.create({"amount": 700, "merchantPaymInfo": {"reference": reference}})
        here.there.pay(page["invoiceId"], "pay")
        return str(page["invoiceId"])

    first = await somebody_pays("somebody")
    assert (await reconcile(here.gateway)).unknown == (first,)
    with clock.frozen(paid + timedelta(days=1)), capture_logs() as told:
        second = await somebody_pays("another")
        assert (await reconcile(here.gateway)).unknown == (second,)
        assert (await reconcile(here.gateway)).unknown == ()
    with clock.frozen(paid + timedelta(days=9)):
        far = await look_far_back(here.gateway)

    assert (far.lines, far.unknown) == (2, ())
    assert metrics.STATEMENT_UNKNOWN.read() == before + 2
    assert [line["count"] for line in told if line["event"] == "statement_lines_unknown"] == [1]


async def test_money_that_went_back_weeks_after_it_came_is_found_by_the_weekly_look(database: Settings) -> None:
    here = desk()
    paid = clock.now()
    _, attempt = await paid_order(here)
    with clock.frozen(paid + timedelta(days=40)):
        here.there.cancel({"invoiceId": attempt.invoice_id, "amount": 1_000})
    with clock.frozen(paid + timedelta(days=45)):
        assert (await reconcile(here.gateway)).lines == 0, "the daily run looks at the last days only"

        found = await look_far_back(here.gateway)
        again = await look_far_back(here.gateway)

    assert (found.lines, found.corrected) == (1, 1)
    assert again.lines == 0, "not before a week is over"
    order = await Order.get()
    assert (order.payment_status.value, order.refunded) == ("partially_refunded", 1_000)
    await laws_hold()


async def test_the_far_look_is_bounded_asks_for_a_week_at_a_time_and_comes_once_a_week(
    sqlite_database: Settings,
) -> None:
    here, begun = desk(), clock.now()

    with clock.frozen(begun):
        await look_far_back(here.gateway)
    assert asked(here) == WINDOWS
    for day in range(1, FAR_EVERY.days):
        with clock.frozen(begun + timedelta(days=day)):
            await look_far_back(here.gateway)
    assert asked(here) == WINDOWS
    # The look began three days back, and a week later there is as much of the past that it has not seen.
    with clock.frozen(begun + FAR_EVERY):
        await look_far_back(here.gateway)
    assert asked(here) == 2 * WINDOWS
    first = await StatementLook.all().order_by("id").first()
    assert first
    assert first.reached == first.until == begun - FAR_BACK


async def test_a_far_look_that_the_bank_cut_short_goes_on_where_it_stopped(database: Settings) -> None:
    here = desk()
    paid = clock.now()
    _, attempt = await paid_order(here)
    with clock.frozen(paid + timedelta(days=60)):
        here.there.cancel({"invoiceId": attempt.invoice_id, "amount": 1_000})
        here.fault("500", only="statement", times=999)
        with pytest.raises(GatewayError):
            await look_far_back(here.gateway)
        here.world.faults.clear()
        here.gateway._outside.breaker.succeeded()
        stopped = await StatementLook.get()
        await StatementLook.all().update(reached=stopped.reached - 3 * WINDOW)
        before = asked(here)

        with clock.frozen(paid + timedelta(days=62)):
            found = await look_far_back(here.gateway)

    assert found.corrected == 1
    assert asked(here) - before == WINDOWS - 3
    assert await StatementLook.all().count() == 1
