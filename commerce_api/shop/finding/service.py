"""Searches without results are counted by day, so that the shop learns what it lacks; never by whom."""

import re
from datetime import timedelta
from typing import Final

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from commerce_api.foundation.db.retention import delete_in_batches
from commerce_api.foundation.db.tx import require_transaction, savepoint
from commerce_api.foundation.kit import clock
from commerce_api.shop.finding.models import SearchMiss

LENGTH: Final = 60
MOST_A_DAY: Final = 500
"""Different searches that are kept of a day and language; what comes after them is more noise than news."""
KEPT_DAYS: Final = 90

_PRIVATE: Final = re.compile(r"@|(?:\d\D{0,3}){7,}")
"""What people paste by mistake: mail addresses, phones, parcel and order numbers."""
_ROBOT: Final = re.compile(r"bot|crawl|spider|slurp|preview|headless|curl|wget|python|monitor", re.IGNORECASE)


def is_robot(user_agent: str) -> bool:
    """Whether a program says that it is one; one that says nothing at all counts as one too."""
    return not user_agent or _ROBOT.search(user_agent) is not None


def as_kept(query: str) -> str | None:
    """A query in the one form it is counted in; None for one that is empty or may tell of a person."""
    kept = " ".join(query.lower().split())[:LENGTH].strip()
    return kept if kept and not _PRIVATE.search(kept) else None


async def count_miss(query: str, lang: str) -> None:
    """Note one more search that found nothing, in the ambient transaction."""
    require_transaction()
    kept, day = as_kept(query), clock.kyiv_today()
    if kept is None or await _counted(kept, lang):
        return
    if await SearchMiss.filter(day=day, lang=lang).count() >= MOST_A_DAY:
        return
    try:
        async with savepoint():
            await SearchMiss.create(day=day, lang=lang, query=kept)
    except IntegrityError:
        # Another visitor looked for the same in this very moment.
        await _counted(kept, lang)


async def _counted(kept: str, lang: str) -> bool:
    today = SearchMiss.filter(day=clock.kyiv_today(), lang=lang, query=kept)
    return bool(await today.update(count=F("count") + 1))


async def forget_misses() -> None:
    """Drop what is older than KEPT_DAYS; a job of the calendar."""
    oldest = clock.kyiv_today() - timedelta(days=KEPT_DAYS)
    await delete_in_batches(SearchMiss.filter(day__lt=oldest))
