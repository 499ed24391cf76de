"""Deliveries that were made, and events that everybody has heard. Dead letters stay until somebody has seen to them."""

from datetime import timedelta
from typing import Final

from tortoise.expressions import Q, Subquery

from commerce_api.foundation.db.retention import Retention
from commerce_api.foundation.outbox.models import Delivery, DeliveryState, OutboxEvent

KEPT: Final = timedelta(days=30)


def _owed_to_nobody() -> Q:
    return ~Q(id__in=Subquery(Delivery.all().values("event_id")))


RETENTIONS: Final = (
    Retention("outbox_delivery", Delivery, "done_at", KEPT, only=lambda: Q(state=DeliveryState.DONE)),
    Retention("outbox_event", OutboxEvent, "dispatched_at", KEPT, only=_owed_to_nobody),
)
"""In this order: an event goes when its last delivery is gone."""
