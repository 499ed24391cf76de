"""A bank of the sandbox, connected without a network, and orders that are to be paid there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import httpx2

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.events import OrderStatusChanged, PaymentChanged, PaymentDue
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.relay import Handlers, run_due
from commerce_api.foundation.web.carried import Ports
from commerce_api.integrations.http import Outside, Patience
from commerce_api.integrations.monobank import Monobank
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.placing import PlacedOrder
from commerce_api.shop.payments.gateway import PaymentGateway
from commerce_api.shop.payments.models import Payment, Refund
from commerce_api.shop.payments.queries import Attempt, attempts_of, broken_laws
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.settlement.bank import Bank
from commerce_api.shop.settlement.handlers import on_order_status_changed, on_payment_changed, on_payment_due
from commerce_api.shop.settlement.paying import ask_for_page, clear_way, first_attempt, reuse_or_begin
from commerce_api.shop.settlement.reconcile import reconcile
from commerce_api.shop.settlement.service import settle
from sandbox import bank as emulator
from sandbox.clock import Clock
from sandbox.environment import BANK_TOKEN
from sandbox.faults import Switch
from sandbox.monobank import make_app
from sandbox.wire import faulty
from sandbox.world import World
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.orders.builders import placed

SITE = "http://shop.test"
MINUTES = 30


class Wire(httpx2.AsyncBaseTransport):
    """The way to the emulator, which counts the calls. `before` holds deeds that are done when a call of that name is
    on its way, once each: what happens at the worst moment."""

    def __init__(self, app: Any) -> None:
        self.inner = httpx2.ASGITransport(app=app)
        self.before: dict[str, Callable[[], Awaitable[object]]] = {}
        self.calls: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        name = request.url.path.rpartition("/")[2]
        self.calls.append(name)
        deed = self.before.pop(name, None)
        if deed is not None:
            await deed()
        return await self.inner.handle_async_request(request)


@dataclass
class Desk:
    """A shop's bank: `bank` is what settlement works with, `there` the emulator behind it, `wire` the way between."""

    bank: Bank
    there: emulator.Bank
    wire: Wire
    world: World

    def fault(self, name: str, only: str = "", times: int = 1) -> None:
        """Put a switch of the sandbox on."""
        self.world.faults.arm(Switch("monobank", name, times=times, only=only))

    async def outbox(self) -> int:
        """Let the worker do what the outbox owes to settlement; how many deliveries were tried."""
        owed: Handlers = {
            OrderStatusChanged: {"settlement.order_moved": on_order_status_changed},
            PaymentDue: {"settlement.payment_due": partial(on_payment_due, self.bank)},
            PaymentChanged: {"settlement.payment_changed": partial(on_payment_changed, self.bank)},
        }
        done = 0
        while tried := await run_due(owed):
            done += tried
        return done

    @property
    def ports(self) -> Ports:
        """What an application over this bank is given."""
        return {PaymentGateway: self.gateway}

    @property
    def gateway(self) -> Monobank:
        gateway = self.bank.gateway
        assert isinstance(gateway, Monobank)
        return gateway


async def _no_pause(_seconds: float) -> None:
    """Repeats of calls come at once."""


class ShopTime(Clock):
    """The bank's clock shows what the shop's does: tests stop both at once."""

    def now(self) -> datetime:
        return clock.now()


class Kept(httpx2.AsyncBaseTransport):
    """A shop that takes every message and does nothing."""

    def __init__(self) -> None:
        self.sent: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(request)
        return httpx2.Response(200)


