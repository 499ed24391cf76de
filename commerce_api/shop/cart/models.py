"""The basket: ids and quantities only; prices are always computed anew (rules.md 4)."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Cart(Model):
    """One shopper's cart. `token_digest` is the hash of the cookie's secret; an order takes the lines out of it.
    `promo` is the code that the shopper gave; whether it applies is asked anew whenever the cart is shown."""

    id = fields.IntField(primary_key=True)
    token_digest = fields.CharField(max_length=64)
    account_id = fields.IntField(null=True)
    promo = fields.CharField(max_length=32, null=True)
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    lines: fields.ReverseRelation["CartLine"]

    class Meta:
        table = "cart"
        indexes = (
            Index(fields=("seen_at",), name="cart_seen"),
            Index(fields=("account_id",), name="cart_account"),
        )
        constraints = (UniqueConstraint(fields=("token_digest",), name="cart_token"),)


class CartLine(Model):
    """A SKU and how many. `seen_price` is the price the shopper last saw, so that a change can be told, and `name` what
    the product was called then, so that one that is sold no more can be named."""

    id = fields.IntField(primary_key=True)
    cart: fields.ForeignKeyRelation[Cart] = fields.ForeignKeyField("shop.Cart", related_name="lines")
    cart_id: int
    sku = fields.CharField(max_length=50)
    name = fields.CharField(max_length=120)
    quantity = fields.IntField()
    seen_price = fields.BigIntField()
    added_at = fields.DatetimeField()

    class Meta:
        table = "cart_line"
        constraints = (
            UniqueConstraint(fields=("cart_id", "sku"), name="cart_line_sku"),
            CheckConstraint(check="quantity >= 1 AND quantity <= 50", name="cart_line_quantity"),
        )
