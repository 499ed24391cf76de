"""`twocomms ai`: have texts written, look how far they are, approve them."""

import json
import subprocess
import sys
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import ROOT
from commerce_api.office.copywriting import queries, service
from commerce_api.office.copywriting.costs import DOLLAR
from commerce_api.office.copywriting.planning import SUBJECTS, Wishes
from commerce_api.office.copywriting.queries import DraftRow, RunStanding
from commerce_api.office.copywriting.statuses import DraftStatus, Reason, RunState
from commerce_api.shop.catalog import wording
from commerce_api.tool import Json, console, family, settings, stop, with_database

ACTOR: Final = "command line"
STDERR: Final = 2
"""The file descriptor, whatever stands in for sys.stderr."""
TELLING: Final = (DraftStatus.FAILED, DraftStatus.WAITING, DraftStatus.WRITING)
"""Texts that are listed one by one."""
FAULTS: Final = frozenset({Reason.KEY_REFUSED.value, Reason.RATE_LIMITED.value, Reason.UNREACHABLE.value})
"""Reasons for which a run that stopped is a failure; a budget that is used up is none."""
WHY: Final = {
    Reason.AI_OFF.value: "TWOCOMMS_AI_ENABLED is off",
    Reason.NOT_CONNECTED.value: "OPENAI_API_KEY is missing",
    Reason.BUDGET.value: "the budget is used up; what is left is written by the next run",
    Reason.KEY_REFUSED.value: "the service refused the key or the model: see OPENAI_API_KEY and OPENAI_MODEL",
    Reason.RATE_LIMITED.value: "the service asked to wait again and again; what is left is written by the next run",
    Reason.UNREACHABLE.value: "the service did not answer; what is left is written by the next run",
    Reason.DRY_RUN.value: "nothing was asked for",
}

ai = family("Texts that a model writes.")


