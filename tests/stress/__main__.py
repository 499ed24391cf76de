"""The long set of `make stress`: each race 200 times, buying under kill -9, and towns whose services fail while the
shop is killed, on SQLite and PostgreSQL.

    python -m tests.stress [--rounds 200] [--orders 300] [--towns 4] [--only races|towns]

Figures go into bench/results (stress.json, faults.json) and docs/quality.md; the exit status is 1 when anything was
wrong.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench.figures import Figure, Results
from bench.report import console, finish
from commerce_api.foundation import telemetry
from commerce_api.foundation.settings import Settings
from tests import services
from tests.stress.faults import run_faults
from tests.stress.laws import LAWS
from tests.stress.outside_laws import OUTSIDE_LAWS
from tests.stress.races import RACES
from tests.stress.runs import Outcome, run_kills, run_races
from tests.stress.switches import SERVICES, SHARE

PEOPLE: Final = 40
"""Who live in a town."""


def shops(folder: Path) -> dict[str, Settings]:
    """A shop for each database."""
    made = services.make_settings(folder)
    server = services.postgres_server()
    return {"SQLite": made, "PostgreSQL": replace(made, database_url=services.postgres_database(server))}


async def emptied(settings: Settings) -> Settings:
    """The shop with its tables and no rows."""
    is_sqlite = settings.database_url.startswith("sqlite")
    await (services.copy_sqlite if is_sqlite else services.clean_postgres)(settings)
    return settings


async def run_towns(settings: Settings, towns: int) -> tuple[Outcome, list[Figure]]:
    """So many towns, each another one: what was wrong in any, and what they lived through, for the database named."""
    lived, wrong = Counter[str](), list[str]()
    for seed in range(1, towns + 1):
        outcome = await run_faults(await emptied(settings), PEOPLE, seed=seed)
        lived += Counter(
            {"processes killed": outcome.kills, "calls and messages struck by a fault": outcome.strikes,
             "notices that were given up, and told when staff pressed again": outcome.dead,
             "ways through Google and Telegram that ended in an account": outcome.came,
             "ways through Google and Telegram that opened nothing": len(outcome.seen.tried) - outcome.came,
             "answers of the model": len(outcome.seen.spent)}
        )  # fmt: skip
        wrong += [f"town {seed}: {line}" for line in outcome.wrong]
    return Outcome(towns * PEOPLE, tuple(wrong)), [Figure("", what, count, "") for what, count in lived.items()]


def told(name: str, what: str, outcome: Outcome) -> tuple[Figure, Figure]:
    """Two lines of the table; what was wrong is said at once."""
    for line in outcome.wrong:
        console.print(f"{name}: {line}", style="red", markup=False)
    return (
        Figure("stress.runs", f"{name}: {what}", outcome.runs, ""),
        Figure("stress.wrong", f"{name}: {what}: wrong", len(outcome.wrong), ""),
    )


async def run_both(settings: Mapping[str, Settings], rounds: int, orders: int) -> Results:
    """Races and kills, on each database."""
    figures: list[Figure] = []
    for name, shop in settings.items():
        races = await run_races(await emptied(shop), rounds)
        figures += told(name, f"races between two processes, {rounds} of each kind", races)
        kills = await run_kills(await emptied(shop), orders)
        figures += told(name, f"processes killed while they took {orders} orders", kills)
    notes = (
        f"Kinds of races: {'; '.join(RACES)}.",
        f"After every run {len(LAWS)} laws are asked of the database by plain SQL: {'; '.join(LAWS)}.",
        "Killed: in turn before the commit, after it, before the reply, and by SIGKILL at whatever the process did.",
    )
    return Results("stress", "", tuple(figures), notes)


async def run_all_towns(settings: Mapping[str, Settings], towns: int) -> Results:
    """Towns, on each database."""
    figures: list[Figure] = []
    for name, shop in settings.items():
        outcome, lived = await run_towns(shop, towns)
        figures += told(name, f"orders in {towns} town{'s' if towns > 1 else ''} whose services fail", outcome)
        figures += [replace(one, what=f"{name}: {one.what}") for one in lived]
    notes = (
        f"In a town {PEOPLE} people buy in every way to pay, every fourth of them signed in by Google or Telegram, and "
        "staff confirm, pack, ship, edit, cancel, refund and have texts written, while each fault of each service "
        f"({', '.join(SERVICES)}) strikes {SHARE:.0%} of its calls by itself, and "
        "sidecar and worker are killed by SIGKILL every few seconds; on two evenings half an hour passes.",
        f"Then nothing fails any more, hours pass, and {len(LAWS)} laws are asked of the database and "
        f"{len(OUTSIDE_LAWS)} of the shop and the services together: {'; '.join(OUTSIDE_LAWS)}.",
    )
    return Results("faults", "", tuple(figures), notes)


async def run(asked: argparse.Namespace, folder: Path) -> list[Results]:
    """What was asked for."""
    settings = shops(folder)
    for shop in settings.values():
        telemetry.configure_logging(shop, process="stress", level=logging.ERROR)
    found = []
    if asked.only != "towns":
        found.append(await run_both(settings, asked.rounds, asked.orders))
    if asked.only != "races":
        found.append(await run_all_towns(settings, asked.towns))
    return found


def main() -> None:
    """Run, tell, store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--orders", type=int, default=300)
    parser.add_argument("--towns", type=int, default=4)
    parser.add_argument("--only", choices=("races", "towns"))
    parser.add_argument("--no-store", action="store_true", help="only show")
    asked = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="twocomms-stress-") as folder:
            found = asyncio.run(run(asked, Path(folder)))
    finally:
        services.stop()
    for results in found:
        finish(results, store=not asked.no_store)
    figures = [figure for results in found for figure in results.figures]
    sys.exit(1 if any(figure.id == "stress.wrong" and figure.ours for figure in figures) else 0)


if __name__ == "__main__":
    main()
