"""From a bare checkout to a running shop: what `make run` does, step by step, saying what takes long."""

import asyncio
import contextlib
import fcntl
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from commerce_api.foundation.db import migrate, setup
from commerce_api.foundation.db.runner import MigrationFailed
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import ROOT, BadSettings, Settings, given_values, load
from commerce_api.foundation.web import paths
from commerce_api.office.notifications.mail import MAIL_FOLDER
from commerce_api.shop.accounts import queries as accounts_queries
from commerce_api.shop.accounts import service as accounts
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.catalog.importing import CATALOG_FOLDER, ImportReport, import_catalog
from commerce_api.supervisor import CannotRun, Process, answers, check_port, supervise
from sandbox.environment import SERVICES, stand_ins
from sandbox.keeping import KEPT_FILE

FIRST_STAFF: Final = "owner@twocomms.example"
STAFF_NOTE: Final = "first-password.txt"
PATIENCE: Final = 120.0
"""Seconds until every process has to answer."""


def complain(problem: str, console: Console) -> None:
    """Say what stands in the way and what to do about it: one line, however narrow the terminal."""
    console.print(f"[bold red]twocomms:[/] {escape(problem)}", highlight=False, soft_wrap=True)


def require_folders(settings: Settings) -> None:
    """Make the folders that are written to. Raises CannotRun for the first that cannot be."""
    for folder in (settings.var_dir, settings.build_dir):
        probe = folder / ".writable"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise CannotRun(
                f"the folder {folder} cannot be written ({error.strerror}): let this user write to it, or name another "
                "in TWOCOMMS_VAR_DIR or TWOCOMMS_BUILD_DIR"
            ) from error


def require_catalogue(settings: Settings) -> None:
    """Raises CannotRun when there is no catalogue to import: a folder that was mistyped, or a broken checkout."""
    folder = settings.content_dir / CATALOG_FOLDER
    if not folder.is_dir():
        raise CannotRun(f"there is no folder {folder}: put the catalogue there, or correct TWOCOMMS_CONTENT_DIR")


