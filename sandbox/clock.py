"""The sandbox's own time: it can be moved on, so that a parcel arrives within a minute."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """UTC. Runs from `start` at `speed` (its seconds for one of ours; 0 stands still) and can be moved on."""

    def __init__(
        self, start: datetime | None = None, *, speed: float = 1.0, tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._start = start or datetime.now(UTC)
        self._tick, self._begun, self._speed = tick, tick(), speed
        self.ahead = timedelta()
        """How far it was moved on."""

    def now(self) -> datetime:
        """The moment it is in the sandbox."""
        return self._start + timedelta(seconds=(self._tick() - self._begun) * self._speed)

    def advance(self, **units: float) -> datetime:
        """Move on by `hours=3` or whatever timedelta takes; returns the new moment."""
        step = timedelta(**units)
        self._start += step
        self.ahead += step
        return self.now()
