"""Money that goes back: with a reason, once, never more than there is, and looked up when nobody heard."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.orders import service as orders
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.payment import add_money
from commerce_api.shop.orders.status import Actor, CancelReason, Who
from commerce_api.shop.payments.errors import RefundMoved, RefundTooBig
from commerce_api.shop.payments.gateway import BankStatus
from commerce_api.shop.payments.models import Payment, Refund
from commerce_api.shop.payments.status import AttemptStatus, RefundStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.settlement import refunds
from commerce_api.shop.settlement.holding import capture
from commerce_api.shop.settlement.service import ask
from tests.commerce_api.shop.settlement.builders import (
    Desk,
    apply,
    attempt_for,
    books_agree,
    desk,
    laws_hold,
    newest,
    order_to_pay,
    paid_order,
)

pytestmark = pytest.mark.anyio

STAFF = "staff:7"
R = RefundStatus


async def refund(order_id: int, amount: int, *only: str) -> list[int]:
    return await transact(partial(refunds.order_refund, order_id, amount, "не підійшло", STAFF, only))


async def give_back(here: Desk, order_id: int, amount: int) -> RefundStatus:
    (made,) = await refund(order_id, amount)
    return await refunds.send(here.gateway, made, "test")


async def moneys() -> tuple[str, int]:
    order = await Order.get()
    return order.payment_status.value, order.refunded


async def test_a_whole_refund_names_what_was_bought(database: Settings) -> None:
    here = desk()
    told, attempt = await paid_order(here)

    assert await give_back(here, told.id, told.payable) is R.DONE

    assert await moneys() == ("refunded", told.payable)
    invoice = here.there.invoices[attempt.invoice_id or ""]
    assert invoice.status == "reversed"
    assert [entry["extRef"] for entry in invoice.cancels] == [f"{told.number}-R1"]
    row = await Refund.get()
    assert (row.note, row.actor, len(row.items)) == ("не підійшло", STAFF, 2)
    await laws_hold()


async def test_parts_go_back_until_nothing_is_left(database: Settings) -> None:
    here = desk()
    told, _ = await paid_order(here)

    for part in (1, 50_000, told.payable - 50_001):
        assert await give_back(here, told.id, part) is R.DONE
        await laws_hold()
    with pytest.raises(RefundTooBig) as refused:
        await refund(told.id, 1)

    assert refused.value.details["left"] == 0
    assert await moneys() == ("refunded", told.payable)


async def test_a_message_about_a_refund_changes_nothing_more(database: Settings) -> None:
    here = desk()
    told, attempt = await paid_order(here)
    await give_back(here, told.id, 5_000)

    for _ in range(2):
        await ask(here.gateway, attempt, "webhook")

    assert await moneys() == ("partially_refunded", 5_000)
    assert await Refund.all().count() == 1
    await laws_hold()


async def test_a_refund_that_the_bank_works_on_ends_when_it_says_so(database: Settings) -> None:
    here = desk()
    told, _ = await paid_order(here)
    here.fault("cancel_processing")

    assert await give_back(here, told.id, 5_000) is R.SENT
    assert await moneys() == ("paid", 0)
    await here.there.finish_cancels()
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await refunds.settle_refunds(here.gateway)

    assert await moneys() == ("partially_refunded", 5_000)
    await laws_hold()


@pytest.mark.parametrize("fault", ["lost_reply", "truncated", "malformed"])
async def test_a_refund_whose_answer_was_lost_is_looked_up_and_not_made_twice(database: Settings, fault: str) -> None:
    here = desk()
    told, attempt = await paid_order(here)
    here.fault(fault, only="cancel")
    (made,) = await refund(told.id, 5_000)
    assert await refunds.send(here.gateway, made, "test") is R.UNKNOWN
    with pytest.raises(RefundMoved):
        await refunds.send(here.gateway, made, "test")

    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await refunds.settle_refunds(here.gateway)

    assert await moneys() == ("partially_refunded", 5_000)
    assert len(here.there.invoices[attempt.invoice_id or ""].cancels) == 1
    await laws_hold()


@pytest.mark.parametrize("fault", ["500", "html_502", "hang", "reset"])
async def test_a_refund_that_never_reached_the_bank_waits_again(database: Settings, fault: str) -> None:
    here = desk()
    told, _ = await paid_order(here)
    here.fault(fault, only="cancel")
    (made,) = await refund(told.id, 5_000)
    assert await refunds.send(here.gateway, made, "test") is R.UNKNOWN

    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await refunds.settle_refunds(here.gateway)
    assert (await Refund.get()).status is R.QUEUED

    assert await refunds.send(here.gateway, made, "test") is R.DONE
    assert await moneys() == ("partially_refunded", 5_000)
    await laws_hold()


async def test_a_refusal_said_with_status_500_is_a_refusal(database: Settings) -> None:
    here = desk()
    told, _ = await paid_order(here)
    here.fault("cancel_not_available")

    assert await give_back(here, told.id, 5_000) is R.FAILED

    row = await Refund.get()
    assert row.failure == "CANCEL_NOT_AVAILABLE"
    assert here.wire.calls.count("cancel") == 1
    await transact(partial(refunds.by_hand, row.id, "office"))
    assert await moneys() == ("partially_refunded", 5_000)
    await laws_hold()


async def test_what_was_given_back_in_the_cabinet_is_not_given_back_again(database: Settings) -> None:
    here = desk()
    told, attempt = await paid_order(here)
    (made,) = await refund(told.id, told.payable)
    here.there.cancel({"invoiceId": attempt.invoice_id})

    assert await refunds.send(here.gateway, made, "test") is R.FAILED
    assert (await Refund.get()).failure == "WRONG_CANCEL_AMOUNT"
    await ask(here.gateway, attempt, "webhook")

    assert await moneys() == ("refunded", told.payable)
    assert await Refund.all().count() == 1
    await laws_hold()


async def test_of_two_who_give_the_same_money_back_one_is_refused(database: Settings) -> None:
    here = desk()
    told, _ = await paid_order(here)

    both = await asyncio.gather(*(refund(told.id, told.payable) for _ in range(2)), return_exceptions=True)

    assert sorted(type(one).__name__ for one in both) == ["RefundTooBig", "list"]
    assert await Refund.all().count() == 1


async def test_a_refund_is_sent_once_by_two_who_press(database: Settings) -> None:
    here = desk()
    told, attempt = await paid_order(here)
    (made,) = await refund(told.id, 5_000)

    both = await asyncio.gather(*(refunds.send(here.gateway, made, "test") for _ in range(2)), return_exceptions=True)

    assert sorted(type(one).__name__ for one in both) == ["RefundMoved", "RefundStatus"]
    assert len(here.there.invoices[attempt.invoice_id or ""].cancels) == 1


async def test_refunds_name_the_things_they_are_for(database: Settings) -> None:
    here = desk()
    told, attempt = await paid_order(here)
    sku = attempt.lines[0].code

    await refund(told.id, 89_000, sku)

    assert [(line["code"], line["qty"], line["price"]) for line in (await Refund.get()).items] == [(sku, 1, 89_000)]


async def test_cash_of_the_carrier_goes_back_by_hand(database: Settings) -> None:
    told = await order_to_pay(PayType.COD)
    await transact(partial(add_money, told.id, told.payable, channel="carrier", source="test"))
    (made,) = await refund(told.id, 5_000)

    with pytest.raises(RefundMoved):
        await refunds.send(desk().gateway, made, "test")
    await transact(partial(refunds.by_hand, made, "office"))

    assert await moneys() == ("partially_refunded", 5_000)


async def test_an_order_paid_in_two_goes_is_refunded_in_two(database: Settings) -> None:
    here = desk()
    told, first = await paid_order(here, PayType.PREPAY_200)
    await transact(partial(add_money, told.id, told.payable - 20_000, channel="carrier", source="test"))

    made = await refund(told.id, told.payable)

    rows = await Refund.all().order_by("id")
    assert [(row.payment_id, row.amount) for row in rows] == [(first.id, 20_000), (None, told.payable - 20_000)]
    assert made == [row.id for row in rows]


async def test_what_is_held_is_taken_by_staff(database: Settings) -> None:
    here = desk(hold=True)
    told = await order_to_pay()
    attempt = await attempt_for(here, told)
    here.there.pay(attempt.invoice_id or "", "pay")
    await ask(here.gateway, attempt, "test")
    assert (await newest(told.id)).status is AttemptStatus.HOLD

    await capture(here.bank, told.id, told.number, "office")

    order = await Order.get()
    assert (order.payment_status.value, order.paid) == ("paid", told.payable)
    assert (await Payment.get()).credited == told.payable
    await laws_hold()


async def given_back() -> tuple[int, str]:
    payment = await Payment.get()
    return payment.returned, payment.status.value


async def test_what_the_bank_confirms_in_its_answer_is_known_though_no_message_ever_comes(database: Settings) -> None:
    here = desk()
    told, _ = await paid_order(here)

    assert await give_back(here, told.id, 5_000) is R.DONE

    assert await given_back() == (5_000, "success")
    await books_agree(here)
    await laws_hold()


async def test_all_of_the_money_gone_is_a_reversed_payment_though_no_message_ever_comes(database: Settings) -> None:
    here = desk()
    told, _ = await paid_order(here)

    await give_back(here, told.id, told.payable)

    assert await given_back() == (told.payable, "reversed")
    here.wire.calls.clear()
    await books_agree(here)
    assert here.wire.calls == ["statement"], "there is nothing to ask about"


async def test_parts_that_were_confirmed_add_up_without_a_message(database: Settings) -> None:
    here = desk()
    told, _ = await paid_order(here)

    await give_back(here, told.id, 5_000)
    await books_agree(here)
    await give_back(here, told.id, 7_000)

    assert await given_back() == (12_000, "success")
    await books_agree(here)
    await laws_hold()


async def test_a_message_that_comes_after_the_bank_s_answer_counts_nothing_twice(database: Settings) -> None:
    here = desk()
    told, attempt = await paid_order(here)
    await give_back(here, told.id, 5_000)

    for _ in range(2):
        assert not await ask(here.gateway, attempt, "webhook")

    assert await given_back() == (5_000, "success")
    assert await moneys() == ("partially_refunded", 5_000)
    await books_agree(here)
    await laws_hold()


@pytest.mark.parametrize("whole", [False, True])
async def test_a_message_that_was_faster_than_the_bank_s_answer_has_counted_it(database: Settings, whole: bool) -> None:
    here = desk()
    told, attempt = await paid_order(here)
    amount = told.payable if whole else 5_000
    (made,) = await refund(told.id, amount)

    class Slow:
        """The bank's message overtakes its answer."""

        def __getattr__(self, name: str) -> Any:
            return getattr(here.gateway, name)

        async def refund(self, *given: Any) -> bool:
            done = await here.gateway.refund(*given)
            await ask(here.gateway, attempt, "webhook")
            return done

    assert await refunds.send(Slow(), made, "test") is R.DONE

    assert await given_back() == (amount, "reversed" if whole else "success")
    assert (await Order.get()).refunded == amount
    await books_agree(here)
    await laws_hold()


