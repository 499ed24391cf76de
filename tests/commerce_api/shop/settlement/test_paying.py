"""Asking the bank for a page: once, after the commit, for as long as a request has patience; never two pages."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.background import Background
from commerce_api.foundation.web.models import KeptAnswer
from commerce_api.shop.checkout.desk import Dictated, place_for
from commerce_api.shop.orders import service as orders
from commerce_api.shop.orders.draft import Contact, Delivery
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.status import CancelReason
from commerce_api.shop.payments import service as payments
from commerce_api.shop.payments.errors import NothingToPay, PaymentUnderWay, PayTooLate
from commerce_api.shop.payments.models import Payment
from commerce_api.shop.payments.status import AttemptStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.settlement import polling
from commerce_api.shop.settlement.paying import ask_for_page, reuse_or_begin
from tests.commerce_api.shop.cart.builders import put_on_shelf, shop_front, shopper
from tests.commerce_api.shop.checkout.builders import FORM, buy, fill, hidden
from tests.commerce_api.shop.orders.builders import CUSTOMER, STAFF
from tests.commerce_api.shop.settlement.builders import attempt_for, desk, laws_hold, newest, order_to_pay, pay_again

pytestmark = pytest.mark.anyio

A = AttemptStatus


async def test_the_bill_is_the_order(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()

    attempt = await attempt_for(here, told)

    invoice = here.there.invoices[attempt.invoice_id or ""]
    assert (invoice.amount, invoice.reference) == (told.payable, f"{told.number}-1")
    assert [line["qty"] for line in invoice.lines] == [2, 1], "two pieces and the delivery"
    assert invoice.redirect.endswith(f"/order/{told.token}/return")
    assert (invoice.ends - invoice.created).total_seconds() == pytest.approx(30 * 60, abs=2)
    assert attempt.page.startswith("http://bank.test/monobank/pay/")


async def test_two_who_hold_one_attempt_make_one_call(database: Settings) -> None:
    here = desk()
    attempt = await attempt_for(here, await order_to_pay(), call=False)

    await asyncio.gather(*(ask_for_page(here.bank, attempt.id, "test") for _ in range(5)))

    assert here.wire.calls.count("create") == 1


async def test_two_tabs_get_the_same_page(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    await attempt_for(here, told)

    pages = {(await pay_again(here, told.id)).page for _ in range(2)}

    assert len(pages) == 1
    assert here.wire.calls.count("create") == 1


async def test_two_tabs_at_once_begin_one_attempt(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()

    begun = await asyncio.gather(*(transact(partial(reuse_or_begin, here.bank, told.id)) for _ in range(5)))

    assert len(set(begun)) == 1
    assert await Payment.all().count() == 1


async def test_after_a_failure_there_is_a_new_page_and_the_old_one_is_removed(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    first = await attempt_for(here, told)
    here.there.pay(first.invoice_id or "", "fail")
    await Payment.all().update(next_check_at=clock.now())
    await polling.poll(here.bank)

    second = await pay_again(here, told.id)
    await here.outbox()

    assert (await Order.get()).payment_status.value == "pending"
    assert second.page
    assert second.reference == f"{told.number}-2"
    assert here.there.invoices[first.invoice_id or ""].removed


@pytest.mark.parametrize("fault", ["lost_reply", "truncated", "malformed", "html_502", "500", "hang", "reset"])
async def test_a_lost_reply_never_shows_two_pages(database: Settings, fault: str) -> None:
    here = desk()
    told = await order_to_pay()
    here.fault(fault, only="create")
    attempt = await attempt_for(here, told)
    assert (attempt.status, attempt.page) == (A.UNKNOWN, "")
    with pytest.raises(PaymentUnderWay):
        await transact(partial(reuse_or_begin, here.bank, told.id))

    again = await pay_again(here, told.id)

    assert again.page
    attempts = await Payment.all().order_by("id")
    assert [one.status for one in attempts] == [A.REMOVED, A.CREATED]
    assert sum(bool(one.page_url) for one in attempts) == 1
    assert len({one.reference for one in attempts}) == 2


async def test_the_statement_tells_of_a_lost_page_that_was_paid(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    here.fault("lost_reply", only="create")
    attempt = await attempt_for(here, told)
    (invoice,) = here.there.invoices.values()
    here.there.pay(invoice.id, "pay")

    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await polling.poll(here.bank)

    assert (await newest(told.id)).status is A.SUCCESS
    assert (await Order.get()).paid == told.payable
    assert attempt.reference == invoice.reference
    assert here.wire.calls.count("create") == 1
    await laws_hold()


async def test_a_shopper_who_waits_gets_another_page_after_a_lost_one(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    here.fault("lost_reply", only="create")
    await attempt_for(here, told)

    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await polling.poll(here.bank)
        assert (await newest(told.id)).page

    assert here.wire.calls.count("create") == 2
    assert sum(bool(one.page_url) for one in await Payment.all()) == 1


async def test_a_silent_statement_begins_nothing(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    here.fault("lost_reply", only="create")
    await attempt_for(here, told)
    here.fault("500", only="statement", times=9)

    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await polling.poll(here.bank)

    assert (await newest(told.id)).status is A.UNKNOWN
    assert here.wire.calls.count("create") == 1


async def test_a_bank_that_was_not_reached_is_called_again(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    here.fault("429", only="create", times=2)
    attempt = await attempt_for(here, told)
    assert (attempt.status, attempt.called_at) == (A.STARTING, None)

    moment = clock.now()
    for seconds in (6, 40):
        with clock.frozen(moment + timedelta(seconds=seconds)):
            await polling.poll(here.bank)

    assert (await newest(told.id)).page_url
    assert await Payment.all().count() == 1


async def test_a_bank_that_refuses_the_bill_leaves_the_order_payable(sqlite_database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    here.gateway._outside.headers["x-token"] = "of-another-merchant"

    attempt = await attempt_for(here, told)

    assert (attempt.status, attempt.failure) == (A.FAILURE, "FORBIDDEN")
    order = await Order.get()
    assert (order.status.value, order.payment_status.value) == ("new", "failed")


@pytest.mark.parametrize("claimed", [False, True])
async def test_what_a_crash_left_starting_is_taken_up(database: Settings, claimed: bool) -> None:
    here = desk()
    told = await order_to_pay()
    attempt = await attempt_for(here, told, call=False)
    if claimed:
        assert await transact(partial(payments.claim_call, attempt.id))

    with clock.frozen(clock.now() + timedelta(seconds=61)):
        await polling.poll(here.bank)
        assert (await newest(told.id)).page

    assert here.wire.calls.count("create") == 1
    assert ("statement" in here.wire.calls) is claimed, "a call that was made is looked up first"


async def test_an_order_cancelled_while_the_bank_was_asked_gets_no_page(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    attempt = await attempt_for(here, told, call=False)

    async def cancel() -> None:
        await transact(partial(orders.cancel, told.number, CancelReason.CUSTOMER, CUSTOMER, "test"))
        await here.outbox()

    here.wire.before["create"] = cancel
    await ask_for_page(here.bank, attempt.id, "test")

    known = await newest(told.id)
    assert (known.status, known.page) == (A.REMOVED, "")
    assert [invoice.removed for invoice in here.there.invoices.values()] == [True]


async def test_nothing_to_pay_begins_nothing(database: Settings) -> None:
    here = desk()
    cash = await order_to_pay(PayType.COD)
    with pytest.raises(NothingToPay):
        await transact(partial(reuse_or_begin, here.bank, cash.id))

    late = await order_to_pay(slug="late-tee")
    with clock.frozen(clock.now() + timedelta(minutes=29, seconds=30)), pytest.raises(PayTooLate):
        await transact(partial(reuse_or_begin, here.bank, late.id))


async def test_checking_out_leads_to_the_bank_s_page(database: Settings) -> None:
    here = desk()
    app = shop_front(database, ports=here.ports)
    codes = await put_on_shelf(stock={"M": 5})
    async with shopper(app, database) as client:
        total = await fill(client, {codes["M"]: 2})
        answers = [await buy(client, total, payment="online_full") for _ in range(2)]

    bodies = [answer.json() for answer in answers]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert bodies[0] == bodies[1], "the same key, the same page"
    assert bodies[0]["payment"]["status"] == "created"
    assert bodies[0]["payment"]["redirect_url"].startswith("http://bank.test/monobank/pay/")
    (invoice,) = here.there.invoices.values()
    assert invoice.amount == bodies[0]["payable"] == bodies[0]["due_now"] == total


async def test_a_prepaid_checkout_asks_for_200_hryvnias(sqlite_database: Settings) -> None:
    here = desk()
    app = shop_front(sqlite_database, ports=here.ports)
    codes = await put_on_shelf(stock={"M": 5})
    async with shopper(app, sqlite_database) as client:
        total = await fill(client, {codes["M"]: 1})
        answer = await buy(client, total, payment="prepay_200")

    (invoice,) = here.there.invoices.values()
    assert invoice.amount == answer.json()["due_now"] == 20_000
    assert [line["code"] for line in invoice.lines] == ["PREPAYMENT"]


async def test_a_slow_bank_costs_a_request_its_patience_and_no_more(database: Settings) -> None:
    here = desk()
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        asked.set()
        await answered.wait()

    here.wire.before["create"] = slow
    background = Background(patience=0)
    app = shop_front(database, ports=here.ports, background=background)
    codes = await put_on_shelf(stock={"M": 5})
    async with shopper(app, database) as client:
        total = await fill(client, {codes["M"]: 1})
        answer = await buy(client, total, payment="online_full")
        assert answer.status_code == 201
        assert answer.json()["payment"] == {"status": "starting"}
        page = await client.get(answer.json()["url"])
        assert '<meta http-equiv="refresh" content="3">' in page.text

        # the process is told to stop: what was begun is finished
        await asked.wait()
        answered.set()
        await background.finish()

        page = await client.get(answer.json()["url"])
        assert "http-equiv" not in page.text
        assert (await newest((await Order.get()).id)).page in page.text
        again = await buy(client, total, payment="online_full")
    assert again.json()["payment"]["redirect_url"]
    assert here.wire.calls.count("create") == 1
    assert (await KeptAnswer.get()).answer["payment"] == {"status": "unpaid"}


@pytest.mark.parametrize("fault", ["500", "429", "hang", "reset", "html_502"])
async def test_a_dead_bank_loses_nothing(database: Settings, fault: str) -> None:
    here = desk()
    here.fault(fault, times=99)
    app = shop_front(database, ports=here.ports)
    codes = await put_on_shelf(stock={"M": 5})
    async with shopper(app, database) as client:
        total = await fill(client, {codes["M"]: 1})
        answer = await buy(client, total, payment="online_full")
        assert answer.status_code == 201
        order = await Order.get()
        assert (order.status.value, order.payment_status.value, order.paid) == ("new", "unpaid", 0)

        here.world.faults.clear()
        with clock.frozen(clock.now() + timedelta(minutes=2)):
            await polling.poll(here.bank)
            pay = await client.post(f"/api/v1/orders/{order.token}/pay")

    assert pay.json()["redirect_url"]
    assert sum(bool(one.page_url) for one in await Payment.all()) == 1


async def test_the_form_sends_the_browser_to_the_bank(database: Settings) -> None:
    here = desk()
    app = shop_front(database, ports=here.ports, payment_origins=("http://bank.test",))
    codes = await put_on_shelf(stock={"M": 5})
    async with shopper(app, database) as client:
        await fill(client, {codes["M"]: 1})
        form = await client.get("/checkout/")
        assert "form-action 'self' http://bank.test" in form.headers["content-security-policy"]
        assert 'value="online_full"' in form.text
        key, total = hidden(form.text, "key"), hidden(form.text, "expected_total")
        typed = {**FORM, "payment": "online_full", "key": key, "expected_total": total}
        answer = await client.post("/checkout/", data=typed)

    assert answer.status_code == 303
    assert answer.headers["location"] == (await newest((await Order.get()).id)).page


async def test_an_order_that_staff_place_gets_its_page_from_the_worker(database: Settings) -> None:
    here = desk()
    codes = await put_on_shelf(stock={"M": 5})
    said = Dictated(
        lines={codes["M"]: 1},
        contact=Contact("Шевченко Оксана", "+380671234567", None),
        delivery=Delivery(DeliveryKind.BRANCH, "Харків", "Відділення 12"),
        pay_type=PayType.ONLINE_FULL,
    )

    told = await transact(partial(place_for, said, STAFF, "test", database, here.bank))
    await here.outbox()

    attempt = await newest(told.id)
    assert attempt.page
    assert attempt.amount == told.payable
