"""Running the deliveries of the outbox: at least once each, with back-off, then set aside for staff.

A delivery is claimed by a conditional update that sets a lease by the database's clock, so two workers never run it at
the same time while the lease holds, and a worker that dies loses it. It is claimed just before it runs, and no
handler may take longer than the lease lasts. The handler's effect and its mark are separate steps: a crash between them
repeats the effect, so handlers are idempotent (security.md, L9).
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import F, Q

from commerce_api.foundation import crash, telemetry
from commerce_api.foundation.db.clock import database_now
from commerce_api.foundation.db.tx import atomic
from commerce_api.foundation.events import EVENTS, Event
from commerce_api.foundation.outbox.models import Delivery, DeliveryState, OutboxEvent

Handler = Callable[[Any], Awaitable[None]]
"""Takes the one event class it is listed under."""
Handlers = Mapping[type[Event], Mapping[str, Handler]]
"""For each event the handlers by their stored name."""

LEASE = timedelta(seconds=60)
PATIENCE = 30.0
"""Seconds a handler has; well inside the lease, or a rival would begin while it still runs."""
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
TRIES = 12
"""About five hours of trying; a delivery that fails so often waits for a person."""

LONGEST_ERROR = 1000

log = telemetry.logger(__name__)


class GivenUp(Exception):
    """Raised by a handler when trying again is of no use; the text says why, for staff."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this worker holds until its lease ends."""

    id: int
    handler: str
    attempts: int
    lock: str
    name: str
    payload: Mapping[str, Any]


def pause_after(attempts: int) -> timedelta:
    """How long a delivery rests after its nth failure: doubling from two seconds to an hour."""
    doubled: timedelta = FIRST_PAUSE * 2 ** (attempts - 1)
    return min(doubled, LONGEST_PAUSE)


def revive(name: str, payload: Mapping[str, Any]) -> Event:
    """The event as it was recorded. Raises KeyError or TypeError for one that another release wrote differently."""
    return EVENTS[name](**payload)


async def dispatch_new(handlers: Handlers, limit: int = 200) -> int:
    """Turn new events into one delivery per handler; returns how many events.

    The mark and the deliveries are one transaction, and only who sets the mark inserts: rivals never double a delivery.
    Events of a name that this release does not know wait for one that does.
    """
    new = OutboxEvent.filter(dispatched_at__isnull=True, name__in=list(EVENTS))
    # In the order of the index, or a planner walks through all events by their key when none is new.
    fresh = await new.order_by("dispatched_at", "id").limit(limit).values("id", "name")
    for row in fresh:
        names = handlers.get(EVENTS[row["name"]], {})
        async with atomic():
            moment = await database_now()
            won = await OutboxEvent.filter(id=row["id"], dispatched_at__isnull=True).update(dispatched_at=moment)
            if won and names:
                await Delivery.bulk_create(
                    [Delivery(event_id=row["id"], handler=name, available_at=moment) for name in names]
                )
    return len(fresh)


def _due(moment: datetime) -> Q:
    free = Q(locked_until__isnull=True) | Q(locked_until__lt=moment)
    return free & Q(state=DeliveryState.PENDING, available_at__lte=moment)


async def claim_next() -> Claimed | None:
    """Take the delivery that has waited longest, or None when nothing is due.

    Where the database can, rows that a rival is taking are skipped instead of waited for, so that workers do not stand
    in line before one row. The conditional update asks again for everything, which is all that the others need.
    """
    if not await Delivery.filter(_due(await database_now())).exists():
        return None
    lock = uuid.uuid4().hex
    async with atomic():
        moment = await database_now()
        waiting = Delivery.filter(_due(moment)).order_by("available_at", "id").limit(1)
        row = await waiting.select_for_update(skip_locked=True).first()
        if row is None:
            return None
        won = await Delivery.filter(_due(moment), id=row.id).update(
            locked_until=moment + LEASE, locked_by=lock, attempts=F("attempts") + 1
        )
        event = await OutboxEvent.get(id=row.event_id)
    return Claimed(row.id, row.handler, row.attempts + 1, lock, event.name, event.payload) if won else None


async def _finish(claimed: Claimed, **columns: object) -> None:
    # Only the holder of the lease may write: a worker that was slower than its lease must not undo its successor.
    await Delivery.filter(id=claimed.id, locked_by=claimed.lock).update(locked_until=None, locked_by=None, **columns)


