"""The `twocomms` command line. Each command is a few lines over a function of a room; `--json` is for programs."""

import asyncio
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from typing import Annotated, Final

import typer

from commerce_api import ai_commands, catalogue_watch, launch, seeding, shop_commands, upkeep_commands
from commerce_api.foundation.settings import ROOT
from commerce_api.serve import serve
from commerce_api.shop.catalog.checking import check_catalog
from commerce_api.shop.catalog.exporting import export_catalog
from commerce_api.shop.orders import queries as orders
from commerce_api.supervisor import check_port
from commerce_api.tool import Json, complaints, console, family, plainly, settings, stop, usable_database, with_database
from sandbox.keeping import KEPT_FILE
from sandbox.serve import new_world
from sandbox.serve import serve as serve_sandbox

app = typer.Typer(no_args_is_help=True, add_completion=False, help="TwoComms: the shop's own tool.")

catalogue = family("The catalogue as files.")
site = family("The static site.")
api = family("The sidecar.")
office = family("The staff office.")
edge = family("The stand-in of the CDN.")
worker = family("Outbox and schedule.")
sandbox = family("Stand-ins of the services outside.")
demo = family("Data to try the shop with.")

FAMILIES: Final = {
    "db": upkeep_commands.db,
    "catalog": catalogue,
    "site": site,
    "api": api,
    "office": office,
    "edge": edge,
    "worker": worker,
    "staff": shop_commands.staff,
    "stock": shop_commands.stock,
    "promo": shop_commands.promo,
    "orders": shop_commands.order,
    "outbox": upkeep_commands.outbox,
    "schedule": upkeep_commands.calendar,
    "keys": upkeep_commands.keys,
    "sandbox": sandbox,
    "demo": demo,
    "ai": ai_commands.ai,
}
"""The families of commands by name, in the order in which help lists them."""
for _name, _family in FAMILIES.items():
    app.add_typer(_family, name=_name)


@app.command("run", help="Everything at once: database, catalogue, pictures, site, and then the whole shop on PORT.")
def run_all() -> None:
    raise typer.Exit(launch.run(settings(), console))


@catalogue.command("import", help="Bring content/catalog into the database.")
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


@catalogue.command("export", help="Write the database back to content/catalog.")
def catalog_export() -> None:
    report = with_database(lambda: export_catalog(settings().content_dir, languages=settings().shop.languages))
    for name in report.written:
        console.print(f"written  {name}", highlight=False)
    for problem in report.refused:
        complaints.print(str(problem), highlight=False, soft_wrap=True, markup=False)
    console.print(f"{len(report.written)} files written, {len(report.unchanged)} say what the database says")
    raise typer.Exit(1 if report.refused else 0)


@catalogue.command("check", help="Read content/catalog and report what is wrong with it.")
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


@catalogue.command("watch", help="Import what is saved in content/catalog, until stopped.")
def catalog_watch() -> None:
    with plainly():
        launch.require_catalogue(settings())
        asyncio.run(usable_database())
    catalogue_watch.main(settings())


def start_sitegen(*arguments: str) -> int:
    """Run the site generator as a program of its own: commerce never calls it (architecture.md)."""
    return subprocess.call([sys.executable, "-m", "sitegen", *arguments], cwd=ROOT)  # noqa: S603 - our own module


@site.command("build", help="Build and publish the whole site.")
def site_build(
    force: Annotated[bool, typer.Option(help="Ignore what is unchanged.")] = False, as_json: Json = False
) -> None:
    raise typer.Exit(start_sitegen("build", *(["--force"] if force else []), *(["--json"] if as_json else [])))


@site.command("watch", help="Rebuild what changes, until stopped.")
def site_watch() -> None:
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "sitegen", "watch"])  # noqa: S606 - our own module


@site.command("check", help="Look through every built page.")
def site_check(as_json: Json = False) -> None:
    raise typer.Exit(start_sitegen("check", *(["--json"] if as_json else [])))


@site.command("publish", help="Bring the copy at TWOCOMMS_PUBLISH_URL up to date and tell the CDN.")
def site_publish(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be sent.")] = False,
) -> None:
    raise typer.Exit(start_sitegen("publish", *(["--dry-run"] if dry_run else [])))


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


@worker.command("run", help="Deliver what the outbox owes and keep the calendar, until stopped.")
def worker_run() -> None:
    with plainly():
        asyncio.run(usable_database())
    # A program of its own: it brings libraries that would make every other command slow to start.
    os.execv(sys.executable, [sys.executable, "-m", "commerce_api.worker"])  # noqa: S606 - our own module


@sandbox.command("serve", help="Serve the stand-ins on PORT+1, and their mail server on PORT+2.")
def sandbox_serve() -> None:
    port, shop = settings().port, f"http://localhost:{settings().port}"
    with plainly():
        for each in (port + 1, port + 2):
            check_port(each)
    console.print(f"The stand-ins are at http://localhost:{port + 1}/ (letters: smtp://127.0.0.1:{port + 2})")
    kept = settings().var_dir / KEPT_FILE
    asyncio.run(serve_sandbox(new_world(port + 1, shop), port + 1, port + 2, kept))


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
