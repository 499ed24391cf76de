"""How long rows are kept that nobody needs any more, and taking them away a few at a time.

Each room lists what it keeps as `Retention`s in its purging.py; the calendar runs them, and `overdue` tells whether the
calendar keeps up. A batch is a statement of its own: nobody waits behind a long deletion.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from commerce_api.foundation.kit import clock

BATCH: Final = 500
"""Rows deleted by one statement: a few milliseconds on either database."""
PAUSE: Final = 0.02
"""Seconds between two batches, in which shoppers get their turn at the database."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Rows of `model` whose `column` (a moment) lies `kept` behind, and that fit `only`, are deleted.

    `spare_newest` leaves the row with the highest key, for tables whose last number means something.
    """

    name: str
    model: type[Model]
    column: str
    kept: timedelta
    only: Callable[[], Q] = Q
    spare_newest: bool = False

    def expired(self) -> QuerySet[Any]:
        """The rows whose time is over."""
        limit = clock.now() - self.kept
        return self.model.filter(self.only(), **{f"{self.column}__lt": limit})


async def purge(retention: Retention, batch: int = BATCH) -> int:
    """Deletes what is expired; says how many rows. Safe to run twice and by two workers at once."""
    expired = retention.expired()
    if retention.spare_newest:
        newest = await retention.model.all().order_by("-id").limit(1).values_list("id", flat=True)
        expired = expired.exclude(id__in=newest)
    return await delete_in_batches(expired, batch)


async def delete_in_batches(rows: QuerySet[Any], batch: int = BATCH) -> int:
    """Deletes the rows of a query by their key, `batch` at a time, and says how many.

    The query is asked again with each deletion, so that a row that somebody has used meanwhile stays.
    """
    deleted = 0
    while True:
        keys: Any = await rows.order_by("id").limit(batch).values_list("id", flat=True)
        if not keys:
            return deleted
        gone = await rows.filter(id__in=list(keys)).delete()
        deleted += gone
        if len(keys) < batch or not gone:
            return deleted
        await asyncio.sleep(PAUSE)


async def overdue(retention: Retention) -> float:
    """Seconds by which the oldest expired row has outlived its time; 0 when there is none."""
    column = retention.column
    oldest: Any = await retention.expired().order_by(column).limit(1).values_list(column, flat=True)
    return max(0.0, (clock.now() - oldest[0] - retention.kept).total_seconds()) if oldest else 0.0


def purge_job(retentions: Iterable[Retention]) -> Callable[[], Awaitable[dict[str, int]]]:
    """A job of the calendar that purges these one after another and answers how many rows of each."""
    listed = tuple(retentions)

    async def job() -> dict[str, int]:
        return {one.name: await purge(one) for one in listed}

    return job
