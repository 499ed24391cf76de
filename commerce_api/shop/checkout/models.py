"""What was answered to a checkout, so that the same key gets the same answer again."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class CheckoutAnswer(Model):
    """The stored answer of one idempotency key. `key` is the digest of cart and key, so that nobody meets another's
    answer; `body_digest` tells a retry from another order under the same key."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=64)
    body_digest = fields.CharField(max_length=64)
    status = fields.IntField()
    answer: fields.JSONField[dict[str, object]] = fields.JSONField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "checkout_answer"
        indexes = (Index(fields=("created_at",), name="checkout_answer_age"),)
        constraints = (UniqueConstraint(fields=("key",), name="checkout_answer_key"),)
