"""The worker: runs what the outbox owes, and what the calendar asks for. Stops after the delivery in hand."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from commerce_api.foundation import crash
from commerce_api.foundation.db import setup
from commerce_api.foundation.outbox.relay import Handlers, run_due
from commerce_api.foundation.settings import Settings, load
from commerce_api.foundation.telemetry import configure_logging
from commerce_api.wiring import SCHEDULE, handlers

IDLE = 0.3
"""Seconds between looks at an empty outbox: a notice may wait so long, a query costs well under a millisecond."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every `every` seconds; jobs are safe to run twice or by two workers at once."""

    name: str
    every: float
    run: Callable[[], Awaitable[object]]


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return


async def run_outbox(owed: Handlers, stopping: asyncio.Event) -> None:
    """Deliver until told to stop; an unreachable database is waited for, not died of."""
    while not stopping.is_set():
        try:
            tried = await run_due(owed, stopping=stopping)
        except Exception:
            log.exception("outbox_unreachable")
            await _wait(stopping, 2)
            continue
        if not tried:
            await _wait(stopping, IDLE)


async def run_job(job: Job, stopping: asyncio.Event) -> None:
    """Run one job on its beat; a failure is logged and the next beat comes."""
    while not stopping.is_set():
        try:
            await job.run()
        except Exception:
            log.exception("job_failed", job=job.name)
        await _wait(stopping, job.every)


async def work(settings: Settings, stopping: asyncio.Event | None = None) -> None:
    """Run the outbox and the schedule until SIGTERM, SIGINT or `stopping`."""
    stop = stopping or asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with setup.opened(settings), asyncio.TaskGroup() as tasks:
        log.info("worker_started")
        tasks.create_task(run_outbox(handlers(settings), stop))
        for job in (Job(name, every, run) for name, every, run in SCHEDULE):
            tasks.create_task(run_job(job, stop))
    log.info("worker_stopped")


def main(settings: Settings) -> None:
    """Run a worker in this process."""
    configure_logging(settings, process="worker")
    crash.arm(settings.crash_point)
    asyncio.run(work(settings))


if __name__ == "__main__":
    main(load())
