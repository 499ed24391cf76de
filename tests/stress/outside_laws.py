"""What must hold between the shop's books and the services outside, whatever failed and whoever was killed.

Asked when everything has settled: of the database by plain SQL, and of the stand-ins by looking at what they hold.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from sandbox.bank import Invoice
from tests.stress.arrival_laws import ARRIVAL_LAWS
from tests.stress.seen import Seen
from tests.stress.text_laws import TEXT_LAWS

CAME: Final = frozenset({"paid", "prepaid"})
WENT: Final = frozenset({"refunded", "partially_refunded"})
PROBLEMS: Final = frozenset({"cancelled", "refused", "returned"})
RECEIVED: Final = frozenset({"9", "11"})
STUMBLES: Final = re.compile(
    r"\\n(?:\w+\.)*((?:Key|Type|Attribute|Value|Assertion|Index|Integrity|Operational|Runtime|Name|UnboundLocal)Error"
    r"|NoTransaction|IllegalTransition|DoesNotExist)\b[^\"]{0,200}"
)
"""Errors that no failure of somebody else explains, as they end a trace in the log."""


def held(invoice: Invoice) -> int:
    """What the bank has of a customer for an invoice, less what it gave back (kopiyky)."""
    return (invoice.final or 0) if invoice.status in {"success", "reversed"} else 0


def returns(seen: Seen) -> list[tuple[str, str, int]]:
    """Money that the bank gave back: invoice, our reference, kopiyky."""
    return [
        (invoice.id, str(one.get("extRef", "")), int(one["amount"]))
        for invoice in seen.bank.invoices.values()
        for one in invoice.cancels
        if one["status"] == "success"
    ]


def money_is_the_banks(seen: Seen) -> list[str]:
    books = {invoice: int(received) - int(back) for invoice, _, received, back, *_ in seen.rows["attempts"]}
    return [
        f"{invoice.reference}: the bank has {held(invoice)}, the books say {books.get(invoice.id)}"
        for invoice in seen.bank.invoices.values()
        if held(invoice) != books.get(invoice.id, 0)
    ]


def paid_once(seen: Seen) -> list[str]:
    has = Counter[str]()
    for invoice in seen.bank.invoices.values():
        has[invoice.reference.rpartition("-")[0]] += held(invoice)
    return [
        f"{number}: the bank has {has[number]} of {payable}"
        for number, *_, payable in seen.rows["orders"]
        if has[number] > int(payable)
    ]


def cancelled_keeps_nothing(seen: Seen) -> list[str]:
    gone = {number for number, status, *_ in seen.rows["orders"] if status == "cancelled"}
    return [
        f"{invoice.reference}: {held(invoice)} of a cancelled order"
        for invoice in seen.bank.invoices.values()
        if held(invoice) and invoice.reference.rpartition("-")[0] in gone
    ]


def refunded_once(seen: Seen) -> list[str]:
    owed = Counter(
        (invoice, reference, int(amount))
        for reference, amount, status, invoice in seen.rows["refunds"]
        if invoice and status == "done"
    )
    made = Counter(returns(seen))
    return [
        f"refund {one[1]} of {one[2]}: made {made[one]}, owed {owed[one]}"
        for one in made | owed
        if made[one] != owed[one]
    ]


def promises_are_kept(seen: Seen) -> list[str]:
    done = {reference for reference, _, status, _ in seen.rows["refunds"] if status == "done"}
    return [f"{reference} was promised" for reference in seen.promised if reference not in done]


def one_waybill(seen: Seen) -> list[str]:
    ours = Counter(str(one.asked.get("InfoRegClientBarcodes")).rpartition("-")[0] for one in seen.parcels)
    return [f"{number}: {count} waybills live" for number, count in ours.items() if count > 1]


def no_orphans(seen: Seen) -> list[str]:
    kept = {ref for _, _, state, ref, *_ in seen.rows["shipments"] if state == "made"}
    there = {one.ref for one in seen.parcels}
    return [f"{ref}: at one side only" for ref in kept ^ there]


def orders_follow_parcels(seen: Seen) -> list[str]:
    status = {number: status for number, status, *_ in seen.rows["orders"]}
    cash = {ref: state for *_, ref, _, state in seen.rows["shipments"]}
    wrong = []
    for one in seen.parcels:
        number = str(one.asked.get("InfoRegClientBarcodes")).rpartition("-")[0]
        if one.code in RECEIVED and (status.get(number) != "delivered" or cash.get(one.ref) not in {"none", "settled"}):
            wrong.append(f"{number}: {status.get(number)}, cash {cash.get(one.ref)}, and received at the carrier's")
    return wrong


def orders_are_there(seen: Seen) -> list[str]:
    stored = Counter(number for number, *_ in seen.rows["orders"])
    told = Counter(seen.acknowledged)
    return [
        f"{number}: {stored[number]} stored, {told[number]} told"
        for number in stored | told
        if stored[number] != told[number]
    ]


def owed_notices(seen: Seen) -> Iterator[tuple[str, str, str]]:
    """What somebody has to hear: the order's number, whether `staff` or `customer` hear it, and its occasion."""
    for name, told in seen.events:
        number, new = str(told.get("number", "")), str(told.get("new", ""))
        if name == "OrderPlaced":
            yield number, "staff", f"order_placed:{number}"
            yield number, "customer", f"placed:{number}"
        elif name == "PaymentChanged" and new in CAME | WENT | {"failed"}:
            yield number, "staff", f"payment:{new}:{number}:{told['step']}"
            if told["channel"] != "carrier":
                kind = "refunded" if new in WENT else f"payment:{new}"
                yield number, "customer", f"{kind}:{number}:{told['step']}"
        elif name == "RefundQueued":
            yield number, "staff", f"refund_queued:{told['refund_id']}"
        elif name == "OrderStatusChanged" and new in PROBLEMS:
            yield number, "staff", f"order_{new}:{number}"
            if new == "cancelled":
                yield number, "customer", f"status:cancelled:{number}"


