"""Money that goes back: written down first, asked for once, and looked up when the bank's answer is lost."""

from collections.abc import Sequence

from tortoise.expressions import F

from commerce_api.foundation.db.tx import lock_rows, require_transaction
from commerce_api.foundation.events import RefundQueued
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.service import record
from commerce_api.shop.payments.errors import RefundMoved
from commerce_api.shop.payments.gateway import BasketLine
from commerce_api.shop.payments.models import Refund
from commerce_api.shop.payments.queries import stored
from commerce_api.shop.payments.status import RefundReason, RefundStatus

SENDABLE = (RefundStatus.QUEUED, RefundStatus.FAILED)


async def queue(
    order_id: int,
    number: str,
    payment_id: int | None,
    amount: int,
    reason: RefundReason,
    *,
    actor: str,
    from_order: bool,
    lines: Sequence[BasketLine] = (),
    note: str = "",
    status: RefundStatus = RefundStatus.QUEUED,
) -> int:
    """Write down `amount` kopiyky that are to go back, and say so; the refund's id. `status` is done for money that the
    bank gave back unasked.

    The caller holds the order's row and has seen that the money is there. Raises NoTransaction.
    """
    require_transaction()
    before, at = await Refund.filter(order_id=order_id).count(), clock.now()
    row = await Refund.create(
        order_id=order_id,
        payment_id=payment_id,
        reference=f"{number}-R{before + 1}",
        amount=amount,
        reason=reason,
        note=note[:200],
        status=status,
        from_order=from_order,
        items=stored(lines),
        actor=actor,
        created_at=at,
        changed_at=at,
    )
    if status is RefundStatus.QUEUED:
        await record(
            RefundQueued(refund_id=row.id, order_id=order_id, number=number, amount=amount, reason=reason.value)
        )
    return row.id


async def claim(refund_id: int) -> None:
    """The caller asks the bank for it: nobody else may. Commit before asking. Raises RefundMoved."""
    require_transaction()
    free = Refund.filter(id=refund_id, status__in=list(SENDABLE))
    if not await free.update(status=RefundStatus.SENT, changed_at=clock.now(), failure=""):
        row = await Refund.get(id=refund_id)
        raise RefundMoved(reference=row.reference, status=row.status.value)


async def lessen(refund_id: int, amount: int) -> bool:
    """`amount` kopiyky of a refund that waits went back already, by another road; False when somebody sends it now.

    Its lines go: they were worth the whole. The caller has seen that the refund is larger.
    """
    require_transaction()
    waiting = Refund.filter(id=refund_id, status__in=list(SENDABLE), amount__gt=amount)
    return bool(await waiting.update(amount=F("amount") - amount, items=[], changed_at=clock.now()))


async def end(refund_id: int, status: RefundStatus, failure: str = "") -> bool:
    """How a refund that was sent ended, or that nobody knows; False when that was known already."""
    require_transaction()
    rows = await lock_rows(Refund.filter(id=refund_id))
    if not rows or rows[0].status in {status, RefundStatus.DONE}:
        return False
    await Refund.filter(id=refund_id).update(status=status, failure=failure[:64], changed_at=clock.now())
    return True
