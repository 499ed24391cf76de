"""A bank that takes the money of nobody: what stands behind sandbox/monobank.py.

Invoices and their states as the bank documents them (integrations.md 1). What it asks of a bill stands in
bank_bills.py, its messages in bank_messages.py.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sandbox import bank_messages
from sandbox.bank_bills import Refusal, check_bill, is_whole
from sandbox.bank_messages import SERVICE, Messages
from sandbox.faults import Switch
from sandbox.keeping import Memory
from sandbox.world import World

LONGEST_VALIDITY: Final = timedelta(days=30)
HOLD_LIVES: Final = timedelta(days=9)
FAULTS: Final = (*bank_messages.FAULTS, "cancel_not_available", "cancel_processing", "unknown_status")
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


class Bank:
    """The bank's invoices, and its messages.

    With `by_itself` it goes on by the clock; without it messages and slow returns wait to be told, as tests like it.
    """

    def __init__(self, world: World, *, by_itself: bool = True) -> None:
        self.world, self.by_itself = world, by_itself
        self.messages = Messages(world, by_itself=by_itself)
        self.invoices: dict[str, Invoice] = {}
        self.creates: list[str] = []
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
        invoices = [asdict(one) for one in self.invoices.values()]
        return {"key": self.messages.dump_key(), "made": self._made, "invoices": invoices}

    def _load(self, told: dict[str, Any]) -> None:
        read = [_read(one) for one in told["invoices"]]
        made = int(told["made"])
        self.messages.load_key(told["key"])
        self._made, self.invoices = made, {one.id: one for one in read}

    def _empty(self) -> None:
        self.invoices.clear()
        self.messages.clear()

    # what the bank knows

    def tell(self, invoice: Invoice) -> None:
        """Tell the shop of a change."""
        if not invoice.webhook or self.take("lost"):
            return
        self.messages.send(invoice.webhook, json.dumps(self.told(invoice), ensure_ascii=False).encode())

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
        if invoice.status not in {"success", "hold"} or not is_whole(amount) or not 0 < amount <= left:
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
        elif self.by_itself:
            self.world.later(slow.seconds, self.finish_cancels)
        self.note("money given back", invoice=invoice.id, amount=amount, status=entry["status"])
        return {name: entry[name] for name in ("status", "createdDate", "modifiedDate")}

    async def finish_cancels(self) -> None:
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
        if invoice.status != "hold" or not is_whole(amount) or not 0 < amount <= invoice.amount:
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


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
