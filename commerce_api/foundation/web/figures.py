"""`/metrics` for Prometheus: what this process counted, and what the database says of the worker and the site.

Neither the edge nor nginx passes this path on (paths.INTERNAL): it is asked on the socket of the process.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from commerce_api.foundation import metrics, telemetry
from commerce_api.foundation.db.retention import Retention, overdue
from commerce_api.foundation.outbox.relay import backlog
from commerce_api.foundation.publishing.service import site_ages
from commerce_api.foundation.schedule.service import planned
from commerce_api.foundation.web import headers

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
PATIENCE: Final = 2.0
"""Seconds for the figures of the database; a scrape must not hang when the database does."""

Figures = Callable[[], Awaitable[list[str]]]

log = telemetry.logger(__name__)


def _gauge(name: str, about: str, *samples: tuple[float, dict[str, str]]) -> list[str]:
    full = f"twocomms_{name}"
    return [
        *metrics.heading(full, about, "gauge"),
        *(metrics.line(full, value, labels.items()) for value, labels in samples),
    ]


def database_figures(retentions: Sequence[Retention]) -> Figures:
    """What the database knows: the outbox, the calendar, the site, and rows that should be gone."""

    async def figures() -> list[str]:
        owed, ages = await backlog(), await site_ages()
        jobs = [(job.late, {"job": job.name}) for job in await planned()]
        late = [(await overdue(one), {"rows": one.name}) for one in retentions]
        return [
            *_gauge("outbox_lag_seconds", "How long the oldest thing that is owed has been due.", (owed.lag, {})),
            *_gauge("outbox_pending", "Deliveries and events that wait.", (owed.pending, {})),
            *_gauge("outbox_dead", "Deliveries that were given up and wait for a person.", (owed.dead, {})),
            *_gauge("schedule_late_seconds", "How long a job of the calendar has been due.", *jobs),
            *_gauge("site_build_age_seconds", "Time since the site was published last.", (ages.published, {})),
            *_gauge("site_stale_seconds", "How long the oldest change has waited for its pages.", (ages.waiting, {})),
            *_gauge("purge_overdue_seconds", "By how much rows have outlived their time.", *late),
        ]

    return figures


async def no_figures() -> list[str]:
    """For applications without a database."""
    return []


def metrics_route(figures: Figures = no_figures) -> Route:
    """`GET /metrics` in the text format of Prometheus."""

    async def show_metrics(_request: Request) -> Response:
        told: list[str] = [sample for metric in metrics.ALL for sample in metric.lines()]
        answered = 1
        try:
            with anyio.fail_after(PATIENCE):
                told += await figures()
        except Exception as error:
            # The counters of the process are told even when the database is the one that is in trouble.
            log.warning("figures of the database are missing", cause=type(error).__name__)
            answered = 0
        told += _gauge("database_up", "Whether the database answered this scrape.", (answered, {}))
        return Response("\n".join(told) + "\n", media_type=TEXT, headers={"cache-control": headers.PRIVATE})

    return Route("/metrics", show_metrics)