def desk(
    shop: httpx2.AsyncBaseTransport | None = None, *, now: Callable[[], float] | None = None, **options: Any
) -> Desk:
    """A connected bank. `shop` takes its messages when they are delivered, `now` counts the adapter's seconds."""
    world = World("http://bank.test", clock=ShopTime(), shop=shop or Kept())
    there = emulator.Bank(world, by_itself=False)
    wire = Wire(faulty(make_app(there), "monobank", world))
    outside = Outside(
        "monobank",
        "http://bank.test",
        patience=Patience(tries=2),
        headers={"x-token": BANK_TOKEN},
        secrets=(BANK_TOKEN,),
        transport=wire,
        pause=_no_pause,
    )
    gateway = Monobank(outside, "http://bank.test", **({"now": now} if now else {}))
    return Desk(Bank(gateway, SITE, MINUTES, **options), there, wire, world)


async def order_to_pay(
    pay_type: PayType = PayType.ONLINE_FULL, *, quantity: int = 2, stock: int = 10, slug: str = "kolos-tee"
) -> PlacedOrder:
    """An order that waits for its online payment, without an attempt."""
    codes = await put_on_shelf(slug, stock={"M": stock})
    return await placed({codes["M"]: quantity}, pay_type=pay_type)


async def attempt_for(
    desk: Desk, told: PlacedOrder, pay_type: PayType = PayType.ONLINE_FULL, *, call: bool = True
) -> Attempt:
    """The first attempt of an order, with its page unless `call` is false."""
    order = await Order.get(id=told.id)
    lines = await order.lines.all().order_by("position")
    sold = [(line, line.discount) for line in lines]
    begin = partial(first_attempt, told, sold, order.shipping, pay_type, "uk", desk.bank)
    payment_id = await transact(begin)
    assert payment_id is not None
    if call:
        await ask_for_page(desk.bank, payment_id, "test")
    return await newest(told.id)


async def pay_again(desk: Desk, order_id: int) -> Attempt:
    """What the button of the order's page does, without a web."""
    await clear_way(desk.gateway, order_id)
    payment_id = await transact(partial(reuse_or_begin, desk.bank, order_id))
    await ask_for_page(desk.bank, payment_id, "test")
    return await newest(order_id)


async def newest(order_id: int) -> Attempt:
    """The newest attempt of an order."""
    return (await attempts_of(order_id))[-1]


async def paid_order(
    desk: Desk, pay_type: PayType = PayType.ONLINE_FULL, **options: Any
) -> tuple[PlacedOrder, Attempt]:
    """An order whose money has come, as the bank said when it was asked."""
    told = await order_to_pay(pay_type, **options)
    attempt = await attempt_for(desk, told, pay_type)
    desk.there.pay(attempt.invoice_id or "", "pay")
    from_bank = await desk.gateway.check(attempt.invoice_id or "")
    await apply(told.id, attempt.id, from_bank)
    return told, await newest(told.id)


async def apply(order_id: int, payment_id: int, state: Any) -> None:
    """Settle one word of the bank."""
    await transact(partial(settle, payment_id, order_id, state, "test"))


async def laws_hold() -> None:
    """Every hryvnia that the bank took is in an order or in the refund queue, and orders have no other."""
    assert await broken_laws() == []
    credited: dict[int, int] = {}
    for payment in await Payment.all():
        credited[payment.order_id] = credited.get(payment.order_id, 0) + payment.credited
    back: dict[int, int] = {}
    for refund in await Refund.filter(from_order=True, status="done"):
        back[refund.order_id] = back.get(refund.order_id, 0) + refund.amount
    for order in await Order.all():
        assert order.paid == credited.get(order.id, 0), order.number
        assert order.refunded == back.get(order.id, 0), order.number
        if order.payment_status == "paid":
            assert order.paid - order.refunded >= order.payable, order.number


async def books_agree(desk: Desk) -> None:
    """The bank has of each invoice what our books say it has, and the statement finds nothing to add to them."""
    for payment in await Payment.filter(invoice_id__isnull=False):
        there = desk.there.invoices[payment.invoice_id or ""]
        assert payment.received - payment.returned == (there.final or 0), payment.reference
    known = await Payment.all().order_by("id").values()
    assert (await reconcile(desk.gateway)).corrected == 0
    assert await Payment.all().order_by("id").values() == known
