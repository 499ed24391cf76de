"""Where money meets an order: the one transition that webhook, return page and poller share (rules.md 5).

Whoever heard something asks the bank (`ask`), and only its answer is applied (`settle`), under the lock of the order.
Every verified hryvnia ends in the order or in the refund queue.
"""

from functools import partial

from commerce_api.foundation import telemetry
from commerce_api.foundation.db.tx import require_transaction, transact
from commerce_api.foundation.events import PaymentDue
from commerce_api.foundation.outbox.service import record
from commerce_api.shop.orders import payment as orders
from commerce_api.shop.orders.payment import OrderMoney
from commerce_api.shop.orders.status import PaymentStatus
from commerce_api.shop.payments import queries, refunds
from commerce_api.shop.payments import service as payments
from commerce_api.shop.payments.gateway import UAH, BankState, PaymentGateway
from commerce_api.shop.payments.queries import Attempt, RefundView
from commerce_api.shop.payments.service import Moved
from commerce_api.shop.payments.status import AttemptStatus, RefundReason, RefundStatus
from commerce_api.shop.shipping import shipments

log = telemetry.logger(__name__)

BY_ATTEMPT = {
    AttemptStatus.CREATED: PaymentStatus.PENDING,
    AttemptStatus.PROCESSING: PaymentStatus.PENDING,
    AttemptStatus.HOLD: PaymentStatus.PENDING,
    AttemptStatus.FAILURE: PaymentStatus.FAILED,
    AttemptStatus.EXPIRED: PaymentStatus.UNPAID,
    AttemptStatus.REMOVED: PaymentStatus.UNPAID,
}
"""What an attempt says of an order that has no money yet."""


async def ask(gateway: PaymentGateway, attempt: Attempt, source: str) -> Moved | None:
    """Ask the bank how the attempt stands and apply its answer; None for an attempt that the bank has no name for.

    This is an edge: the bank is called outside of the transaction that it opens. Raises GatewayError.
    """
    if attempt.invoice_id is None:
        return None
    state = await gateway.check(attempt.invoice_id)
    return await transact(partial(settle, attempt.id, attempt.order_id, state, source))


async def settle(payment_id: int, order_id: int, state: BankState, source: str) -> Moved:
    """Apply what the bank said, to attempt, refunds and order; what that changed of the attempt.

    Runs in the caller's transaction and may be repeated: what is known already changes nothing. Raises OrderUnknown and
    NoTransaction.
    """
    require_transaction()
    order = await orders.hold(order_id)
    moved = await payments.apply_notice(payment_id, state)
    attempt = await queries.attempt(payment_id)
    if attempt is None:
        return moved
    if moved.received > 0:
        await _take_in(order, attempt, state.currency, moved.received, source)
    await _give_back(order, attempt, state, moved, source)
    if moved.old is not moved.new:
        log.info("attempt_moved", reference=attempt.reference, old=moved.old.value, new=moved.new.value, source=source)
        if moved.new is AttemptStatus.HOLD and not order.takes_money:
            await _queue_beside(order, attempt, attempt.amount, RefundReason.LATE)
        if not moved.received:
            await tell_order(order_id, attempt.status, attempt.failure, source)
    return moved


async def tell_order(order_id: int, status: AttemptStatus, failure: str, source: str) -> None:
    """Let an order without money say what its newest attempt does. Runs under the order's lock."""
    newest = (await queries.attempts_of(order_id))[-1:]
    said = BY_ATTEMPT.get(newest[0].status if newest else status)
    if said:
        await orders.note_payment(order_id, said, source=source, reason=failure)


async def drop(attempt: Attempt, status: AttemptStatus = AttemptStatus.REMOVED) -> None:
    """Close an attempt that is not wanted any more; the worker makes its page at the bank worthless.

    Runs under the order's lock. Money that comes on it nevertheless is counted all the same.
    """
    require_transaction()
    await payments.close(attempt.id, status, attempt.failure)
    if attempt.invoice_id:
        await record(PaymentDue(order_id=attempt.order_id, attempt_id=attempt.id))


async def _take_in(order: OrderMoney, attempt: Attempt, currency: int, received: int, source: str) -> None:
    """New money: to the order as far as it owes it, else to the refund queue with the reason."""
    promised = sum(one.amount for one in await queries.refunds_of(order.id) if _beside(one, attempt))
    # What was held too late is in the queue since then: taking it made it no more.
    received -= min(promised, received)
    if not received:
        return
    reason = await _refusal(order, attempt, currency, received)
    credit = 0 if reason else min(received, order.owed)
    if credit:
        await orders.add_money(order.id, credit, channel="bank", source=source, reason=attempt.reference)
        await payments.credited(attempt.id, credit)
    if received > credit:
        await _queue_beside(order, attempt, received - credit, reason or RefundReason.TOO_MUCH)
    if credit:
        for other in await queries.attempts_of(order.id):
            if other.open and other.id != attempt.id:
                await drop(other)


