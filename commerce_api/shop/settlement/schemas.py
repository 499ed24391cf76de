"""Shapes of payments and refunds. Amounts are kopiyky."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from commerce_api.foundation.web.parsing import OMIT_NONE, Schema
from commerce_api.shop.payments.queries import Attempt, RefundView

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]
Amount = Annotated[int, Field(ge=1, le=10**12)]
Sku = Annotated[str, Field(min_length=1, max_length=50)]


class PaymentStateOut(Schema):
    """How a payment stands; `redirect_url` leads to the bank's page while it can be paid on."""

    status: str
    amount: int
    redirect_url: Annotated[str | None, OMIT_NONE] = None

    @classmethod
    def of(cls, attempt: Attempt) -> "PaymentStateOut":
        """The attempt as its payer is told."""
        return cls(status=attempt.status.value, amount=attempt.amount, redirect_url=attempt.page or None)


class RefundIn(Schema):
    """How much of an order goes back and why; `skus` are the lines that it is for, all of them when left out."""

    amount: Amount
    reason: Reason
    skus: list[Sku] = Field(default_factory=list, max_length=100)


class RefundOut(Schema):
    """A refund as staff see it."""

    id: int
    reference: str
    amount: int
    reason: str
    note: str
    status: str
    from_order: bool
    failure: str
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, refund: RefundView) -> "RefundOut":
        """The refund as staff programs read it."""
        return cls(
            id=refund.id,
            reference=refund.reference,
            amount=refund.amount,
            reason=refund.reason.value,
            note=refund.note,
            status=refund.status.value,
            from_order=refund.from_order,
            failure=refund.failure,
            created_at=refund.created_at,
            changed_at=refund.changed_at,
        )


class AttemptOut(Schema):
    """A payment attempt as staff see it."""

    reference: str
    provider: str
    amount: int
    status: str
    invoice_id: str | None
    received: int
    credited: int
    returned: int
    failure: str
    receipt_url: str
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, attempt: Attempt) -> "AttemptOut":
        """The attempt as staff programs read it."""
        return cls(
            reference=attempt.reference,
            provider=attempt.provider,
            amount=attempt.amount,
            status=attempt.status.value,
            invoice_id=attempt.invoice_id,
            received=attempt.received,
            credited=attempt.credited,
            returned=attempt.returned,
            failure=attempt.failure,
            receipt_url=attempt.receipt_url,
            created_at=attempt.created_at,
            expires_at=attempt.expires_at,
        )


class OrderPaymentsOut(Schema):
    """Everything about the money of an order."""

    attempts: list[AttemptOut]
    refunds: list[RefundOut]


class RefundQueueOut(Schema):
    """Refunds that wait, the oldest first."""

    items: list[RefundOut]
