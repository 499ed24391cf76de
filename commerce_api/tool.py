"""What each command of `twocomms` needs: where it speaks, its settings, the open database, a clear line for trouble."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console

from commerce_api import launch
from commerce_api.foundation.db import migrate, setup
from commerce_api.foundation.db.runner import MigrationFailed
from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.kit.sealing import CannotOpen
from commerce_api.foundation.settings import BadSettings, Settings, load
from commerce_api.supervisor import CannotRun

T = TypeVar("T")

console = Console()
complaints = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Answer for programs.")]


def family(says: str) -> typer.Typer:
    """A family of commands, such as `twocomms db ...`."""
    return typer.Typer(no_args_is_help=True, help=says)


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
    except (CannotRun, CannotOpen, setup.DatabaseUnavailable, MigrationFailed) as error:
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
