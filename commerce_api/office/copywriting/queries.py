"""How far the runs and their texts are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commerce_api.foundation.db import plain
from commerce_api.office.copywriting.errors import RunUnknown
from commerce_api.office.copywriting.models import AiRun, Draft
from commerce_api.office.copywriting.statuses import DraftStatus

FINISHED = frozenset(DraftStatus) - {DraftStatus.WAITING, DraftStatus.WRITING}


@dataclass(frozen=True, slots=True)
class RunStanding:
    """A run as people and programs are told of it. `drafts` counts its texts by status, `skipped` those that were not
    asked for by reason; costs are millionths of a US dollar."""

    id: int
    state: str
    reason: str
    actor: str
    created_at: datetime
    resume_at: datetime | None
    finished_at: datetime | None
    total: int
    drafts: dict[str, int]
    skipped: dict[str, int]
    tokens: int
    budget_tokens: int
    cost: int
    budget_cost: int

    @property
    def written(self) -> int:
        """How many of its texts are not to be written any more."""
        return sum(count for status, count in self.drafts.items() if DraftStatus(status) in FINISHED)

    @property
    def ended(self) -> bool:
        """Whether nobody works at it."""
        return self.state in {"done", "stopped", "skipped"}


async def standing(run_id: int) -> RunStanding:
    """One run. Raises RunUnknown."""
    run = await AiRun.get_or_none(id=run_id)
    if run is None:
        raise RunUnknown(id=run_id)
    return await _standing(run)


async def newest(limit: int = 10) -> list[RunStanding]:
    """The last runs, the newest first."""
    return [await _standing(run) for run in await AiRun.all().order_by("-id").limit(limit)]


WRITTEN: Final = """
SELECT run_id, COUNT(*) FROM ai_draft WHERE written_at IS NOT NULL AND run_id IN ({}) GROUP BY run_id
"""


async def written_of(run_ids: Sequence[int]) -> dict[int, int]:
    """How many texts of each run are written; runs without any are left out."""
    if not run_ids:
        return {}
    return dict(await plain.fetch(WRITTEN.format(plain.places(len(run_ids))), *run_ids))


async def _standing(run: AiRun) -> RunStanding:
    counts = await plain.fetch("SELECT status, COUNT(*) FROM ai_draft WHERE run_id = ? GROUP BY status", run.id)
    return RunStanding(
        id=run.id,
        state=run.state.value,
        reason=run.reason,
        actor=run.actor,
        created_at=run.created_at,
        resume_at=run.resume_at,
        finished_at=run.finished_at,
        total=run.total,
        drafts=dict(counts),
        skipped=dict(run.skipped or {}),
        tokens=run.tokens,
        budget_tokens=run.budget_tokens,
        cost=run.cost,
        budget_cost=run.budget_cost,
    )


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A text in a list: what it is of, how far it is and why it came no further."""

    id: int
    slug: str
    lang: str
    subject: str
    status: str
    reason: str
    detail: str


async def drafts_of(run_id: int, statuses: tuple[DraftStatus, ...] = tuple(DraftStatus)) -> list[DraftRow]:
    """The texts of a run in these statuses, in the order in which they were chosen."""
    rows = await Draft.filter(run_id=run_id, status__in=list(statuses)).order_by("id")
    return [DraftRow(row.id, row.slug, row.lang, row.subject, row.status.value, row.reason, row.detail) for row in rows]
