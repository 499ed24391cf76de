"""Databases of the tests: one PostgreSQL cluster for all workers, a database in it for each; an SQLite file per test.

Their schema is made by the migrations, because nothing else creates all constraints. PostgreSQL is the
server of TEST_POSTGRES_URL (a superuser's address), else one started from Debian's packages without fsync.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]

from commerce_api.foundation import settings as shop_settings
from commerce_api.foundation.db import migrate
from commerce_api.foundation.db.setup import config
from commerce_api.foundation.settings import Settings
from deploy import services

FOLDER_VARIABLE: Final = "TEST_SERVICES_FOLDER"
"""Where the controller of a test run tells its workers to keep what they share."""


def folder() -> Path:
    """The folder that all workers of this run share; made by the first that asks."""
    if FOLDER_VARIABLE not in os.environ:
        made = Path(tempfile.mkdtemp(prefix="twocomms-tests-"))
        # PostgreSQL runs as a user of its own and has to get through to its part.
        made.chmod(0o755)
        os.environ[FOLDER_VARIABLE] = str(made)
    return Path(os.environ[FOLDER_VARIABLE])


@contextlib.contextmanager
def _alone(name: str) -> Iterator[Path]:
    """One worker at a time; the path whose existence says that the work is done."""
    with (folder() / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder() / f"{name}.done"


def _cluster(port: int) -> services.Service:
    return services.postgres(folder() / "postgres", port, safe=False)


def postgres_server() -> str:
    """The address of the server that tests use, without a database. Raises services.ServiceUnavailable."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        return given.rsplit("/", 1)[0]
    with _alone("postgres") as done:
        if not done.exists():
            cluster = _cluster(services.free_port())
            services.start(cluster)
            done.write_text(str(cluster.port))
        return _cluster(int(done.read_text())).url.rsplit("/", 1)[0]


def stop() -> None:
    """Ends what this run started and removes its folder; called once, by the controller."""
    if FOLDER_VARIABLE not in os.environ:
        return
    if "TEST_POSTGRES_URL" in os.environ:
        asyncio.run(_drop_all(postgres_server()))
    with _alone("postgres") as done:
        if done.exists():
            services.stop(_cluster(int(done.read_text())))
    shutil.rmtree(folder(), ignore_errors=True)
    del os.environ[FOLDER_VARIABLE]


def make_settings(place: Path, **values: str) -> Settings:
    """Settings of a shop that lives below `place`; `values` are environment names."""
    return shop_settings.parse(
        {
            "TWOCOMMS_ENV": "test",
            "TWOCOMMS_VAR_DIR": str(place / "var"),
            "TWOCOMMS_BUILD_DIR": str(place / "build"),
            "DATABASE_URL": f"sqlite://{place}/var/shop.sqlite3?synchronous=OFF",
            **values,
        }
    )


def _migrated(settings: Settings) -> None:
    # In a thread: fixtures run inside a loop already.
    asyncio.run(migrate.migrate(settings))


async def copy_sqlite(settings: Settings) -> None:
    """Puts a migrated, empty database where `settings` want theirs."""
    target = Path(config(settings.database_url)["connections"]["default"]["credentials"]["file_path"])
    template = folder() / "template.sqlite3"

    def copy() -> None:
        with _alone("sqlite") as done:
            if not done.exists():
                _migrated(replace(settings, database_url=f"sqlite://{template}?synchronous=OFF"))
                done.touch()
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(template, target)

    await asyncio.to_thread(copy)


def run_name() -> str:
    """The beginning of the names of this run's databases: another run may use the same server."""
    return f"test_{folder().name.rpartition('-')[2]}_"


def _plain(database_url: str) -> str:
    return database_url.partition("?")[0]


async def _sql(server: str, *statements: str) -> list[Any]:
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        return [await connection.fetch(statement) for statement in statements]
    finally:
        await connection.close()


def postgres_database(server: str) -> str:
    """The address of the database that all tests of this worker share, one after another."""
    return f"{server}/{run_name()}{os.environ.get('PYTEST_XDIST_WORKER', 'main')}?minsize=1"


async def clean_postgres(settings: Settings) -> None:
    """The worker's database, migrated and without rows: copied from the template at first, emptied afterwards.

    Emptying takes 2 ms, a fresh copy of the template 350, TRUNCATE 230. So numbers go on counting between tests, and
    migrations must leave no rows of their own (tests/commerce_api/foundation/db/test_schema.py).
    """
    server, _, name = _plain(settings.database_url).rpartition("/")
    with _alone(name) as done:
        if not done.exists():
            await asyncio.to_thread(_template, server, settings)
            await _sql(
                server, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{run_name()}all"'
            )
            done.touch()
    connection = await asyncpg.connect(f"{server}/{name}")
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'"
        )
        # Without the triggers of foreign keys: the order of tables does not matter then.
        emptied = ";".join(f'DELETE FROM "{table["tablename"]}"' for table in tables)
        await connection.execute(f"SET session_replication_role = replica; {emptied}")
    finally:
        await connection.close()


def _template(server: str, settings: Settings) -> None:
    with _alone("template") as done:
        if not done.exists():
            name = f"{run_name()}all"
            asyncio.run(_sql(server, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"'))
            _migrated(replace(settings, database_url=f"{server}/{name}"))
            done.touch()


async def empty_postgres(settings: Settings) -> None:
    """Makes the database that `settings` name, without tables."""
    server, _, name = _plain(settings.database_url).rpartition("/")
    await _sql(server, f'CREATE DATABASE "{name}"')


async def drop_postgres(settings: Settings) -> None:
    """Removes the database that `settings` name, whoever is still in it."""
    server, _, name = _plain(settings.database_url).rpartition("/")
    await _sql(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _drop_all(server: str) -> None:
    (rows,) = await _sql(server, "SELECT datname FROM pg_database")
    for name in [row["datname"] for row in rows if row["datname"].startswith(run_name())]:
        await _sql(server, f'DROP DATABASE "{name}" WITH (FORCE)')
