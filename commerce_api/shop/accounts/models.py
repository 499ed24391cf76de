"""People who sign in, and what they may do."""

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from commerce_api.shop.accounts.roles import Role


class Account(Model):
    """A person. `email` is stored in lower case; `password_hash` is argon2id, empty when another way in is used."""

    id = fields.IntField(primary_key=True)
    email = fields.CharField(max_length=254)
    name = fields.CharField(max_length=120)
    password_hash = fields.CharField(max_length=200, null=True)
    language = fields.CharField(max_length=8, default="uk")
    disabled_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    roles: fields.ReverseRelation["AccountRole"]

    class Meta:
        table = "account"
        constraints = (UniqueConstraint(fields=("email",), name="account_email"),)

    def __str__(self) -> str:
        return self.email


class AccountRole(Model):
    id = fields.IntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("shop.Account", related_name="roles")
    account_id: int
    role = fields.CharEnumField(Role, max_length=32)

    class Meta:
        table = "account_role"
        constraints = (UniqueConstraint(fields=("account_id", "role"), name="account_role_once"),)
