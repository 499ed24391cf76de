"""Tables of the web layer: what the server remembers of a signed-in browser, and what it answered under a key."""

from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class Session(Model):
    """One browser that is signed in, or that has something worth remembering.

    Only the digest of its token is stored: a stolen table opens no door. `account_id` is a plain key, because accounts
    stand floors above. `data` is small: texts of a few keys, never a cart.
    """

    id = fields.BigIntField(primary_key=True)
    digest = fields.CharField(max_length=64)
    account_id = fields.BigIntField(null=True)
    staff = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    user_agent = fields.CharField(max_length=64, default="")
    data: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)

    class Meta:
        app = "shop"
        table = "web_session"
        constraints = (UniqueConstraint(fields=("digest",), name="uq_web_session_digest"),)
        indexes = (
            Index(fields=("account_id",), name="ix_web_session_account"),
            Index(fields=("expires_at",), name="ix_web_session_expires"),
        )


class KeptAnswer(Model):
    """The stored answer of one idempotency key. `key` is the digest of owner and key, so that nobody meets another's
    answer; `body_digest` tells a retry from another request under the same key. The table has the name of the first
    call that kept its answers: servers of the version before go on while a new one comes."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=64)
    body_digest = fields.CharField(max_length=64)
    status = fields.IntField()
    answer: fields.JSONField[dict[str, object]] = fields.JSONField()
    created_at = fields.DatetimeField()

    class Meta:
        app = "shop"
        table = "checkout_answer"
        indexes = (Index(fields=("created_at",), name="checkout_answer_age"),)
        constraints = (UniqueConstraint(fields=("key",), name="checkout_answer_key"),)
