"""Monobank acquiring: the bank that shows the payment page (integrations.md 1).

The wire's names stay in this file. Amounts are kopiyky there too; the bank's clock stands in `modifiedDate`.
"""

import base64
import binascii
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import orjson
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from commerce_api.foundation import telemetry
from commerce_api.foundation.outside_settings import Monobank as MonobankSettings
from commerce_api.integrations.http import Outcome, Outside, OutsideFailed, Patience
from commerce_api.shop.payments.errors import BankAway, BankRefused, BankUnsure, NoticeForged
from commerce_api.shop.payments.gateway import (
    UAH,
    BankState,
    BankStatus,
    BasketLine,
    Bill,
    Notice,
    PayPage,
    Return,
    StatementLine,
)

SERVICE: Final = "monobank"
READ: Final = 15.0
"""Seconds for an answer, as the bank's own programs wait."""
REFUSALS_WITH_500: Final = frozenset({"CANCEL_NOT_AVAILABLE"})
"""The bank says some of its refusals with status 500: asking again is of no use."""
GONE: Final = frozenset({"NOT_FOUND", "1004"})
"""There is no such invoice: it was removed, perhaps by a call whose answer was lost."""
LONGEST: Final = 280
"""Characters of a purpose, as the bank limits them."""
KEY_PAUSE: Final = 30.0
"""Seconds before the key is fetched again: forged messages must not make us knock at the bank each time."""


log = telemetry.logger(__name__)


