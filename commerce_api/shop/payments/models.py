"""Payment attempts, money that goes back, and what the bank told."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from commerce_api.shop.payments.status import AttemptStatus, RefundReason, RefundStatus


class Payment(Model):
    """One try to pay for an order at a bank; the order is a plain key. Amounts are kopiyky, moments UTC.

    `reference` is our name for it at the bank. `open_order_id` is the order while the attempt is open, and unique: an
    order has one payment page at a time. `received` is what the bank took from the customer, `credited` the part of it
    that went to the order, `returned` what the bank gave back. `modified_at` is the bank's own time of the last word
    that was applied. `called_at` is set before the bank is asked for a page.
    """

    id = fields.IntField(primary_key=True)
    order_id = fields.IntField()
    open_order_id = fields.IntField(null=True)
    reference = fields.CharField(max_length=64)
    provider = fields.CharField(max_length=32)
    amount = fields.BigIntField()
    basket: fields.JSONField[list[dict[str, object]]] = fields.JSONField()
    status = fields.CharEnumField(AttemptStatus, max_length=32, default=AttemptStatus.STARTING)
    invoice_id = fields.CharField(max_length=64, null=True)
    page_url = fields.CharField(max_length=500, default="")
    received = fields.BigIntField(default=0)
    credited = fields.BigIntField(default=0)
    returned = fields.BigIntField(default=0)
    failure = fields.CharField(max_length=200, default="")
    receipt_url = fields.CharField(max_length=500, default="")
    created_at = fields.DatetimeField()
    called_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField()
    modified_at = fields.DatetimeField(null=True)
    checks = fields.IntField(default=0)
    next_check_at = fields.DatetimeField(null=True)
    refunds: fields.ReverseRelation["Refund"]

    class Meta:
        table = "payment"
        indexes = (
            Index(fields=("order_id", "id"), name="payment_order"),
            Index(fields=("next_check_at",), name="payment_next_check"),
            Index(fields=("created_at",), name="payment_created"),
        )
        constraints = (
            UniqueConstraint(fields=("reference",), name="payment_reference"),
            UniqueConstraint(fields=("invoice_id",), name="payment_invoice"),
            UniqueConstraint(fields=("open_order_id",), name="payment_one_open"),
            CheckConstraint(check="amount > 0", name="payment_amount"),
            CheckConstraint(
                check="received >= 0 AND credited >= 0 AND credited <= received AND returned >= 0 "
                "AND returned <= received",
                name="payment_money_adds_up",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Refund(Model):
    """Money that is to go back, or went. `reference` is our name for it at the bank (extRef).

    `payment` is the attempt whose money it is, None for cash that the carrier collected. `from_order` tells money that
    the order had from money that never reached it. `note` is in staff's own words, `failure` the bank's code.
    """

    id = fields.IntField(primary_key=True)
    order_id = fields.IntField()
    payment: fields.ForeignKeyNullableRelation[Payment] = fields.ForeignKeyField(
        "shop.Payment", related_name="refunds", on_delete=fields.OnDelete.RESTRICT, null=True
    )
    payment_id: int | None
    reference = fields.CharField(max_length=64)
    amount = fields.BigIntField()
    reason = fields.CharEnumField(RefundReason, max_length=32)
    note = fields.CharField(max_length=200, default="")
    status = fields.CharEnumField(RefundStatus, max_length=32, default=RefundStatus.QUEUED)
    from_order = fields.BooleanField()
    items: fields.JSONField[list[dict[str, object]]] = fields.JSONField()
    actor = fields.CharField(max_length=64)
    failure = fields.CharField(max_length=64, default="")
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "refund"
        indexes = (
            Index(fields=("order_id", "id"), name="refund_order"),
            Index(fields=("status", "changed_at"), name="refund_status"),
            Index(fields=("payment_id",), name="refund_payment"),
        )
        constraints = (
            UniqueConstraint(fields=("reference",), name="refund_reference"),
            CheckConstraint(check="amount > 0", name="refund_amount"),
        )

    def __str__(self) -> str:
        return self.reference


class StatementLook(Model):
    """One look far back into the bank's statement, from `since` down to `until`, the newest first: `reached` is how far
    down it came, so that it goes on there."""

    id = fields.IntField(primary_key=True)
    since = fields.DatetimeField()
    until = fields.DatetimeField()
    reached = fields.DatetimeField()

    class Meta:
        table = "statement_look"
        indexes = (Index(fields=("since",), name="statement_look_age"),)


class UnknownLine(Model):
    """A line of the bank's statement that belongs to no order of ours, by the bank's name for it: told once, although
    the statements of many days and weeks have it."""

    id = fields.IntField(primary_key=True)
    invoice_id = fields.CharField(max_length=64)
    seen_at = fields.DatetimeField()

    class Meta:
        table = "statement_unknown"
        indexes = (Index(fields=("seen_at",), name="statement_unknown_age"),)
        constraints = (UniqueConstraint(fields=("invoice_id",), name="statement_unknown_once"),)


class BankNotice(Model):
    """A message of the bank, known by invoice, the bank's time and status. `done_at` is empty until the bank was asked
    and its answer applied: a repeated message is then answered at once."""

    id = fields.BigIntField(primary_key=True)
    invoice_id = fields.CharField(max_length=64)
    modified_at = fields.DatetimeField()
    status = fields.CharField(max_length=32)
    received_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "bank_notice"
        indexes = (Index(fields=("received_at",), name="bank_notice_age"),)
        constraints = (UniqueConstraint(fields=("invoice_id", "modified_at", "status"), name="bank_notice_once"),)