def everybody_was_told(seen: Seen) -> list[str]:
    email = {number: email for number, _, email, *_ in seen.rows["orders"]}
    letters = {str(one.message["Message-ID"]) for one in seen.world.letters}
    wrong, owed = [], Counter[str]()
    for number, whom, occasion in owed_notices(seen):
        if whom == "staff":
            owed[number] += 1
            continue
        name = hashlib.sha256(f"customer:{occasion}\n{email[number]}".encode()).hexdigest()[:32]
        if not any(name in letter for letter in letters):
            wrong.append(f"no letter about {occasion}")
    said = seen.said
    for number, count in owed.items():
        heard = sum(number in text for text in said)
        if heard < count:
            wrong.append(f"{number}: staff heard {heard} of {count}")
    return wrong


def outbox_is_empty(seen: Seen) -> list[str]:
    new = [f"event {id_} {name} was not looked at" for id_, name in seen.rows["new"]]
    waiting = [f"{handler} is {state}: {error}" for state, handler, error in seen.rows["deliveries"]]
    return new + waiting


def logs_keep_secrets(seen: Seen) -> list[str]:
    return [f"{secret[:4]}... stands in a log" for secret in seen.secrets if secret and secret in seen.log]


def nobody_stumbles(seen: Seen) -> list[str]:
    return sorted({found[0].strip("\\n") for found in STUMBLES.finditer(seen.log)})


OUTSIDE_LAWS: Final[Mapping[str, Callable[[Seen], list[str]]]] = {
    "the bank holds of each invoice what the books say": money_is_the_banks,
    "nobody pays an order twice": paid_once,
    "nothing is kept of a cancelled order": cancelled_keeps_nothing,
    "each refund was made once": refunded_once,
    "a refund that staff were promised is made": promises_are_kept,
    "an order has one waybill at most": one_waybill,
    "what waybills there are, both sides know": no_orphans,
    "orders and their cash follow their parcels": orders_follow_parcels,
    "an order is there once for each that was acknowledged": orders_are_there,
    "everybody was told at least once": everybody_was_told,
    "the outbox owes nothing": outbox_is_empty,
    **ARRIVAL_LAWS,
    **TEXT_LAWS,
    "no log holds a secret": logs_keep_secrets,
    "no process stumbled over itself": nobody_stumbles,
}
"""In words, and what finds the breaches."""


def broken(seen: Seen) -> list[str]:
    """Each breach of each law, in words."""
    return [f"{law}: {breach}" for law, find in OUTSIDE_LAWS.items() for breach in find(seen)]
