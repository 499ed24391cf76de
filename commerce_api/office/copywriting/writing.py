"""The job: plans the runs that were asked for and writes their texts one by one, until the work or a budget ends.

Any number of workers may do it at once. A text is claimed by a conditional update with a lease on the database's clock,
together with the money that its call may cost at most; the call stands outside of every transaction. A worker that dies
between call and commit has paid for nothing: its lease ends and the text is asked for once more, never a third time.
"""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import orjson
from tortoise.expressions import F, Q

from commerce_api.foundation import crash
from commerce_api.foundation.db.clock import database_now
from commerce_api.foundation.db.tx import atomic, transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.telemetry import logger
from commerce_api.office.copywriting import guard, planning, prompts, siblings
from commerce_api.office.copywriting.costs import Tariff, most_tokens
from commerce_api.office.copywriting.models import AiRun, Draft
from commerce_api.office.copywriting.parts import BadShape, read_answer
from commerce_api.office.copywriting.statuses import DraftStatus, Reason, RunState
from commerce_api.office.copywriting.writer import Prompt, Reply, Writer, WritingFailed

LEASE: Final = timedelta(seconds=240)
"""More than twice what a call may take."""
PAID_CALLS: Final = 2
"""How often one text may be paid for when answers are lost."""
PAUSES: Final = 6
"""Failures in a row after which a run waits for a person."""
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=10)
LONGEST_DETAIL: Final = 300

