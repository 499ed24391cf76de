"""Tables of the web layer: what the server remembers of a signed-in browser."""

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
