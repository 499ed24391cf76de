"""The schema's history: what is pending, going forward, going back, and whether schema, models and history agree.

`migrate` is asked at every start and answers in milliseconds when nothing is pending: it compares the names of the
files with the names in the database before it loads any model.
"""

import asyncio
import contextlib
import fcntl
import importlib.util
import pkgutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationTarget

from commerce_api.foundation.db import inspect
from commerce_api.foundation.db.frozen import changes
from commerce_api.foundation.db.runner import LATEST, ZERO, MigrationFailed, Progress, Runner
from commerce_api.foundation.db.setup import (
    CONNECTION,
    LABEL,
    SHOP,
    DatabaseUnavailable,
    Schema,
    config,
    explained,
    forget_queries,
    is_sqlite,
    make_folder,
    sqlite_file,
)
from commerce_api.foundation.settings import Settings

__all__ = ["MigrationFailed", "applied", "check", "downgrade", "migrate", "on_disk", "pending"]

LOCK_WAIT: Final = 120.0
"""Seconds that a second process waits for the first one's migrations."""
LOCK_NUMBER: Final = 0x74776F636F6D6D73
"""Our number among PostgreSQL's advisory locks: "twocomms"."""

BUSY: Final = "Another process is migrating the database and does not end: look for it, and try again"
APPLIED: Final = "SELECT name FROM tortoise_migrations WHERE app = 'shop' ORDER BY name"


def _nothing(name: str, backward: bool) -> None:
    return None


def on_disk(schema: Schema = SHOP) -> list[str]:
    """Names of the migrations in the package, oldest first; none when there is no such package."""
    spec = importlib.util.find_spec(schema.migrations)
    folders = spec.submodule_search_locations if spec else None
    return (
        sorted(module.name for module in pkgutil.iter_modules(folders) if module.name[0].isdigit()) if folders else []
    )


def _applied_sqlite(file: Path) -> list[str]:
    if not file.exists():
        return []
    with contextlib.closing(sqlite3.connect(file, timeout=5)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'tortoise_migrations'").fetchone():
            return []
        return [name for (name,) in connection.execute(APPLIED)]


@contextlib.asynccontextmanager
async def _bare_postgres(database_url: str) -> AsyncIterator[Any]:
    """A connection beside the pool and without Tortoise."""
    given = config(database_url)["connections"][CONNECTION]["credentials"]
    names = ("host", "port", "user", "password", "database", "ssl")
    connection = await asyncpg.connect(**{name: given.get(name) for name in names}, timeout=10)
    try:
        yield connection
    finally:
        await connection.close()


async def applied(settings: Settings) -> list[str]:
    """Names of the migrations that the database has, oldest first. Raises DatabaseUnavailable."""
    url = settings.database_url
    try:
        if is_sqlite(url):
            return await asyncio.to_thread(_applied_sqlite, sqlite_file(url))
        async with _bare_postgres(url) as connection:
            if not await connection.fetchval("SELECT to_regclass('tortoise_migrations')"):
                return []
            return [row["name"] for row in await connection.fetch(APPLIED)]
    except (sqlite3.Error, asyncpg.PostgresError, OSError) as error:
        raise explained(error, url) from error


async def pending(settings: Settings, *, schema: Schema = SHOP) -> list[str]:
    """Names of the migrations that the database does not have yet, oldest first.

    Raises DatabaseUnavailable when it cannot be reached, or has migrations that this code does not know: then the code
    is older than the database, and would write rows that the newer code cannot read.
    """
    known, has = on_disk(schema), await applied(settings)
    strangers = sorted(set(has) - set(known))
    if strangers:
        raise DatabaseUnavailable(
            f"The database has {', '.join(strangers)}, which this code does not know: install the newer code, or take "
            "the schema back with it (twocomms db downgrade)"
        )
    return [name for name in known if name not in has]


@contextlib.asynccontextmanager
async def _file_lock(file: Path) -> AsyncIterator[None]:
    with file.with_name(file.name + ".migrating").open("a") as lock:
        until = monotonic() + LOCK_WAIT
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if monotonic() > until:
                    raise DatabaseUnavailable(BUSY) from None
                await asyncio.sleep(0.05)
        yield


@contextlib.asynccontextmanager
async def _alone(database_url: str) -> AsyncIterator[None]:
    """One process migrates at a time; the others wait. The lock goes with the process that held it."""
    if is_sqlite(database_url):
        async with _file_lock(sqlite_file(database_url)):
            yield
        return
    async with _bare_postgres(database_url) as connection:
        try:
            await connection.execute(f"SELECT pg_advisory_lock({LOCK_NUMBER})", timeout=LOCK_WAIT)
        except TimeoutError:
            raise DatabaseUnavailable(BUSY) from None
        yield


@contextlib.asynccontextmanager
async def _tortoise(database_url: str, schema: Schema) -> AsyncIterator[dict[str, Any]]:
    """Tortoise set up for changing tables, beside what this process has open; the label's configuration."""
    made = config(database_url, schema=schema, migrating=True)
    try:
        async with TortoiseContext() as context:
            await context.init(config=made)
            yield made["apps"]
    finally:
        forget_queries()


async def _run(settings: Settings, target: MigrationTarget, schema: Schema, progress: Progress) -> list[str]:
    try:
        async with _alone(settings.database_url), _tortoise(settings.database_url, schema) as apps:
            return await Runner(get_connection(CONNECTION), apps).run([target], progress)
    except (asyncpg.PostgresError, OSError, sqlite3.DatabaseError) as error:
        raise explained(error, settings.database_url) from error


async def migrate(settings: Settings, *, schema: Schema = SHOP, progress: Progress = _nothing) -> list[str]:
    """Applies what is pending and returns its names. Makes an SQLite file that does not exist.

    Raises DatabaseUnavailable as pending() does, MigrationFailed when a migration cannot be carried out.
    """
    make_folder(settings.database_url)
    if not await pending(settings, schema=schema):
        return []
    return await _run(settings, LATEST, schema, progress)


async def downgrade(
    settings: Settings, target: str, *, schema: Schema = SHOP, progress: Progress = _nothing
) -> list[str]:
    """Takes back every migration after `target` and returns their names, newest first.

    `target` is a name, the beginning of exactly one, or "zero" for an empty database. Columns and tables that go take
    their contents with them. Raises MigrationFailed for an unknown target, DatabaseUnavailable as pending() does.
    """
    await pending(settings, schema=schema)
    has = await applied(settings)
    if target == "zero":
        return await _run(settings, ZERO, schema, progress)
    found = [name for name in has if name == target] or [name for name in has if name.startswith(target)]
    if len(found) != 1:
        raise MigrationFailed(f"{target} should name one of: zero, {', '.join(has)}")
    if found[0] == has[-1]:
        return []
    return await _run(settings, MigrationTarget(LABEL, found[0]), schema, progress)


async def check(settings: Settings, *, schema: Schema = SHOP) -> list[str]:
    """What does not agree, as sentences; empty when all is well.

    Pending migrations; models that the migrations do not describe; tables that differ from the models. Changes nothing.
    Raises DatabaseUnavailable.
    """
    found = [f"migration {name} is pending" for name in await pending(settings, schema=schema)]
    async with _tortoise(settings.database_url, schema) as apps:
        found += [f"the models have changed, and no migration says so: {change}" for change in await changes(apps)]
        if not found:
            connection = get_connection(CONNECTION)
            wanted = inspect.wanted(connection.capabilities.dialect)
            found = inspect.differences(wanted, await inspect.real(connection))
    return found