class Monobank:
    """The payment gateway (shop.payments.gateway.PaymentGateway) over an `Outside`; `now` counts seconds. Payers are
    sent to pages of `page_origin` alone."""

    name = SERVICE

    def __init__(self, outside: Outside, page_origin: str, now: Callable[[], float] = time.monotonic) -> None:
        self._outside, self._page_origin, self._now = outside, page_origin, now
        self._key: EllipticCurvePublicKey | None = None
        self._key_at = 0.0

    async def start(self, bill: Bill) -> PayPage:
        """A page for the bill. Never repeated: the bank would make a second one. Raises GatewayError."""
        body = {
            "amount": bill.amount,
            "ccy": UAH,
            "merchantPaymInfo": {
                "reference": bill.reference,
                "destination": bill.purpose[:LONGEST],
                "basketOrder": [_basket_line(line) for line in bill.lines],
            },
            "redirectUrl": bill.return_url,
            "webHookUrl": bill.webhook_url,
            "validity": bill.seconds,
            "paymentType": "hold" if bill.hold else "debit",
        }
        answer = await self._ask("POST", "/api/merchant/invoice/create", "create", json=body)
        invoice, url = answer.get("invoiceId"), answer.get("pageUrl")
        if not isinstance(invoice, str) or not isinstance(url, str) or not 0 < len(invoice) <= 64 or len(url) > 500:
            raise BankUnsure("malformed")
        if not url.startswith(f"{self._page_origin}/"):
            # An invoice is there, and its page is somebody else's: it is never shown, and expires.
            log.error("pay_page_elsewhere", host=urlsplit(url).hostname)
            raise BankUnsure("page elsewhere")
        return PayPage(invoice, url)

    async def check(self, invoice_id: str) -> BankState:
        """Where the invoice stands. Raises GatewayError."""
        params = {"invoiceId": invoice_id}
        return _state(await self._ask("GET", "/api/merchant/invoice/status", "status", params=params, repeat=True))

    async def remove(self, invoice_id: str) -> None:
        """Make the page worthless. Raises GatewayError."""
        body = {"invoiceId": invoice_id}
        try:
            # Removing what is removed changes nothing: this one may be repeated.
            await self._outside.call("POST", "/api/merchant/invoice/remove", label="remove", json=body, repeat=True)
        except OutsideFailed as failed:
            if failed.status == 404 and _bank_code(failed.body) in GONE:
                return
            raise _gateway_error(failed) from None

    async def refund(self, invoice_id: str, amount: int, reference: str, lines: Sequence[BasketLine]) -> bool:
        """Give `amount` back under our `reference`. Raises GatewayError."""
        body: dict[str, object] = {"invoiceId": invoice_id, "amount": amount, "extRef": reference}
        if lines:
            body["items"] = [_item(line) for line in lines]
        answer = await self._ask("POST", "/api/merchant/invoice/cancel", "cancel", json=body)
        if answer.get("status") == "failure":
            raise BankRefused("failure")
        return answer.get("status") == "success"

    async def finalize(self, invoice_id: str, amount: int) -> None:
        """Take `amount` of what is held. Raises GatewayError."""
        body = {"invoiceId": invoice_id, "amount": amount}
        await self._ask("POST", "/api/merchant/invoice/finalize", "finalize", json=body)

    async def statement(self, since: datetime, until: datetime | None = None) -> list[StatementLine]:
        """What was paid from a moment until another or until now, by the bank's clock. Raises GatewayError."""
        params = {"from": str(int(since.timestamp()))} | ({"to": str(int(until.timestamp()))} if until else {})
        answer = await self._ask("GET", "/api/merchant/statement", "statement", params=params, repeat=True)
        rows = answer.get("list")
        if not isinstance(rows, list):
            raise BankUnsure("malformed")
        return [_statement_line(row) for row in rows if isinstance(row, Mapping)]

    async def receipt(self, invoice_id: str) -> str:
        """Where the fiscal receipt of the sale is read, "" while there is none. Raises GatewayError."""
        params = {"invoiceId": invoice_id}
        answer = await self._ask(
            "GET", "/api/merchant/invoice/fiscal-checks", "fiscal_checks", params=params, repeat=True
        )
        checks = answer.get("checks")
        for check in checks if isinstance(checks, list) else ():
            url = check.get("taxUrl") if isinstance(check, Mapping) and check.get("type") == "sale" else None
            if isinstance(url, str) and url.startswith("https://"):
                return url
        return ""

    async def read_notice(self, body: bytes, signature: str) -> Notice:
        """The message, read only after its signature held: with the key we know, else once with the key the bank has
        now. Raises NoticeForged; BankAway or BankUnsure while no key can be had."""
        if not await self._signed(body, signature):
            raise NoticeForged()
        try:
            told = orjson.loads(body)
            invoice, status = str(told["invoiceId"]), str(told["status"])
            moment = _moment(told.get("modifiedDate")) or _moment(told.get("createdDate"))
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise NoticeForged("malformed") from error
        # PostgreSQL fails over a NUL, and the bank would send the same words again and again.
        if moment is None or not 0 < len(invoice) <= 64 or not f"{invoice}{status}".isprintable():
            raise NoticeForged("malformed")
        return Notice(invoice, status[:32], moment)

    async def _signed(self, body: bytes, signature: str) -> bool:
        try:
            given = base64.b64decode(signature, validate=True)
        except (binascii.Error, ValueError):
            return False
        if self._key is not None and _holds(self._key, given, body):
            return True
        if self._key is not None and self._now() - self._key_at < KEY_PAUSE:
            return False
        self._key, self._key_at = await self._fetch_key(), self._now()
        return _holds(self._key, given, body)

    async def _fetch_key(self) -> EllipticCurvePublicKey:
        answer = await self._ask("GET", "/api/merchant/pubkey", "pubkey", repeat=True)
        return read_key(str(answer.get("key", "")))

    async def _ask(self, method: str, path: str, label: str, **options: Any) -> Mapping[str, Any]:
        try:
            told = await self._outside.ask(method, path, label=label, **options)
        except OutsideFailed as failed:
            raise _gateway_error(failed) from None
        if not isinstance(told, dict):
            raise BankUnsure("malformed")
        return told


def gateway(settings: MonobankSettings, transport: httpx2.AsyncBaseTransport | None = None) -> tuple[Monobank, Outside]:
    """The gateway of a shop's settings, and the connections behind it, to be closed with the process."""
    outside = Outside(
        SERVICE,
        settings.url,
        patience=Patience(read=READ),
        headers={"x-token": settings.token},
        secrets=(settings.token,),
        transport=transport,
    )
    return Monobank(outside, settings.page_origin), outside


