"""The commands of `python -m sitegen`."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from commerce_api.foundation.settings import BadSettings
from sitegen import afterwards, checks, images, publish
from sitegen.build import build, roll_back
from sitegen.config import Config, load
from sitegen.idle import unchanged
from sitegen.receipt import Receipt
from sitegen.source import CatalogView, opened, report_of

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="The static site of the shop."
)
people = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Print the receipt for programs.")]
Fixture = Annotated[Path | None, typer.Option(help="Take the catalogue from this JSON file.")]
Theme = Annotated[Path | None, typer.Option(help="Use this theme.")]
Content = Annotated[Path | None, typer.Option(help="Use this content folder.")]
Build = Annotated[Path | None, typer.Option("--build", help="Publish into this folder.")]


def _config(fixture: Path | None, theme: Path | None, content: Path | None, folder: Path | None) -> Config:
    given: dict[str, Any] = {"fixture": fixture, "theme": theme, "content": content, "build": folder}
    try:
        return replace(load(), **{name: path.resolve() for name, path in given.items() if path})
    except BadSettings as bad:
        _fail("\n".join(bad.problems))


def _fail(problem: str) -> NoReturn:
    people.print(problem, style="red", markup=False, highlight=False)
    raise typer.Exit(1)


def _tell(receipt: Receipt, as_json: bool) -> None:
    typer.echo(receipt.json() if as_json else receipt.sentence())


async def _read(config: Config) -> CatalogView:
    async with opened(config) as source:
        return await source.read_all()


async def _build(config: Config, force: bool) -> Receipt:
    async with opened(config) as source:
        stamp = await source.read_stamp()
        idle = None if force else unchanged(config, stamp)
        if idle:
            await source.report_build(report_of(idle))
            return idle
        view = await source.read_all()
    # The database is closed while pages render, so that rendering may fork.
    receipt = build(config, view, force=force, stamp=stamp)
    async with opened(config) as source:
        await source.report_build(report_of(receipt))
    return receipt


@app.command("build")
def build_site(
    force: Annotated[bool, typer.Option(help="Render everything, changed or not.")] = False,
    as_json: Json = False,
    fixture: Fixture = None,
    theme: Theme = None,
    content: Content = None,
    folder: Build = None,
) -> None:
    """Build the whole site and publish it with one switch."""
    config = _config(fixture, theme, content, folder)
    receipt = _or_fail(lambda: asyncio.run(_build(config, force)))
    _tell(_sent(config, receipt), as_json)


@app.command()
def watch(
    as_json: Json = False,
    fixture: Fixture = None,
    theme: Theme = None,
    content: Content = None,
    folder: Build = None,
) -> None:
    """Follow changes of the shop and saved files until stopped."""
    config = _config(fixture, theme, content, folder)
    watcher = import_module("sitegen.watch")

    async def follow() -> None:
        async with opened(config) as source:
            await watcher.Watcher(config, source, lambda receipt: _tell(receipt, as_json)).run()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(follow())


@app.command()
def check(as_json: Json = False, fixture: Fixture = None, content: Content = None, folder: Build = None) -> None:
    """Look through every built page and file: links, HTML, structured data, feeds, sitemap, sizes, drafts."""
    config = _config(fixture, None, content, folder)
    if not publish.current(config.build):
        _fail("there is no built site yet: run `make rebuild`")
    try:
        with _bar("reading") as bar:
            report = checks.check(
                config.build / "current",
                config.site_url,
                view=_read_if_possible(config),
                hosts=checks.known_hosts(config.content),
                jar=config.root / checks.JAR,
                workers=config.workers,
                progress=lambda done, pages: bar.update(TaskID(0), completed=done, total=pages),
            )
    except checks.SiteMoved as gone:
        _fail(f"the site changed while it was looked at ({gone} is gone): check again when its watcher rests")
    typer.echo(report.json() if as_json else report.sentence())
    # What nobody looked at is no success where nobody reads the lines.
    if report.problems or (report.unchecked and os.environ.get("CI")):
        raise typer.Exit(1)


def _bar(says: str) -> Progress:
    """A line that grows on a terminal, and nothing elsewhere."""
    bar = Progress(TextColumn(says), BarColumn(), MofNCompleteColumn(), console=people, transient=True)
    bar.add_task(says, total=None)
    return bar


def _read_if_possible(config: Config) -> CatalogView | None:
    """The catalogue; None where there is no database to read it from."""
    try:
        return asyncio.run(_read(config))
    except Exception as problem:
        if type(problem).__module__.partition(".")[0] in ("tortoise", "commerce_api") or isinstance(problem, OSError):
            return None
        raise


@app.command("publish")
def publish_site(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be sent.")] = False,
    folder: Build = None,
) -> None:
    """Bring the copy at TWOCOMMS_PUBLISH_URL up to date, and tell the CDN what is new."""
    config = _config(None, None, None, folder)
    if not publish.current(config.build):
        _fail("there is no built site yet: run `make rebuild`")
    if not afterwards.wanted(config):
        _fail("nothing to send to: set TWOCOMMS_PUBLISH_URL or TWOCOMMS_PURGE_URL")
    if dry_run:
        typer.echo("\n".join(afterwards.look(config)))
        return
    problems = afterwards.send(config)
    if problems:
        _fail("\n".join(problems))
    typer.echo(f"{publish.current(config.build)} is where it should be")


@app.command()
def rollback(as_json: Json = False, folder: Build = None) -> None:
    """Serve the release before the current one and pause building until the next `build`."""
    config = _config(None, None, None, folder)
    receipt = _sent(config, _or_fail(lambda: roll_back(config)))
    _tell(receipt, as_json)
    try:
        asyncio.run(_report(config, receipt))
    except Exception as problem:
        # The site is rolled back all the same, and a broken database may be the very reason for it.
        people.print(f"the office was not told: {problem}", style="yellow", markup=False, highlight=False)


@app.command()
def improve(
    limit: Annotated[int | None, typer.Option(help="Stop after so many masters.")] = None,
    fixture: Fixture = None,
    content: Content = None,
    folder: Build = None,
) -> None:
    """Encode pictures again, slower and smaller."""
    config = _config(fixture, None, content, folder)
    done = images.improve(config, asyncio.run(_read(config)).products, limit)
    typer.echo(f"{done} masters encoded again")


async def _report(config: Config, receipt: Receipt) -> None:
    async with opened(config) as source:
        await source.report_build(report_of(receipt))


def _sent(config: Config, receipt: Receipt) -> Receipt:
    """The receipt with what could not be sent; the release is served here all the same."""
    afterwards.note(config, receipt)
    return replace(receipt, errors=(*receipt.errors, *afterwards.send(config)))


def _or_fail(deed: Callable[[], Receipt]) -> Receipt:
    try:
        return deed()
    except (publish.NothingToRollBack, publish.NotWhole, FileNotFoundError) as problem:
        _fail(str(problem))
    except Exception as problem:
        # Pelican's half is loaded late, so what it raises is known here by where it comes from.
        owner = type(problem).__module__.partition(".")[0]
        if owner == "tortoise":
            _fail(f"the database cannot be read ({problem}): run `make migrate`")
        if owner in ("sitegen", "commerce_api", "jinja2"):
            _fail(f"{type(problem).__name__}: {problem}")
        raise


def run() -> None:
    """Do what the command line says."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("sitegen").setLevel(logging.INFO)
    app()
