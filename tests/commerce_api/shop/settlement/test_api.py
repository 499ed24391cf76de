"""Payments and refunds over the JSON API, and what an order's page says of its money."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from starlette.routing import Route

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.shop.orders.models import Order
from commerce_api.shop.payments.models import Refund
from commerce_api.shop.payments.status import RefundStatus
from commerce_api.shop.pricing.payments import PayType
from tests.commerce_api.shop.cart.builders import shop_front, shopper
from tests.commerce_api.shop.orders.staff import AuditLog, enter, roles_of
from tests.commerce_api.shop.settlement.builders import (
    Desk,
    attempt_for,
    desk,
    laws_hold,
    newest,
    order_to_pay,
    paid_order,
)

pytestmark = pytest.mark.anyio

T = texts("uk")


async def page_of(settings: Settings, here: Desk, token: str, lang: str = "") -> str:
    async with shopper(shop_front(settings, ports=here.ports), settings) as client:
        answer = await client.get(f"{lang}/order/{token}/")
        assert answer.status_code == 200
        return answer.text


async def test_an_unpaid_order_offers_its_ways_out(sqlite_database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    attempt = await attempt_for(here, told)

    text = await page_of(sqlite_database, here, told.token)

    assert f'href="{attempt.page}"' in text
    assert f'action="/order/{told.token}/pay-on-receipt"' in text
    assert f'action="/order/{told.token}/back-to-cart"' in text
    assert "http-equiv" not in text


async def test_an_order_that_waits_for_money_is_not_promised_to_be_confirmed_before(sqlite_database: Settings) -> None:
    here = desk()
    waiting = await order_to_pay()
    await attempt_for(here, waiting)
    in_cash = await order_to_pay(PayType.COD, slug="sova-tee")

    assert T("order.unpaid") in await page_of(sqlite_database, here, waiting.token)
    assert T("order.next.new") in await page_of(sqlite_database, here, in_cash.token)


async def test_a_failed_payment_says_why_and_offers_another_try(sqlite_database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    attempt = await attempt_for(here, told)
    here.there.pay(attempt.invoice_id or "", "fail")
    async with shopper(shop_front(sqlite_database, ports=here.ports), sqlite_database) as client:
        await client.get(f"/order/{told.token}/return")
        text = (await client.get(f"/order/{told.token}/")).text
        english = (await client.get(f"/en/order/{told.token}/")).text
        assert "Недостатньо коштів" in text
        assert "Try paying once more" in english

        answer = await client.post(f"/order/{told.token}/pay")

    assert answer.status_code == 303
    assert answer.headers["location"] == (await newest(told.id)).page


async def test_a_paid_order_offers_nothing_but_its_receipt(sqlite_database: Settings) -> None:
    here = desk()
    told, _ = await paid_order(here)
    await here.outbox()

    text = await page_of(sqlite_database, here, told.token)

    assert "cashregs/check" in text
    assert "/pay" not in text.split('class="order-pay"')[1].split("</section>")[0]


async def test_an_order_on_receipt_says_nothing_of_paying_online(sqlite_database: Settings) -> None:
    told = await order_to_pay(PayType.COD)

    assert "order-pay" not in await page_of(sqlite_database, desk(), told.token)


@pytest.mark.parametrize("token", ["nobody-knows-this-token", "1", "a%00b"])
async def test_a_strange_token_opens_nothing(sqlite_database: Settings, token: str) -> None:
    here = desk()
    async with shopper(shop_front(sqlite_database, ports=here.ports), sqlite_database) as client:
        for path in ("pay", "pay-on-receipt", "back-to-cart"):
            assert (await client.post(f"/order/{token}/{path}")).status_code == 404
        assert (await client.get(f"/order/{token}/return")).status_code == 404
        assert (await client.post(f"/api/v1/orders/{token}/pay")).status_code == 404


async def test_programs_are_told_where_to_pay(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    async with shopper(shop_front(database, ports=here.ports), database) as client:
        first = await client.post(f"/api/v1/orders/{told.token}/pay")
        second = await client.post(f"/api/v1/orders/{told.token}/pay")
        order = (await client.get(f"/api/v1/orders/{told.token}")).json()

    assert first.status_code == 200
    assert first.json() == second.json()
    assert first.json()["status"] == "created"
    assert first.json()["amount"] == told.payable
    assert (order["paid"], order["refunded"], order["payment_status"]) == (0, 0, "pending")


async def test_a_shop_without_a_bank_says_so(sqlite_database: Settings) -> None:
    told = await order_to_pay()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        answer = await client.post(f"/api/v1/orders/{told.token}/pay")

    assert (answer.status_code, answer.json()["code"]) == (409, "bank_not_connected")


@asynccontextmanager
async def staff(settings: Settings, here: Desk, log: AuditLog) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody in charge of orders, signed in at a shop with a bank."""
    door = Route("/test/enter/{account:int}", enter, methods=["POST"])
    app = shop_front(settings, ports=here.ports, roles_of=roles_of, routes=[door], audit=log)
    async with shopper(app, settings) as client:
        await client.post("/test/enter/2")
        yield client


