"""How far a look back into the bank's statement came, so that one that was cut short goes on there, and which of its
lines nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tortoise.exceptions import IntegrityError

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.retention import Retention
from commerce_api.foundation.db.tx import require_transaction, savepoint
from commerce_api.foundation.kit import clock
from commerce_api.shop.payments.models import StatementLook, UnknownLine

RETENTIONS: Final = (
    Retention("statement_look", StatementLook, "since", timedelta(days=90), spare_newest=True),
    # Twice as long as anybody looks back: no line is forgotten while a statement may still name it.
    Retention("statement_unknown", UnknownLine, "seen_at", timedelta(days=360)),
)


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


async def note_unknown(invoice_ids: Sequence[str]) -> list[str]:
    """Keep the bank's names of lines that belong to no order; those that were not kept before. Runs inside the caller's
    transaction."""
    require_transaction()
    asked = dict.fromkeys(name[:64] for name in invoice_ids)
    known = {line.invoice_id for line in await UnknownLine.filter(invoice_id__in=list(asked))}
    new = []
    for name in asked:
        if name in known:
            continue
        try:
            async with savepoint():
                await plain.insert(UnknownLine, {"invoice_id": name, "seen_at": clock.now()})
        except IntegrityError:
            # Another worker has just told of it.
            continue
        new.append(name)
    return new
