"""How far a look back into the bank's statement came, so that one that was cut short goes on there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from commerce_api.foundation.db.retention import Retention
from commerce_api.foundation.db.tx import require_transaction
from commerce_api.shop.payments.models import StatementLook

RETENTIONS: Final = (Retention("statement_look", StatementLook, "since", timedelta(days=90), spare_newest=True),)


@dataclass(frozen=True, slots=True)
class Look:
    """A look that is not done: what lies between `until` and `reached` is still to be read."""

    id: int
    until: datetime
    reached: datetime


async def look_due(at: datetime, every: timedelta, first: timedelta, last: timedelta) -> Look | None:
    """The look that was cut short, or a new one from `first` down to `last` before `at` when the newest began `every`
    ago; None while neither is due. Runs inside the caller's transaction."""
    require_transaction()
    row, since = await StatementLook.all().order_by("-id").first(), at - first
    if row is None or (row.reached <= row.until and since - row.since >= every):
        row = await StatementLook.create(since=since, until=at - last, reached=since)
    return Look(row.id, row.until, row.reached) if row.reached > row.until else None


async def came_down(look: Look, reached: datetime) -> bool:
    """The look has read down to `reached`; False when another worker has read on meanwhile."""
    require_transaction()
    return bool(await StatementLook.filter(id=look.id, reached=look.reached).update(reached=reached))