async def refund(
    client: httpx2.AsyncClient, number: str, amount: int, key: str = "1", reason: str = "замалий розмір"
) -> httpx2.Response:
    path = f"/api/v1/staff/orders/{number}/refunds"
    return await client.post(path, json={"amount": amount, "reason": reason}, headers={"idempotency-key": key})


async def test_staff_programs_give_money_back_and_it_is_noted(database: Settings) -> None:
    here, log = desk(), AuditLog()
    told, _ = await paid_order(here)
    path = f"/api/v1/staff/orders/{told.number}"
    async with staff(database, here, log) as client:
        part = await refund(client, told.number, 5_000, "1")
        much = await refund(client, told.number, told.payable, "2")
        silent = await refund(client, told.number, 5_000, "3", reason="  ")
        keyless = await client.post(f"{path}/refunds", json={"amount": 5_000, "reason": "замалий розмір"})
        seen = await client.get(f"{path}/payments")
        queue = await client.get("/api/v1/staff/refunds")

    assert part.status_code == 201, part.text
    assert [(one["status"], one["amount"]) for one in part.json()["items"]] == [("done", 5_000)]
    assert (much.status_code, much.json()["code"]) == (409, "refund_too_big")
    assert (silent.status_code, keyless.status_code) == (422, 422)
    assert [one["credited"] for one in seen.json()["attempts"]] == [told.payable]
    assert len(seen.json()["refunds"]) == 1
    assert queue.json() == {"items": []}
    assert [(action, subject) for _, action, subject, _ in log.entries] == [("order.refund", told.number)]
    await laws_hold()


async def test_a_refund_that_waits_is_sent_from_the_queue(database: Settings) -> None:
    here, log = desk(), AuditLog()
    told, _ = await paid_order(here)
    here.fault("429", only="cancel", times=1)
    async with staff(database, here, log) as client:
        made = (await refund(client, told.number, 5_000)).json()["items"]
        assert [one["status"] for one in made] == ["queued"]
        waiting = (await client.get("/api/v1/staff/refunds")).json()["items"]
        path = f"/api/v1/staff/refunds/{waiting[0]['id']}/send"
        sent, same, again = [await client.post(path, headers={"idempotency-key": key}) for key in ("a", "a", "b")]
        unknown = await client.post("/api/v1/staff/refunds/999/send", headers={"idempotency-key": "c"})
        impossible = await client.post(f"/api/v1/staff/refunds/{2**31}/send", headers={"idempotency-key": "d"})
        other = await client.post("/api/v1/staff/refunds/999/send", headers={"idempotency-key": "a"})

    assert (sent.status_code, sent.json()["status"]) == (200, "done")
    assert (same.status_code, same.content) == (200, sent.content)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert (again.status_code, again.json()["code"]) == (409, "refund_moved")
    assert (unknown.status_code, impossible.status_code) == (404, 404)
    assert (await Refund.get()).status is RefundStatus.DONE
    assert (await Order.get()).refunded == 5_000


async def test_the_same_key_gives_money_back_once_even_at_once_and_a_new_one_gives_more(database: Settings) -> None:
    here, log = desk(), AuditLog()
    told, _ = await paid_order(here)
    async with staff(database, here, log) as client:
        first = await asyncio.gather(*(refund(client, told.number, 5_000) for _ in range(3)))
        later = await refund(client, told.number, 5_000)
        other = await refund(client, told.number, 6_000)
        more = await refund(client, told.number, 5_000, "2")

    assert {answer.status_code for answer in (*first, later, more)} == {201}
    assert len({answer.json()["items"][0]["reference"] for answer in (*first, later)}) == 1
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert await Refund.all().count() == 2
    assert (await Order.get()).refunded == 10_000
    assert here.wire.calls.count("cancel") == 2
    await laws_hold()


async def test_a_repeat_after_a_lost_answer_tells_how_the_refund_stands_and_asks_the_bank_no_more(
    sqlite_database: Settings,
) -> None:
    here, log = desk(), AuditLog()
    told, _ = await paid_order(here)
    here.fault("429", only="cancel", times=1)
    async with staff(sqlite_database, here, log) as client:
        waits = (await refund(client, told.number, 5_000)).json()["items"]
        asked = here.wire.calls.count("cancel")
        again = (await refund(client, told.number, 5_000)).json()["items"]

    assert again == waits
    assert here.wire.calls.count("cancel") == asked