PASSING: Final = (Reason.RATE_LIMITED, Reason.UNREACHABLE)
"""What may be better in a while."""

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who writes, at what tariff, in which languages of the shop."""

    writer: Writer
    tariff: Tariff
    languages: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Claimed:
    draft: Draft
    prompt: Prompt
    lock: str


class _OverBudget(Exception):
    """The next call could cost more than is left."""


async def work(desk: Desk, stopping: asyncio.Event | None = None, only: int | None = None) -> int:
    """Plan what is queued, write what waits, close what is done; how many texts were tried. For the calendar.

    `only` is the one run to work at.
    """
    await _plan_queued(desk, only)
    tried = 0
    for run_id in await _running():
        if only not in (None, run_id):
            continue
        while not (stopping and stopping.is_set()) and await _write_next(desk, run_id):
            tried += 1
        await _close(run_id)
    return tried


async def _plan_queued(desk: Desk, only: int | None) -> None:
    one: dict[str, Any] = {} if only is None else {"id": only}
    for run in await AiRun.filter(state=RunState.QUEUED, **one).order_by("id"):
        moment, lock = await database_now(), uuid.uuid4().hex
        won = await AiRun.filter(_free(moment), id=run.id, state=RunState.QUEUED).update(
            locked_until=moment + LEASE, locked_by=lock
        )
        if won:
            await planning.plan(run, desk.writer.model, desk.languages)


def _free(moment: datetime) -> Q:
    return Q(locked_until__isnull=True) | Q(locked_until__lt=moment)


async def _running() -> list[int]:
    """Runs that may go on now, the oldest first."""
    moment = await database_now()
    awake = Q(resume_at__isnull=True) | Q(resume_at__lte=moment)
    ids: Any = await AiRun.filter(awake, state=RunState.RUNNING).order_by("id").values_list("id", flat=True)
    return list(ids)


async def _write_next(desk: Desk, run_id: int) -> bool:
    """Write one text of a run; False when there is none to write now."""
    moment = await database_now()
    waiting = await Draft.filter(_claimable(moment), run_id=run_id).order_by("id").first()
    if waiting is None:
        return False
    if waiting.attempts >= PAID_CALLS:
        await transact(partial(_give_up, waiting))
        return True
    try:
        claimed = await transact(partial(_claim, waiting, moment, desk.tariff))
    except _OverBudget:
        await _stop(run_id, Reason.BUDGET)
        return False
    if claimed is None:
        return True
    return await _write(desk, claimed)


def _claimable(moment: datetime) -> Q:
    return Q(status=DraftStatus.WAITING) | Q(status=DraftStatus.WRITING, locked_until__lt=moment)


async def _claim(draft: Draft, moment: datetime, tariff: Tariff) -> _Claimed | None:
    """Take a text and put its money aside, or None when a rival was faster. Raises _OverBudget."""
    prompt = prompts.prompt(draft.subject, draft.lang, draft.wanted, draft.facts)
    tokens = most_tokens(prompt)
    cost, lock = tariff.cost(*tokens), uuid.uuid4().hex
    won = await Draft.filter(_claimable(moment), id=draft.id, run_id=draft.run_id, attempts=draft.attempts).update(
        status=DraftStatus.WRITING,
        locked_until=moment + LEASE,
        locked_by=lock,
        attempts=F("attempts") + 1,
        # An answer that was lost may have been paid for, and stays counted.
        cost=F("cost") + draft.held_cost,
        held_tokens=sum(tokens),
        held_cost=cost,
    )
    if not won:
        return None
    afforded = await AiRun.filter(
        id=draft.run_id,
        state=RunState.RUNNING,
        tokens__lte=F("budget_tokens") - sum(tokens),
        cost__lte=F("budget_cost") - cost,
    ).update(tokens=F("tokens") + sum(tokens), cost=F("cost") + cost)
    if not afforded:
        raise _OverBudget
    return _Claimed(await Draft.get(id=draft.id), prompt, lock)


async def _write(desk: Desk, claimed: _Claimed) -> bool:
    draft = claimed.draft
    try:
        reply = await desk.writer.write(claimed.prompt)
    except WritingFailed as error:
        crash.point("worker_after_call")
        return await transact(partial(_fail, claimed, error, desk.tariff))
    crash.point("worker_after_call")
    values = await _read(draft, reply)
    values |= {"model": reply.model[:64], "written_at": clock.now()}
    await transact(partial(_settle, claimed, reply.tokens_in, reply.tokens_out, desk.tariff, values))
    log.info("text written", draft=draft.id, status=values["status"].value, reason=values["reason"])
    return True


async def _read(draft: Draft, reply: Reply) -> dict[str, Any]:
    """What becomes of the text by what the answer holds: a draft, or a failure with what was found."""
    try:
        content = read_answer(orjson.loads(reply.text), draft.wanted)
    except (BadShape, orjson.JSONDecodeError) as error:
        return {
            "status": DraftStatus.FAILED,
            "reason": Reason.WRONG_SHAPE.value,
            "detail": str(error)[:LONGEST_DETAIL],
        }
    others = await siblings.beside(draft)
    found = guard.check(content, draft.lang, others, pictures_of(draft))
    return {
        "content": content,
        "problems": found,
        "status": DraftStatus.FAILED if found else DraftStatus.DRAFT,
        "reason": Reason.GUARDED.value if found else "",
        "detail": ", ".join(found)[:LONGEST_DETAIL],
    }


def pictures_of(draft: Draft) -> int | None:
    """How many pictures a text describes; None for a text that describes none."""
    return len(draft.facts.get("pictures", ())) if "alts" in draft.wanted else None


async def _settle(claimed: _Claimed, tokens_in: int, tokens_out: int, tariff: Tariff, values: dict[str, Any]) -> None:
    """Keep what came of a call and count what it really cost, unless the lease went to another."""
    draft, cost = claimed.draft, tariff.cost(tokens_in, tokens_out)
    won = await Draft.filter(id=draft.id, status=DraftStatus.WRITING, locked_by=claimed.lock).update(
        **values,
        locked_until=None,
        locked_by=None,
        held_tokens=0,
        held_cost=0,
        tokens_in=F("tokens_in") + tokens_in,
        tokens_out=F("tokens_out") + tokens_out,
        cost=F("cost") + cost,
    )
    if not won:
        return
    await AiRun.filter(id=draft.run_id).update(
        tokens=F("tokens") + (tokens_in + tokens_out - draft.held_tokens),
        cost=F("cost") + (cost - draft.held_cost),
    )
    if values["status"] is DraftStatus.DRAFT:
        await AiRun.filter(id=draft.run_id).update(pauses=0)
        # The newest text of a thing is the one that is read: an older one that waits would undo it.
        await (
            Draft.filter(subject=draft.subject, subject_id=draft.subject_id, lang=draft.lang, status=DraftStatus.DRAFT)
            .exclude(id=draft.id)
            .update(status=DraftStatus.REJECTED, reason=planning.REPLACED, decided_at=clock.now())
        )


async def _fail(claimed: _Claimed, error: WritingFailed, tariff: Tariff) -> bool:
    """Keep why there is no text; whether the run goes on at once."""
    draft, reason = claimed.draft, error.reason
    log.warning("text failed", draft=draft.id, reason=reason.value, detail=error.detail)
    tokens = (error.tokens_in, error.tokens_out)
    if error.paid and not any(tokens):
        # Nobody can say whether it was paid for: it is counted as if it were.
        tokens = (draft.held_tokens - claimed.prompt.longest, claimed.prompt.longest)
    values: dict[str, Any] = {
        "status": DraftStatus.FAILED,
        "reason": reason.value,
        "detail": error.detail[:LONGEST_DETAIL],
    }
    again = reason is Reason.KEY_REFUSED or (reason in PASSING and (not error.paid or draft.attempts < PAID_CALLS))
    if again:
        values |= {"status": DraftStatus.WAITING, "attempts": draft.attempts - (0 if error.paid else 1)}
    await _settle(claimed, *tokens, tariff, values)
    if reason is Reason.KEY_REFUSED:
        await _stop(draft.run_id, reason)
    elif reason in PASSING:
        await _pause(draft.run_id, reason, error.retry_after)
    return reason is not Reason.KEY_REFUSED and reason not in PASSING


async def _pause(run_id: int, reason: Reason, retry_after: float | None) -> None:
    run = await AiRun.get(id=run_id)
    if run.pauses + 1 >= PAUSES:
        await _stop(run_id, reason)
        return
    rest = timedelta(seconds=retry_after) if retry_after else FIRST_PAUSE * 2**run.pauses
    await AiRun.filter(id=run_id).update(
        pauses=F("pauses") + 1, resume_at=await database_now() + min(rest, LONGEST_PAUSE)
    )


async def _give_up(draft: Draft) -> None:
    """A text whose answer was lost each time it was paid for."""
    await Draft.filter(id=draft.id, status=draft.status, attempts=draft.attempts, locked_by=draft.locked_by).update(
        status=DraftStatus.FAILED,
        reason=Reason.LOST.value,
        cost=F("cost") + draft.held_cost,
        held_tokens=0,
        held_cost=0,
        locked_until=None,
        locked_by=None,
    )


async def _stop(run_id: int, reason: Reason) -> None:
    """End a run before its work is done; what waits is for the next one."""
    async with atomic():
        await AiRun.filter(id=run_id, state=RunState.RUNNING).update(
            state=RunState.STOPPED, reason=reason.value, finished_at=clock.now()
        )


async def _close(run_id: int) -> None:
    """End a run in which nothing waits and nothing is in hand."""
    if not await Draft.exists(run_id=run_id, status__in=[DraftStatus.WAITING, DraftStatus.WRITING]):
        await AiRun.filter(id=run_id, state=RunState.RUNNING).update(state=RunState.DONE, finished_at=clock.now())
