"""Promo codes and their uses."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from commerce_api.shop.pricing.codes import CodeKind


class UseState(StrEnum):
    """A use is reserved when the order is placed, confirmed by its payment, released when it is cancelled."""

    RESERVED = "reserved"
    CONFIRMED = "confirmed"
    RELEASED = "released"


class PromoCode(Model):
    """A code and its terms. `value` is a percent or kopiyky; `uses` counts what is reserved or confirmed.

    `group_name` allows one use per customer and group; `batch` names codes that were made together.
    """

    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=32)
    kind = fields.CharEnumField(CodeKind, max_length=32)
    value = fields.BigIntField()
    group_name = fields.CharField(max_length=32, default="")
    once_per_customer = fields.BooleanField(default=False)
    minimum = fields.BigIntField(default=0)
    valid_from = fields.DatetimeField(null=True)
    valid_until = fields.DatetimeField(null=True)
    max_uses = fields.IntField(null=True)
    uses = fields.IntField(default=0)
    categories: fields.JSONField[list[str]] = fields.JSONField()
    products: fields.JSONField[list[str]] = fields.JSONField()
    active = fields.BooleanField(default=True)
    batch = fields.CharField(max_length=32, default="")
    note = fields.CharField(max_length=120, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "promo_code"
        indexes = (Index(fields=("batch",), name="promo_code_batch"),)
        constraints = (
            UniqueConstraint(fields=("code",), name="promo_code_code"),
            CheckConstraint(check="value > 0 AND (kind <> 'percent' OR value <= 90)", name="promo_code_value"),
            CheckConstraint(
                check="uses >= 0 AND (max_uses IS NULL OR uses <= max_uses)", name="promo_code_uses_in_limit"
            ),
            CheckConstraint(check="minimum >= 0", name="promo_code_minimum"),
        )

    def __str__(self) -> str:
        return self.code


class PromoUse(Model):
    """One order that a code took `discount` kopiyky off.

    `phone_key` and `email_key` are keyed hashes of the customer together with what may be used once, and unique: two
    uses by one person cannot both be stored. They are empty for codes without such a limit, and for released uses.
    """

    id = fields.BigIntField(primary_key=True)
    promo: fields.ForeignKeyRelation[PromoCode] = fields.ForeignKeyField(
        "shop.PromoCode", related_name="used", on_delete=fields.OnDelete.RESTRICT
    )
    promo_id: int
    order_id = fields.IntField()
    state = fields.CharEnumField(UseState, max_length=32)
    discount = fields.BigIntField()
    phone_key = fields.CharField(max_length=64, null=True)
    email_key = fields.CharField(max_length=64, null=True)
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "promo_use"
        indexes = (Index(fields=("promo_id", "id"), name="promo_use_promo"),)
        constraints = (
            UniqueConstraint(fields=("order_id",), name="promo_use_order"),
            UniqueConstraint(fields=("phone_key",), name="promo_use_phone"),
            UniqueConstraint(fields=("email_key",), name="promo_use_email"),
            CheckConstraint(check="discount >= 0", name="promo_use_discount_not_negative"),
        )
