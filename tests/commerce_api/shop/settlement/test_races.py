"""Two at the same moment: whoever comes second finds what the first did; no hryvnia is counted twice or lost."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.shop.orders import service as orders
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.placing import PlacedOrder
from commerce_api.shop.orders.status import CancelReason, OrderStatus
from commerce_api.shop.payments.errors import RefundTooBig
from commerce_api.shop.payments.models import Payment, Refund
from commerce_api.shop.payments.queries import Attempt
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.settlement import refunds
from commerce_api.shop.settlement.service import ask
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.orders.builders import CUSTOMER, placed
from tests.commerce_api.shop.settlement.builders import Desk, apply, attempt_for, desk, laws_hold, pay_again

pytestmark = pytest.mark.anyio

ROUNDS = [20, pytest.param(200, marks=pytest.mark.stress)]

Deed = Callable[[], Awaitable[object]]


async def together(*deeds: Deed) -> list[object]:
    """All of them from one barrier on; what each gave or raised."""
    barrier = asyncio.Barrier(len(deeds))

    async def one(deed: Deed) -> object:
        await barrier.wait()
        return await deed()

    return list(await asyncio.gather(*(one(deed) for deed in deeds), return_exceptions=True))


async def rounds(here: Desk, amount: int) -> list[tuple[PlacedOrder, Attempt]]:
    """Orders with open pages."""
    codes = await put_on_shelf(stock={"M": None})
    made = []
    for _ in range(amount):
        told = await placed({codes["M"]: 1}, pay_type=PayType.ONLINE_FULL)
        made.append((told, await attempt_for(here, told)))
    return made


@pytest.mark.parametrize("amount", ROUNDS)
async def test_cancelling_against_paying_loses_no_money(database: Settings, amount: int) -> None:
    here = desk()
    for number, (told, attempt) in enumerate(await rounds(here, amount)):
        here.there.pay(attempt.invoice_id or "", "pay")
        cancel = partial(orders.cancel, told.number, CancelReason.CUSTOMER, CUSTOMER, "test")
        deeds: list[Deed] = [partial(ask, here.gateway, attempt, "webhook"), partial(transact, cancel)]
        results = await together(*(deeds if number % 2 else deeds[::-1]))

        failed = [one for one in results if isinstance(one, BaseException)]
        assert failed == [], failed
    await here.outbox()

    for order in await Order.all():
        assert order.status is OrderStatus.CANCELLED
        owed = sum([one.amount for one in await Refund.filter(order_id=order.id)])
        assert owed == order.payable, "whoever was first: all of it goes back"
    await laws_hold()


@pytest.mark.parametrize("amount", ROUNDS)
async def test_message_return_page_and_poller_at_once_pay_once(database: Settings, amount: int) -> None:
    here = desk()
    for told, attempt in await rounds(here, amount):
        here.there.pay(attempt.invoice_id or "", "pay")

        results = await together(*(partial(ask, here.gateway, attempt, f"path-{n}") for n in range(3)))

        assert not any(isinstance(one, BaseException) for one in results), results
        order = await Order.get(id=told.id)
        assert (order.paid, order.status) == (told.payable, OrderStatus.CONFIRMED)
    assert await OutboxEvent.filter(name="PaymentChanged").count() == amount
    await laws_hold()


@pytest.mark.parametrize("amount", ROUNDS)
async def test_two_refunds_at_once_never_give_more_than_there_is(database: Settings, amount: int) -> None:
    here = desk()
    for told, attempt in await rounds(here, amount):
        here.there.pay(attempt.invoice_id or "", "pay")
        await apply(told.id, attempt.id, await here.gateway.check(attempt.invoice_id or ""))
        part = told.payable * 2 // 3

        async def refund(order_id: int = told.id, part: int = part) -> None:
            made = await transact(partial(refunds.order_refund, order_id, part, "причина", "staff:7"))
            await refunds.send_all(here.gateway, made, "test")

        results = await together(refund, refund)

        assert [type(one) for one in results if one is not None] == [RefundTooBig], results
        assert (await Order.get(id=told.id)).refunded == part
        assert len(here.there.invoices[attempt.invoice_id or ""].cancels) == 1
    await laws_hold()


@pytest.mark.parametrize("amount", ROUNDS)
async def test_many_tabs_that_pay_again_at_once_get_one_page(database: Settings, amount: int) -> None:
    here = desk()
    codes = await put_on_shelf(stock={"M": None})
    for _ in range(amount):
        told = await placed({codes["M"]: 1}, pay_type=PayType.ONLINE_FULL)

        results = await together(*(partial(pay_again, here, told.id) for _ in range(3)))

        assert not any(isinstance(one, BaseException) for one in results), results
        assert await Payment.filter(order_id=told.id).count() == 1
    assert len(here.there.invoices) == amount
