"""Two clients of the bank's acquiring: aiomonobnk, whose answers are strict models, and py-mono-bank-pay for what that
one cannot do. Both know only the real address, so that it is replaced in them."""

import asyncio
import contextlib
import json
import sys
import threading
from collections.abc import Awaitable
from http.server import BaseHTTPRequestHandler, HTTPServer

import mono_pay
import requests
from aiomonobnk.client.client import Client
from aiomonobnk.exceptions import ClientBadRequestError, ClientForbiddenError, ClientNotFoundError
from aiomonobnk.methods import (
    CreateInvoiceMethod,
    InvoiceStatusMethod,
    MerchantDetailsMethod,
    MerchantPubKeyMethod,
    MerchantStatementMethod,
)
from aiomonobnk.methods.base import ClientMethod
from aiomonobnk.types import MerchantPaymInfo, Product
from aiomonobnk.utils import webhook_authentication

SANDBOX, TOKEN = sys.argv[1:]
BASE = f"{SANDBOX}/monobank"
HEARD: list[tuple[str, bytes]] = []
"""Signatures and bodies of the messages that came."""
BOTH = threading.Event()
"""Set when two have come."""


class Shop(BaseHTTPRequestHandler):
    """A shop that listens to the bank."""

    def do_POST(self) -> None:
        HEARD.append((self.headers["X-Sign"], self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()
        if len(HEARD) == 2:
            BOTH.set()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def press(page: str) -> None:
    """Somebody pays on the bank's page."""
    requests.post(page, data={"how": "pay"}, allow_redirects=False, timeout=10)


async def refusal(call: Awaitable[object]) -> str:
    """The client's name for a refusal, and the bank's code."""
    try:
        await call
    except (ClientBadRequestError, ClientForbiddenError, ClientNotFoundError) as error:
        return f"{type(error).__name__} {error.err_code}"
    return "no refusal"


async def strict(webhook: str) -> dict[str, object]:
    """What aiomonobnk reads."""
    client, stranger = Client(TOKEN), Client("somebody-else")
    lines = [Product("Футболка", 2, 2100, "TC-1")]
    asked = CreateInvoiceMethod(
        4200,
        merchant_paym_info=MerchantPaymInfo("R-1", "Замовлення", basket_order=lines),
        redirect_url="http://shop.test/",
        web_hook_url=webhook,
        validity=600,
    )
    made = await client(asked)
    before = await client(InvoiceStatusMethod(made.invoice_id))
    await asyncio.to_thread(press, made.page_url)
    after = await client(InvoiceStatusMethod(made.invoice_id))
    await asyncio.to_thread(BOTH.wait, 10)
    key = (await client(MerchantPubKeyMethod())).key
    statement = await client(MerchantStatementMethod(from_=1))
    told = {
        "statuses": [before.status, after.status],
        "reference": after.reference,
        "final": [before.final_amount, after.final_amount],
        "later": after.modified_date > after.created_date,
        "heard": sorted(json.loads(body)["status"] for _, body in HEARD),
        "signed": [webhook_authentication(key, sign, body) for sign, body in HEARD],
        "merchant": bool((await client(MerchantDetailsMethod())).merchant_id),
        "listed": [(line.invoice_id == made.invoice_id, line.amount, line.payment_scheme) for line in statement.list],
        "refusals": [
            await refusal(stranger(InvoiceStatusMethod(made.invoice_id))),
            await refusal(client(InvoiceStatusMethod("nobody"))),
            await refusal(client(CreateInvoiceMethod(-1))),
        ],
    }
    await client.session.close()
    await stranger.session.close()
    return told


def plain() -> dict[str, object]:
    """What py-mono-bank-pay reads."""
    mono_pay.Client.api_endpoint = BASE
    client = mono_pay.Client(TOKEN)
    payments = mono_pay.Payment(client)
    held = payments.create(5000, {"paymentType": "hold", "merchantPaymInfo": {"reference": "R-2"}})
    press(held["pageUrl"])
    statuses = [payments.info(held["invoiceId"])["status"]]
    captured = payments.capture_hold(held["invoiceId"], 4000)
    part = payments.refund(held["invoiceId"], {"amount": 1000, "extRef": "R-2-1"})
    whole = payments.refund(held["invoiceId"])
    state = payments.info(held["invoiceId"])
    statuses.append(state["status"])
    unpaid = payments.create(100)
    removed = payments.cancel(unpaid["invoiceId"])
    twice = ""
    try:
        payments.refund(held["invoiceId"], {"amount": 1})
    except ValueError as error:
        twice = str(error.args[0])
    return {
        "statuses": statuses,
        "answers": [captured["status"], part["status"], whole["status"], removed],
        "cancelled": [one["amount"] for one in state["cancelList"]],
        "verified": [client.verify_signature(body, sign) for sign, body in HEARD],
        "forged": client.verify_signature(HEARD[0][1] + b" ", HEARD[0][0]),
        "twice": "WRONG_CANCEL_AMOUNT" in twice,
        "listed": sorted((one["reference"], one["status"]) for one in payments.items(1)),
    }


def main() -> None:
    # pydantic looks through its own classes: the address is a property of all methods.
    type.__setattr__(ClientMethod, "base_url", property(lambda _method: BASE))
    shop = HTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    with contextlib.redirect_stdout(sys.stderr):
        told = {"strict": asyncio.run(strict(f"http://127.0.0.1:{shop.server_port}/")), "plain": plain()}
    shop.shutdown()
    shop.server_close()
    print(json.dumps(told))


main()
