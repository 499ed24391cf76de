"""Which notices have gone out."""

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class Notice(Model):
    """The stored mark of one notice on one channel (rules.md 11): a crash between sending and marking may repeat it
    once, nothing is lost."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=120)
    channel = fields.CharField(max_length=32)
    sent_at = fields.DatetimeField()

    class Meta:
        table = "notice"
        constraints = (UniqueConstraint(fields=("key", "channel"), name="notice_once"),)