@contextlib.contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the var folder for this shop: a second one would take over its sockets. Raises CannotRun when it is held."""
    with (settings.var_dir / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotRun(
                f"a shop runs from {settings.var_dir} already: stop it, or give this one its own TWOCOMMS_VAR_DIR and "
                "TWOCOMMS_BUILD_DIR"
            ) from error
        yield


async def _first_staff(settings: Settings) -> str | None:
    """The generated password of the first staff account; made when nobody can sign in yet, forgotten in production."""
    kept = settings.var_dir / STAFF_NOTE
    if not await accounts_queries.staff_exists():
        password = secrets.token_urlsafe(12)
        await transact(lambda: accounts.create_staff(FIRST_STAFF, "Owner", password, [Role.OWNER]))
        kept.touch(mode=0o600)
        kept.write_text(password + "\n")
    return kept.read_text().strip() if kept.is_file() else None


async def import_with_progress(settings: Settings, console: Console, *, force: bool = False) -> ImportReport:
    """Bring content/catalog into the open database, with a bar where there is a terminal."""
    columns = (TextColumn("  catalogue  "), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[slug]}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", slug="", total=None)

        def tell(done: int, total: int, slug: str) -> None:
            bar.update(task, completed=done, total=total, slug=slug)

        return await import_catalog(
            settings.content_dir,
            force=force,
            progress=tell,
            var_dir=settings.var_dir,
            languages=settings.shop.languages,
        )


def say_import(report: ImportReport, console: Console) -> None:
    """What an import did, in a line or two; every problem with its file."""
    counted = {
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
    }
    said = ", ".join(f"{len(slugs)} {name}" for name, slugs in counted.items() if slugs)
    console.print(f"  catalogue   {said or 'no products'}")
    for slug in report.conflicts:
        console.print(
            f"  [yellow]conflict[/]    {slug}: edited in the office since its file was imported; export first, or "
            "import with --force",
            soft_wrap=True,
        )
    for slug in report.missing:
        console.print(f"  [yellow]no folder[/]   {slug}: it stays in the shop until it is archived", soft_wrap=True)
    for problem in report.broken:
        console.print(f"  [red]broken[/]      {escape(str(problem))}", soft_wrap=True, highlight=False)
    for problem in report.warnings:
        console.print(f"  [yellow]warning[/]     {escape(str(problem))}", soft_wrap=True, highlight=False)


async def prepare(settings: Settings, console: Console) -> str | None:
    """Bring database and catalogue to what the checkout says; returns the first staff password while it is kept.

    A shop that was open before opens at once: its catalogue process imports what changed since, beside the others.
    """
    kept = settings.var_dir / STAFF_NOTE
    if kept.is_file() and site_is_built(settings) and not await migrate.pending(settings):
        return kept.read_text().strip()
    applied = await migrate.migrate(settings)
    if applied:
        console.print(f"  database    {len(applied)} migration{'s' if len(applied) > 1 else ''} applied")
    async with setup.opened(settings):
        say_import(await import_with_progress(settings, console), console)
        return await _first_staff(settings)


def site_is_built(settings: Settings) -> bool:
    """Whether there is a release to show."""
    return (settings.build_dir / "current" / "index.html").is_file()


def python(module: str, *arguments: str) -> Sequence[str]:
    """The command line of one of our own processes: a module that imports what it needs and no more."""
    return (sys.executable, "-m", module, *arguments)


def behind(command: Sequence[str]) -> Sequence[str]:
    """A command that lets those who answer visitors go first, at the start above all: two cores are few for six."""
    return ("nice", "-n", "10", *command)


def sandbox_address(settings: Settings) -> str:
    """Where the stand-ins of the services outside are reached."""
    return f"http://localhost:{settings.port + 1}"


def stand_in_settings(settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
    """The settings that lead a shop in development to the stand-ins of those services that it was given no token of."""
    if settings.env != "dev":
        return {}
    return stand_ins(sandbox_address(settings), settings.port + 2, SERVICES, given)


def sandbox_process(settings: Settings) -> Process:
    """The stand-ins, beside the shop."""
    ports = ("--port", str(settings.port + 1), "--smtp-port", str(settings.port + 2))
    shop = ("--shop", f"http://localhost:{settings.port}")
    kept = ("--kept", str(settings.var_dir / KEPT_FILE))
    there = f"127.0.0.1:{settings.port + 1}"
    return Process("sandbox", python("sandbox.serve", *ports, *shop, *kept), healthy=lambda: answers(there))


def processes(settings: Settings, stand_ins: Mapping[str, str]) -> list[Process]:
    """The shop's processes in the order they start: those behind first, the edge last. With `stand_ins` the sandbox
    is one of them, and the others are led to it."""
    shop = [replace(process, env=stand_ins) for process in shop_processes(settings)]
    return [sandbox_process(settings), *shop] if stand_ins else shop


def shop_processes(settings: Settings) -> list[Process]:
    """The processes of the shop alone."""
    sidecar = paths.socket_address(settings.var_dir, "sidecar")
    office = paths.socket_address(settings.var_dir, "office")
    front = f"127.0.0.1:{settings.port}"
    serve = "commerce_api.serve"
    return [
        Process("sidecar", python(serve, "commerce_api.app:create", sidecar), healthy=lambda: answers(sidecar)),
        Process("office", python(serve, "commerce_api.office_app:create", office), healthy=lambda: answers(office)),
        Process("worker", behind(python("commerce_api.worker"))),
        Process("catalogue", behind(python("commerce_api.catalogue_watch"))),
        Process("site", behind(python("sitegen", "watch"))),
        Process("edge", python(serve, "commerce_api.edge:create", front), healthy=lambda: answers(front, "/")),
    ]


def announce(
    settings: Settings, password: str | None, started: float, console: Console, *, sandbox: bool = False
) -> None:
    """Say where everything is."""
    here = f"http://localhost:{settings.port}"
    console.print(f"\n[bold]The shop is open[/] after {time.monotonic() - started:.1f} s. Ctrl-C closes it.")
    console.print(f"  shop        {here}/", highlight=False)
    console.print(f"  in English  {here}/en/", highlight=False)
    console.print(f"  staff       {here}/admin/", highlight=False)
    if password:
        console.print(f"              {FIRST_STAFF}  {password}", highlight=False, markup=False)
    if sandbox:
        there = sandbox_address(settings)
        console.print(
            f"  sandbox     {there}/  (bank, carrier and the others: nothing here is real)",
            highlight=False,
            soft_wrap=True,
        )
        console.print(f"  inbox       {there}/inbox", highlight=False)
    elif settings.env != "production":
        console.print(f"  letters     {settings.var_dir / MAIL_FOLDER}", highlight=False, soft_wrap=True, markup=False)
    counting = "Redis" if settings.redis_url else "the memory of each process"
    console.print(f"  limits      {f'counted in {counting}' if settings.limits else 'off'}", highlight=False)
    answers = "kept in Redis for all processes" if settings.redis_url else "made anew by each process"
    console.print(f"  answers     {answers}; sessions and carts live in the database", highlight=False)
    console.print(f"  API         {here}/api/docs\n", highlight=False)
    for name in settings.outside.not_connected if settings.env == "production" else ():
        console.print(f"  [yellow]not connected[/]  {name}", highlight=False)
    for name in settings.without_effect:
        console.print(f"  [yellow]{name} is set, but has no effect yet[/]")


def run(settings: Settings, console: Console) -> int:
    """Everything at once; returns the exit status. One clear line for whatever stands in the way."""
    started = time.monotonic()
    os.chdir(ROOT)
    outside = stand_in_settings(settings, given_values())
    try:
        check_port(settings.port)
        for port in (settings.port + 1, settings.port + 2) if outside else ():
            check_port(port)
        require_folders(settings)
        require_catalogue(settings)
        with alone(settings):
            password = asyncio.run(prepare(settings, console))
            if not site_is_built(settings) and subprocess.call([sys.executable, "-m", "sitegen", "build"], cwd=ROOT):
                raise CannotRun("the site could not be built: the lines above say why")
            return supervise(
                processes(settings, outside),
                ready=lambda: announce(settings, password, started, console, sandbox=bool(outside)),
                patience=PATIENCE,
            )
    except (CannotRun, setup.DatabaseUnavailable, MigrationFailed) as error:
        complain(str(error), console)
        return 1


def main() -> int:
    """`make run`: a door of its own, because the whole command line takes a second longer to import."""
    console = Console()
    try:
        settings = load()
    except BadSettings as error:
        console.print("[bold red]twocomms:[/] the settings cannot be used:", highlight=False)
        for problem in error.problems:
            console.print(f"  {problem}", highlight=False, soft_wrap=True)
        return 1
    return run(settings, console)


if __name__ == "__main__":
    raise SystemExit(main())
