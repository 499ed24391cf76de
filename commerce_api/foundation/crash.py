"""Named points where a test may kill the process, so that lost events and half-done work can be found.

A point does nothing unless `arm` was called with its name; settings allow that only with TWOCOMMS_ENV=test.
"""

import os
from typing import Final

from commerce_api.foundation.settings import CRASH_POINTS

POINTS: Final = CRASH_POINTS

_armed: set[str] = set()


def arm(name: str | None) -> None:
    """Make one point deadly for the rest of this process.

    Raises ValueError for a name that no code passes.
    """
    if name is None:
        return
    if name not in POINTS:
        raise ValueError(f"no crash point named {name!r}: {', '.join(sorted(POINTS))}")
    _armed.add(name)


def point(name: str) -> None:
    """Die here, as by kill -9, if this point is armed."""
    if name in _armed:
        os._exit(137)
