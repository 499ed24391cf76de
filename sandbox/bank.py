"""A bank that takes the money of nobody: what stands behind sandbox/monobank.py.

Invoices and their states as the bank documents them (integrations.md 1), and messages to the shop, signed with a key of
this process; switches make them come twice, out of order, late, not at all or forged.
"""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from sandbox.faults import Switch
from sandbox.keeping import Memory
from sandbox.world import World

LONGEST_VALIDITY: Final = timedelta(days=30)
HOLD_LIVES: Final = timedelta(days=9)
LONGEST_TEXT: Final = 280
PAUSES: Final = (60.0, 600.0)
"""Seconds before a message that was not taken comes again; after the third time the bank gives up."""

SERVICE: Final = "monobank"
FAULTS: Final = (
    "duplicate", "reordered", "late", "lost", "forged", "key_rotation",
    "cancel_not_available", "cancel_processing", "unknown_status",
)  # fmt: skip
"""Faults that only a bank has: of its messages, its key, its refunds and its words."""


@dataclass
class Invoice:
    """One bill at the bank; the names are those of the wire, amounts kopiyky."""

    id: str
    amount: int
    ccy: int
    reference: str
    destination: str
    lines: list[dict[str, Any]]
    redirect: str
    webhook: str
    kind: str
    created: datetime
    modified: datetime
    ends: datetime
    status: str = "created"
    final: int | None = None
    failure: str = ""
    code: str = ""
    cancels: list[dict[str, Any]] = field(default_factory=list)
    removed: bool = False
    came: datetime | None = None

    @property
    def paid(self) -> bool:
        return self.status in {"success", "hold", "reversed"}


@dataclass(frozen=True)
class Message:
    """A message on its way to the shop."""

    url: str
    body: bytes
    signature: str


