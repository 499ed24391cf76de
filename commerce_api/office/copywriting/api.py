"""Runs of the text writer for staff programs. The work is the worker's: here it is only asked for, and told of."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import ShopSettings
from commerce_api.foundation.web.access import Audit, account_of, requires
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.openapi import Operation, Operations, api
from commerce_api.foundation.web.parsing import RowId, Schema
from commerce_api.office.copywriting import queries, service
from commerce_api.office.copywriting.errors import RunUnknown
from commerce_api.office.copywriting.planning import SUBJECTS, Wishes
from commerce_api.office.copywriting.queries import RunStanding

STAFF = ("staff_content", "owner")
MOST_SLUGS = 1000

Slug = Annotated[str, Field(min_length=1, max_length=40)]
Language = Annotated[str, Field(min_length=2, max_length=8)]


class AiRunIn(Schema):
    """What to write: `subjects` (all of them when empty), `products` by slug and `languages` (all when empty).

    `force` writes anew what is there, but never what people wrote; `dry_run` only counts. `tokens` and `cents` (US)
    lower the budget that the shop's settings allow.
    """

    subjects: Annotated[list[Literal["product", "variant", "category"]], Field(max_length=3)] = []
    products: Annotated[list[Slug], Field(max_length=MOST_SLUGS)] = []
    languages: Annotated[list[Language], Field(max_length=10)] = []
    force: bool = False
    dry_run: bool = False
    tokens: Annotated[int, Field(gt=0, le=1_000_000_000)] | None = None
    cents: Annotated[int, Field(gt=0, le=1_000_000)] | None = None


class AiRunAccepted(Schema):
    """The run's id, and whether it was queued, or skipped with the `reason` (ai_off, not_connected)."""

    id: int
    state: str
    reason: str


class AiRunOut(Schema):
    """How far a run is: queued, running, done, stopped (with the reason) or skipped.

    `drafts` counts its texts by status, `skipped` what was not asked for by reason. `cost` and `budget_cost` are
    millionths of a US dollar, by the prices that the settings name now: `cents_in` and `cents_out` US cents for a
    million tokens that go in and come out.
    """

    id: int
    state: str
    reason: str
    created_at: datetime
    resume_at: datetime | None
    finished_at: datetime | None
    total: int
    written: int
    drafts: dict[str, int]
    skipped: dict[str, int]
    tokens: int
    budget_tokens: int
    cost: int
    budget_cost: int
    cents_in: int
    cents_out: int

    @classmethod
    def of(cls, run: RunStanding, shop: ShopSettings) -> "AiRunOut":
        """The run as programs read it."""
        prices = {"cents_in": shop.ai_cents_in, "cents_out": shop.ai_cents_out}
        return cls.model_validate({name: getattr(run, name) for name in cls.model_fields.keys() - prices} | prices)


def _start(audit: Audit) -> Operation:
    @api("POST", "/api/v1/staff/ai-runs", summary="Have texts written by a model", status=202, tag="staff")
    @requires(*STAFF)
    async def start_ai_run(request: Request, body: AiRunIn) -> AiRunAccepted:
        """The worker writes; every text waits for approval in the office. Ask for the progress by the id."""
        account, settings = account_of(request), settings_of(request)
        wishes = Wishes(
            subjects=tuple(body.subjects) or SUBJECTS,
            slugs=tuple(body.products),
            languages=tuple(body.languages),
            force=body.force,
            dry_run=body.dry_run,
        )
        limits = service.budget(settings.shop, body.tokens, body.cents)
        refused = service.refusal(settings.outside.openai)

        async def work() -> int:
            run_id = await service.start_run(wishes, limits, service.actor_of(account), refused)
            await audit(account.id, "ai.run", str(run_id), {"force": body.force, "dry_run": body.dry_run})
            return run_id

        run = await queries.standing(await transact(work))
        return AiRunAccepted(id=run.id, state=run.state, reason=run.reason)

    return start_ai_run


@api("GET", "/api/v1/staff/ai-runs/{number}", summary="How far a run of texts is", errors=(RunUnknown,), tag="staff")
@requires(*STAFF)
async def show_ai_run(request: Request, number: RowId) -> AiRunOut:
    """With counts of its texts, what it cost so far and what it may cost."""
    return AiRunOut.of(await queries.standing(number), settings_of(request).shop)


def operations(audit: Audit) -> Operations:
    """The calls for staff; `audit` writes down who did what."""
    return (_start(audit), show_ai_run)