async def test_what_staff_gave_back_by_hand_is_not_the_bank_s(database: Settings) -> None:
    here = desk()
    told, _ = await paid_order(here)
    (by_hand,) = await refund(told.id, 9_000)
    await transact(partial(refunds.by_hand, by_hand, "office"))
    assert await given_back() == (0, "success")

    await give_back(here, told.id, 5_000)

    assert await given_back() == (5_000, "success")
    assert await moneys() == ("partially_refunded", 14_000)
    await books_agree(here)
    await laws_hold()


async def test_a_word_that_is_not_understood_tells_of_refunds_all_the_same(database: Settings) -> None:
    here = desk()
    told, attempt = await paid_order(here)
    (made,) = await refund(told.id, 5_000)
    here.fault("lost_reply", only="cancel")
    await refunds.send(here.gateway, made, "test")
    state = await here.gateway.check(attempt.invoice_id or "")

    await apply(told.id, attempt.id, replace(state, status=BankStatus.UNKNOWN))

    assert await given_back() == (5_000, "success")
    assert await moneys() == ("partially_refunded", 5_000)
    await books_agree(here)
    await laws_hold()


async def test_what_the_bank_held_and_let_go_was_never_taken(database: Settings) -> None:
    here = desk(hold=True)
    told = await order_to_pay()
    attempt = await attempt_for(here, told)
    await transact(partial(orders.cancel, told.number, CancelReason.OTHER, Actor(Who.STAFF, 1), "test"))
    here.there.pay(attempt.invoice_id or "", "hold")
    await ask(here.gateway, attempt, "webhook")

    await refunds.send_all(here.gateway, [(await Refund.get()).id], "test")

    payment = await Payment.get()
    assert (payment.received, payment.returned) == (0, 0)
    await laws_hold()
