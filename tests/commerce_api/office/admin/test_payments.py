"""Money in the office: seen by who cares for orders, given back with a reason, and every deed noted."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import Settings
from commerce_api.office.admin.models import AuditEntry
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.orders.models import Order
from commerce_api.shop.payments.models import Payment, Refund
from commerce_api.shop.payments.refunds import queue
from commerce_api.shop.payments.status import AttemptStatus, RefundReason, RefundStatus
from commerce_api.shop.settlement.staff import refund_form
from commerce_api.wiring import Adapters
from tests.commerce_api.office.builders import Office, opened, read
from tests.commerce_api.shop.settlement.builders import Desk, attempt_for, desk, order_to_pay, paid_order

SOMEBODY_S = Request({"type": "http"})


@pytest.fixture
def bank() -> Desk:
    return desk()


@pytest.fixture
def office(settings: Settings, furnished: tuple[Path, str], bank: Desk) -> Iterator[Office]:
    """An office with a bank, in which somebody in charge of orders sits."""
    with opened(settings, furnished, Adapters(gateway=bank.gateway)) as here:
        here.sign_in(Role.ORDERS)
        yield here


def run(office: Office, work: Any, *given: Any) -> Any:
    """Do something on the loop in which the office runs."""
    return read(office, work(*given))


def paid(office: Office, bank: Desk) -> Payment:
    """The payment of an order whose money has come."""

    async def work() -> Payment:
        told, _ = await paid_order(bank, slug="paid-tee")
        return await Payment.get(order_id=told.id)

    payment: Payment = run(office, work)
    return payment


async def order_of(payment: Payment) -> Order:
    return await Order.get(id=payment.order_id)


async def audit() -> list[tuple[str, str]]:
    return [(one.action, one.subject) for one in await AuditEntry.all().order_by("id")]


def test_money_is_given_back_with_a_reason_and_noted(office: Office, bank: Desk) -> None:
    payment = paid(office, bank)

    assert office.act("payments", "refund", payment.id, key="1", amount="100,50", why="замалий розмір") == 200

    order = run(office, order_of, payment)
    assert (order.payment_status.value, order.refunded) == ("partially_refunded", 10_050)
    assert run(office, audit)[-1] == ("order.refund", payment.reference)
    page = office.client.get("/admin/refunds/list")
    assert page.status_code == 200


def test_what_came_beside_the_order_and_went_back_takes_nothing_from_it(office: Office, bank: Desk) -> None:
    payment = paid(office, bank)

    async def too_much_came() -> None:
        sums = {"received": 2 * payment.credited, "returned": payment.credited}
        await Payment.filter(id=payment.id).update(**sums)
        number, reason = (await order_of(payment)).number, RefundReason.TOO_MUCH
        beside = partial(queue, payment.order_id, number, payment.id, payment.credited, reason)
        await transact(partial(beside, actor="system", from_order=False, status=RefundStatus.DONE))

    run(office, too_much_came)
    whole, rest = divmod(payment.credited, 100)

    assert f'value="{whole},{rest:02d}"' in run(office, refund_form, SOMEBODY_S, payment)
    assert office.act("payments", "refund", payment.id, key="1", amount="10", why="замалий розмір") == 200
    assert run(office, order_of, payment).refunded == 1_000
    whole -= 10
    assert f'value="{whole},{rest:02d}"' in run(office, refund_form, SOMEBODY_S, payment)


@pytest.mark.parametrize(
    "form",
    [
        {"key": "1", "amount": "0", "why": "причина"},
        {"key": "1", "amount": "ten", "why": "причина"},
        {"key": "1", "amount": "1"},
        {"amount": "1", "why": "причина"},
    ],
)
def test_a_refund_without_sense_or_reason_is_refused(office: Office, bank: Desk, form: dict[str, str]) -> None:
    payment = paid(office, bank)

    assert office.act("payments", "refund", payment.id, **form) != 200

    assert run(office, order_of, payment).refunded == 0
    assert run(office, Refund.all().count) == 0


def test_a_form_that_is_pressed_twice_gives_money_back_once(office: Office, bank: Desk) -> None:
    payment = paid(office, bank)
    form = {"key": "1", "amount": "10", "why": "замалий розмір"}

    assert [office.act("payments", "refund", payment.id, **form) for _ in range(2)] == [200, 200]
    assert office.act("payments", "refund", payment.id, **{**form, "amount": "11"}) != 200
    assert run(office, order_of, payment).refunded == 1_000
    assert office.act("payments", "refund", payment.id, **{**form, "key": "2"}) == 200

    assert run(office, order_of, payment).refunded == 2_000
    assert [action for action, _ in run(office, audit)] == ["order.refund"] * 2
    keys = [re.findall(r'name="key" value="([^"]+)"', run(office, refund_form, SOMEBODY_S, payment)) for _ in range(2)]
    assert keys[0] != keys[1]


def test_more_than_there_is_cannot_be_given_back(office: Office, bank: Desk) -> None:
    payment = paid(office, bank)

    assert office.act("payments", "refund", payment.id, key="1", amount="99999", why="помилка") != 200
    assert run(office, order_of, payment).refunded == 0


def test_what_the_bank_refused_waits_and_is_settled_by_hand(office: Office, bank: Desk) -> None:
    payment = paid(office, bank)
    bank.fault("cancel_not_available", times=2)
    office.act("payments", "refund", payment.id, key="1", amount="10", why="замалий розмір")
    refund = run(office, Refund.get)
    assert refund.status is RefundStatus.FAILED

    assert office.act("refunds", "send", refund.id) == 200
    assert run(office, Refund.get).status is RefundStatus.FAILED
    assert office.act("refunds", "by_hand", refund.id) == 200

    assert run(office, Refund.get).status is RefundStatus.DONE
    assert run(office, order_of, payment).refunded == 1_000
    assert office.act("refunds", "send", refund.id) != 200, "it is done"
    assert [action for action, _ in run(office, audit)][-3:] == ["order.refund", "refund.send", "refund.by_hand"]


def test_held_money_is_taken(office: Office, bank: Desk) -> None:
    async def held() -> Payment:
        told = await order_to_pay(slug="held-tee")
        attempt = await attempt_for(bank, told)
        bank.there.pay(attempt.invoice_id or "", "hold")
        await Payment.filter(id=attempt.id).update(status=AttemptStatus.HOLD)
        return await Payment.get(id=attempt.id)

    payment = run(office, held)

    assert office.act("payments", "capture", payment.id) == 200
    assert run(office, order_of, payment).payment_status.value == "paid"
    assert office.act("payments", "capture", payment.id) != 200


@pytest.mark.parametrize("role", [Role.CATALOGUE, Role.MARKETING])
def test_others_of_the_staff_move_no_money(office: Office, bank: Desk, role: Role) -> None:
    payment = paid(office, bank)
    office.sign_in(role)

    assert office.client.get("/admin/payments/list").status_code == 403
    assert office.act("payments", "refund", payment.id, key="1", amount="1", why="причина") != 200
    assert run(office, order_of, payment).refunded == 0
