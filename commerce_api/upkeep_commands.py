"""`twocomms db`, `outbox`, `schedule` and `keys`: what whoever runs the shop looks after."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from commerce_api.foundation.db import migrate
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import data_keys
from commerce_api.foundation.outbox import relay
from commerce_api.foundation.schedule import service as schedule
from commerce_api.shop.accounts import factors
from commerce_api.tool import Json, console, family, plainly, settings, stop, with_database

db = family("The database schema.")
outbox = family("What is owed.")
calendar = family("What comes back.")
keys = family("Keys that seal secrets at rest.")


@db.command("migrate", help="Bring the schema to the newest.")
def db_migrate() -> None:
    with plainly():
        done = asyncio.run(migrate.migrate(settings()))
    console.print(f"applied: {', '.join(done)}" if done else "the schema is the newest")


@db.command("downgrade", help="Go back to a migration (its name or a unique beginning of it), or to zero.")
def db_downgrade(target: str) -> None:
    with plainly():
        undone = asyncio.run(migrate.downgrade(settings(), target))
    console.print(f"undone: {', '.join(undone)}" if undone else "nothing to undo")


@db.command("check", help="Compare the real schema with the models.")
def db_check() -> None:
    with plainly():
        problems = asyncio.run(migrate.check(settings()))
    if problems:
        stop("\n  ".join(["the schema differs from the models:", *problems]))
    console.print("the schema is what the models say")


@outbox.command("list", help="Deliveries that wait or were given up.")
def outbox_list(as_json: Json = False) -> None:
    rows = with_database(relay.waiting)
    if as_json:
        console.print_json(json.dumps([asdict(row) for row in rows], default=str))
        return
    table = Table("id", "event", "handler", "state", "tries", "next try (UTC)", "last error")
    for row in rows:
        values: list[Any] = [
            row.id,
            row.event,
            row.handler,
            row.state,
            row.attempts,
            f"{row.available_at:%m-%d %H:%M:%S}",
        ]
        table.add_row(*map(str, values), escape(row.last_error or ""))
    console.print(table if rows else "nothing is owed")


@outbox.command("retry", help="Try given-up deliveries again: all, or the ids named.")
def outbox_retry(ids: Annotated[list[int] | None, typer.Argument()] = None) -> None:
    console.print(f"{with_database(lambda: relay.retry_dead(ids))} deliveries will be tried again")


@calendar.command("list", help="The jobs of the calendar, and when each comes next.")
def schedule_list(as_json: Json = False) -> None:
    async def read() -> tuple[list[schedule.Planned], str]:
        return await schedule.planned(), await schedule.leader()

    jobs, leader = with_database(read)
    if as_json:
        console.print_json(json.dumps({"leader": leader, "jobs": [asdict(job) for job in jobs]}, default=str))
        return
    table = Table("job", "every (s)", "next (UTC)", "last run (UTC)", "last error")
    for job in jobs:
        last = f"{job.finished_at:%m-%d %H:%M:%S}" if job.finished_at else "-"
        table.add_row(job.name, f"{job.every:g}", f"{job.next_at:%m-%d %H:%M:%S}", last, escape(job.last_error or ""))
    console.print(table if jobs else "no worker has kept the calendar yet")
    console.print(f"kept by worker {leader}" if leader else "no worker keeps it now", highlight=False)


@keys.command("new", help="Print a key for TWOCOMMS_DATA_KEYS.")
def keys_new() -> None:
    typer.echo(data_keys.new_key())


@keys.command("rotate", help="Seal every secret under the first key of TWOCOMMS_DATA_KEYS.")
def keys_rotate() -> None:
    with plainly():
        sealed = with_database(lambda: transact(lambda: factors.rotate(settings().data_keys)))
    console.print(f"{sealed} secrets stand under the first key; the keys behind it can be dropped")
