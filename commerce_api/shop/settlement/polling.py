"""What nobody told us: attempts that were left, messages that never came, orders whose time is over.

Jobs of the calendar. Each takes its work by a conditional change, so that several workers never do the same.
"""

from datetime import timedelta
from functools import partial
from typing import Final

from commerce_api.foundation import telemetry
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.schedule.apart import apart
from commerce_api.shop.orders import payment as orders
from commerce_api.shop.orders import service as orders_service
from commerce_api.shop.orders.errors import IllegalTransition
from commerce_api.shop.orders.queries import order_by_number, unpaid_numbers
from commerce_api.shop.orders.status import Actor, CancelReason, Who
from commerce_api.shop.payments import queries
from commerce_api.shop.payments import service as payments
from commerce_api.shop.payments.errors import BankRefused, NothingToPay, PaymentUnderWay, PayTooLate
from commerce_api.shop.payments.gateway import PaymentGateway
from commerce_api.shop.payments.queries import Attempt
from commerce_api.shop.payments.status import CLOSED, ON_PAGE, AttemptStatus
from commerce_api.shop.settlement.bank import Bank, unless_silent
from commerce_api.shop.settlement.paying import ask_for_page, begin_for, look_up
from commerce_api.shop.settlement.service import ask, drop

log = telemetry.logger(__name__)

SOURCE: Final = "poller"
MOST_ATTEMPTS: Final = 5
"""After so many lost calls for one order the shop waits for its customer to try again."""
SILENCE: Final = timedelta(hours=24)
"""For so long an order waits for a silent bank before it expires without its word."""
EXPIRED_FOR: Final = timedelta(hours=1)
"""An invoice that the bank still calls open so long after its end is closed by us."""
HOLD_ENDS_SOON: Final = timedelta(days=8)
"""The bank lets held money go after nine days."""


async def poll(bank: Bank) -> int:
    """Look after every attempt whose hour has come; how many there were. One that fails holds up no other: raises
    BrokenRows after the last of them when any was broken."""
    due = await queries.due_checks()
    with apart("poll_payments") as run:
        for attempt in due:
            with run.row(attempt.reference):
                if await transact(partial(payments.claim_check, attempt)):
                    await unless_silent(_look_after(bank, attempt), None, attempt.reference)
    return len(due)


async def _look_after(bank: Bank, attempt: Attempt) -> None:
    if attempt.status is AttemptStatus.STARTING:
        if attempt.called_at is None:
            await ask_for_page(bank, attempt.id, SOURCE)
            return
        # Whoever called is gone: what came of it, only the bank knows.
        await transact(partial(payments.lost, attempt.id))
    if attempt.status in {AttemptStatus.STARTING, AttemptStatus.UNKNOWN} and attempt.invoice_id is None:
        await look_up(bank.gateway, attempt)
        await _begin_anew(bank, attempt)
        return
    try:
        moved = await ask(bank.gateway, attempt, SOURCE)
    except BankRefused:
        if attempt.status in CLOSED:
            # A page that was removed is none that the bank knows: it would be asked about for ever.
            await transact(partial(payments.leave_alone, attempt.id))
        raise
    now = clock.now()
    # A word that changed nothing is false, and yet tells where the attempt stands.
    if moved is not None and moved.new in ON_PAGE and now - attempt.expires_at > EXPIRED_FOR:
        await transact(partial(_end, attempt))
    if moved is not None and moved.new is AttemptStatus.HOLD and now - attempt.created_at > HOLD_ENDS_SOON:
        log.error("hold_ends_soon", reference=attempt.reference)


async def _end(attempt: Attempt) -> None:
    await orders.hold(attempt.order_id)
    await drop(attempt, AttemptStatus.EXPIRED)


async def _begin_anew(bank: Bank, lost: Attempt) -> None:
    """A call was lost for good: the customer, who still waits for a page, gets another one."""

    async def begin() -> int | None:
        order = await orders.hold(lost.order_id)
        known = await queries.attempts_of(lost.order_id)
        if len(known) >= MOST_ATTEMPTS or any(one.open or one.received for one in known):
            return None
        try:
            return await begin_for(bank, order)
        except (NothingToPay, PayTooLate, PaymentUnderWay):
            return None

    begun = await transact(begin)
    if begun is not None:
        await ask_for_page(bank, begun, SOURCE)


async def expire_unpaid(bank: Bank | None, minutes: int) -> int:
    """Cancel the online orders that nobody paid within `minutes`; how many. The bank is asked first: a page that might
    still be paid is removed, and an order that was paid at the last moment never expires. One that is broken holds up
    no other: raises BrokenRows after the last of them."""
    expired = 0
    numbers = await unpaid_numbers(clock.now() - timedelta(minutes=minutes))
    with apart("expire_unpaid") as run:
        for number in numbers:
            with run.row(number):
                expired += await _expire_one(bank, number, minutes)
    return expired


async def _expire_one(bank: Bank | None, number: str, minutes: int) -> bool:
    order = await order_by_number(number)
    overdue = clock.now() - order.placed_at - timedelta(minutes=minutes)
    if bank and not await _pages_gone(bank.gateway, order.id) and overdue < SILENCE:
        return False
    try:
        return await transact(partial(_expire, order.id, number))
    except IllegalTransition:
        return False


async def _expire(order_id: int, number: str) -> bool:
    order = await orders.hold(order_id)
    if not order.owed_now:
        # While the bank was asked it was paid, or its customer chose to pay the carrier: it waits for no money now.
        return False
    attempts = await queries.attempts_of(order_id)
    if any(attempt.status is AttemptStatus.HOLD for attempt in attempts):
        # The customer has done their part: what is held waits for staff, or for the bank to let it go.
        return False
    await orders_service.cancel(number, CancelReason.EXPIRED, Actor(Who.SYSTEM), "calendar")
    for attempt in attempts:
        if attempt.open:
            await payments.close(attempt.id, AttemptStatus.EXPIRED)
    return True


async def _pages_gone(gateway: PaymentGateway, order_id: int) -> bool:
    """Whether nothing can be paid for the order any more, and nothing was."""
    for attempt in await queries.attempts_of(order_id):
        if not attempt.open or attempt.invoice_id is None:
            continue
        if not await unless_silent(_gone(gateway, attempt), False, attempt.reference):
            return False
    return True


async def _gone(gateway: PaymentGateway, attempt: Attempt) -> bool:
    try:
        await gateway.remove(attempt.invoice_id or "")
    except BankRefused:
        # It has ended there, or somebody is paying, or has paid.
        await ask(gateway, attempt, "calendar")
        known = await queries.attempt(attempt.id)
        return known is not None and not known.open and not known.received
    return True
