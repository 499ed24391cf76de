"""The schedule: one worker of all keeps it, by a lease that runs out with it.

Two rows decide, both by the database's clock: the lease says who leads, and a job's `next_at` is moved on by a
conditional update before it runs, so that a leader that was asleep cannot run what its successor has run. A job may
still be running when its leader is replaced: each is safe to run twice.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from commerce_api.foundation import telemetry
from commerce_api.foundation.db.clock import database_now
from commerce_api.foundation.db.tx import atomic
from commerce_api.foundation.schedule.apart import BrokenRows
from commerce_api.foundation.schedule.models import ScheduledJob, ScheduleLease

LEASE: Final = timedelta(seconds=15)
"""How long nobody keeps the schedule when its keeper has died."""
NAME: Final = "schedule"
LONGEST_ERROR: Final = 1000

log = telemetry.logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every `every` seconds; safe to run twice or by two workers at once."""

    name: str
    every: float
    run: Callable[[], Awaitable[object]]


async def lead(worker: str) -> bool:
    """Whether this worker keeps the schedule from now on: takes a lease that is free or over, or renews its own."""
    moment = await database_now()
    free = Q(holder=worker) | Q(until__lt=moment)
    if await ScheduleLease.filter(free, name=NAME).update(holder=worker, until=moment + LEASE):
        return True
    if await ScheduleLease.filter(name=NAME).exists():
        return False
    return await _inserted(ScheduleLease(name=NAME, holder=worker, until=moment + LEASE))


async def resign(worker: str) -> None:
    """Give the lease back, so that the next worker need not wait for its end."""
    await ScheduleLease.filter(name=NAME, holder=worker).update(until=await database_now() - LEASE)


async def _inserted(row: ScheduleLease | ScheduledJob) -> bool:
    """Whether the row is new; a rival may have been faster."""
    try:
        async with atomic():
            await row.save(force_create=True)
    except IntegrityError:
        return False
    return True


async def enter(jobs: Sequence[Job]) -> None:
    """Have a row for each job. A new one is due at once, one that comes more often than before not later than that."""
    moment = await database_now()
    known = {row.name: row for row in await ScheduledJob.all()}
    for job in jobs:
        row = known.get(job.name)
        if row is None:
            await _inserted(ScheduledJob(name=job.name, every=job.every, next_at=moment))
        elif row.every != job.every:
            sooner = min(row.next_at, moment + timedelta(seconds=job.every))
            await ScheduledJob.filter(name=job.name).update(every=job.every, next_at=sooner)


async def due() -> list[str]:
    """Names of the jobs whose time has come, the longest waiting first."""
    rows = ScheduledJob.filter(next_at__lte=await database_now()).order_by("next_at", "name")
    return [str(name) for name in await rows.values_list("name", flat=True)]


async def run(job: Job) -> bool:
    """Run a job if its time has come and nobody else has begun; whether it ran. Its failure is kept and logged."""
    moment = await database_now()
    mine = ScheduledJob.filter(name=job.name, next_at__lte=moment)
    if not await mine.update(next_at=moment + timedelta(seconds=job.every), started_at=moment):
        return False
    error: str | None = None
    try:
        await job.run()
    except Exception as raised:
        if isinstance(raised, BrokenRows):
            # Each row is in the log with its traceback, and whoever is alerted by errors was alerted by it.
            log.warning("job_failed", job=job.name, broken=len(raised.exceptions))
        else:
            log.exception("job_failed", job=job.name)
        error = f"{type(raised).__name__}: {raised}"[:LONGEST_ERROR]
    await ScheduledJob.filter(name=job.name).update(finished_at=await database_now(), last_error=error)
    return True


@dataclass(frozen=True, slots=True)
class Planned:
    """A job as staff and operators see it; `late` is how many seconds it has been due."""

    name: str
    every: float
    next_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    last_error: str | None
    late: float


async def planned() -> list[Planned]:
    """Every job there is, the next one first."""
    moment = await database_now()
    return [
        Planned(
            row.name,
            row.every,
            row.next_at,
            row.started_at,
            row.finished_at,
            row.last_error,
            max((moment - row.next_at).total_seconds(), 0.0),
        )
        for row in await ScheduledJob.all().order_by("next_at", "name")
    ]


async def leader() -> str:
    """The worker that keeps the schedule; empty when nobody does."""
    row = await ScheduleLease.get_or_none(name=NAME, until__gte=await database_now())
    return row.holder if row else ""
