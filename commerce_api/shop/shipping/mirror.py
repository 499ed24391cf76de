"""The directory's nightly mirror: page by page into our tables, going on where it stopped, served stale meanwhile.

A job, hence an edge: each page is fetched first and then stored in a transaction of its own.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final

from tortoise.models import Model

from commerce_api.foundation import telemetry
from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import require_transaction, transact
from commerce_api.foundation.kit import clock
from commerce_api.shop.shipping import spelling, top_cities
from commerce_api.shop.shipping.carrier import BranchFact, Carrier, CarrierFailed, CarrierRefused, CityFact
from commerce_api.shop.shipping.models import Branch, City, MirrorRun
from commerce_api.shop.shipping.states import MirrorStage, PointKind

FRESH: Final = timedelta(hours=20)
"""A mirror that is younger is not made again: the nightly one moves a little, and never skips a night."""
STALE_RUN: Final = timedelta(hours=6)
"""A mirror that stopped so long ago is begun anew rather than continued."""
MOST_PAGES: Final = 400
"""More pages than a directory has: a carrier that repeats itself must not keep us for ever."""
LEAST_SHARE: Final = 0.5
"""A mirror that saw less of what we have closes nothing: rather the carrier is in trouble than half the country."""

COUNT_BRANCHES: Final = """
UPDATE delivery_city SET branches =
    (SELECT COUNT(*) FROM delivery_branch b WHERE b.city_ref = delivery_city.ref AND b.open = ?)
"""

log = telemetry.logger(__name__)


async def mirror_if_due(carrier: Carrier) -> bool:
    """Mirror the directory when the last one is a day old; whether it was. A carrier that is away leaves what we have,
    and the next run goes on at the page where this one stopped."""
    last = await MirrorRun.filter(stage=MirrorStage.DONE).order_by("-id").first()
    if last and last.finished_at and clock.now() - last.finished_at < FRESH:
        return False
    try:
        await mirror(carrier)
    except (CarrierFailed, CarrierRefused) as error:
        log.warning("directory_not_mirrored", cause=str(error))
        return False
    return True


async def mirror(carrier: Carrier) -> MirrorRun:
    """Mirror the whole directory, or the rest of a mirror that was cut short. Raises CarrierFailed, CarrierRefused."""
    run = await transact(_open_run)
    while run.stage is not MirrorStage.DONE:
        page = run.page + 1
        if run.stage is MirrorStage.CITIES:
            cities = await carrier.cities(page)
            run = await transact(partial(_store_cities, run, cities))
        else:
            branches = await carrier.branches(page)
            run = await transact(partial(_store_branches, run, branches))
    log.info("directory_mirrored", rows=run.stored)
    return run


async def _open_run() -> MirrorRun:
    last = await MirrorRun.all().order_by("-id").first()
    if last and last.stage is not MirrorStage.DONE and clock.now() - last.started_at < STALE_RUN:
        return last
    return await MirrorRun.create(started_at=clock.now(), stage=MirrorStage.CITIES, page=0, stored=0)


async def _store_cities(run: MirrorRun, facts: Sequence[CityFact]) -> MirrorRun:
    rows = {fact.ref: _city(fact, run.id) for fact in facts}
    await _put(City, rows, ("name", "area", "words", "head", "open"), run.id)
    return await _step(run, len(rows), MirrorStage.BRANCHES)


async def _store_branches(run: MirrorRun, facts: Sequence[BranchFact]) -> MirrorRun:
    rows = {fact.ref: _branch(fact, run.id) for fact in facts}
    same = ("city_ref", "number", "name", "kind", "words", "max_weight_g", "width_cm", "length_cm", "height_cm")
    await _put(Branch, rows, (*same, "cash", "open"), run.id)
    return await _step(run, len(rows), MirrorStage.DONE)


def _city(fact: CityFact, run: int) -> dict[str, Any]:
    words = spelling.words(fact.name)[:200]
    named = {"ref": fact.ref, "name": fact.name[:120], "area": fact.area[:120]}
    return {**named, "words": words, "head": words[:2], "branches": 0, "open": True, "run": run}


def _branch(fact: BranchFact, run: int) -> dict[str, Any]:
    return {
        "ref": fact.ref,
        "city_ref": fact.city_ref,
        "number": fact.number,
        "name": fact.name[:200],
        "kind": PointKind.LOCKER if fact.locker else PointKind.BRANCH,
        # A space before each word, so that one pattern finds them all.
        "words": f" {spelling.words(fact.name)}"[:255],
        "max_weight_g": fact.max_weight_g,
        "width_cm": fact.width_cm,
        "length_cm": fact.length_cm,
        "height_cm": fact.height_cm,
        "cash": fact.cash,
        "open": fact.open,
        "run": run,
    }


async def _put(model: type[Model], rows: dict[str, dict[str, Any]], compared: tuple[str, ...], run: int) -> None:
    """Insert what is new, rewrite what differs, and note that this run has seen all of them."""
    require_transaction()
    if not rows:
        return
    known: dict[str, dict[str, Any]] = {row["ref"]: row for row in await model.filter(ref__in=list(rows)).values()}
    for ref, row in rows.items():
        old = known.get(ref)
        if old and any(old[name] != row[name] for name in compared):
            await model.filter(ref=ref).update(**{name: row[name] for name in compared})
    await model.filter(ref__in=list(known)).update(run=run)
    await plain.insert_all(model, [row for ref, row in rows.items() if ref not in known])


async def _step(before: MirrorRun, stored: int, following: MirrorStage) -> MirrorRun:
    """The run after a page: its next page, or its next stage behind the last one."""
    # Read anew: what an attempt has counted that was rolled back must not count.
    run = await MirrorRun.get(id=before.id)
    run.page, run.stored = run.page + 1, run.stored + stored
    if not stored or run.page >= MOST_PAGES:
        await _close_unseen(City if run.stage is MirrorStage.CITIES else Branch, run.id)
        if following is MirrorStage.DONE:
            await _count_branches()
            await _tell_site(run)
            run.finished_at = clock.now()
        run.stage, run.page = following, 0
    await run.save()
    return run


async def _tell_site(run: MirrorRun) -> None:
    """The site lists the biggest cities: it hears when they are others than after the mirror before this one."""
    before = await MirrorRun.filter(stage=MirrorStage.DONE).order_by("-id").first()
    run.top = await top_cities.digest_of_top()
    if before is None or before.top != run.top:
        await top_cities.announce()


async def _close_unseen(model: type[Model], run: int) -> None:
    """What this run has not seen is not served any more, unless it saw strangely little."""
    seen, open_ones = await model.filter(run=run).count(), await model.filter(open=True).count()
    if seen < open_ones * LEAST_SHARE:
        log.warning("directory_mostly_gone", table=model._meta.db_table, seen=seen, had=open_ones)
        return
    await model.filter(open=True).exclude(run=run).update(open=False)


async def _count_branches() -> None:
    """How many points each city has: lists are ranked by it."""
    await plain.change(COUNT_BRANCHES, True)
