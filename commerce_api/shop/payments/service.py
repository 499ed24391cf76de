"""Attempts to pay: written down before the bank is asked, and moved only by what the bank says of them.

Whoever moves an attempt holds its order's row (orders.payment.hold), so that webhook, return page and poller come one
after the other. Everything is reckoned as the difference to what is stored: the same word twice changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tortoise.expressions import F

from commerce_api.foundation import telemetry
from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.kit import clock
from commerce_api.shop.payments.errors import PaymentUnderWay
from commerce_api.shop.payments.gateway import BankState, BankStatus, BasketLine, PayPage
from commerce_api.shop.payments.models import Payment
from commerce_api.shop.payments.queries import Attempt, stored
from commerce_api.shop.payments.status import CLOSED, MONEY, OPEN, WATCHED, AttemptStatus, may_follow

log = telemetry.logger(__name__)

FIRST_LOOK: Final = timedelta(seconds=20)
"""After this the poller looks whether the bank was ever asked: a process may have died with the call in hand."""
LOOKS: Final = (timedelta(minutes=1), timedelta(minutes=3), timedelta(minutes=10), timedelta(minutes=30))
"""When the bank is asked about a page of which no message came; then every hour (integrations.md 1.7)."""
LATER_LOOKS: Final = timedelta(hours=1)
CALL_LOST: Final = timedelta(seconds=60)
"""A call that has not ended after this never will: its process is gone."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What the bank's word changed: `received` and `returned` are kopiyky beyond what was known before."""

    old: AttemptStatus
    new: AttemptStatus
    received: int = 0
    returned: int = 0

    def __bool__(self) -> bool:
        return self.old is not self.new or self.received > 0 or self.returned > 0


async def begin(
    order_id: int,
    number: str,
    amount: int,
    lines: Sequence[BasketLine],
    provider: str,
    expires_at: datetime,
    *,
    first: bool = False,
) -> int:
    """Write down that the bank is to be asked for `amount` kopiyky; the attempt's id. `first` spares a look at others.

    Runs in the caller's transaction. Raises PaymentUnderWay while another attempt of the order is open, ValueError for
    lines that sum to another amount, and NoTransaction.
    """
    require_transaction()
    if sum(line.total for line in lines) != amount:
        raise ValueError(f"the basket of {number} is not worth {amount}")
    before = 0 if first else await Payment.filter(order_id=order_id).count()
    if before and await Payment.filter(open_order_id=order_id).exists():
        raise PaymentUnderWay(number=number)
    at = clock.now()
    return await plain.insert(
        Payment,
        {
            "order_id": order_id,
            "open_order_id": order_id,
            "reference": f"{number}-{before + 1}",
            "provider": provider,
            "amount": amount,
            "basket": stored(lines),
            "created_at": at,
            "expires_at": expires_at,
            "next_check_at": at + FIRST_LOOK,
        },
    )


async def claim_call(payment_id: int) -> bool:
    """Whether the caller is the one who asks the bank for the page. Commit before asking: a call that nobody noted
    could be made twice."""
    at = clock.now()
    free = Payment.filter(id=payment_id, status=AttemptStatus.STARTING, called_at__isnull=True)
    return bool(await free.update(called_at=at, next_check_at=at + CALL_LOST))


async def claim_check(seen: Attempt) -> bool:
    """Whether the caller is the one who asks about the attempt this time; the next look is put off at once."""
    wait = LOOKS[seen.checks] if seen.checks < len(LOOKS) else LATER_LOOKS
    due = Payment.filter(id=seen.id, next_check_at=seen.next_check_at)
    return bool(await due.update(next_check_at=clock.now() + wait, checks=F("checks") + 1))


async def page_made(payment_id: int, page: PayPage) -> bool:
    """The bank has made a page. False when the attempt was closed meanwhile: then the page is to be removed, and its
    name is kept in case somebody pays on it all the same."""
    require_transaction()
    row = await Payment.get(id=payment_id)
    wanted = row.status in {AttemptStatus.STARTING, AttemptStatus.UNKNOWN}
    await Payment.filter(id=payment_id).update(
        invoice_id=page.invoice_id,
        page_url=page.url,
        status=AttemptStatus.CREATED if wanted else row.status,
        checks=0,
        next_check_at=clock.now() + LOOKS[0] if wanted else None,
    )
    return wanted


async def not_called(payment_id: int, wait: timedelta) -> None:
    """The bank was not reached: the call is owed again after `wait`."""
    require_transaction()
    waiting = Payment.filter(id=payment_id, status=AttemptStatus.STARTING)
    await waiting.update(called_at=None, next_check_at=clock.now() + wait)


