"""Choosing what a run is to write: every text that has a place, that no person wrote, and that is not there already.

What is chosen stands in rows before anything is asked, so that a run that is stopped or killed loses nothing, and two
runs at once choose each text once: the table has room for one row of one input and take.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from commerce_api.foundation.db.tx import savepoint, transact
from commerce_api.foundation.kit import clock
from commerce_api.office.copywriting import facts, prompts
from commerce_api.office.copywriting.models import AiRun, Draft
from commerce_api.office.copywriting.statuses import DraftStatus, Reason, RunState, Skipped
from commerce_api.shop.catalog import unwritten
from commerce_api.shop.catalog.unwritten import Unwritten

CHUNK: Final = 100
"""Things a transaction: planning ten thousand of them must not keep shoppers from ordering."""
SUBJECTS: Final = ("product", "variant", "category")
REPLACED: Final = "replaced"

THERE: Final[Mapping[DraftStatus, Skipped]] = {
    DraftStatus.WRITING: Skipped.IN_HAND,
    DraftStatus.DRAFT: Skipped.WAITS_FOR_APPROVAL,
    DraftStatus.PUBLISHED: Skipped.UNCHANGED,
    DraftStatus.REJECTED: Skipped.REJECTED,
}
"""A text of the same input in this status -> why it is not written again without force."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody asked a run for: all languages and subjects unless named, and products by their slugs."""

    subjects: tuple[str, ...] = SUBJECTS
    slugs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    force: bool = False
    dry_run: bool = False

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Wishes":
        """The wishes as a run keeps them."""
        lists = {name: tuple(stored[name]) for name in ("subjects", "slugs", "languages")}
        return cls(**lists, force=stored["force"], dry_run=stored["dry_run"])


@dataclass(slots=True)
class _Tally:
    chosen: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


async def things_for(wishes: Wishes, languages: Sequence[str]) -> list[Unwritten]:
    """Everything that could have texts, written or not, in the languages of the shop that the wishes name."""
    spoken = [lang for lang in languages if not wishes.languages or lang in wishes.languages]
    slugs = wishes.slugs or None
    found: list[Unwritten] = []
    if "product" in wishes.subjects:
        found += await unwritten.products(spoken, slugs)
    if "variant" in wishes.subjects:
        found += await unwritten.colours(spoken, slugs)
    if "category" in wishes.subjects and slugs is None:
        found += await unwritten.categories(spoken)
    return found


async def plan(run: AiRun, model: str, languages: Sequence[str]) -> None:
    """Store a row for every text that the run is to write, and begin it. Done again, it changes nothing.

    Transactions of its own, one for each hundred things.
    """
    wishes = Wishes.of(run.wishes)
    things = await things_for(wishes, languages)
    tally = _Tally()
    for start in range(0, len(things), CHUNK):
        part = await transact(partial(_plan_some, run.id, wishes, model, things[start : start + CHUNK]))
        tally.chosen += part.chosen
        tally.skipped += part.skipped
    state = RunState.DONE if wishes.dry_run or not tally.chosen else RunState.RUNNING
    await AiRun.filter(id=run.id, state=RunState.QUEUED).update(
        state=state,
        reason=Reason.DRY_RUN.value if wishes.dry_run else "",
        total=tally.chosen,
        skipped=dict(tally.skipped),
        finished_at=clock.now() if state is RunState.DONE else None,
        locked_until=None,
        locked_by=None,
    )


async def _plan_some(run_id: int, wishes: Wishes, model: str, things: Sequence[Unwritten]) -> _Tally:
    tally = _Tally()
    known = await _known(things)
    for thing in things:
        answer = await _plan_one(run_id, wishes, model, thing, known)
        if answer is None:
            tally.chosen += 1
        else:
            tally.skipped[answer.value] += 1
    return tally


async def _known(things: Iterable[Unwritten]) -> Mapping[tuple[str, int, str, str], Draft]:
    """The newest take of each input, by subject, id, language and hash."""
    ids: dict[str, set[int]] = {}
    for thing in things:
        ids.setdefault(thing.subject, set()).add(thing.id)
    where = [Q(subject=subject, subject_id__in=sorted(some)) for subject, some in ids.items()]
    if not where:
        return {}
    rows = await Draft.filter(Q(*where, join_type=Q.OR)).order_by("take").select_related("run")
    return {(row.subject, row.subject_id, row.lang, row.input_hash): row for row in rows}


async def _plan_one(
    run_id: int, wishes: Wishes, model: str, thing: Unwritten, known: Mapping[tuple[str, int, str, str], Draft]
) -> Skipped | None:
    """None for a text that this run writes, else why it does not."""
    if not thing.wanted:
        return Skipped.BY_PEOPLE
    if not thing.consent:
        return Skipped.NO_CONSENT
    told = facts.of(thing)
    name = facts.input_hash(thing, told, prompts.VERSION, model)
    there = known.get((thing.subject, thing.id, thing.lang, name))
    if there is None:
        return await _add(run_id, wishes, thing, told, name, take=0)
    if there.status in (DraftStatus.WAITING, DraftStatus.FAILED):
        return await _take_over(run_id, wishes, there)
    if there.status is DraftStatus.WRITING and there.run_id == run_id:
        return None
    if wishes.force and there.status is not DraftStatus.WRITING:
        return await _add(run_id, wishes, thing, told, name, take=there.take + 1)
    return THERE[there.status]


async def _add(
    run_id: int, wishes: Wishes, thing: Unwritten, told: dict[str, Any], name: str, take: int
) -> Skipped | None:
    if wishes.dry_run:
        return None
    # What waits for an older input would be paid for and then be wrong.
    await (
        Draft.filter(
            subject=thing.subject,
            subject_id=thing.id,
            lang=thing.lang,
            status__in=[DraftStatus.WAITING, DraftStatus.FAILED],
        )
        .exclude(input_hash=name)
        .update(status=DraftStatus.REJECTED, reason=REPLACED)
    )
    try:
        async with savepoint():
            await Draft.create(
                run_id=run_id,
                subject=thing.subject,
                subject_id=thing.id,
                slug=thing.slug,
                lang=thing.lang,
                kin=thing.group[:64],
                input_hash=name,
                take=take,
                prompt_version=prompts.VERSION,
                facts=told,
                wanted=list(thing.wanted),
                created_at=clock.now(),
            )
    except IntegrityError:
        return Skipped.IN_HAND
    return None


async def _take_over(run_id: int, wishes: Wishes, there: Draft) -> Skipped | None:
    """A text that another run left waiting, or that failed, is this run's unless that run is still at it."""
    if there.run_id == run_id and there.status is DraftStatus.WAITING:
        return None
    busy = there.run_id != run_id and there.run.state in (RunState.QUEUED, RunState.RUNNING)
    if busy and there.status is DraftStatus.WAITING:
        return Skipped.IN_HAND
    if wishes.dry_run:
        return None
    won = await Draft.filter(id=there.id, run_id=there.run_id, status=there.status).update(
        run_id=run_id, status=DraftStatus.WAITING, reason="", detail="", problems=None, attempts=0
    )
    return None if won else Skipped.IN_HAND
