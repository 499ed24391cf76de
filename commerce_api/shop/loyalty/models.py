"""What points were turned into."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class Reward(Model):
    """A personal code bought with points. `cause` is the one of its posting, so that a repeated press buys one."""

    id = fields.BigIntField(primary_key=True)
    account_id = fields.IntField()
    cause = fields.CharField(max_length=120)
    code = fields.CharField(max_length=32)
    points = fields.IntField()
    at = fields.DatetimeField()

    class Meta:
        table = "loyalty_reward"
        indexes = (Index(fields=("account_id", "id"), name="loyalty_reward_account"),)
        constraints = (UniqueConstraint(fields=("cause",), name="loyalty_reward_cause"),)