@ai.command("generate", help="Have a model write what people have not; every text waits for approval.")
def generate(
    subject: Annotated[list[str] | None, typer.Option(help="product, variant, category; all when left out.")] = None,
    product: Annotated[list[str] | None, typer.Option(help="Slugs; all when left out.")] = None,
    lang: Annotated[list[str] | None, typer.Option(help="uk, en; all when left out.")] = None,
    force: Annotated[bool, typer.Option(help="Anew what is there, never what people wrote.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    tokens: Annotated[int | None, typer.Option(min=1, help="A smaller budget of tokens.")] = None,
    cents: Annotated[int | None, typer.Option(min=1, help="A smaller budget of US cents.")] = None,
    as_json: Json = False,
) -> None:
    """Start a run and work at it until it ends; a worker that runs beside helps."""
    strange = sorted(set(subject or ()) - set(SUBJECTS))
    if strange:
        stop(f"{', '.join(strange)}: subjects are {', '.join(SUBJECTS)}")
    wishes = Wishes(tuple(subject or SUBJECTS), tuple(product or ()), tuple(lang or ()), force, dry_run)
    own = settings()
    limits, refused = service.budget(own.shop, tokens, cents), service.refusal(own.outside.openai)

    async def start() -> RunStanding:
        return await queries.standing(await transact(lambda: service.start_run(wishes, limits, ACTOR, refused)))

    run = with_database(start)
    if run.state != RunState.SKIPPED:
        command = [sys.executable, "-m", "commerce_api.copywriter", str(run.id)]
        # Its log must not get between the lines that programs read.
        subprocess.call(command, cwd=ROOT, stdout=STDERR)  # noqa: S603 - our own module
        run = with_database(lambda: queries.standing(run.id))
    _tell(run, as_json)
    raise typer.Exit(0 if run.ended and run.reason not in FAULTS else 1)


@ai.command("status", help="The last runs, or one with its texts that are not written.")
def status(run: Annotated[int | None, typer.Argument()] = None, as_json: Json = False) -> None:
    """How far runs are."""
    if run is None:
        _tell_all(with_database(queries.newest), as_json)
        return

    async def read() -> tuple[RunStanding, list[DraftRow]]:
        return await queries.standing(run), await queries.drafts_of(run, TELLING)

    found, drafts = with_database(read)
    _tell(found, as_json, drafts)


@ai.command("approve", help="Put texts onto their pages: those named, or all that passed the guard.")
def approve(
    drafts: Annotated[list[int] | None, typer.Argument(help="Numbers of texts; all that passed when left out.")] = None,
    run: Annotated[int | None, typer.Option(help="Those of one run.")] = None,
    as_json: Json = False,
) -> None:
    """Publish; fifty texts a transaction."""

    async def work() -> dict[str, int]:
        ids = list(drafts or await service.approvable(run))
        told = {"published": 0, "rejected": 0}
        for start in range(0, len(ids), service.BATCH):
            some = ids[start : start + service.BATCH]
            for state, count in (await transact(partial(service.approve, some, ACTOR))).items():
                told[state.value] += count
        return told

    told = with_database(work)
    if as_json:
        console.print_json(json.dumps(told))
        return
    late = f", {told['rejected']} came too late: people have written there" if told["rejected"] else ""
    console.print(f"{told['published']} texts go onto their pages{late}", highlight=False)


@ai.command("reject", help="Decide against texts; they are not written again without --force.")
def reject(
    drafts: Annotated[list[int], typer.Argument(help="Numbers of texts.")],
    why: Annotated[str, typer.Option(help="For those who read the list later.")] = "",
) -> None:
    """Keep texts from pages."""
    count = with_database(lambda: transact(partial(service.reject, drafts, why, ACTOR)))
    console.print(f"{count} texts are rejected", highlight=False)


@ai.command("consent", help="Let a model write of a product (on), or not (off).")
def consent(slug: str, word: Annotated[str, typer.Argument(help="on or off")]) -> None:
    """Whether a model may write of a product."""
    if word not in {"on", "off"}:
        stop(f"{word!r} is neither on nor off")
    changed = with_database(lambda: transact(partial(wording.set_consent, slug, allowed=word == "on")))
    console.print(f"{slug}: {word}" if changed else f"{slug} was {word} already", highlight=False, markup=False)


def as_values(run: RunStanding) -> dict[str, Any]:
    """A run as programs read it."""
    return {**asdict(run), "written": run.written}


def _tell(run: RunStanding, as_json: bool, drafts: list[DraftRow] | None = None) -> None:
    if as_json:
        listed = {} if drafts is None else {"texts": [asdict(draft) for draft in drafts]}
        console.print_json(json.dumps({**as_values(run), **listed}, default=str))
        return
    why = f": {WHY.get(run.reason, run.reason)}" if run.reason else ""
    console.print(f"run {run.id} {run.state}{why}", highlight=False, soft_wrap=True, markup=False)
    for title, counts in (("texts", run.drafts), ("not asked for", run.skipped)):
        if counts:
            said = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in sorted(counts.items()))
            console.print(f"  {title}: {said}", highlight=False)
    if run.reason == Reason.DRY_RUN:
        console.print(f"  would be written: {run.total}", highlight=False)
    console.print(
        f"  {run.tokens} of {run.budget_tokens} tokens, "
        f"{run.cost / DOLLAR:.2f} of {run.budget_cost / DOLLAR:.2f} US dollars",
        highlight=False,
    )
    shop = settings().shop
    console.print(
        f"  by the prices in the settings: {shop.ai_cents_in / 100:.2f} dollars a million tokens in, "
        f"{shop.ai_cents_out / 100:.2f} out (TWOCOMMS_SHOP_AI_CENTS_IN, _OUT)",
        highlight=False,
        soft_wrap=True,
    )
    for draft in drafts or ():
        said = f"  {draft.id} {draft.slug} {draft.lang}: {draft.status} {draft.reason} {draft.detail}".rstrip()
        console.print(said, highlight=False, soft_wrap=True, markup=False)


def _tell_all(runs: list[RunStanding], as_json: bool) -> None:
    if as_json:
        console.print_json(json.dumps([as_values(run) for run in runs], default=str))
        return
    table = Table("run", "state", "written", "waits for approval", "tokens", "US dollars", "asked by")
    for run in runs:
        table.add_row(
            str(run.id),
            escape(" ".join(filter(None, (run.state, run.reason)))),
            f"{run.written} of {run.total}",
            str(run.drafts.get("draft", 0)),
            str(run.tokens),
            f"{run.cost / DOLLAR:.2f}",
            escape(run.actor),
        )
    console.print(table if runs else "no texts were asked for")
