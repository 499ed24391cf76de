"""The `twocomms` command line. Each command is a few lines over a function of a room; `--json` is for programs."""

import asyncio
import contextlib
import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from commerce_api import catalogue_watch, launch, seeding, worker
from commerce_api.foundation.db import migrate, setup
from commerce_api.foundation.db.runner import MigrationFailed
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.outbox import relay
from commerce_api.foundation.settings import ROOT, BadSettings, Settings, load
from commerce_api.serve import serve
from commerce_api.shop.accounts import service as accounts
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.catalog import service as catalog
from commerce_api.shop.catalog.checking import check_catalog
from commerce_api.shop.catalog.exporting import export_catalog
from commerce_api.shop.orders import queries as orders
from commerce_api.supervisor import CannotRun

T = TypeVar("T")

console = Console()
complaints = Console(stderr=True)

app = typer.Typer(no_args_is_help=True, add_completion=False, help="TwoComms: the shop's own tool.")
Json = Annotated[bool, typer.Option("--json", help="Answer for programs.")]


def group(name: str, says: str) -> typer.Typer:
    """A family of commands, such as `twocomms db ...`."""
    family = typer.Typer(no_args_is_help=True, help=says)
    app.add_typer(family, name=name)
    return family


db = group("db", "The database schema.")
catalog_commands = group("catalog", "The catalogue as files.")
site = group("site", "The static site.")
api = group("api", "The sidecar.")
office = group("office", "The staff office.")
edge = group("edge", "The stand-in of the CDN.")
worker_commands = group("worker", "Outbox and schedule.")
staff = group("staff", "Staff accounts.")
stock = group("stock", "What is left.")
orders_commands = group("orders", "Orders.")
outbox = group("outbox", "What is owed.")
demo = group("demo", "Data to try the shop with.")


def stop(problem: str) -> NoReturn:
    """End with one clear line and status 1."""
    launch.complain(problem, complaints)
    raise typer.Exit(1)


def settings() -> Settings:
    """The settings of this process; ends with what to mend when they cannot be used."""
    try:
        return load()
    except BadSettings as error:
        stop("\n  ".join(["the settings cannot be used:", *error.problems]))


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """What a person can mend is said in one line; only faults of the program end in a traceback."""
    try:
        yield
    except (CannotRun, setup.DatabaseUnavailable, MigrationFailed) as error:
        stop(str(error))
    except ShopError as error:
        said = ", ".join(f"{name} {value}" for name, value in error.details.items())
        stop(": ".join(filter(None, (error.code.replace("_", " "), said))))


async def usable_database() -> None:
    """Raises DatabaseUnavailable when the database cannot be reached or its schema is not the newest."""
    missing = await migrate.pending(settings())
    if missing:
        raise setup.DatabaseUnavailable(f"The database lacks {', '.join(missing)}: run twocomms db migrate")


def with_database(work: Callable[[], Awaitable[T]]) -> T:
    """The result of `work` with the database open; ends with one line when it cannot be used."""

    async def run() -> T:
        await usable_database()
        async with setup.opened(settings()):
            return await work()

    with plainly():
        return asyncio.run(run())


@app.command("run", help="Everything at once: database, catalogue, pictures, site, and then the whole shop on PORT.")
def run_all() -> None:
    raise typer.Exit(launch.run(settings(), console))


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


@catalog_commands.command("import", help="Bring content/catalog into the database.")
def catalog_import(
    force: Annotated[bool, typer.Option(help="Overwrite what was edited in the admin since.")] = False,
    as_json: Json = False,
) -> None:
    with plainly():
        launch.require_catalogue(settings())
    report = with_database(lambda: launch.import_with_progress(settings(), complaints, force=force))
    if as_json:
        console.print_json(json.dumps(asdict(report), default=str))
    else:
        launch.say_import(report, console)
    raise typer.Exit(1 if report.broken else 0)


@catalog_commands.command("export", help="Write the database back to content/catalog.")
def catalog_export() -> None:
    report = with_database(lambda: export_catalog(settings().content_dir, languages=settings().shop.languages))
    for name in report.written:
        console.print(f"written  {name}", highlight=False)
    for problem in report.refused:
        complaints.print(str(problem), highlight=False, soft_wrap=True, markup=False)
    console.print(f"{len(report.written)} files written, {len(report.unchanged)} say what the database says")
    raise typer.Exit(1 if report.refused else 0)


@catalog_commands.command("check", help="Read content/catalog and report what is wrong with it.")
def catalog_check() -> None:
    with plainly():
        launch.require_catalogue(settings())
    report = check_catalog(settings().content_dir, languages=settings().shop.languages)
    for problem in (*report.errors, *report.warnings):
        complaints.print(str(problem), highlight=False, soft_wrap=True, markup=False)
    console.print(
        f"{report.products} products can be imported, {len(report.errors)} errors, {len(report.warnings)} warnings"
    )
    raise typer.Exit(1 if report.errors else 0)


@catalog_commands.command("watch", help="Import what is saved in content/catalog, until stopped.")
def catalog_watch() -> None:
    with plainly():
        launch.require_catalogue(settings())
        asyncio.run(usable_database())
    catalogue_watch.main(settings())