async def lost(payment_id: int) -> None:
    """The bank's answer is lost: before another page is asked for, the statement is."""
    require_transaction()
    waiting = Payment.filter(id=payment_id, status=AttemptStatus.STARTING)
    await waiting.update(status=AttemptStatus.UNKNOWN, next_check_at=clock.now() + LOOKS[0])


async def close(payment_id: int, status: AttemptStatus, failure: str = "") -> None:
    """End an attempt that was not paid, as `status` (removed, expired, failure)."""
    require_transaction()
    await Payment.filter(id=payment_id, status__in=list(OPEN | {AttemptStatus.FAILURE})).update(
        status=status, failure=failure[:200], open_order_id=None, next_check_at=None
    )


async def found(payment_id: int, invoice_id: str) -> None:
    """The bank does know the attempt of a lost call, under this name."""
    require_transaction()
    await Payment.filter(id=payment_id, invoice_id__isnull=True).update(invoice_id=invoice_id)


async def look_now(payment_id: int) -> None:
    """Let the poller ask about the attempt at its next beat."""
    await Payment.filter(id=payment_id).update(next_check_at=clock.now())


async def leave_alone(payment_id: int) -> None:
    """The poller asks about the attempt no more; a message of the bank and its statement still count."""
    require_transaction()
    await Payment.filter(id=payment_id).update(next_check_at=None)


async def credited(payment_id: int, amount: int) -> None:
    """`amount` kopiyky of what was received went to the order."""
    require_transaction()
    await Payment.filter(id=payment_id).update(credited=F("credited") + amount)


async def gave_back(payment_id: int, *, total: int = 0, more: int = 0) -> int:
    """The bank gave back `total` kopiyky of the attempt in all, or `more` than is known; what is known of it now.

    Less than is known changes nothing, and more than came cannot go back. With all of it gone the attempt is reversed,
    as the bank calls it. The caller holds the order's row.
    """
    require_transaction()
    row = await Payment.get(id=payment_id)
    returned: int = min(max(total, row.returned + more), row.received)
    if returned <= row.returned:
        return returned
    whole = returned == row.received and may_follow(row.status, AttemptStatus.REVERSED)
    status = AttemptStatus.REVERSED if whole else row.status
    await Payment.filter(id=payment_id).update(returned=returned, status=status)
    return returned


async def keep_receipt(payment_id: int, url: str) -> None:
    """Where the fiscal receipt is read."""
    await Payment.filter(id=payment_id).update(receipt_url=url[:500])


async def apply_notice(payment_id: int, state: BankState) -> Moved:
    """Move the attempt to where the bank says it is; what that changed.

    An older word than the last one, an unknown status and a step that cannot be change nothing and are logged. The
    caller holds the order's row.
    """
    require_transaction()
    row = await Payment.get(id=payment_id)
    same = Moved(row.status, row.status)
    if row.modified_at and state.modified_at and state.modified_at < row.modified_at:
        return same
    if state.status is BankStatus.UNKNOWN:
        log.warning("bank_status_unknown", reference=row.reference)
        return same
    new = AttemptStatus(state.status.value)
    if row.status in CLOSED and new not in MONEY:
        if new is not AttemptStatus.PROCESSING:
            await leave_alone(row.id)
        return same
    if new is not row.status and not may_follow(row.status, new):
        log.warning("bank_contradicts_itself", reference=row.reference, old=row.status.value, new=new.value)
        return same
    received, returned = _money(row, state)
    moved = Moved(row.status, new, received - row.received, returned - row.returned)
    await Payment.filter(id=row.id).update(
        status=new,
        open_order_id=row.order_id if new in OPEN and row.open_order_id else None,
        received=received,
        returned=returned,
        failure=_failure(state),
        modified_at=state.modified_at or row.modified_at,
        next_check_at=row.next_check_at if new in WATCHED else None,
    )
    return moved


def _money(row: Payment, state: BankState) -> tuple[int, int]:
    """What was received and returned in all. What is left is `final_amount`, and falls with each return."""
    given_back = sum(one.amount for one in state.returns if one.done)
    if state.status is BankStatus.REVERSED:
        return row.received, row.received
    if state.status is not BankStatus.SUCCESS:
        return row.received, row.returned
    left = state.amount - given_back if state.final_amount is None else state.final_amount
    received = row.received if row.status is AttemptStatus.SUCCESS else left + given_back
    return received, min(max(row.returned, received - left, given_back), received)


def _failure(state: BankState) -> str:
    if state.status is not BankStatus.FAILURE:
        return ""
    return (state.failure or state.code)[:200]
