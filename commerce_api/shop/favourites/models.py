"""Products that somebody likes."""

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class Favourite(Model):
    """The last word of an account about a product: `changed` is milliseconds since 1970, positive when the product was
    put in, negative when it was taken out (docs/theme.md)."""

    id = fields.BigIntField(primary_key=True)
    account_id = fields.IntField()
    product = fields.CharField(max_length=40)
    changed = fields.BigIntField()

    class Meta:
        table = "favourite"
        constraints = (UniqueConstraint(fields=("account_id", "product"), name="favourite_once"),)