async def _set_aside(claimed: Claimed, error: str, moment: datetime, *, for_good: bool = False) -> None:
    if for_good or claimed.attempts >= TRIES:
        log.error("delivery_dead", delivery=claimed.id, handler=claimed.handler, error=error)
        await _finish(claimed, state=DeliveryState.DEAD, last_error=error)
    else:
        log.warning("delivery_failed", delivery=claimed.id, tries=claimed.attempts, error=error)
        await _finish(claimed, available_at=moment + pause_after(claimed.attempts), last_error=error)


async def deliver(claimed: Claimed, handlers: Handlers) -> bool:
    """Run one handler and mark the delivery; returns whether it succeeded.

    Any error of a handler is kept with the delivery and tried again later: one poisoned event never stops the others.
    """
    if claimed.attempts > TRIES:
        # Failures are set aside where they are counted; who comes this far took its worker down each time.
        await _set_aside(claimed, "the worker ended in it each time", await database_now())
        return False
    try:
        event = revive(claimed.name, claimed.payload)
        handler = handlers[type(event)][claimed.handler]
    except (KeyError, TypeError) as error:
        reason = f"no {claimed.handler} for this {claimed.name}: {type(error).__name__}: {error}"
        await _set_aside(claimed, reason[:LONGEST_ERROR], await database_now())
        return False
    try:
        async with asyncio.timeout(PATIENCE):
            await handler(event)
    except GivenUp as error:
        await _set_aside(claimed, str(error)[:LONGEST_ERROR], await database_now(), for_good=True)
        return False
    except Exception as error:
        log.exception("handler_raised", delivery=claimed.id, handler=claimed.handler)
        await _set_aside(claimed, f"{type(error).__name__}: {error}"[:LONGEST_ERROR], await database_now())
        return False
    crash.point("worker_after_effect")
    await _finish(claimed, state=DeliveryState.DONE, done_at=await database_now(), last_error=None)
    crash.point("worker_after_ack")
    return True


async def run_due(handlers: Handlers, limit: int = 20, stopping: asyncio.Event | None = None) -> int:
    """Dispatch what is new, then claim and run what is due, until `stopping`; returns how many were tried."""
    await dispatch_new(handlers)
    run = 0
    while run < limit and not (stopping is not None and stopping.is_set()):
        claimed = await claim_next()
        if claimed is None:
            break
        await deliver(claimed, handlers)
        run += 1
    return run


async def retry_dead(delivery_ids: list[int] | None = None) -> int:
    """Give dead deliveries (all, or those named) a fresh start; returns how many."""
    dead = Delivery.filter(state=DeliveryState.DEAD)
    chosen = dead if delivery_ids is None else dead.filter(id__in=delivery_ids)
    return await chosen.update(state=DeliveryState.PENDING, attempts=0, available_at=await database_now())


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the outbox owes: `lag` is how many seconds the oldest of it has been due, `dead` waits for a person."""

    lag: float
    pending: int
    dead: int


async def backlog() -> Backlog:
    """How far the workers are behind. A delivery that rests after a failure is due when its pause is over."""
    moment = await database_now()
    new = OutboxEvent.filter(dispatched_at__isnull=True)
    waiting = Delivery.filter(state=DeliveryState.PENDING)
    since: list[Any] = [
        *await new.order_by("dispatched_at", "id").limit(1).values_list("created_at", flat=True),
        *await waiting.order_by("available_at").limit(1).values_list("available_at", flat=True),
    ]
    return Backlog(
        lag=max([0.0, *((moment - each).total_seconds() for each in since)]),
        pending=await waiting.count() + await new.count(),
        dead=await Delivery.filter(state=DeliveryState.DEAD).count(),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that is not done, for the list that staff read."""

    id: int
    event: str
    handler: str
    state: str
    attempts: int
    available_at: datetime
    last_error: str | None


async def waiting(limit: int = 100) -> list[Waiting]:
    """Deliveries that are pending or dead, the longest waiting first."""
    rows: list[dict[str, Any]] = []
    for state in (DeliveryState.PENDING, DeliveryState.DEAD):
        # One state at a time: an index leads to the rows of each, and none to all that are not done.
        of_state = Delivery.filter(state=state).order_by("available_at", "id").limit(limit)
        rows += await of_state.values("id", "event__name", "handler", "state", "attempts", "available_at", "last_error")
    rows.sort(key=lambda row: (row["available_at"], row["id"]))
    return [
        Waiting(
            id=row["id"],
            event=row["event__name"],
            handler=row["handler"],
            state=str(row["state"]),
            attempts=row["attempts"],
            available_at=row["available_at"],
            last_error=row["last_error"],
        )
        for row in rows[:limit]
    ]
