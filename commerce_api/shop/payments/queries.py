"""Reading attempts and refunds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commerce_api.foundation.kit import clock
from commerce_api.shop.payments.gateway import BasketLine
from commerce_api.shop.payments.models import Payment, Refund
from commerce_api.shop.payments.status import ON_PAGE, OPEN, OWED, AttemptStatus, RefundReason, RefundStatus

MOST_QUEUED: Final = 500
MOST_DUE: Final = 50
"""Attempts that one run of the poller asks about, the longest waiting first."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A payment attempt; amounts in kopiyky (payments.models.Payment)."""

    id: int
    order_id: int
    reference: str
    provider: str
    amount: int
    lines: tuple[BasketLine, ...]
    status: AttemptStatus
    invoice_id: str | None
    page_url: str
    received: int
    credited: int
    returned: int
    failure: str
    receipt_url: str
    created_at: datetime
    called_at: datetime | None
    expires_at: datetime
    modified_at: datetime | None
    checks: int
    next_check_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether its order can have no other."""
        return self.status in OPEN

    @property
    def page(self) -> str:
        """Where to send the payer now, "" when there is no page that can still be paid on."""
        return self.page_url if self.status in ON_PAGE and clock.now() < self.expires_at else ""


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund; `invoice_id` is None for money that no bank holds."""

    id: int
    order_id: int
    payment_id: int | None
    invoice_id: str | None
    reference: str
    amount: int
    reason: RefundReason
    note: str
    status: RefundStatus
    from_order: bool
    lines: tuple[BasketLine, ...]
    actor: str
    failure: str
    created_at: datetime
    changed_at: datetime

    @property
    def owed(self) -> bool:
        """Whether the money is still to go back."""
        return self.status in OWED


async def attempt(payment_id: int) -> Attempt | None:
    """One attempt."""
    row = await Payment.get_or_none(id=payment_id)
    return _attempt(row) if row else None


async def attempts(payment_ids: Sequence[int]) -> list[Attempt]:
    """Attempts by their ids; those that are not there are left out."""
    return [_attempt(row) for row in await Payment.filter(id__in=list(payment_ids))]


async def attempts_of(order_id: int) -> list[Attempt]:
    """The attempts of an order, the first one first."""
    return [_attempt(row) for row in await Payment.filter(order_id=order_id).order_by("id")]


async def by_invoice(invoice_id: str) -> Attempt | None:
    """The attempt that the bank knows under this name."""
    row = await Payment.get_or_none(invoice_id=invoice_id)
    return _attempt(row) if row else None


async def by_reference(reference: str) -> Attempt | None:
    """The attempt that we call so."""
    row = await Payment.get_or_none(reference=reference)
    return _attempt(row) if row else None


async def due_checks(most: int = MOST_DUE) -> list[Attempt]:
    """Attempts whose hour to be asked about has come."""
    due = Payment.filter(next_check_at__lte=clock.now()).order_by("next_check_at", "id").limit(most)
    return [_attempt(row) for row in await due]


async def refund(refund_id: int) -> RefundView | None:
    """One refund."""
    row = await Refund.get_or_none(id=refund_id).select_related("payment")
    return _refund(row) if row else None


async def refunds_of(order_id: int) -> list[RefundView]:
    """The refunds of an order, the first one first."""
    return [_refund(row) for row in await Refund.filter(order_id=order_id).select_related("payment").order_by("id")]


async def refunds_of_attempts(payment_ids: Sequence[int]) -> list[RefundView]:
    """The refunds of money of these attempts, the first one first."""
    rows = Refund.filter(payment_id__in=list(payment_ids)).select_related("payment")
    return [_refund(row) for row in await rows.order_by("id")]


async def refund_queue() -> list[RefundView]:
    """Money that is still to go back, the longest waiting first."""
    waiting: list[Refund] = []
    for status in sorted(OWED):
        # One state at a time: an index leads to the rows of each, and none to those of several.
        of_status = Refund.filter(status=status).select_related("payment").order_by("changed_at")
        waiting += await of_status.limit(MOST_QUEUED)
    return [_refund(row) for row in sorted(waiting, key=lambda row: (row.created_at, row.id))[:MOST_QUEUED]]


async def unsettled_refunds(before: datetime) -> list[RefundView]:
    """Refunds that the bank was asked for and that have not ended, untouched since that moment (aware)."""
    waiting = Refund.filter(
        status__in=[RefundStatus.SENT, RefundStatus.UNKNOWN], changed_at__lte=before, payment_id__isnull=False
    )
    return [_refund(row) for row in await waiting.select_related("payment").order_by("changed_at").limit(MOST_DUE)]


async def broken_laws() -> list[str]:
    """Attempts whose money does not add up: all that was received is credited to an order or in a refund, and what the
    bank gave back is in refunds that are done. One sentence each."""
    broken = []
    paid = (AttemptStatus.SUCCESS, AttemptStatus.REVERSED)
    for row in await Payment.filter(status__in=list(paid)).prefetch_related("refunds").order_by("id"):
        refunds = list(row.refunds)
        beside = sum(one.amount for one in refunds if not one.from_order)
        back = sum(one.amount for one in refunds if one.status is RefundStatus.DONE)
        if row.received and row.received != row.credited + beside:
            broken.append(f"{row.reference}: received {row.received}, credited {row.credited}, beside {beside}")
        if row.status is AttemptStatus.SUCCESS and row.returned > back:
            broken.append(f"{row.reference}: the bank returned {row.returned}, refunds say {back}")
    return broken


def stored(lines: Sequence[BasketLine]) -> list[dict[str, object]]:
    """Basket lines as a JSON column keeps them."""
    return [
        {"code": line.code, "name": line.name, "qty": line.quantity, "price": line.unit_price, "off": line.discount}
        for line in lines
    ]


def _lines(rows: Sequence[dict[str, object]]) -> tuple[BasketLine, ...]:
    return tuple(
        BasketLine(
            str(row["code"]), str(row["name"]), int(str(row["qty"])), int(str(row["price"])), int(str(row["off"]))
        )
        for row in rows
    )


def _attempt(row: Payment) -> Attempt:
    return Attempt(
        id=row.id,
        order_id=row.order_id,
        reference=row.reference,
        provider=row.provider,
        amount=row.amount,
        lines=_lines(row.basket),
        status=row.status,
        invoice_id=row.invoice_id,
        page_url=row.page_url,
        received=row.received,
        credited=row.credited,
        returned=row.returned,
        failure=row.failure,
        receipt_url=row.receipt_url,
        created_at=row.created_at,
        called_at=row.called_at,
        expires_at=row.expires_at,
        modified_at=row.modified_at,
        checks=row.checks,
        next_check_at=row.next_check_at,
    )


def _refund(row: Refund) -> RefundView:
    return RefundView(
        id=row.id,
        order_id=row.order_id,
        payment_id=row.payment_id,
        invoice_id=row.payment.invoice_id if row.payment else None,
        reference=row.reference,
        amount=row.amount,
        reason=row.reason,
        note=row.note,
        status=row.status,
        from_order=row.from_order,
        lines=_lines(row.items),
        actor=row.actor,
        failure=row.failure,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