def read_key(text: str) -> EllipticCurvePublicKey:
    """The bank's key as its address gives it: base64 of a PEM. Raises BankUnsure for anything else."""
    try:
        key = load_pem_public_key(base64.b64decode(text))
    except (ValueError, UnsupportedAlgorithm):
        raise BankUnsure("malformed") from None
    if not isinstance(key, EllipticCurvePublicKey):
        raise BankUnsure("malformed")
    return key


def _holds(key: EllipticCurvePublicKey, signature: bytes, body: bytes) -> bool:
    try:
        key.verify(signature, body, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _gateway_error(failed: OutsideFailed) -> BankAway | BankUnsure | BankRefused:
    code = _bank_code(failed.body)
    if code in REFUSALS_WITH_500:
        return BankRefused(code)
    if failed.may_have_worked:
        return BankUnsure(code)
    if failed.outcome is Outcome.STATUS and failed.status not in {429, None}:
        return BankRefused(code or str(failed.status))
    return BankAway(code)


def _bank_code(body: bytes) -> str:
    try:
        told = orjson.loads(body)
    except ValueError:
        return ""
    code = told.get("errCode") if isinstance(told, dict) else None
    return code if isinstance(code, str) else ""


def _basket_line(line: BasketLine) -> dict[str, object]:
    """`sum` is the price of one, `total` of all of them; a discount is told beside, as its share of the order's."""
    told: dict[str, object] = {
        "name": line.name,
        "qty": line.quantity,
        "sum": line.unit_price,
        "total": line.unit_price * line.quantity,
        "code": line.code,
    }
    if line.discount:
        told["discounts"] = [{"type": "DISCOUNT", "mode": "VALUE", "value": line.discount}]
    return told


def _item(line: BasketLine) -> dict[str, object]:
    """A line of a refund: no total and no discount there, so that what a discount took off is off its price."""
    if line.discount or line.quantity == 1:
        return {"name": line.name, "qty": 1, "sum": line.total, "code": line.code}
    return {"name": line.name, "qty": line.quantity, "sum": line.unit_price, "code": line.code}


def _state(told: Mapping[str, Any]) -> BankState:
    amount, invoice = _whole(told.get("amount")), told.get("invoiceId")
    if amount is None or not isinstance(invoice, str):
        raise BankUnsure("malformed")
    returns = told.get("cancelList")
    return BankState(
        invoice_id=invoice,
        status=_status(told.get("status")),
        amount=amount,
        currency=_whole(told.get("ccy")) or 0,
        modified_at=_moment(told.get("modifiedDate")),
        final_amount=_whole(told.get("finalAmount")),
        reference=str(told.get("reference") or ""),
        failure=str(told.get("failureReason") or ""),
        code=str(told.get("errCode") or ""),
        returns=tuple(_return(one) for one in returns if isinstance(one, Mapping)) if isinstance(returns, list) else (),
    )


def _return(told: Mapping[str, Any]) -> Return:
    status = told.get("status")
    return Return(
        reference=str(told.get("extRef") or ""),
        amount=_whole(told.get("amount")) or 0,
        done=status == "success",
        failed=status == "failure",
    )


def _statement_line(told: Mapping[str, Any]) -> StatementLine:
    returns = told.get("cancelList")
    given_back = [_return(one) for one in returns if isinstance(one, Mapping)] if isinstance(returns, list) else []
    return StatementLine(
        invoice_id=str(told.get("invoiceId") or ""),
        reference=str(told.get("reference") or ""),
        status=_status(told.get("status")),
        amount=_whole(told.get("amount")) or 0,
        # The statement lists only returns that were made, and gives them no status.
        returned=sum(one.amount for one in given_back if not one.failed),
    )


def _status(told: object) -> BankStatus:
    try:
        return BankStatus(str(told))
    except ValueError:
        return BankStatus.UNKNOWN


def _whole(told: object) -> int | None:
    return told if isinstance(told, int) and not isinstance(told, bool) else None


def _moment(told: object) -> datetime | None:
    if not isinstance(told, str):
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
