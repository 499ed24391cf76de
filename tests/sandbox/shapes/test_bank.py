"""What the bank answers fits what it documents: every answer and every refusal, no more and no less."""

import base64
from collections.abc import Mapping
from typing import Any

import httpx2
import orjson
import pytest

from sandbox.app import create
from sandbox.environment import BANK_TOKEN
from sandbox.faults import Switch
from sandbox.world import World
from tests.sandbox import shapes
from tests.sandbox.shapes.held import HOST, RUBBISH, fits

pytestmark = pytest.mark.anyio


Token = {"x-token": BANK_TOKEN}


async def bank(
    web: httpx2.AsyncClient, call: str, body: Mapping[str, Any] | None = None, **params: str
) -> httpx2.Response:
    address = f"/monobank/api/merchant/{call}"
    if body is None:
        # "from" is a word of the language.
        named = {"from" if name == "since" else name: value for name, value in params.items()}
        return await web.get(address, params=named, headers=Token)
    return await web.post(address, json=body, headers=Token)


async def bill(web: httpx2.AsyncClient, **more: Any) -> str:
    """The number of a new invoice."""
    line = {"name": "Футболка", "qty": 2, "sum": 2100, "total": 4200, "code": "TC-1"}
    payment = {"reference": "R-1", "destination": "Замовлення", "basketOrder": [line]}
    asked = {"amount": 4200, "merchantPaymInfo": payment, "webHookUrl": "http://shop.test/hook", **more}
    told = fits(shapes.bank.InvoiceMade, await bank(web, "invoice/create", asked))
    return str(told["invoiceId"])


async def paid(web: httpx2.AsyncClient, invoice: str, how: str = "pay") -> None:
    assert (await web.post(f"/monobank/pay/{invoice}", data={"how": how})).status_code == 303


@pytest.mark.parametrize("how", ["", "pay", "fail", "hold", "expire", "back", "part", "slow"])
async def test_an_invoice_is_told_as_documented_wherever_it_stands(
    world: World, web: httpx2.AsyncClient, how: str
) -> None:
    invoice = await bill(web, paymentType="hold" if how == "hold" else "debit")
    if how == "expire":
        world.clock.advance(hours=25)
    elif how:
        await paid(web, invoice, how if how in {"pay", "fail", "hold"} else "pay")
    if how == "slow":
        world.faults.arm(Switch("monobank", "cancel_processing"))
    if how in {"back", "part", "slow"}:
        asked = {"invoiceId": invoice, "extRef": "R-1-1", **({"amount": 100} if how != "back" else {})}
        fits(shapes.bank.Cancelled, await bank(web, "invoice/cancel", asked))

    told = fits(shapes.bank.InvoiceState, await bank(web, "invoice/status", invoiceId=invoice))

    state = {"": "created", "fail": "failure", "hold": "hold", "expire": "expired", "back": "reversed"}
    assert told["status"] == state.get(how, "success")
    statement = fits(shapes.bank.Statement, await bank(web, "statement", since="1"))
    assert [line["invoiceId"] for line in statement["list"]] == ([] if how in {"", "expire"} else [invoice])
    fits(shapes.bank.FiscalChecks, await bank(web, "invoice/fiscal-checks", invoiceId=invoice))


async def test_a_return_that_the_bank_works_on_ends_by_itself(world: World, web: httpx2.AsyncClient) -> None:
    invoice = await bill(web)
    await paid(web, invoice)
    world.faults.arm(Switch("monobank", "cancel_processing"))

    begun = fits(shapes.bank.Cancelled, await bank(web, "invoice/cancel", {"invoiceId": invoice, "amount": 100}))
    await world.settle()

    told = fits(shapes.bank.InvoiceState, await bank(web, "invoice/status", invoiceId=invoice))
    assert (begun["status"], told["cancelList"][0]["status"], told["finalAmount"]) == ("processing", "success", 4100)


async def test_the_messages_of_the_bank_are_its_status_objects(world: World) -> None:
    sent: list[httpx2.Request] = []

    def shop(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(200)

    here = World(HOST, clock=world.clock, sleep=world.sleep, shop=httpx2.MockTransport(shop))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=create(here)), base_url=HOST) as web:
        invoice = await bill(web)
        await paid(web, invoice)
        await here.settle()

    for request in sent:
        shapes.bank.InvoiceState.model_validate(orjson.loads(request.content))
        assert base64.b64decode(request.headers["x-sign"], validate=True)[0] == 0x30, "a signature in DER"
    assert [orjson.loads(request.content)["status"] for request in sent] == ["processing", "success"]


async def test_the_other_answers_of_the_bank(web: httpx2.AsyncClient) -> None:
    held = await bill(web, paymentType="hold")
    await paid(web, held)
    fits(shapes.bank.Finalized, await bank(web, "invoice/finalize", {"invoiceId": held, "amount": 4000}))
    fits(shapes.bank.Receipt, await bank(web, "invoice/receipt", invoiceId=held))
    fits(shapes.bank.Nothing, await bank(web, "invoice/remove", {"invoiceId": await bill(web)}))
    fits(shapes.bank.Merchant, await bank(web, "details"))
    key = fits(shapes.bank.BankKey, await bank(web, "pubkey"))["key"]
    assert base64.b64decode(key).startswith(b"-----BEGIN PUBLIC KEY-----")


async def test_the_bank_refuses_in_its_own_words(world: World, web: httpx2.AsyncClient) -> None:
    unpaid, settled = await bill(web), await bill(web)
    await paid(web, settled)
    world.faults.arm(Switch("monobank", "cancel_not_available"))
    refusals = [
        await bank(web, "invoice/cancel", {"invoiceId": settled}),
        await bank(web, "invoice/cancel", {"invoiceId": settled, "amount": 10**6}),
        await bank(web, "invoice/cancel", {"invoiceId": unpaid}),
        await bank(web, "invoice/remove", {"invoiceId": settled}),
        await bank(web, "invoice/finalize", {"invoiceId": settled}),
        await bank(web, "invoice/receipt", invoiceId=unpaid),
        await bank(web, "invoice/status", invoiceId="nobody"),
        await bank(web, "invoice/status"),
        await bank(web, "statement"),
        await bank(web, "no/such/call"),
        await bank(web, "invoice/create"),
        await web.get("/monobank/api/merchant/pubkey", headers={"x-token": "another"}),
        await web.get("/monobank/api/merchant/pubkey"),
    ]

    told = [fits(shapes.bank.BankError, answer, answer.status_code)["errCode"] for answer in refusals]
    assert [shapes.bank.BANK_STATUSES[code] for code in told] == [answer.status_code for answer in refusals]
    assert told == [
        "CANCEL_NOT_AVAILABLE", "WRONG_CANCEL_AMOUNT", "WRONG_CANCEL_AMOUNT", "ORDER_IN_PROGRESS",
        "HOLD_INVOICE_NOT_FINALIZED", "BAD_REQUEST", "NOT_FOUND", "BAD_REQUEST", "BAD_REQUEST", "NOT_FOUND",
        "METHOD_NOT_ALLOWED", "FORBIDDEN", "BAD_REQUEST",
    ]  # fmt: skip


@pytest.mark.parametrize("call", ["create", "cancel", "remove", "finalize"])
async def test_the_bank_refuses_what_it_cannot_read(web: httpx2.AsyncClient, call: str) -> None:
    for body in RUBBISH:
        answer = await web.post(f"/monobank/api/merchant/invoice/{call}", content=body, headers=Token)
        fits(shapes.bank.BankError, answer, 400)
