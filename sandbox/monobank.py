"""A stand-in of Monobank acquiring over HTTP: the documented calls, and the page on which a payer clicks."""

import base64
from collections.abc import Callable
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox import looks
from sandbox.bank import Bank
from sandbox.bank_bills import Refusal
from sandbox.bank_messages import SERVICE
from sandbox.environment import BANK_TOKEN
from sandbox.world import World

HOW: Final = {
    "pay": "Сплатити",
    "hold": "Сплатити із заморожуванням",
    "fail": "Картка без грошей",
    "abandon": "Піти, не сплативши",
}
"""What a payer can do, in the words of the buttons."""
Call = Callable[[Bank, Request, dict[str, Any]], Any]
"""One call of the bank's API: what it answers as JSON. Raises Refusal."""


def app(world: World) -> Starlette:
    """The bank of a world, as the sandbox mounts it; its `state.bank`, and the world's, are for tests to look into."""
    return make_app(Bank(world))


def make_app(bank: Bank) -> Starlette:
    """A bank as an application: its API, a list of its invoices, and the page on which people pay."""
    bank.world.faults.offer(SERVICE, spare=("/pay/",))
    bank.world.state[SERVICE] = bank

    def api(method: str, path: str, call: Call) -> Route:
        async def answer(request: Request) -> Response:
            token = request.headers.get("x-token")
            if not token:
                raise Refusal(400, "BAD_REQUEST", "empty 'X-Token'")
            if token != BANK_TOKEN:
                raise Refusal(403, "FORBIDDEN", "forbidden")
            return JSONResponse(call(bank, request, await _body(request) if method == "POST" else {}))

        return Route(path, answer, methods=[method])

    async def pay_page(request: Request) -> Response:
        invoice = bank.find(request.path_params["invoice"])
        payable = not invoice.paid and invoice.status != "expired"
        return looks.page(request, "monobank_pay.html", invoice=invoice, buttons=HOW if payable else {})

    async def invoices(request: Request) -> Response:
        return looks.page(request, "monobank.html", invoices=list(bank.invoices.values())[::-1])

    async def pay(request: Request) -> Response:
        typed = await request.form()
        invoice = bank.pay(request.path_params["invoice"], str(typed.get("how")))
        return RedirectResponse(invoice.redirect or request.url.path, 303)

    async def refused(_request: Request, error: Exception) -> Response:
        told = error if isinstance(error, Refusal) else Refusal(500, "INTERNAL_ERROR", "internal error")
        return JSONResponse({"errCode": told.code, "errText": told.text}, told.status)

    async def http_error(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        code = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(status, "BAD_REQUEST")
        return JSONResponse({"errCode": code, "errText": code.lower()}, status)

    made = Starlette(
        routes=[
            api("POST", "/api/merchant/invoice/create", lambda bank, _, asked: bank.create(asked)),
            api("GET", "/api/merchant/invoice/status", lambda bank, request, _: bank.told(_asked(bank, request))),
            api("POST", "/api/merchant/invoice/cancel", lambda bank, _, asked: bank.cancel(asked)),
            api("POST", "/api/merchant/invoice/remove", lambda bank, _, asked: bank.remove(asked)),
            api("POST", "/api/merchant/invoice/finalize", lambda bank, _, asked: bank.finalize(asked)),
            api("GET", "/api/merchant/invoice/receipt", _receipt),
            api("GET", "/api/merchant/invoice/fiscal-checks", _fiscal_checks),
            api("GET", "/api/merchant/pubkey", lambda bank, *_: {"key": bank.messages.public_key}),
            api("GET", "/api/merchant/details", lambda *_: DETAILS),
            api("GET", "/api/merchant/statement", _statement),
            Route("/", invoices, methods=["GET"]),
            Route("/pay/{invoice}", pay_page, methods=["GET"]),
            Route("/pay/{invoice}", pay, methods=["POST"]),
        ],
        exception_handlers={Refusal: refused, HTTPException: http_error},
    )
    made.state.bank = bank
    return made


DETAILS: Final = {"merchantId": "12o4Vv7EWy", "merchantName": "Пісочниця", "edrpou": "4242424242"}


async def _body(request: Request) -> dict[str, Any]:
    try:
        asked = await request.json()
    except ValueError:
        raise Refusal(400, "BAD_REQUEST", "invalid json") from None
    if not isinstance(asked, dict):
        raise Refusal(400, "BAD_REQUEST", "invalid json")
    return asked


def _asked(bank: Bank, request: Request) -> Any:
    return bank.find(request.query_params.get("invoiceId"))


def _receipt(bank: Bank, request: Request, _asked_body: dict[str, Any]) -> dict[str, Any]:
    invoice = _asked(bank, request)
    if not invoice.paid:
        raise Refusal(400, "BAD_REQUEST", "invoice is not paid")
    return {"file": base64.b64encode(b"%PDF-1.4\n%%EOF\n").decode()}


def _fiscal_checks(bank: Bank, request: Request, _asked_body: dict[str, Any]) -> dict[str, Any]:
    invoice = _asked(bank, request)
    if invoice.status not in {"success", "reversed"}:
        return {"checks": []}
    check = {
        "id": f"check-{invoice.id}",
        "type": "sale",
        "status": "done",
        "fiscalizationSource": "monopay",
        "taxUrl": f"https://cabinet.tax.gov.ua/cashregs/check?id={invoice.id}",
    }
    return {"checks": [check]}


def _statement(bank: Bank, request: Request, _asked_body: dict[str, Any]) -> dict[str, Any]:
    try:
        since = int(request.query_params["from"])
        until = int(request.query_params.get("to") or bank.now().timestamp())
    except (KeyError, ValueError):
        raise Refusal(400, "BAD_REQUEST", "from") from None
    return {"list": bank.statement(since, until)}
