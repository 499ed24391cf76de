"""A circuit breaker: who has failed five times in a row is left in peace for a while, then asked once."""

from collections.abc import Callable
from typing import Final

FAILURES: Final = 5
"""Failures in a row after which nobody is asked any more."""
REST: Final = 15.0
"""Seconds of peace before one call tries again."""


class Breaker:
    """Closed while things go well; open after `FAILURES` in a row; after `REST` seconds one call is let through, whose
    outcome closes it or opens it anew. `now` is seconds of a clock that never goes back."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._failures = 0
        self._rests_until: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether calls are refused."""
        return self._rests_until is not None

    def admits(self) -> bool:
        """Whether a call may go out now. Whoever is admitted has to say how it ended: `succeeded`, `failed`, `left`."""
        if self._rests_until is None:
            return True
        if self._probing or self._now() < self._rests_until:
            return False
        self._probing = True
        return True

    def succeeded(self) -> None:
        """The service answered."""
        self._failures, self._rests_until, self._probing = 0, None, False

    def failed(self) -> None:
        """The service did not answer, or not sensibly."""
        self._failures += 1
        self._probing = False
        if self._failures >= FAILURES:
            self._rests_until = self._now() + REST

    def left(self) -> None:
        """The caller went away before there was an outcome: the next one may try."""
        self._probing = False
