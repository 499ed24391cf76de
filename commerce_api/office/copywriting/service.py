"""Asking for texts, and deciding about them: edit, approve, reject. Publishing is part of approving.

Each function joins the transaction of its caller and raises NoTransaction without one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from commerce_api.foundation.db.tx import lock_rows, require_transaction
from commerce_api.foundation.events import TextsPublished
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.service import record
from commerce_api.foundation.outside_settings import OpenAI
from commerce_api.foundation.shop_settings import ShopSettings
from commerce_api.foundation.web.access import Identity
from commerce_api.office.copywriting import facts, guard
from commerce_api.office.copywriting.costs import CENT
from commerce_api.office.copywriting.errors import DraftDecided, DraftStale, DraftUnfit, DraftUnknown
from commerce_api.office.copywriting.models import AiRun, Draft
from commerce_api.office.copywriting.planning import Wishes, things_for
from commerce_api.office.copywriting.statuses import DraftStatus, Reason, RunState, Skipped
from commerce_api.office.copywriting.writing import pictures_of
from commerce_api.shop.catalog import wording
from commerce_api.shop.catalog.unwritten import Unwritten

EDITABLE: Final = (DraftStatus.DRAFT, DraftStatus.FAILED)
BATCH: Final = 50
"""Texts that are published in one transaction: their pages are rebuilt together, and nobody waits long for a lock."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a run may cost: tokens, and US cents."""

    tokens: int
    cents: int


def actor_of(account: Identity) -> str:
    """How this room writes down who asked or decided."""
    return f"account:{account.id}"


def refusal(settings: OpenAI) -> Reason | None:
    """Why no texts are written in a shop with these settings; None where they are."""
    if not settings.enabled:
        return Reason.AI_OFF
    return None if settings.api_key else Reason.NOT_CONNECTED


def budget(shop: ShopSettings, tokens: int | None = None, cents: int | None = None) -> Budget:
    """What a run may cost: what was asked for, and never more than the shop allows."""
    return Budget(min(tokens or shop.ai_tokens, shop.ai_tokens), min(cents or shop.ai_cents, shop.ai_cents))


async def start_run(wishes: Wishes, limits: Budget, actor: str, refused: Reason | None = None) -> int:
    """Ask for texts; the id of the run that a worker will take up. With `refused` the run is written down as skipped.

    `actor` is who asked, such as `account:7`.
    """
    require_transaction()
    moment = clock.now()
    run = await AiRun.create(
        state=RunState.SKIPPED if refused else RunState.QUEUED,
        reason=refused.value if refused else "",
        wishes=asdict(wishes),
        actor=actor,
        created_at=moment,
        finished_at=moment if refused else None,
        budget_tokens=limits.tokens,
        budget_cost=limits.cents * CENT,
    )
    return run.id


async def edit(draft_id: int, content: Mapping[str, Any], actor: str) -> None:
    """Put a person's words in place of those of a text that waits or failed; parts that are not given stay.

    A text that the guard passes then waits for approval, whatever it was before. Raises DraftUnknown, DraftDecided,
    DraftUnfit.
    """
    draft = await _locked(draft_id)
    if draft.status not in EDITABLE:
        raise DraftDecided(id=draft_id, status=draft.status.value)
    edited = {name: content.get(name, (draft.content or {}).get(name, "")) for name in draft.wanted}
    # Who edits a text has read it: likeness to others is theirs to judge, everything else is not.
    problems = guard.check(edited, draft.lang, pictures=pictures_of(draft))
    if problems:
        raise DraftUnfit({problem.partition(":")[0]: "wrong" for problem in problems}, problems=problems)
    await Draft.filter(id=draft_id).update(
        content=edited, status=DraftStatus.DRAFT, author=actor, reason="", detail="", problems=[]
    )