def _beside(refund: RefundView, attempt: Attempt) -> bool:
    return refund.payment_id == attempt.id and not refund.from_order


async def _refusal(order: OrderMoney, attempt: Attempt, currency: int, received: int) -> RefundReason | None:
    """Why an order does not take money, None when it does: less than due never becomes paid."""
    if currency != UAH:
        return RefundReason.WRONG_CURRENCY
    if not order.takes_money:
        return RefundReason.LATE
    parcel = await shipments.open_of(order.id)
    if parcel is not None and parcel.cash:
        # The receiver pays the carrier: what came online besides would be paid twice.
        return RefundReason.LATE
    if order.kept and not order.owed_now:
        return RefundReason.SECOND
    if order.refunded:
        return RefundReason.LATE
    if received < attempt.amount or received < order.owed_now:
        return RefundReason.WRONG_AMOUNT
    return None


async def _queue_beside(order: OrderMoney, attempt: Attempt, amount: int, reason: RefundReason) -> None:
    log.warning("money_beside_order", reference=attempt.reference, amount=amount, reason=reason.value)
    await refunds.queue(
        order.id,
        order.number,
        attempt.id,
        amount,
        reason,
        actor="system",
        from_order=False,
        lines=attempt.lines if amount == attempt.amount else (),
    )


async def _give_back(order: OrderMoney, attempt: Attempt, state: BankState, moved: Moved, source: str) -> None:
    """Refunds as the bank tells them: ours by their reference, and what it gave back unasked."""
    ours = [one for one in await queries.refunds_of(order.id) if one.payment_id == attempt.id]
    for told in state.returns:
        known = next((one for one in ours if one.reference == told.reference), None)
        if known and known.owed and told.done:
            await refund_done(known, source)
        elif known and told.failed and known.status in {RefundStatus.SENT, RefundStatus.UNKNOWN}:
            await refunds.end(known.id, RefundStatus.FAILED, "bank")
    if attempt.status is AttemptStatus.REVERSED and not attempt.received:
        # Held money was let go: nothing was taken, so nothing is left to give back.
        for held in (one for one in ours if one.owed):
            await refunds.end(held.id, RefundStatus.DONE)
    returned, told_of = attempt.returned, sum(told.amount for told in state.returns if told.done)
    if told_of > returned:
        # The word as a whole was not taken, an unknown status for one: what it lists as done is done all the same.
        returned = await payments.gave_back(attempt.id, total=told_of)
    if returned:
        await _match_returned(order, attempt, returned, source)


async def _match_returned(order: OrderMoney, attempt: Attempt, returned: int, source: str) -> None:
    """What went back of an attempt beyond the refunds that are done: in our queue, or unasked altogether."""
    ours = [one for one in await queries.refunds_of(order.id) if one.payment_id == attempt.id]
    unasked = returned - sum(one.amount for one in ours if one.status is RefundStatus.DONE)
    # Somebody gave it back in the bank's own cabinet: first of all what waits in our queue.
    for waiting in ours:
        if waiting.owed and waiting.amount <= unasked:
            unasked -= waiting.amount
            await refund_done(waiting, source)
        elif waiting.owed and unasked > 0 and await refunds.lessen(waiting.id, unasked):
            await _note_returned(order, attempt, unasked, source, from_order=waiting.from_order)
            unasked = 0
    if unasked > 0:
        await _note_unasked(order, attempt, unasked, source)


async def _note_unasked(order: OrderMoney, attempt: Attempt, unasked: int, source: str) -> None:
    back = [one for one in await queries.refunds_of(order.id) if one.payment_id == attempt.id and one.from_order]
    had = attempt.credited - sum(one.amount for one in back if one.status is RefundStatus.DONE)
    amount = max(min(unasked, had, (await orders.hold(order.id)).kept), 0)
    if amount < unasked:
        log.error("returned_money_unmatched", reference=attempt.reference, amount=unasked - amount)
    if not amount:
        return
    await _note_returned(order, attempt, amount, source, from_order=True)


async def _note_returned(order: OrderMoney, attempt: Attempt, amount: int, source: str, *, from_order: bool) -> None:
    refund_id = await refunds.queue(
        order.id,
        order.number,
        attempt.id,
        amount,
        RefundReason.BANK,
        actor="system",
        from_order=from_order,
        status=RefundStatus.DONE,
    )
    log.warning("bank_gave_back_unasked", reference=attempt.reference, refund=refund_id, amount=amount)
    if from_order:
        await orders.take_money(order.id, amount, channel="bank", source=source, reason=RefundReason.BANK.value)


async def refund_done(refund: RefundView, source: str) -> bool:
    """A refund has reached the customer. Runs under the order's lock; a second time changes nothing and is False."""
    if not await refunds.end(refund.id, RefundStatus.DONE):
        return False
    if refund.from_order:
        channel = "bank" if refund.payment_id else "staff"
        await orders.take_money(
            refund.order_id, refund.amount, channel=channel, source=source, reason=refund.note or refund.reason.value
        )
    return True
