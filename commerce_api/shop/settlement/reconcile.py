"""The bank's statement is laid beside our books: its last days every day, and once a week the months before them.

A payment stands in the statement under the day on which it came, whatever became of it since: money that the bank gave
back weeks later, by a dispute or by somebody in its cabinet, is seen only by who looks as far back as the payment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from commerce_api.foundation import metrics, telemetry
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.schedule.apart import Apart, apart
from commerce_api.shop.payments import looks, queries
from commerce_api.shop.payments import service as payments
from commerce_api.shop.payments.errors import BankAway, BankUnsure
from commerce_api.shop.payments.gateway import BankStatus, PaymentGateway, StatementLine
from commerce_api.shop.payments.queries import Attempt
from commerce_api.shop.payments.status import AttemptStatus
from commerce_api.shop.settlement.service import ask

log = telemetry.logger(__name__)

BACK: Final = timedelta(days=3)
"""How far the daily run looks back: a day that was missed is seen by the next."""
FAR_EVERY: Final = timedelta(days=7)
FAR_BACK: Final = timedelta(days=180)
"""How far the weekly look goes: payers may dispute a payment for months."""
WINDOW: Final = timedelta(days=7)
"""What is asked for at once: the bank names no limit, and a week of payments is an answer of ordinary size."""
SILENT: Final = (BankAway, BankUnsure)
"""A bank that does not answer has no answer for the next line either."""
TOGETHER: Final = frozenset({BankStatus.SUCCESS, BankStatus.HOLD})


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a run saw: lines of the statement, those that our books were corrected by, and those that we do not know and
    no run saw before."""

    lines: int
    corrected: int
    unknown: tuple[str, ...]


async def reconcile(gateway: PaymentGateway) -> Reconciled:
    """Compare the statement of the last days with the attempts; what differs is asked for and applied.

    A job of the calendar. Raises GatewayError when the bank does not answer: the next run looks back far enough. A line
    that is broken holds up no other: raises BrokenRows after the last of them.
    """
    with apart("reconcile_payments", *SILENT) as run:
        return await _compare(gateway, await gateway.statement(clock.now() - BACK), run)


async def look_far_back(gateway: PaymentGateway) -> Reconciled:
    """Once a week compare the statement of the last half year as well, a week of it at a time.

    A job of the calendar, called more often than it has something to do. Raises GatewayError when the bank does not
    answer: what was read stays read, and the next run goes on there. A broken line waits for the look of the next week:
    raises BrokenRows after the last window.
    """
    lines, corrected, at = 0, 0, clock.now()
    unknown: tuple[str, ...] = ()
    with apart("reconcile_far_back", *SILENT) as run:
        while look := await transact(partial(looks.look_due, at, FAR_EVERY, BACK, FAR_BACK)):
            start = max(look.until, look.reached - WINDOW)
            seen = await _compare(gateway, await gateway.statement(start, look.reached), run)
            lines, corrected, unknown = lines + seen.lines, corrected + seen.corrected, unknown + seen.unknown
            if not await transact(partial(looks.came_down, look, start)):
                break
        if corrected:
            log.warning("statement_corrected_late", count=corrected)
    return Reconciled(lines, corrected, unknown)


async def _compare(gateway: PaymentGateway, lines: Sequence[StatementLine], run: Apart) -> Reconciled:
    corrected, unknown = 0, list[str]()
    for line in lines:
        with run.row(line.reference or line.invoice_id):
            attempt = await _attempt_of(line)
            if attempt is None:
                unknown.append(line.invoice_id)
            elif _differs(line, attempt):
                moved = await ask(gateway, attempt, "statement")
                corrected += bool(moved)
    new = await transact(partial(looks.note_unknown, unknown)) if unknown else []
    if new:
        metrics.STATEMENT_UNKNOWN.add(amount=len(new))
        log.error("statement_lines_unknown", count=len(new))
    return Reconciled(len(lines), corrected, tuple(new))


async def _attempt_of(line: StatementLine) -> Attempt | None:
    """The attempt of a line, by the bank's name or by ours: then the bank's is kept."""
    attempt = await queries.by_invoice(line.invoice_id)
    if attempt is not None or not line.reference:
        return attempt
    attempt = await queries.by_reference(line.reference)
    if attempt is None or attempt.invoice_id is not None:
        return None
    await transact(partial(payments.found, attempt.id, line.invoice_id))
    return await queries.by_invoice(line.invoice_id)


def _differs(line: StatementLine, attempt: Attempt) -> bool:
    # The statement has no word for money that went back whole: its line says that it came, and what of it went.
    ours = AttemptStatus.SUCCESS if attempt.status is AttemptStatus.REVERSED else attempt.status
    if line.status in TOGETHER and line.status.value != ours.value:
        return True
    return line.returned != attempt.returned
