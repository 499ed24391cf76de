"""Giving money back: staff say how much and why, the bank is asked once, and what it said is looked up when it is lost.

A refund belongs to one attempt, because the bank gives back what it took there; an order that was paid in two goes is
refunded in two. Cash that the carrier collected is given back by hand.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from commerce_api.foundation import telemetry
from commerce_api.foundation.db.tx import require_transaction, transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.schedule.apart import apart
from commerce_api.shop.orders import payment as orders
from commerce_api.shop.orders.payment import OrderMoney
from commerce_api.shop.payments import queries
from commerce_api.shop.payments import refunds as rows
from commerce_api.shop.payments import service as payments
from commerce_api.shop.payments.errors import (
    BankAway,
    BankRefused,
    BankUnsure,
    RefundMoved,
    RefundTooBig,
    RefundUnknown,
)
from commerce_api.shop.payments.gateway import BasketLine, PaymentGateway
from commerce_api.shop.payments.queries import Attempt, RefundView
from commerce_api.shop.payments.status import AttemptStatus, RefundReason, RefundStatus
from commerce_api.shop.settlement.bank import unless_silent
from commerce_api.shop.settlement.bills import refund_lines
from commerce_api.shop.settlement.service import refund_done, settle

log = telemetry.logger(__name__)

SETTLES_IN: Final = timedelta(seconds=60)
"""The bank's own list of returns is believed when a refund that was asked for so long ago is not in it."""


async def order_refund(order_id: int, amount: int, note: str, actor: str, only: Sequence[str] = ()) -> list[int]:
    """Write down that staff give back `amount` kopiyky of an order, with their reason; the ids of the refunds.

    `only` names the SKUs that it is for. Runs in the caller's transaction, under the order's lock: of two who give the
    same money back, the second is refused. Raises OrderUnknown, RefundTooBig, NoTransaction, and ValueError for an
    amount of 0 or less.
    """
    if amount <= 0:
        raise ValueError(f"a refund is more than 0: {amount}")
    order = await orders.hold(order_id)
    left = order.kept - await owed_back(order_id)
    if amount > left:
        raise RefundTooBig(number=order.number, left=left)
    return await queue_from_order(order, amount, RefundReason.STAFF, actor=actor, note=note, only=only)


async def queue_surplus(order: OrderMoney, cost: int, reason: RefundReason) -> None:
    """Queue what an order has beyond `cost` kopiyky, less what is on its way back already: done twice it queues nothing
    more. Runs under the order's lock."""
    surplus = order.kept - await owed_back(order.id) - cost
    if surplus > 0:
        await queue_from_order(order, surplus, reason, actor="system")


async def owed_back(order_id: int) -> int:
    """Kopiyky of the order's own money that are on their way back already."""
    return sum(one.amount for one in await queries.refunds_of(order_id) if one.owed and one.from_order)


async def queue_from_order(
    order: OrderMoney,
    amount: int,
    reason: RefundReason,
    *,
    actor: str,
    note: str = "",
    only: Sequence[str] = (),
) -> list[int]:
    """Queue `amount` kopiyky of an order's own money, from the attempts that brought it, the newest first; what no bank
    brought is given back by hand. Runs under the order's lock, after a look at what is left."""
    require_transaction()
    known = await queries.refunds_of(order.id)
    made, left = [], amount
    for attempt in reversed(await queries.attempts_of(order.id)):
        part = min(left, _credit_left(attempt, known))
        if part > 0:
            lines = _lines(attempt, part, only)
            made.append(
                await rows.queue(
                    order.id, order.number, attempt.id, part, reason,
                    actor=actor, from_order=True, lines=lines, note=note,
                )
            )  # fmt: skip
            left -= part
    if left:
        made.append(
            await rows.queue(order.id, order.number, None, left, reason, actor=actor, from_order=True, note=note)
        )
    return made


async def credits_left(payment_ids: Sequence[int]) -> dict[int, int]:
    """Kopiyky of attempts, by their ids, that their orders still have and nobody has promised to give back."""
    known = await queries.refunds_of_attempts(payment_ids)
    return {attempt.id: _credit_left(attempt, known) for attempt in await queries.attempts(payment_ids)}


def _credit_left(attempt: Attempt, known: Sequence[RefundView]) -> int:
    """What of an attempt's money the order still has and nobody has promised to give back."""
    gone = [one for one in known if one.payment_id == attempt.id and one.from_order]
    return attempt.credited - sum(one.amount for one in gone if one.owed or one.status is RefundStatus.DONE)