class Refusal(Exception):
    """An answer in the bank's own words."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(code)
        self.status, self.code, self.text = status, code, text


class Bank:
    """The bank's state: invoices, its key, and the messages that wait.

    With `by_itself` messages go out on their own; without it they wait for `deliver`, as tests like it.
    """

    def __init__(self, world: World, *, by_itself: bool = True) -> None:
        self.world, self.by_itself = world, by_itself
        self.invoices: dict[str, Invoice] = {}
        self.waiting: list[Message] = []
        self.creates: list[str] = []
        self._held: list[Message] = []
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._made = 0
        world.faults.offer(SERVICE, *FAULTS)
        world.memories[SERVICE] = Memory(self._dump, self._load, self._empty)

    def now(self) -> datetime:
        """The bank's time."""
        return self.world.clock.now()

    def note(self, what: str, **facts: Any) -> None:
        """Write into the sandbox's journal."""
        self.world.journal.note(SERVICE, what, **facts)

    def take(self, name: str) -> Switch | None:
        """The fault when it strikes now."""
        return self.world.faults.strikes(SERVICE, name)

    # what outlives it

    def _dump(self) -> dict[str, Any]:
        key = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return {"key": key, "made": self._made, "invoices": [asdict(one) for one in self.invoices.values()]}

    def _load(self, told: dict[str, Any]) -> None:
        key = load_pem_private_key(told["key"].encode(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("the key is of another kind")
        read = [_read(one) for one in told["invoices"]]
        self._key, self._made, self.invoices = key, int(told["made"]), {one.id: one for one in read}

    def _empty(self) -> None:
        self.invoices.clear()
        self.waiting.clear()
        self._held.clear()

    # keys and messages

    @property
    def public_key(self) -> str:
        """The key as `pubkey` tells it."""
        pem = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(pem).decode()

    def rotate(self) -> None:
        """A new key from now on."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.note("key rotated")

    def signed(self, body: bytes) -> str:
        """`X-Sign` of a body."""
        return base64.b64encode(self._key.sign(body, ec.ECDSA(SHA256()))).decode()

    def tell(self, invoice: Invoice) -> None:
        """Put the message of a change on its way, as the switches say."""
        if not invoice.webhook or self.take("lost"):
            return
        if self.take("key_rotation"):
            self.rotate()
        body = json.dumps(self.told(invoice), ensure_ascii=False).encode()
        signature = self.signed(body)
        if self.take("forged"):
            stranger = ec.generate_private_key(ec.SECP256R1())
            signature = base64.b64encode(stranger.sign(body, ec.ECDSA(SHA256()))).decode()
        message = Message(invoice.webhook, body, signature)
        if self.take("reordered"):
            # It goes after the next one.
            self._held.append(message)
            return
        self.waiting += [message] * (3 if self.take("duplicate") else 1) + self._held
        self._held.clear()
        late = self.take("late")
        if self.by_itself:
            self.world.later(late.seconds if late else 0, self.deliver)

    async def deliver(self) -> list[int | None]:
        """Send what waits; the statuses of the answers. A message that was not taken comes again, twice at most."""
        sent, self.waiting = self.waiting, []
        return [await self._send(message, 1) for message in sent]

    async def _send(self, message: Message, attempt: int) -> int | None:
        headers = {"x-sign": message.signature, "content-type": "application/json"}
        status = await self.world.post(SERVICE, message.url, message.body, headers)
        if status != 200 and attempt <= len(PAUSES) and self.by_itself:
            self.world.later(PAUSES[attempt - 1], lambda: self._send(message, attempt + 1))
        return status

    # what the bank knows

    def told(self, invoice: Invoice) -> dict[str, Any]:
        """The status object of an invoice, which is also the body of its messages."""
        told: dict[str, Any] = {
            "invoiceId": invoice.id,
            "status": "bank_is_thinking" if self.take("unknown_status") else invoice.status,
            "amount": invoice.amount,
            "ccy": invoice.ccy,
            "createdDate": _moment(invoice.created),
            "modifiedDate": _moment(invoice.modified),
            "reference": invoice.reference,
            "destination": invoice.destination,
        }
        if invoice.final is not None:
            told["finalAmount"] = invoice.final
        if invoice.failure:
            told |= {"failureReason": invoice.failure, "errCode": invoice.code}
        if invoice.paid:
            told["paymentInfo"] = {
                "maskedPan": "44411144******28",
                "terminal": "MI000001",
                "paymentSystem": "visa",
                "paymentMethod": "pan",
                "approvalCode": "662476",
                "rrn": "060189181768",
                "fee": invoice.amount * 13 // 1000,
            }
        if invoice.cancels:
            told["cancelList"] = invoice.cancels
        return told

    def find(self, invoice_id: object) -> Invoice:
        """The invoice of a name. Raises Refusal."""
        if not isinstance(invoice_id, str) or not invoice_id:
            raise Refusal(400, "BAD_REQUEST", "empty 'invoiceId'")
        invoice = self.invoices.get(invoice_id)
        if invoice is None or invoice.removed:
            raise Refusal(404, "NOT_FOUND", "invoice not found")
        if invoice.status == "created" and self.now() >= invoice.ends:
            # No message tells of this one.
            self._move(invoice, "expired")
        if invoice.status == "hold" and self.now() >= invoice.created + HOLD_LIVES:
            self._move(invoice, "reversed", 0)
            self.tell(invoice)
        return invoice

    def _move(self, invoice: Invoice, status: str, final: int | None = None) -> None:
        invoice.status = status
        # The bank tells whole seconds, and two changes never have the same.
        invoice.modified = max(self.now().replace(microsecond=0), invoice.modified + timedelta(seconds=1))
        if final is not None:
            invoice.final = final
        if invoice.paid and invoice.came is None:
            invoice.came = invoice.modified
        self.note("invoice " + status, invoice=invoice.id, reference=invoice.reference, amount=invoice.amount)

    def create(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A new invoice. Raises Refusal for what the bank would not take."""
        amount, payment = check_bill(asked)
        now = self.now().replace(microsecond=0)
        seconds = asked.get("validity") or 24 * 3600
        self._made += 1
        made = Invoice(
            id="p2_" + hashlib.sha256(f"{self.world.first}:{id(self)}:{self._made}".encode()).hexdigest()[:14],
            amount=amount,
            ccy=asked.get("ccy") or 980,
            reference=str(payment.get("reference") or ""),
            destination=str(payment.get("destination") or ""),
            lines=payment.get("basketOrder") or [],
            redirect=str(asked.get("redirectUrl") or ""),
            webhook=str(asked.get("webHookUrl") or ""),
            kind=str(asked.get("paymentType") or "debit"),
            created=now,
            modified=now,
            ends=now + min(timedelta(seconds=seconds), LONGEST_VALIDITY),
        )
        self.invoices[made.id] = made
        self.creates.append(made.reference)
        page = f"{self.world.public_url}/{SERVICE}/pay/{made.id}"
        self.note("invoice created", reference=made.reference, amount=amount, page=page)
        return {"invoiceId": made.id, "pageUrl": page}

    def pay(self, invoice_id: str, how: str) -> Invoice:
        """What somebody does on the payment page: pay, hold, fail or abandon. Raises Refusal."""
        invoice = self.find(invoice_id)
        if how == "abandon":
            return invoice
        if invoice.status not in {"created", "processing", "failure"}:
            raise Refusal(400, "ORDER_IN_PROGRESS", f"invoice is {invoice.status}")
        self._move(invoice, "processing")
        self.tell(invoice)
        if how == "fail":
            invoice.failure, invoice.code = "Недостатньо коштів", "59"
            self._move(invoice, "failure")
        elif how == "hold" or invoice.kind == "hold":
            self._move(invoice, "hold")
        elif how == "pay":
            invoice.failure = invoice.code = ""
            self._move(invoice, "success", invoice.amount)
        self.tell(invoice)
        return invoice

    def cancel(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Give money back, all of it or `amount`. Raises Refusal."""
        if self.take("cancel_not_available"):
            raise Refusal(500, "CANCEL_NOT_AVAILABLE", "cancel is not available")
        invoice = self.find(asked.get("invoiceId"))
        held = invoice.status == "hold"
        left = invoice.amount if held else (invoice.final or 0)
        amount = asked.get("amount", left)
        if invoice.status not in {"success", "hold"} or not _whole(amount) or not 0 < amount <= left:
            raise Refusal(400, "WRONG_CANCEL_AMOUNT", "wrong cancel amount or already cancelled")
        slow = self.take("cancel_processing")
        self._move(invoice, invoice.status)
        entry = {
            "status": "processing" if slow else "success",
            "createdDate": _moment(self.now()),
            "modifiedDate": _moment(invoice.modified),
            "amount": amount,
            "ccy": invoice.ccy,
            "approvalCode": "662477",
            "rrn": "060189181769",
        }
        if asked.get("extRef"):
            entry["extRef"] = asked["extRef"]
        invoice.cancels.append(entry)
        if not slow:
            self._given_back(invoice, held, left - amount)
        self.note("money given back", invoice=invoice.id, amount=amount, status=entry["status"])
        return {name: entry[name] for name in ("status", "createdDate", "modifiedDate")}

    def finish_cancels(self) -> None:
        """Returns that the bank was working on are done."""
        for invoice in self.invoices.values():
            for entry in invoice.cancels:
                if entry["status"] == "processing":
                    entry["status"] = "success"
                    self._given_back(invoice, invoice.status == "hold", (invoice.final or 0) - entry["amount"])

    def _given_back(self, invoice: Invoice, held: bool, left: int) -> None:
        if held:
            self._move(invoice, "reversed", 0)
        else:
            self._move(invoice, "success" if left else "reversed", left)
        self.tell(invoice)

    def finalize(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Take what is held. Raises Refusal."""
        invoice = self.find(asked.get("invoiceId"))
        amount = asked.get("amount", invoice.amount)
        if invoice.status != "hold" or not _whole(amount) or not 0 < amount <= invoice.amount:
            raise Refusal(400, "HOLD_INVOICE_NOT_FINALIZED", "nothing is held")
        self._move(invoice, "success", amount)
        self.tell(invoice)
        return {"status": "success"}

    def remove(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Make an unpaid invoice worthless. Raises Refusal."""
        invoice = self.find(asked.get("invoiceId"))
        if invoice.status not in {"created", "failure"}:
            raise Refusal(400, "ORDER_IN_PROGRESS", f"invoice is {invoice.status}")
        invoice.removed = True
        self.note("invoice removed", invoice=invoice.id)
        return {}

    def statement(self, since: int, until: int) -> list[dict[str, Any]]:
        """Invoices that somebody paid or tried to pay, newest first."""
        rows = []
        for invoice in self.invoices.values():
            # A line stands where its money came; what went back since is written into it. The second that keeps two
            # changes apart may lie ahead of the clock.
            date = min(invoice.came or invoice.modified, self.now())
            moment = int(date.timestamp())
            if invoice.status in {"created", "expired"} or not since <= moment <= until:
                continue
            row = {
                "invoiceId": invoice.id,
                # The statement knows no `reversed`: money that went back is in `cancelList`.
                "status": "success" if invoice.status == "reversed" else invoice.status,
                "maskedPan": "444111******1128",
                "date": _moment(date),
                "amount": invoice.amount,
                "ccy": invoice.ccy,
                "reference": invoice.reference,
                "destination": invoice.destination,
                "paymentScheme": "full",
            }
            if invoice.cancels:
                row["cancelList"] = [
                    {name: one[name] for name in ("amount", "ccy", "approvalCode", "rrn")}
                    | {"date": one["modifiedDate"], "maskedPan": "444111******1128"}
                    | ({"extRef": one["extRef"]} if "extRef" in one else {})
                    for one in invoice.cancels
                    if one["status"] == "success"
                ]
            rows.append(row)
        return sorted(rows, key=lambda row: str(row["date"]), reverse=True)


def _read(told: dict[str, Any]) -> Invoice:
    moments = {name: datetime.fromisoformat(told[name]) for name in ("created", "modified", "ends")}
    return Invoice(**{**told, **moments, "came": datetime.fromisoformat(told["came"]) if told["came"] else None})


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def check_bill(asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The amount of a bill and what it is for. Raises Refusal for what the bank would not take."""
    amount, payment = asked.get("amount"), asked.get("merchantPaymInfo", {})
    numbers = [amount, *(asked[name] for name in ("ccy", "validity") if asked.get(name) is not None)]
    if not all(_whole(number) and 0 < number < 10**15 for number in numbers):
        raise Refusal(400, "BAD_REQUEST", "amount, ccy and validity are whole numbers above 0")
    if asked.get("paymentType") not in {None, "debit", "hold"}:
        raise Refusal(400, "BAD_REQUEST", "invalid 'paymentType'")
    if not isinstance(payment, dict):
        raise Refusal(400, "INVALID_MERCHANT_PAYM_INFO", "invalid 'merchantPaymInfo'")
    if any(len(str(payment.get(name) or "")) > LONGEST_TEXT for name in ("destination", "comment")):
        raise Refusal(400, "INVALID_MERCHANT_PAYM_INFO", "a text is longer than 280 letters")
    try:
        lines = payment.get("basketOrder") or []
        wrong = any({"name", "qty", "sum", "code"} - line.keys() for line in lines)
        wrong = wrong or bool(lines) and basket_sum(payment) != amount
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        wrong = True
    if wrong:
        raise Refusal(400, "INVALID_MERCHANT_PAYM_INFO", "basketOrder does not sum to amount, or lacks something")
    assert isinstance(amount, int)  # noqa: S101 - looked at above
    return amount, payment


def basket_sum(payment: dict[str, Any]) -> int:
    """What a basket is worth: unit prices times quantities, less the discounts of lines and of the whole."""
    total = 0
    for line in payment.get("basketOrder") or []:
        worth = line["sum"] * line["qty"]
        total += worth - _discounts(line.get("discounts") or [], worth)
    return int(total - _discounts(payment.get("discounts") or [], total))


def _discounts(discounts: list[dict[str, Any]], worth: int) -> int:
    off = 0
    for one in discounts:
        part = worth * one["value"] // 100 if one["mode"] == "PERCENT" else one["value"]
        off += part if one["type"] == "DISCOUNT" else -part
    return off


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
