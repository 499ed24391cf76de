"""Work that a request begins and need not wait for: it gets a little of the request's time and goes on afterwards."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from commerce_api.foundation import telemetry

log = telemetry.logger(__name__)

PATIENCE: Final = 1.7
"""Seconds of a request that are given to a service outside. Two are the most (interface.md), and when a dozen wait at
once their answers take a moment of these: see `make bench-outside`."""
FAREWELL: Final = 20.0
"""Seconds that begun work gets when the process is told to stop."""


class Background:
    """The begun work of one process. `patience` is set by tests, which wait for nothing or for everything.

    `slow` names services that somebody waited for in vain and that have not answered since; those who ask keep it, and
    let nobody else wait for them meanwhile.
    """

    def __init__(self, patience: float | None = PATIENCE) -> None:
        self.patience = patience
        self.slow: set[str] = set()
        # A task that nobody holds may be collected before it is done.
        self._tasks: set[asyncio.Task[None]] = set()

    async def within(self, work: Coroutine[Any, Any, None], most: float | None = None) -> bool:
        """Begin `work`, and wait for its end as long as patience lasts, `most` seconds where they are given; whether it
        ended. Not to be called inside a transaction: the work would inherit it. What `work` raises is logged and goes
        no further."""
        task = asyncio.create_task(self._told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        seconds = [limit for limit in (self.patience, most) if limit is not None]
        done, _ = await asyncio.wait({task}, timeout=min(seconds, default=None))
        return bool(done)

    async def finish(self) -> None:
        """Wait for what was begun; what takes too long is left to those who look after it later."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=FAREWELL)

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("background_failed")
