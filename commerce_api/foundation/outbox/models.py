"""The transactional outbox: an event is a row of the transaction that caused it, a delivery is one handler's duty."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class DeliveryState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


class OutboxEvent(Model):
    """Something that happened: the name of an event class in events.py and its plain values. The worker turns it into
    one delivery per handler and sets `dispatched_at`."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=64)
    payload: fields.JSONField[dict[str, object]] = fields.JSONField()
    created_at = fields.DatetimeField()
    dispatched_at = fields.DatetimeField(null=True)

    class Meta:
        table = "outbox_event"
        indexes = (Index(fields=("dispatched_at", "id"), name="outbox_event_new"),)


class Delivery(Model):
    """One handler owes an effect for one event. `locked_until` is a lease by the database's clock."""

    id = fields.BigIntField(primary_key=True)
    event: fields.ForeignKeyRelation[OutboxEvent] = fields.ForeignKeyField(
        "shop.OutboxEvent", related_name="deliveries"
    )
    event_id: int
    handler = fields.CharField(max_length=96)
    state = fields.CharEnumField(DeliveryState, max_length=32, default=DeliveryState.PENDING)
    attempts = fields.IntField(default=0)
    available_at = fields.DatetimeField()
    locked_until = fields.DatetimeField(null=True)
    locked_by = fields.CharField(max_length=64, null=True)
    last_error = fields.TextField(null=True)
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "outbox_delivery"
        indexes = (
            Index(fields=("state", "available_at"), name="outbox_delivery_due"),
            Index(fields=("state", "done_at"), name="outbox_delivery_done"),
        )
        constraints = (UniqueConstraint(fields=("event_id", "handler"), name="outbox_delivery_once"),)
