"""Messages of the bank over HTTP: signed, asked about, and counted once however they come."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from commerce_api.foundation import metrics
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.shop.orders.models import Order
from commerce_api.shop.payments.models import BankNotice, Payment, Refund
from commerce_api.shop.payments.queries import Attempt
from commerce_api.shop.settlement import polling
from tests.commerce_api.shop.cart.builders import everything, shop_front
from tests.commerce_api.shop.settlement.builders import SITE, Desk, attempt_for, desk, laws_hold, newest, order_to_pay

pytestmark = pytest.mark.anyio

ADDRESS = "/webhooks/monobank"


class Late(httpx2.AsyncBaseTransport):
    """A transport whose end is given later: bank and shop each need the other."""

    inner: httpx2.AsyncBaseTransport

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return await self.inner.handle_async_request(request)


@dataclass
class Front:
    """A shop over a bank, with an attempt whose page is open."""

    desk: Desk
    client: httpx2.AsyncClient
    order_id: int
    attempt: Attempt

    @property
    def invoice(self) -> str:
        return self.attempt.invoice_id or ""

    async def money(self) -> tuple[str, int]:
        order = await Order.get(id=self.order_id)
        return order.payment_status.value, order.paid

    async def send(self, body: bytes, signature: str) -> httpx2.Response:
        return await self.client.post(ADDRESS, content=body, headers={"x-sign": signature})


@asynccontextmanager
async def front(settings: Settings) -> AsyncIterator[Front]:
    to_shop = Late()
    here = desk(to_shop)
    app = shop_front(settings, ports=here.ports)
    to_shop.inner = httpx2.ASGITransport(app=app)
    told = await order_to_pay()
    attempt = await attempt_for(here, told)
    for invoice in here.there.invoices.values():
        invoice.webhook = settings.site_url + ADDRESS
    async with httpx2.AsyncClient(transport=to_shop, base_url=settings.site_url) as client:
        yield Front(here, client, told.id, attempt)


def test_the_bank_is_told_where_we_listen() -> None:
    assert desk().bank.webhook_url == SITE + ADDRESS


async def test_a_signed_message_is_asked_about_and_pays(database: Settings) -> None:
    async with front(database) as here:
        here.desk.there.pay(here.invoice, "pay")
        answers = await here.desk.there.messages.deliver()

        assert answers == [200, 200], "processing and success"
        assert await here.money() == ("paid", (await Order.get()).payable)
        assert {notice.done_at is not None for notice in await BankNotice.all()} == {True}
    await laws_hold()


@pytest.mark.parametrize("fault", ["duplicate", "reordered", "key_rotation"])
async def test_doubled_and_reordered_messages_pay_once(database: Settings, fault: str) -> None:
    async with front(database) as here:
        here.desk.fault(fault, times=2 if fault == "duplicate" else 1)
        here.desk.there.pay(here.invoice, "pay")
        await here.desk.there.messages.deliver()

        assert await here.money() == ("paid", (await Order.get()).payable)
    assert await OutboxEvent.filter(name="PaymentChanged").count() == 1
    await laws_hold()


async def test_a_repeated_message_is_not_asked_about_again(sqlite_database: Settings) -> None:
    async with front(sqlite_database) as here:
        here.desk.there.pay(here.invoice, "pay")
        message = here.desk.there.messages.waiting[-1]
        await here.desk.there.messages.deliver()
        asked = here.desk.wire.calls.count("status")

        answer = await here.send(message.body, message.signature)

        assert answer.status_code == 200
        assert here.desk.wire.calls.count("status") == asked


def lying(attempt: Attempt) -> bytes:
    """A message that says the money is there."""
    told = {"invoiceId": attempt.invoice_id, "status": "success", "amount": attempt.amount, "ccy": 980}
    return json.dumps({**told, "modifiedDate": "2026-11-22T12:00:00Z", "finalAmount": attempt.amount}).encode()


@pytest.mark.parametrize("kind", ["unsigned", "stranger", "other body", "empty"])
async def test_a_badly_signed_message_changes_nothing_and_is_counted(database: Settings, kind: str) -> None:
    async with front(database) as here:
        body = lying(here.attempt)
        stranger = ec.generate_private_key(ec.SECP256R1())
        signature = {
            "unsigned": "",
            "stranger": base64.b64encode(stranger.sign(body, ec.ECDSA(SHA256()))).decode(),
            "other body": here.desk.there.messages.signed(body + b" "),
            "empty": here.desk.there.messages.signed(body),
        }[kind]
        before, counted = await everything(), metrics.WEBHOOKS.read("monobank", "forged")

        answer = await here.send(b"" if kind == "empty" else body, signature)

        assert answer.status_code == 403
        assert answer.json()["code"] == "webhook_forged"
        assert metrics.WEBHOOKS.read("monobank", "forged") == counted + 1
        after = await everything()
        assert [event["name"] for event in after.pop("outbox_event")[len(before.pop("outbox_event")) :]] == [
            "WebhookRejected"
        ]
        assert after == before


async def test_a_signed_message_that_says_more_than_the_bank_knows_pays_nothing(database: Settings) -> None:
    async with front(database) as here:
        body = lying(here.attempt)

        answer = await here.send(body, here.desk.there.messages.signed(body))

        assert answer.status_code == 200
        assert await here.money() == ("pending", 0)


async def test_an_unknown_invoice_is_answered_and_changes_nothing(sqlite_database: Settings) -> None:
    async with front(sqlite_database) as here:
        body = lying(here.attempt).replace(here.invoice.encode(), b"p2_somebody_elses")

        answer = await here.send(body, here.desk.there.messages.signed(body))

        assert answer.status_code == 200
        assert await here.money() == ("pending", 0)
    assert await Refund.all().count() == 0


@pytest.mark.parametrize("fault", ["500", "429", "html_502", "reset", "truncated", "malformed", "hang"])
async def test_a_bank_that_does_not_say_is_asked_again_by_the_poller(sqlite_database: Settings, fault: str) -> None:
    async with front(sqlite_database) as here:
        here.desk.there.pay(here.invoice, "pay")
        here.desk.fault(fault, only="status", times=4)
        answers = await here.desk.there.messages.deliver()
        assert answers == [200, 200]
        assert await here.money() == ("pending", 0)

        here.desk.world.faults.clear()
        await polling.poll(here.desk.bank)

        assert (await here.money())[0] == "paid"
    await laws_hold()


async def test_a_message_that_broke_off_half_way_is_taken_up_when_it_comes_again(sqlite_database: Settings) -> None:
    async with front(sqlite_database) as here:
        here.desk.there.pay(here.invoice, "pay")
        message = here.desk.there.messages.waiting[-1]
        here.desk.there.messages.waiting.clear()
        here.desk.fault("hang", only="status", times=2)
        await here.send(message.body, message.signature)

        await here.send(message.body, message.signature)

        assert (await here.money())[0] == "paid"


async def test_without_the_key_nothing_is_believed_and_the_bank_comes_again(sqlite_database: Settings) -> None:
    async with front(sqlite_database) as here:
        here.desk.fault("500", only="pubkey", times=9)
        body = lying(here.attempt)

        answer = await here.send(body, here.desk.there.messages.signed(body))

        assert (answer.status_code, answer.json()["code"]) == (503, "bank_silent")
        assert await BankNotice.all().count() == 0


async def test_a_shop_without_a_bank_says_so(sqlite_database: Settings) -> None:
    app = shop_front(sqlite_database)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=sqlite_database.site_url) as client:
        answer = await client.post(ADDRESS, content=b"{}")

    assert (answer.status_code, answer.json()["code"]) == (409, "bank_not_connected")


@pytest.mark.parametrize("how", ["pay", "fail", "hold", "abandon"])
async def test_coming_back_proves_nothing_and_asks_the_bank(database: Settings, how: str) -> None:
    async with front(database) as here:
        token = (await Order.get()).token
        here.desk.there.pay(here.invoice, how)

        answer = await here.client.get(f"/order/{token}/return?status=success&amount=999")

        assert answer.status_code == 303
        assert answer.headers["location"] == f"/order/{token}/"
        expected = {"pay": "paid", "fail": "failed"}.get(how, "pending")
        assert (await here.money())[0] == expected
    await laws_hold()


async def test_coming_back_while_the_bank_is_down_leaves_the_order_unpaid(sqlite_database: Settings) -> None:
    async with front(sqlite_database) as here:
        token = (await Order.get()).token
        here.desk.there.pay(here.invoice, "pay")
        here.desk.fault("500", only="status", times=9)

        answer = await here.client.get(f"/order/{token}/return?status=success")

        assert answer.status_code == 303
        assert await here.money() == ("pending", 0)


PATHS: tuple[str, ...] = ("webhook", "return", "poller")


@pytest.mark.parametrize("first", PATHS)
@pytest.mark.parametrize("second", PATHS)
async def test_whoever_hears_of_it_first_the_other_changes_nothing(
    sqlite_database: Settings, first: str, second: str
) -> None:
    async with front(sqlite_database) as here:
        token = (await Order.get()).token

        async def walk(path: str) -> Any:
            if path == "webhook":
                return await here.desk.there.messages.deliver()
            if path == "return":
                return await here.client.get(f"/order/{token}/return")
            await Payment.filter(next_check_at__isnull=False).update(next_check_at=here.attempt.created_at)
            return await polling.poll(here.desk.bank)

        here.desk.there.pay(here.invoice, "pay")
        await walk(first)
        after_first = await here.money()
        await walk(second)

        assert after_first == await here.money() == ("paid", here.attempt.amount)
        assert (await newest(here.order_id)).credited == here.attempt.amount
    assert await OutboxEvent.filter(name="PaymentChanged").count() == 1
    await laws_hold()
