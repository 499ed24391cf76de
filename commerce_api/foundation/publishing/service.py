"""Telling the static site what became stale, and keeping what it answers.

Rooms call `mark_stale` inside the transaction of the change; the site pulls (site_feed). Nobody here knows how pages
are made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.kit import clock
from commerce_api.foundation.publishing.models import BuildReceipt, PageChange, RebuildRequest, RequestState
from commerce_api.foundation.publishing.stamp import COUNTED

KEPT_RECEIPTS = 200
"""Receipts older than this many are dropped: they tell the recent past, they are no archive."""
LISTED_PAGES = 200
"""Paths kept of one receipt; the count is kept in full."""

_LATELY: Final = f"{COUNTED} WHERE id > (SELECT MAX(id) FROM page_change) - ?"  # noqa: S608 - a text of ours
_WINDOW: Final = 1000
"""Numbers that are counted: they take no longer than finding the last, forty thousand of them ten times as long."""


@dataclass(frozen=True, slots=True)
class StaleKey:
    """A page key that waits to be built, and why."""

    id: int
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: paths written and removed, reasons, errors, milliseconds; `request_ids` are answered by it."""

    kind: str
    release: str
    pages: tuple[str, ...]
    removed: tuple[str, ...]
    reasons: tuple[str, ...]
    milliseconds: int
    errors: tuple[str, ...]
    request_ids: tuple[int, ...] = ()


async def mark_stale(keys: Iterable[str], reason: str) -> None:
    """Insert one change row per page key, in the ambient transaction.

    Raises OutsideTransaction when none is open: a page must never be rebuilt from data that is then rolled back.
    """
    require_transaction()
    at = clock.now()
    rows = [PageChange(key=key, reason=reason[:200], created_at=at) for key in dict.fromkeys(keys)]
    if rows:
        await PageChange.bulk_create(rows)


async def stale_keys(limit: int = 10_000) -> tuple[StaleKey, ...]:
    """Changes that no build has taken up, oldest first; one key may stand several times."""
    rows = await PageChange.filter(built_at__isnull=True).order_by("id").limit(limit).values("id", "key", "reason")
    return tuple(StaleKey(**row) for row in rows)


async def recent_changes() -> tuple[int, int]:
    """What tells the shelves of one moment from those of another, for what is asked often and kept for seconds: how
    many of the last thousand numbers are noted, and the last one, 0 before the first.

    A change may be numbered before another and committed after it; one that a thousand have overtaken goes unseen.
    """
    noted, last = (await plain.fetch(_LATELY, _WINDOW))[0]
    return noted, last


async def changes_noted() -> tuple[int, int]:
    """How many changes of pages were noted, and the number of the last one, 0 before the first. One statement, which
    takes milliseconds when there are many."""
    noted, last = (await plain.fetch(COUNTED))[0]
    return noted, last


async def mark_built(ids: Sequence[int]) -> None:
    """The build that read these rows is published. Rows that came since stay waiting."""
    for start in range(0, len(ids), 500):
        await PageChange.filter(id__in=ids[start : start + 500]).update(built_at=clock.now())


async def request_rebuild(scope: str, keys: Sequence[str], requested_by: str) -> int:
    """Ask for a rebuild; returns the request's id, under which its outcome can be read."""
    row = await RebuildRequest.create(
        scope=scope, keys=list(keys), requested_by=requested_by, created_at=clock.now(), errors=[]
    )
    return row.id


async def queued_requests() -> tuple[RebuildRequest, ...]:
    """Rebuilds asked for and not yet made, oldest first."""
    return tuple(await RebuildRequest.filter(state=RequestState.QUEUED).order_by("id"))


async def rebuild_request(request_id: int) -> RebuildRequest | None:
    """A rebuild request by id, with its outcome once it has one."""
    return await RebuildRequest.get_or_none(id=request_id)


async def keep_report(report: BuildReport) -> None:
    """Store a receipt and answer the requests that caused it."""
    at = clock.now()
    await BuildReceipt.create(
        kind=report.kind,
        release=report.release,
        page_count=len(report.pages),
        pages=list(report.pages[:LISTED_PAGES]),
        removed=list(report.removed[:LISTED_PAGES]),
        reasons=list(report.reasons[:LISTED_PAGES]),
        errors=list(report.errors),
        milliseconds=report.milliseconds,
        created_at=at,
    )
    if report.request_ids:
        await RebuildRequest.filter(id__in=report.request_ids).update(
            state=RequestState.FAILED if report.errors else RequestState.DONE,
            finished_at=at,
            pages=len(report.pages),
            milliseconds=report.milliseconds,
            errors=list(report.errors),
        )
    kept = await BuildReceipt.all().order_by("-id").offset(KEPT_RECEIPTS).limit(1).values_list("id", flat=True)
    if kept:
        await BuildReceipt.filter(id__lte=kept[0]).delete()


@dataclass(frozen=True, slots=True)
class SiteAges:
    """Seconds since the last publication, 0 before the first, and since the oldest change that no page shows yet."""

    published: float
    waiting: float


async def site_ages() -> SiteAges:
    """How fresh the site is, for those who watch over it."""
    built = await BuildReceipt.all().order_by("-created_at").first()
    waiting = await PageChange.filter(built_at__isnull=True).order_by("id").first()
    now = clock.now()
    published, oldest = ((now - row.created_at).total_seconds() if row else 0.0 for row in (built, waiting))
    return SiteAges(max(0.0, published), max(0.0, oldest))


async def recent_receipts(limit: int = 20) -> tuple[BuildReceipt, ...]:
    """The newest receipts first."""
    return tuple(await BuildReceipt.all().order_by("-id").limit(limit))
