"""Shapes of payments and refunds. Amounts are kopiyky."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from commerce_api.foundation.web.parsing import OMIT_NONE, Schema, ViewSchema
from commerce_api.shop.payments.queries import Attempt

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


class RefundOut(ViewSchema):
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


class AttemptOut(ViewSchema):
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


class OrderPaymentsOut(Schema):
    """Everything about the money of an order."""

    attempts: list[AttemptOut]
    refunds: list[RefundOut]


class RefundQueueOut(Schema):
    """Refunds that wait, the oldest first."""

    items: list[RefundOut]
