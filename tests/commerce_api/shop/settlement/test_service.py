"""Money meets an order: every word of the bank, in every order, ends in the order or in the refund queue."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import permutations
from typing import Any

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.shop.orders import service as orders
from commerce_api.shop.orders.models import Order, StatusChange
from commerce_api.shop.orders.status import CancelReason, OrderStatus, PaymentStatus
from commerce_api.shop.payments.gateway import BankState, BankStatus, Return
from commerce_api.shop.payments.models import Refund
from commerce_api.shop.payments.queries import Attempt
from commerce_api.shop.payments.status import AttemptStatus, RefundReason, RefundStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.settlement.service import ask
from tests.commerce_api.shop.orders.builders import CUSTOMER
from tests.commerce_api.shop.settlement.builders import (
    apply,
    attempt_for,
    desk,
    laws_hold,
    newest,
    order_to_pay,
    paid_order,
    pay_again,
)

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
B, A = BankStatus, AttemptStatus


def said(attempt: Attempt, status: BankStatus, minute: int = 0, **changes: Any) -> BankState:
    """A word of the bank about an attempt, so many minutes after noon."""
    state = BankState(
        attempt.invoice_id or "",
        status,
        attempt.amount,
        980,
        NOON + timedelta(minutes=minute),
        attempt.amount if status is B.SUCCESS else None,
    )
    return replace(state, **changes)


async def moneys(order_id: int) -> tuple[str, str, int, int]:
    order = await Order.get(id=order_id)
    return order.status.value, order.payment_status.value, order.paid, order.refunded


async def test_a_payment_pays_confirms_and_is_told_once(database: Settings) -> None:
    bank = desk()

    told, attempt = await paid_order(bank)
    await apply(told.id, attempt.id, await bank.gateway.check(attempt.invoice_id or ""))

    assert await moneys(told.id) == ("confirmed", "paid", told.payable, 0)
    assert (attempt.status, attempt.received, attempt.credited) == (A.SUCCESS, told.payable, told.payable)
    steps = await StatusChange.filter(order_id=told.id).order_by("id").values_list("field", "old", "new", "actor")
    assert [step for step in steps if step[0] == "payment"] == [
        ("payment", "unpaid", "pending", "system"),
        ("payment", "pending", "paid", "system"),
    ]
    events = await OutboxEvent.filter(name="PaymentChanged")
    assert [event.payload["amount"] for event in events] == [told.payable]
    await laws_hold()


async def test_a_prepayment_is_one_line_and_leaves_the_rest_to_the_carrier(database: Settings) -> None:
    told, attempt = await paid_order(desk(), PayType.PREPAY_200)

    assert await moneys(told.id) == ("confirmed", "prepaid", 20_000, 0)
    assert [(line.code, line.total) for line in attempt.lines] == [("PREPAYMENT", 20_000)]
    await laws_hold()


@pytest.mark.parametrize(
    ("status", "attempt_status", "payment_status"),
    [
        (B.CREATED, A.CREATED, "pending"),
        (B.PROCESSING, A.PROCESSING, "pending"),
        (B.HOLD, A.HOLD, "pending"),
        (B.SUCCESS, A.SUCCESS, "paid"),
        (B.FAILURE, A.FAILURE, "failed"),
        (B.EXPIRED, A.EXPIRED, "unpaid"),
        (B.REVERSED, A.REVERSED, "pending"),
        (B.UNKNOWN, A.CREATED, "pending"),
    ],
)
async def test_every_status_of_the_bank_moves_attempt_and_order(
    database: Settings, status: BankStatus, attempt_status: AttemptStatus, payment_status: str
) -> None:
    bank = desk()
    told = await order_to_pay()
    attempt = await attempt_for(bank, told)

    await apply(told.id, attempt.id, said(attempt, status))

    assert (await newest(told.id)).status is attempt_status
    assert (await moneys(told.id))[1] == payment_status
    assert (await moneys(told.id))[2] == (told.payable if status is B.SUCCESS else 0)
    await laws_hold()


async def test_words_in_any_order_and_twice_end_the_same(sqlite_database: Settings) -> None:
    bank = desk()
    words = ((B.PROCESSING, 1), (B.FAILURE, 2), (B.SUCCESS, 3))
    for number, order in enumerate(permutations(words)):
        told = await order_to_pay(slug=f"tee-{number}")
        attempt = await attempt_for(bank, told)
        for status, minute in (*order, *order):
            await apply(told.id, attempt.id, said(attempt, status, minute))
        assert await moneys(told.id) == ("confirmed", "paid", told.payable, 0), order
    await laws_hold()


async def test_no_later_failure_undoes_a_success(database: Settings) -> None:
    told, attempt = await paid_order(desk())

    await apply(told.id, attempt.id, said(attempt, B.FAILURE, 600_000))

    assert await moneys(told.id) == ("confirmed", "paid", told.payable, 0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": 100, "final_amount": 100}, RefundReason.WRONG_AMOUNT),
        ({"final_amount": 100}, RefundReason.WRONG_AMOUNT),
        ({"currency": 840}, RefundReason.WRONG_CURRENCY),
    ],
)
async def test_less_than_due_and_foreign_money_never_pay(
    database: Settings, changes: dict[str, Any], reason: RefundReason
) -> None:
    told = await order_to_pay()
    attempt = await attempt_for(desk(), told)

    await apply(told.id, attempt.id, said(attempt, B.SUCCESS, **changes))

    status, payment, paid, _ = await moneys(told.id)
    assert (status, paid) == ("new", 0)
    assert payment != PaymentStatus.PAID.value
    assert [(one.reason, one.from_order) for one in await Refund.all()] == [(reason, False)]
    assert await OutboxEvent.filter(name="RefundQueued").count() == 1
    await laws_hold()


async def test_what_is_paid_beyond_the_bill_goes_back(database: Settings) -> None:
    told = await order_to_pay()
    attempt = await attempt_for(desk(), told)

    more = attempt.amount + 500
    await apply(told.id, attempt.id, said(attempt, B.SUCCESS, amount=more, final_amount=more))

    assert await moneys(told.id) == ("confirmed", "paid", told.payable, 0)
    assert [(one.reason, one.amount) for one in await Refund.all()] == [(RefundReason.TOO_MUCH, 500)]
    await laws_hold()


async def test_a_late_success_pays_an_order_that_still_waits(database: Settings) -> None:
    told = await order_to_pay()
    attempt = await attempt_for(desk(), told)
    await apply(told.id, attempt.id, said(attempt, B.EXPIRED, 1))

    await apply(told.id, attempt.id, said(attempt, B.SUCCESS, 2))

    assert await moneys(told.id) == ("confirmed", "paid", told.payable, 0)
    await laws_hold()


async def test_a_late_success_of_a_cancelled_order_goes_to_the_refund_queue(database: Settings) -> None:
    told = await order_to_pay()
    attempt = await attempt_for(desk(), told)
    await transact(partial(orders.cancel, told.number, CancelReason.EXPIRED, CUSTOMER, "test"))

    await apply(told.id, attempt.id, said(attempt, B.SUCCESS))

    assert (await moneys(told.id))[::2] == ("cancelled", 0)
    assert [(one.reason, one.amount) for one in await Refund.all()] == [(RefundReason.LATE, told.payable)]
    await laws_hold()


async def test_a_second_success_goes_to_the_refund_queue_and_is_told(database: Settings) -> None:
    bank = desk()
    told = await order_to_pay()
    first = await attempt_for(bank, told)
    await apply(told.id, first.id, said(first, B.FAILURE, 1))
    second = await pay_again(bank, told.id)
    await apply(told.id, second.id, said(second, B.SUCCESS, 2))

    await apply(told.id, first.id, said(first, B.SUCCESS, 3))

    assert await moneys(told.id) == ("confirmed", "paid", told.payable, 0)
    assert [(one.reason, one.payment_id) for one in await Refund.all()] == [(RefundReason.SECOND, first.id)]
    assert await OutboxEvent.filter(name="RefundQueued").count() == 1
    await laws_hold()


async def test_money_that_the_bank_takes_back_is_taken_from_the_order(database: Settings) -> None:
    told, attempt = await paid_order(desk())

    await apply(told.id, attempt.id, said(attempt, B.REVERSED, 600_000))
    await apply(told.id, attempt.id, said(attempt, B.REVERSED, 600_000))

    assert await moneys(told.id) == ("confirmed", "refunded", told.payable, told.payable)
    assert [(one.reason, one.status) for one in await Refund.all()] == [(RefundReason.BANK, RefundStatus.DONE)]
    await laws_hold()


async def test_a_part_that_the_bank_gave_back_is_taken_from_the_order(database: Settings) -> None:
    told, attempt = await paid_order(desk())

    left = told.payable - 1_000
    for returns in ((), (Return("", 1_000, done=True),)):
        await apply(told.id, attempt.id, said(attempt, B.SUCCESS, 600_000, final_amount=left, returns=returns))

    assert await moneys(told.id) == ("confirmed", "partially_refunded", told.payable, 1_000)
    await laws_hold()


async def test_held_money_pays_nothing_until_it_is_taken(database: Settings) -> None:
    bank = desk()
    told = await order_to_pay()
    attempt = await attempt_for(bank, told)
    bank.there.pay(attempt.invoice_id or "", "hold")
    await ask(bank.gateway, attempt, "test")
    assert await moneys(told.id) == ("new", "pending", 0, 0)

    await bank.gateway.finalize(attempt.invoice_id or "", attempt.amount)
    await ask(bank.gateway, attempt, "test")

    assert await moneys(told.id) == ("confirmed", "paid", told.payable, 0)
    await laws_hold()


async def test_money_held_for_a_cancelled_order_is_to_be_let_go(database: Settings) -> None:
    bank = desk()
    told = await order_to_pay()
    attempt = await attempt_for(bank, told)
    await transact(partial(orders.cancel, told.number, CancelReason.EXPIRED, CUSTOMER, "test"))
    bank.there.pay(attempt.invoice_id or "", "hold")
    await ask(bank.gateway, attempt, "test")
    assert [(one.reason, one.amount) for one in await Refund.all()] == [(RefundReason.LATE, told.payable)]

    await bank.gateway.refund(attempt.invoice_id or "", attempt.amount, (await Refund.get()).reference, ())
    await ask(bank.gateway, attempt, "test")

    assert (await Refund.get()).status is RefundStatus.DONE
    assert (await Order.get(id=told.id)).status is OrderStatus.CANCELLED
    await laws_hold()