def _lines(attempt: Attempt, amount: int, only: Sequence[str]) -> tuple[BasketLine, ...]:
    worth = sum(line.total for line in attempt.lines if line.code in only)
    return refund_lines(attempt.lines, amount, only if worth >= amount else ())


async def send(gateway: PaymentGateway, refund_id: int, source: str) -> RefundStatus:
    """Ask the bank to give a queued refund back; where it stands then. This is an edge.

    The bank has no idempotency key: the refund is claimed first, asked for once, and when the answer is lost it is
    looked up before anybody may ask again. Raises RefundUnknown, and RefundMoved for one that was sent, is done, or
    that no bank can give back.
    """
    refund = await queries.refund(refund_id)
    if refund is None:
        raise RefundUnknown()
    if refund.invoice_id is None:
        raise RefundMoved(reference=refund.reference, status="by_hand")
    await transact(partial(rows.claim, refund_id))
    try:
        done = await gateway.refund(refund.invoice_id, refund.amount, refund.reference, refund.lines)
    except BankUnsure:
        return await _end(refund, RefundStatus.UNKNOWN, "", source)
    except BankAway:
        return await _end(refund, RefundStatus.QUEUED, "", source)
    except BankRefused as refused:
        log.error("refund_refused", reference=refund.reference, bank_code=refused.bank_code)
        return await _end(refund, RefundStatus.FAILED, refused.bank_code, source)
    if not done:
        return RefundStatus.SENT
    return await _end(refund, RefundStatus.DONE, "", source)


async def _end(refund: RefundView, status: RefundStatus, failure: str, source: str) -> RefundStatus:
    async def work() -> None:
        await orders.hold(refund.order_id)
        if status is not RefundStatus.DONE:
            await rows.end(refund.id, status, failure)
        elif await refund_done(refund, source) and refund.payment_id:
            # Counted at once: no message about it may ever come. One that a message or a look has ended before was
            # counted there, and what staff gave back by hand never comes here.
            await payments.gave_back(refund.payment_id, more=refund.amount)

    await transact(work)
    return status


async def by_hand(refund_id: int, source: str) -> None:
    """Staff have given the money back themselves. Raises RefundUnknown, RefundMoved for one that the bank works on or
    that is done, OrderUnknown and NoTransaction."""
    require_transaction()
    refund = await queries.refund(refund_id)
    if refund is None:
        raise RefundUnknown()
    await orders.hold(refund.order_id)
    await rows.claim(refund_id)
    await refund_done(refund, source)


async def settle_refunds(gateway: PaymentGateway) -> int:
    """Look up what became of refunds whose end nobody heard; how many were looked at. A job of the calendar.

    One that the bank does not know after a minute was never made, and waits for staff again. One that is broken holds
    up no other: raises BrokenRows after the last of them.
    """
    waiting = await queries.unsettled_refunds(clock.now() - SETTLES_IN)
    with apart("settle_refunds") as run:
        for refund in waiting:
            with run.row(refund.reference):
                attempt = await queries.attempt(refund.payment_id or 0)
                if attempt is not None:
                    await unless_silent(_look_up(gateway, attempt, refund), None, refund.reference)
    return len(waiting)


async def _look_up(gateway: PaymentGateway, attempt: Attempt, refund: RefundView) -> None:
    state = await gateway.check(attempt.invoice_id or "")
    await transact(partial(settle, attempt.id, attempt.order_id, state, "refund"))
    known = any(told.reference == refund.reference for told in state.returns)
    if not known and attempt.status is not AttemptStatus.HOLD:
        await transact(partial(_wait_again, refund))


async def _wait_again(refund: RefundView) -> None:
    """Give a refund that was never made back to staff, unless somebody has sent it anew since we looked."""
    await orders.hold(refund.order_id)
    now = await queries.refund(refund.id)
    if now is not None and (now.status, now.changed_at) == (refund.status, refund.changed_at):
        await rows.end(refund.id, RefundStatus.QUEUED)


async def send_all(gateway: PaymentGateway, refund_ids: Sequence[int], source: str) -> None:
    """Send several refunds; those that no bank can give back stay in the queue. This is an edge."""
    for refund_id in refund_ids:
        try:
            await send(gateway, refund_id, source)
        except RefundMoved:
            continue
