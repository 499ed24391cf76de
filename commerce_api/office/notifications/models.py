"""Which notices have gone out, and what the bot was told."""

from tortoise import fields
from tortoise.indexes import Index
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
        indexes = (Index(fields=("sent_at",), name="notice_age"),)
        constraints = (UniqueConstraint(fields=("key", "channel"), name="notice_once"),)


class TelegramUpdate(Model):
    """Something that happened in Telegram, stored before it is answered, once for each of its numbers.

    `content` is what of it we use, emptied when it is done: people write what they like to a bot.
    """

    id = fields.BigIntField(primary_key=True)
    update_id = fields.BigIntField()
    content: fields.JSONField[dict[str, object]] = fields.JSONField()
    received_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "telegram_update"
        indexes = (
            Index(fields=("done_at",), name="telegram_update_done"),
            Index(fields=("received_at",), name="telegram_update_received"),
        )
        constraints = (UniqueConstraint(fields=("update_id",), name="telegram_update_once"),)
