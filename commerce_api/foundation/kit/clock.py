"""The time, in one place, so that a test can set it. Moments are UTC; days of business are Kyiv days."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

KYIV = ZoneInfo("Europe/Kyiv")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def kyiv_today() -> date:
    """The calendar day in Kyiv: order numbers and reports count by it (rules.md 2)."""
    return now().astimezone(KYIV).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Within the block the clock stands at `moment` (aware); for tests and rehearsals."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
