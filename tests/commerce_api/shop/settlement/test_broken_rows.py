"""Rows that nobody foresaw: a job of the calendar does the others, names the broken one, and comes back to it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import pytest
from structlog.testing import capture_logs

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.orders.models import Order
from commerce_api.shop.payments.models import Payment, Refund
from commerce_api.shop.payments.queries import Attempt
from commerce_api.shop.settlement import refunds
from commerce_api.shop.settlement.polling import expire_unpaid, poll
from commerce_api.shop.settlement.reconcile import look_far_back, reconcile
from tests.commerce_api.shop.settlement.builders import MINUTES, Desk, attempt_for, desk, order_to_pay, paid_order

pytestmark = pytest.mark.anyio

NO_ORDER = 999_999


async def three_paid_at_the_bank(here: Desk) -> list[Attempt]:
    """Attempts whose pages were paid, of which the shop has heard nothing; the order of the first is not there."""
    attempts = [await attempt_for(here, await order_to_pay(slug=f"tee-{number}")) for number in range(3)]
    for attempt in attempts:
        here.there.pay(attempt.invoice_id or "", "pay")
    await Payment.filter(id=attempts[0].id).update(order_id=NO_ORDER)
    return attempts


async def broken_in(run: Callable[[], Awaitable[object]]) -> list[str]:
    """The rows that a run of a job names as broken."""
    with capture_logs() as logged, pytest.raises(ExceptionGroup):
        await run()
    return [line["row"] for line in logged if line["event"] == "row_failed"]


async def paid() -> int:
    return await Order.filter(payment_status="paid").count()


async def test_an_attempt_without_its_order_holds_up_no_other_and_is_asked_about_again(database: Settings) -> None:
    here = desk()
    first, *_ = await three_paid_at_the_bank(here)

    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert await broken_in(partial(poll, here.bank)) == [first.reference]
        assert await paid() == 2

    # when it is mended, then its next look finds it
    await Payment.filter(id=first.id).update(order_id=first.order_id)
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        await poll(here.bank)
        assert await paid() == 3


@pytest.mark.parametrize("job", [reconcile, look_far_back])
async def test_a_line_of_the_statement_that_cannot_be_booked_holds_up_no_other(
    database: Settings, job: Callable[..., Awaitable[object]]
) -> None:
    here = desk()
    first, *_ = await three_paid_at_the_bank(here)
    later = timedelta(days=10 if job is look_far_back else 1)

    with clock.frozen(clock.now() + later):
        assert await broken_in(partial(job, here.gateway)) == [first.reference]

    assert await paid() == 2


async def test_an_order_that_cannot_expire_keeps_no_other_from_it(database: Settings) -> None:
    here = desk()
    told = [await order_to_pay(slug=f"tee-{number}") for number in range(3)]
    # What it holds cannot be given back: nobody knows the code.
    await Sku.filter(code="TC-TEE-0-COAL-M").update(code="TC-LOST")

    with clock.frozen(clock.now() + timedelta(minutes=MINUTES + 1)):
        assert await broken_in(partial(expire_unpaid, here.bank, MINUTES)) == [told[0].number]
        assert await Order.filter(status="cancelled").count() == 2

        await Sku.filter(code="TC-LOST").update(code="TC-TEE-0-COAL-M")
        assert await expire_unpaid(here.bank, MINUTES) == 1


async def test_a_refund_that_cannot_be_booked_keeps_no_other_waiting(database: Settings) -> None:
    here = desk()
    made = []
    for number in range(3):
        told, _ = await paid_order(here, slug=f"tee-{number}")
        (refund,) = await transact(partial(refunds.order_refund, told.id, 5_000, "замалий розмір", "staff:7"))
        here.fault("lost_reply", only="cancel")
        await refunds.send(here.gateway, refund, "test")
        made.append(await Refund.get(id=refund))
    first = made[0]
    await Payment.filter(id=first.payment_id).update(order_id=NO_ORDER)

    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert await broken_in(partial(refunds.settle_refunds, here.gateway)) == [first.reference]
        assert await Refund.filter(status="done").count() == 2

        await Payment.filter(id=first.payment_id).update(order_id=first.order_id)
        await refunds.settle_refunds(here.gateway)
        assert await Refund.filter(status="done").count() == 3
