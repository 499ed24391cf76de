"""Recording what happened, inside the transaction in which it happened."""

from dataclasses import asdict

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.events import Event
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import OutboxEvent


async def record(event: Event) -> None:
    """Store an event; the worker hands it to everybody who listens (wiring.HANDLERS).

    Raises OutsideTransaction when no transaction is open: an event without its cause would be a lie.
    """
    require_transaction()
    row = {"name": type(event).__name__, "payload": asdict(event), "created_at": clock.now()}
    await plain.insert(OutboxEvent, row)