def start_sitegen(*arguments: str) -> int:
    """Run the site generator as a program of its own: commerce never calls it (architecture.md)."""
    return subprocess.call([sys.executable, "-m", "sitegen", *arguments], cwd=ROOT)  # noqa: S603


@site.command("build", help="Build and publish the whole site.")
def site_build(
    force: Annotated[bool, typer.Option(help="Ignore what is unchanged.")] = False, as_json: Json = False
) -> None:
    raise typer.Exit(start_sitegen("build", *(["--force"] if force else []), *(["--json"] if as_json else [])))


@site.command("watch", help="Rebuild what changes, until stopped.")
def site_watch() -> None:
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "sitegen", "watch"])  # noqa: S606


@site.command("check", help="Look through every built page.")
def site_check() -> None:
    raise typer.Exit(start_sitegen("check"))


@site.command("rollback", help="Publish the release before this one again.")
def site_rollback() -> None:
    raise typer.Exit(start_sitegen("rollback"))


def serve_at(application: str, address: str) -> None:
    """Serve one of our applications, after a look at what it needs."""
    if not re.fullmatch(r"unix:.+|[^:]+:\d{1,5}", address):
        stop(f"{address!r} is no address to listen on: give host:port, or unix:/path")
    with plainly():
        asyncio.run(usable_database())
    serve(application, address)


At = Annotated[str, typer.Option("--at", help="host:port or unix:/path to listen on.")]


@api.command("serve", help="Serve the sidecar.")
def api_serve(at: At = "127.0.0.1:8080") -> None:
    serve_at("commerce_api.app:create", at)


@office.command("serve", help="Serve the staff office.")
def office_serve(at: At = "127.0.0.1:8081") -> None:
    serve_at("commerce_api.office_app:create", at)


@edge.command("serve", help="Serve the built site on PORT and pass the rest on.")
def edge_serve() -> None:
    serve("commerce_api.edge:create", f"127.0.0.1:{settings().port}")


@worker_commands.command("run", help="Deliver what the outbox owes and keep the calendar, until stopped.")
def worker_run() -> None:
    with plainly():
        asyncio.run(usable_database())
    worker.main(settings())


@staff.command("create", help="A staff account; prints a password when none is given.")
def staff_create(
    email: str,
    name: str = "",
    role: Annotated[list[Role] | None, typer.Option(help="May be given several times.")] = None,
    password: Annotated[str, typer.Option(envvar="STAFF_PASSWORD", help="Better left out: one is made.")] = "",
) -> None:
    chosen = password or secrets.token_urlsafe(12)
    roles = role or [Role.OWNER]
    with_database(lambda: transact(lambda: accounts.create_staff(email, name or email.split("@")[0], chosen, roles)))
    console.print(f"{email} may sign in at {settings().site_url}/admin/", highlight=False, soft_wrap=True, markup=False)
    if not password:
        console.print(f"password: {chosen}", highlight=False, soft_wrap=True, markup=False)


@staff.command("grant", help="Give an account one more right.")
def staff_grant(email: str, role: Role) -> None:
    given = with_database(lambda: transact(lambda: accounts.grant(email, role)))
    told = f"{email} now has {role.value}" if given else f"{email} had {role.value} already"
    console.print(told, highlight=False, soft_wrap=True, markup=False)


@stock.command("set", help="Set what is left of a SKU: a number, or made-to-order.")
def stock_set(sku: str, count: str) -> None:
    if count != "made-to-order" and not (count.isascii() and count.isdigit()):
        stop(f"{count!r} is no count: give a number such as 12, or made-to-order")
    left = None if count == "made-to-order" else int(count)
    with_database(lambda: transact(lambda: catalog.set_stock(sku, left)))
    console.print(f"{sku}: {count}")


@orders_commands.command("show", help="One order, with its history.")
def orders_show(number: str, as_json: Json = False) -> None:
    order = with_database(lambda: orders.order_by_number(number))
    if as_json:
        console.print_json(json.dumps(asdict(order), default=str))
        return
    table = Table("sku", "name", "quantity", "price", title=f"{order.number}: {order.status}, {order.payment_status}")
    for line in order.lines:
        table.add_row(line.sku, escape(line.name), str(line.quantity), f"{line.unit_price / 100:.2f}")
    console.print(table)
    for step in order.history:
        console.print(
            f"{step.at:%Y-%m-%d %H:%M} {step.field}: {step.old or '-'} > {step.new} by {step.actor} {step.reason}",
            soft_wrap=True,
            markup=False,
        )


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


@demo.command("seed", help="Staff of each role and a few orders; safe to run twice.")
def demo_seed() -> None:
    report = with_database(lambda: seeding.seed(settings()))
    for line in report:
        console.print(line, highlight=False)


@app.command("stats", help="The shop in a few figures.")
def stats() -> None:
    figures = with_database(orders.figures)
    for label, value in figures.items():
        console.print(f"{label:24} {value}")


def main() -> None:
    """The entry point of `twocomms`."""
    app()


if __name__ == "__main__":
    main()
