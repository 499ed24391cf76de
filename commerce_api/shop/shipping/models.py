"""Parcels and where they can go: the carrier's directory as we mirrored it, prices it told us, and shipments."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from commerce_api.shop.shipping.codes import ParcelState
from commerce_api.shop.shipping.states import CashState, Direction, MirrorStage, PointKind, ShipmentState


class City(Model):
    """A place that the carrier serves. `words` is its name as it is searched (spelling.py), `head` their first letters,
    `branches` how many points it has, by which lists are ranked. `run` is the mirror that saw it last."""

    id = fields.IntField(primary_key=True)
    ref = fields.CharField(max_length=36)
    name = fields.CharField(max_length=120)
    area = fields.CharField(max_length=120)
    words = fields.CharField(max_length=200)
    head = fields.CharField(max_length=2)
    branches = fields.IntField(default=0)
    open = fields.BooleanField(default=True)
    run = fields.IntField()

    class Meta:
        table = "delivery_city"
        indexes = (
            Index(fields=("head", "branches"), name="delivery_city_head"),
            Index(fields=("branches",), name="delivery_city_rank"),
        )
        constraints = (UniqueConstraint(fields=("ref",), name="delivery_city_ref"),)


class Branch(Model):
    """A point where parcels are received. Limits of 0 are none; `cash` says whether a receiver may pay there."""

    id = fields.IntField(primary_key=True)
    ref = fields.CharField(max_length=36)
    city_ref = fields.CharField(max_length=36)
    number = fields.IntField()
    name = fields.CharField(max_length=200)
    kind = fields.CharEnumField(PointKind, max_length=32)
    words = fields.CharField(max_length=255)
    max_weight_g = fields.IntField(default=0)
    width_cm = fields.IntField(default=0)
    length_cm = fields.IntField(default=0)
    height_cm = fields.IntField(default=0)
    cash = fields.BooleanField(default=True)
    open = fields.BooleanField(default=True)
    run = fields.IntField()

    class Meta:
        table = "delivery_branch"
        indexes = (Index(fields=("city_ref", "number"), name="delivery_branch_city"),)
        constraints = (UniqueConstraint(fields=("ref",), name="delivery_branch_ref"),)


class MirrorRun(Model):
    """One mirroring of the directory: `page` is the last page of `stage` that was stored, so that it goes on there.
    `top` is the digest of the biggest cities when it was done."""

    id = fields.IntField(primary_key=True)
    started_at = fields.DatetimeField()
    stage = fields.CharEnumField(MirrorStage, max_length=32)
    page = fields.IntField(default=0)
    stored = fields.IntField(default=0)
    finished_at = fields.DatetimeField(null=True)
    top = fields.CharField(max_length=64, default="")

    class Meta:
        table = "delivery_mirror"
        indexes = (Index(fields=("started_at",), name="delivery_mirror_age"),)


class DeliveryQuote(Model):
    """What the carrier asked (kopiyky) for a parcel of a kind to a city, and the day it named, as told at `at`."""

    id = fields.BigIntField(primary_key=True)
    asked = fields.CharField(max_length=96)
    price = fields.BigIntField()
    day = fields.DateField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "delivery_quote"
        indexes = (Index(fields=("at",), name="delivery_quote_age"),)
        constraints = (UniqueConstraint(fields=("asked",), name="delivery_quote_asked"),)


class Shipment(Model):
    """A parcel of an order; sums in kopiyky. `slot` is the order's one open place for a parcel in a direction: unique,
    and null once the waybill failed or was taken back, so that two who make one at once make one. `code` and `text` are
    the carrier's last words as it said them."""

    id = fields.IntField(primary_key=True)
    order_id = fields.IntField()
    order_number = fields.CharField(max_length=32)
    attempt = fields.IntField()
    direction = fields.CharEnumField(Direction, max_length=32)
    state = fields.CharEnumField(ShipmentState, max_length=32)
    slot = fields.CharField(max_length=32, null=True)
    waybill = fields.CharField(max_length=20, default="")
    ref = fields.CharField(max_length=36, default="")
    declared = fields.BigIntField(default=0)
    cash = fields.BigIntField(default=0)
    cash_state = fields.CharEnumField(CashState, max_length=32, default=CashState.NONE)
    cost = fields.BigIntField(default=0)
    due = fields.DateField(null=True)
    actor = fields.CharField(max_length=64)
    reason = fields.CharField(max_length=200, default="")
    parcel = fields.CharEnumField(ParcelState, max_length=32, default=ParcelState.MADE)
    code = fields.CharField(max_length=8, default="")
    text = fields.CharField(max_length=200, default="")
    misses = fields.IntField(default=0)
    polled_at = fields.DatetimeField(null=True)
    next_poll_at = fields.DatetimeField(null=True)
    quarantined_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    made_at = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "shipment"
        indexes = (
            Index(fields=("order_id", "id"), name="shipment_order"),
            Index(fields=("next_poll_at",), name="shipment_due"),
            Index(fields=("waybill",), name="shipment_waybill"),
            Index(fields=("updated_at",), name="shipment_updated"),
            Index(fields=("order_number",), name="shipment_number"),
        )
        constraints = (
            UniqueConstraint(fields=("slot",), name="shipment_slot"),
            UniqueConstraint(fields=("order_id", "direction", "attempt"), name="shipment_attempt"),
            CheckConstraint(check="declared >= 0 AND cash >= 0 AND cost >= 0", name="shipment_not_negative"),
        )

    def __str__(self) -> str:
        return self.waybill or self.order_number


class ShipmentEvent(Model):
    """One thing the carrier said of a parcel, as it said it; never changed. `told_at` is the carrier's own time."""

    id = fields.BigIntField(primary_key=True)
    shipment: fields.ForeignKeyRelation[Shipment] = fields.ForeignKeyField(
        "shop.Shipment", related_name="events", on_delete=fields.OnDelete.RESTRICT
    )
    shipment_id: int
    at = fields.DatetimeField()
    told_at = fields.DatetimeField(null=True)
    code = fields.CharField(max_length=8)
    text = fields.CharField(max_length=200)
    known = fields.BooleanField()

    class Meta:
        table = "shipment_event"
        indexes = (Index(fields=("shipment_id", "id"), name="shipment_event_shipment"),)
