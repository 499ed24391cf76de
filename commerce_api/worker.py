"""The worker: runs what the outbox owes; one of all workers also keeps the calendar. Stops after what is in hand."""

import asyncio
import signal
import uuid
from collections.abc import Sequence
from contextlib import aclosing
from functools import partial

from commerce_api.copywriter import desk
from commerce_api.foundation import crash, telemetry
from commerce_api.foundation.db import setup
from commerce_api.foundation.outbox.relay import Handlers, run_due
from commerce_api.foundation.schedule import service as schedule
from commerce_api.foundation.schedule.service import Job
from commerce_api.foundation.settings import Settings, load
from commerce_api.foundation.web.shared import Shared
from commerce_api.integrations.alerts import start_alerts
from commerce_api.office.copywriting.writing import work as write_texts
from commerce_api.wiring import calendar, connected, handlers

IDLE = 0.3
"""Seconds between looks at an empty outbox: a notice may wait so long, a query costs well under a millisecond."""

WRITING = 2.0
"""Seconds between looks for texts that are to be written."""
BEAT = 1.0
"""Seconds between looks at the calendar; also how often its keeper renews the lease."""

log = telemetry.logger(__name__)


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return


async def _rest(stopping: asyncio.Event, knocked: asyncio.Event) -> None:
    """Until it is time to look again, or somebody knocks."""
    waits = [asyncio.ensure_future(event.wait()) for event in (stopping, knocked)]
    try:
        await asyncio.wait(waits, timeout=IDLE, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    knocked.clear()


async def run_outbox(owed: Handlers, stopping: asyncio.Event, knocked: asyncio.Event) -> None:
    """Deliver until told to stop; an unreachable database is waited for, not died of. `knocked` (Redis) saves the wait
    for the next look."""
    while not stopping.is_set():
        try:
            tried = await run_due(owed, stopping=stopping)
        except Exception:
            log.exception("outbox_unreachable")
            await _wait(stopping, 2)
            continue
        if not tried:
            await _rest(stopping, knocked)


async def keep_schedule(jobs: Sequence[Job], stopping: asyncio.Event, worker: str) -> None:
    """Keep the calendar while this worker leads; a job that runs for long does not hold up the others."""
    running: dict[str, asyncio.Task[bool]] = {}
    by_name = {job.name: job for job in jobs}
    entered = False
    while not stopping.is_set():
        running = {name: task for name, task in running.items() if not task.done()}
        try:
            if await schedule.lead(worker):
                if not entered:
                    await schedule.enter(jobs)
                    entered = True
                for name in await schedule.due():
                    if name in by_name and name not in running:
                        running[name] = asyncio.create_task(schedule.run(by_name[name]), name=name)
        except Exception:
            log.exception("schedule_unreachable")
        await _wait(stopping, BEAT)
    await asyncio.gather(*running.values(), return_exceptions=True)
    await schedule.resign(worker)


async def work(settings: Settings, stopping: asyncio.Event | None = None) -> None:
    """Run the outbox and the schedule until SIGTERM, SIGINT or `stopping`."""
    stop = stopping or asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with (
        setup.opened(settings),
        connected(settings) as adapters,
        desk(settings) as writing_desk,
        aclosing(Shared(settings)) as shared,
        asyncio.TaskGroup() as tasks,
    ):
        log.info("worker_started")
        knocked = asyncio.Event()
        tasks.create_task(run_outbox(handlers(settings, adapters), stop, knocked))
        tasks.create_task(shared.listen(knocked, stop))
        jobs = list(calendar(settings, adapters))
        if writing_desk:
            jobs.append(Job("write_texts", WRITING, partial(write_texts, writing_desk, stop)))
        tasks.create_task(keep_schedule(jobs, stop, uuid.uuid4().hex))
    log.info("worker_stopped")


def main(settings: Settings) -> None:
    """Run a worker in this process."""
    telemetry.configure_logging(settings, process="worker")
    start_alerts(settings, process="worker")
    crash.arm(settings.crash_point)
    asyncio.run(work(settings))


if __name__ == "__main__":
    main(load())
