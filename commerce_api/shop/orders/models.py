"""Orders: what was promised, to whom, for how much, and everything that happened to it since."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from commerce_api.shop.orders.draft import Channel
from commerce_api.shop.orders.status import OrderStatus, PaymentStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.shipping import DeliveryKind


class Order(Model):
    """A placed order. Amounts are kopiyky: payable = gross - discount + shipping (rules.md 1).

    `city_ref` and `branch_ref` are the carrier's, empty while nobody has found what was typed by hand in its directory.
    `token` opens its page; `number` opens nothing. `promo_code` is what made the discount, "" without one. `search` is
    the casefolded text that staff look for.
    """

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=32)
    token = fields.CharField(max_length=64)
    channel = fields.CharEnumField(Channel, max_length=32, default=Channel.RETAIL)
    status = fields.CharEnumField(OrderStatus, max_length=32, default=OrderStatus.NEW)
    payment_status = fields.CharEnumField(PaymentStatus, max_length=32, default=PaymentStatus.UNPAID)
    pay_type = fields.CharEnumField(PayType, max_length=32)
    account_id = fields.IntField(null=True)
    lang = fields.CharField(max_length=8)
    name = fields.CharField(max_length=120)
    phone = fields.CharField(max_length=16)
    email = fields.CharField(max_length=254, null=True)
    delivery_kind = fields.CharEnumField(DeliveryKind, max_length=32)
    city = fields.CharField(max_length=120)
    branch = fields.CharField(max_length=200)
    city_ref = fields.CharField(max_length=36, default="")
    branch_ref = fields.CharField(max_length=36, default="")
    comment = fields.CharField(max_length=500, default="")
    promo_code = fields.CharField(max_length=32, default="")
    gross = fields.BigIntField()
    discount = fields.BigIntField(default=0)
    shipping = fields.BigIntField()
    payable = fields.BigIntField()
    due_now = fields.BigIntField()
    paid = fields.BigIntField(default=0)
    refunded = fields.BigIntField(default=0)
    search = fields.CharField(max_length=500)
    placed_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    lines: fields.ReverseRelation["OrderLine"]
    history: fields.ReverseRelation["StatusChange"]

    class Meta:
        table = "shop_order"
        indexes = (
            Index(fields=("placed_at",), name="shop_order_placed"),
            Index(fields=("status", "placed_at"), name="shop_order_status_placed"),
            Index(fields=("phone",), name="shop_order_phone"),
            Index(fields=("account_id", "placed_at"), name="shop_order_account"),
            Index(fields=("email",), name="shop_order_email"),
        )
        constraints = (
            UniqueConstraint(fields=("number",), name="shop_order_number"),
            UniqueConstraint(fields=("token",), name="shop_order_token"),
            CheckConstraint(check="payable = gross - discount + shipping", name="shop_order_payable_adds_up"),
            CheckConstraint(
                check="gross > 0 AND discount >= 0 AND shipping >= 0 AND payable > 0", name="shop_order_not_negative"
            ),
            CheckConstraint(check="due_now >= 0 AND due_now <= payable", name="shop_order_due_in_payable"),
            CheckConstraint(check="paid >= 0 AND refunded >= 0 AND refunded <= paid", name="shop_order_refund_in_paid"),
        )

    def __str__(self) -> str:
        return self.number


class OrderLine(Model):
    """A line as it was sold; it keeps its words and prices whatever becomes of the product."""

    id = fields.IntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "shop.Order", related_name="lines", on_delete=fields.OnDelete.RESTRICT
    )
    order_id: int
    position = fields.IntField()
    sku = fields.CharField(max_length=50)
    product = fields.CharField(max_length=40)
    name = fields.CharField(max_length=120)
    colour = fields.CharField(max_length=64)
    size = fields.CharField(max_length=8)
    fit = fields.CharField(max_length=16)
    image = fields.CharField(max_length=40)
    unit_price = fields.BigIntField()
    quantity = fields.IntField()
    discount = fields.BigIntField(default=0)
    points = fields.IntField(default=0)
    reserved = fields.BooleanField()

    class Meta:
        table = "order_line"
        constraints = (
            UniqueConstraint(fields=("order_id", "position"), name="order_line_position"),
            CheckConstraint(
                check="quantity >= 1 AND unit_price >= 0 AND discount >= 0", name="order_line_not_negative"
            ),
        )


class StatusChange(Model):
    """One step of an order's history: appended, never changed. `actor` is system, customer, carrier, or staff:id."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "shop.Order", related_name="history", on_delete=fields.OnDelete.RESTRICT
    )
    order_id: int
    at = fields.DatetimeField()
    field = fields.CharField(max_length=16)
    old = fields.CharField(max_length=32, null=True)
    new = fields.CharField(max_length=32)
    actor = fields.CharField(max_length=64)
    source = fields.CharField(max_length=32)
    reason = fields.CharField(max_length=200, default="")

    class Meta:
        table = "order_status_change"
        indexes = (Index(fields=("order_id", "id"), name="order_status_change_order"),)


class NumberCounter(Model):
    """The last number given out for a kind of document on a Kyiv day (rules.md 2)."""

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=8)
    day = fields.DateField()
    value = fields.IntField()

    class Meta:
        table = "number_counter"
        constraints = (UniqueConstraint(fields=("kind", "day"), name="number_counter_day"),)