async def approve(draft_ids: Sequence[int], actor: str) -> Mapping[DraftStatus, int]:
    """Approve texts and put them onto their pages; how many were published, and how many came too late.

    A text whose parts people have written meanwhile is rejected with that reason. Raises DraftUnknown, DraftDecided and
    DraftStale for the first that cannot be approved.
    """
    require_transaction()
    drafts = await lock_rows(Draft.filter(id__in=list(draft_ids)))
    for missing in set(draft_ids) - {draft.id for draft in drafts}:
        raise DraftUnknown(id=missing)
    things = await _things(drafts)
    done: Counter[DraftStatus] = Counter()
    runs: Counter[int] = Counter()
    for draft in drafts:
        if draft.status is not DraftStatus.DRAFT:
            raise DraftDecided(id=draft.id, status=draft.status.value)
        thing = things.get((draft.subject, draft.subject_id, draft.lang))
        if not _still_so(draft, thing):
            raise DraftStale(id=draft.id, slug=draft.slug)
        status = await _publish(draft, actor)
        done[status] += 1
        runs[draft.run_id] += status is DraftStatus.PUBLISHED
    for run_id, count in runs.items():
        if count:
            await record(TextsPublished(run_id=run_id, count=count))
    return done


async def approvable(run_id: int | None = None) -> list[int]:
    """The ids of texts that passed the guard and still fit their things, oldest first; of one run, or of all."""
    of_run: dict[str, Any] = {} if run_id is None else {"run_id": run_id}
    drafts = await Draft.filter(status=DraftStatus.DRAFT, **of_run).order_by("id")
    things = await _things(drafts)
    return [draft.id for draft in drafts if _still_so(draft, things.get((draft.subject, draft.subject_id, draft.lang)))]


async def reject(draft_ids: Sequence[int], why: str, actor: str) -> int:
    """Decide against texts that wait or failed; how many. They are not written again without force."""
    require_transaction()
    return await Draft.filter(id__in=list(draft_ids), status__in=EDITABLE).update(
        status=DraftStatus.REJECTED,
        reason="by_staff",
        detail=why[:300],
        decided_at=clock.now(),
        decided_by=actor,
    )


async def _locked(draft_id: int) -> Draft:
    found = await lock_rows(Draft.filter(id=draft_id))
    if not found:
        raise DraftUnknown(id=draft_id)
    return found[0]


async def _things(drafts: Sequence[Draft]) -> Mapping[tuple[str, int, str], Unwritten]:
    """The things of some texts as they are now."""
    subjects = {draft.subject for draft in drafts}
    slugs = {draft.slug.partition("/")[0] for draft in drafts if draft.subject != "category"}
    languages = sorted({draft.lang for draft in drafts})
    found: list[Unwritten] = []
    goods = tuple(sorted(subjects - {"category"}))
    if goods:
        found += await things_for(Wishes(subjects=goods, slugs=tuple(sorted(slugs))), languages)
    if "category" in subjects:
        found += await things_for(Wishes(subjects=("category",)), languages)
    return {(thing.subject, thing.id, thing.lang): thing for thing in found}


def _still_so(draft: Draft, thing: Unwritten | None) -> bool:
    """Whether the model was told what is true today. Words of people that came since are the publication's concern."""
    if thing is None:
        return False
    then, now = draft.facts, facts.of(thing)
    if not set(draft.wanted) <= set(thing.wanted):
        then, now = (
            {name: value for name, value in told.items() if name[-10:] != "_by_people"} for told in (then, now)
        )
    return then == now


async def _publish(draft: Draft, actor: str) -> DraftStatus:
    content = draft.content or {}
    if draft.subject == "product":
        taken: object = await wording.put_product_words(draft.subject_id, draft.lang, content)
    elif draft.subject == "variant":
        taken = await wording.put_alts(draft.subject_id, draft.lang, content["alts"])
    else:
        taken = await wording.put_category_words(draft.subject_id, draft.lang, content)
    status = DraftStatus.PUBLISHED if taken else DraftStatus.REJECTED
    await Draft.filter(id=draft.id).update(
        status=status,
        reason="" if taken else Skipped.BY_PEOPLE.value,
        decided_at=clock.now(),
        decided_by=actor,
    )
    return status
