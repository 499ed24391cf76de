"""The text writer as a process: `python -m commerce_api.copywriter 12` does the work of run 12 and shows how far it is.

The worker does the same beside its other duties, and both may do it at once. This module and the worker are the only
ones that bring the openai package: the command line starts it as a program of its own, so that other commands stay
quick, and the sidecar never sees it.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn

from commerce_api.foundation import crash
from commerce_api.foundation.db import setup
from commerce_api.foundation.settings import Settings, load
from commerce_api.foundation.telemetry import configure_logging
from commerce_api.integrations import openai
from commerce_api.integrations.alerts import start_alerts
from commerce_api.integrations.http import Transports, network
from commerce_api.office.copywriting import queries, writing
from commerce_api.office.copywriting.costs import Tariff
from commerce_api.office.copywriting.queries import RunStanding

LOOK: Final = 0.3
"""Seconds between two looks at a run."""


@asynccontextmanager
async def desk(settings: Settings, transport_of: Transports = network) -> AsyncIterator[writing.Desk | None]:
    """The desk at which texts are written; None in a shop that has none written."""
    writer = openai.writer(settings, transport_of(openai.SERVICE))
    if writer is None:
        yield None
        return
    try:
        yield writing.Desk(
            writer, Tariff(settings.shop.ai_cents_in, settings.shop.ai_cents_out), settings.shop.languages
        )
    finally:
        await writer.aclose()


async def finish(run_id: int, at: writing.Desk, bar: Progress | None = None) -> RunStanding:
    """Work at a run until it has ended, waiting where its service asks to; what became of it. Raises RunUnknown."""
    stopping = asyncio.Event()
    task = bar.add_task("", total=None) if bar else None
    while not (run := await _look(run_id, bar, task)).ended:
        working = asyncio.ensure_future(writing.work(at, stopping, only=run_id))
        while not working.done():
            await asyncio.wait([working], timeout=LOOK)
            await _look(run_id, bar, task)
        if not working.result():
            await asyncio.sleep(LOOK)
    return run


async def _look(run_id: int, bar: Progress | None, task: TaskID | None) -> RunStanding:
    run = await queries.standing(run_id)
    if bar and task is not None:
        waits = f", waits until {run.resume_at:%H:%M:%S} UTC" if run.resume_at and not run.ended else ""
        says = f"{run.state}, {run.tokens} tokens{waits}"
        bar.update(task, completed=run.written, total=run.total or None, description=says)
    return run


async def _main(settings: Settings, run_id: int) -> int:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        async with setup.opened(settings), desk(settings) as at:
            if at is None:
                return 1
            await finish(run_id, at, bar)
    return 0


def main(arguments: list[str]) -> int:
    """Exit code 0 when the run has ended, however it did; 1 in a shop that has no texts written; 2 for a wrong call."""
    if len(arguments) != 1 or not arguments[0].isdigit():
        sys.stderr.write("Give the number of a run: python -m commerce_api.copywriter 12\n")
        return 2
    settings = load()
    configure_logging(settings, process="copywriter")
    start_alerts(settings, process="copywriter")
    crash.arm(settings.crash_point)
    return asyncio.run(_main(settings, int(arguments[0])))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
