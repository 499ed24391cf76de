"""How the shop reaches its database: the configuration of Tortoise, opening, closing, and a look at the engine's word.

One Tortoise label, "shop", holds the models of all rooms (architecture.md 3): with one label per package the generated
migrations lack dependencies. The models are named by strings, because this floor imports nothing from above.
"""

import secrets
import sqlite3
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import asyncpg  # type: ignore[import-untyped]
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException, ConfigurationError

from commerce_api.foundation.db import postgres, sqlite
from commerce_api.foundation.errors import Unavailable
from commerce_api.foundation.settings import Settings

CONNECTION: Final = "default"
LABEL: Final = "shop"
MODELS: tuple[str, ...] = (
    "commerce_api.foundation.outbox.models",
    "commerce_api.foundation.publishing.models",
    "commerce_api.foundation.schedule.models",
    "commerce_api.foundation.web.models",
    "commerce_api.shop.catalog.models",
    "commerce_api.shop.favourites.models",
    "commerce_api.shop.finding.models",
    "commerce_api.shop.accounts.models",
    "commerce_api.shop.promotions.models",
    "commerce_api.shop.shipping.models",
    "commerce_api.shop.ledger.models",
    "commerce_api.shop.payments.models",
    "commerce_api.shop.orders.models",
    "commerce_api.shop.loyalty.models",
    "commerce_api.shop.cart.models",
    "commerce_api.office.admin.models",
    "commerce_api.office.notifications.models",
    "commerce_api.office.copywriting.models",
)
SQLITE_SCHEME: Final = "sqlite://"


@dataclass(frozen=True, slots=True)
class Schema:
    """Which models there are and which package holds their migrations. Tests make small ones of their own."""

    models: tuple[str, ...]
    migrations: str


SHOP: Final = Schema(MODELS, "commerce_api.migrations")


class DatabaseUnavailable(Exception):
    """The database cannot be used; the message says what to do, and never holds a password."""


def is_sqlite(database_url: str) -> bool:
    """Whether the address names a file of this machine."""
    return database_url.startswith(SQLITE_SCHEME)


def sqlite_file(database_url: str) -> Path:
    """The file of an SQLite address. Raises DatabaseUnavailable for a database in memory: no second process sees it."""
    name = database_url.removeprefix(SQLITE_SCHEME).partition("?")[0]
    if not name or ":memory:" in name:
        raise DatabaseUnavailable("DATABASE_URL should name a file, such as sqlite:///srv/shop/shop.sqlite3")
    return Path(name)


def where(database_url: str) -> str:
    """The database as a message may name it: without user and password."""
    if is_sqlite(database_url):
        return str(sqlite_file(database_url))
    parts = urlsplit(database_url)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


def _options(database_url: str, known: Collection[str]) -> dict[str, str]:
    """The parameters of an address. Raises DatabaseUnavailable for one that nothing would heed."""
    options = dict(parse_qsl(database_url.partition("?")[2]))
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise DatabaseUnavailable(f"DATABASE_URL has {', '.join(unknown)}, and the shop knows only {', '.join(known)}")
    return options


def _sqlite_connection(database_url: str, pragmas: Mapping[str, str]) -> dict[str, Any]:
    options = _options(database_url, sqlite.PRAGMAS)
    file = str(sqlite_file(database_url))
    return {"engine": sqlite.__name__, "credentials": {"file_path": file, **options, **pragmas}}


def _postgres_connection(database_url: str, server_settings: Mapping[str, str]) -> dict[str, Any]:
    options = _options(database_url, postgres.OPTIONS)
    try:
        numbers = {name: read(options[name]) for name, read in postgres.OPTIONS.items() if name in options}
        credentials = expand_db_url(database_url.partition("?")[0])["credentials"]
    except (ValueError, ConfigurationError) as error:
        raise DatabaseUnavailable(f"DATABASE_URL cannot be read: {error}") from None
    settings = {**postgres.SERVER_SETTINGS, **server_settings}
    defaults = {"minsize": postgres.MINSIZE, "maxsize": postgres.MAXSIZE}
    return {
        "engine": postgres.__name__,
        "credentials": {**credentials, **defaults, **numbers, "server_settings": settings},
    }


def config(database_url: str, *, schema: Schema = SHOP, migrating: bool = False) -> dict[str, Any]:
    """The configuration of Tortoise for an address.

    SQLite: parameters of the address replace the engine's pragmas (`?synchronous=NORMAL`). PostgreSQL: `minsize`,
    `maxsize` (connections of a process), `acquire_timeout` (seconds) and `ssl` (a mode, such as require). `migrating`
    turns off what stands in the way of a change of tables: foreign keys of SQLite, which would delete the children of
    a table that is rebuilt, and the time limit of a statement. Raises DatabaseUnavailable for an address that cannot
    be meant.
    """
    if is_sqlite(database_url):
        connection = _sqlite_connection(database_url, {"foreign_keys": "OFF"} if migrating else {})
    else:
        connection = _postgres_connection(database_url, {"statement_timeout": "0"} if migrating else {})
    return {
        "connections": {CONNECTION: connection},
        "apps": {
            LABEL: {
                "models": list(schema.models),
                "migrations": schema.migrations,
                "default_connection": CONNECTION,
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def make_folder(database_url: str) -> None:
    """The folder of an SQLite file, made when missing. Raises DatabaseUnavailable when it cannot be written."""
    if not is_sqlite(database_url):
        return
    file = sqlite_file(database_url)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # SQLite keeps its journal beside the file: a writable file in a folder that is not does not do.
        probe = file.with_name(file.name + ".probe")
        probe.touch()
        probe.unlink(missing_ok=True)
        if file.exists():
            file.open("r+b").close()
    except OSError as error:
        raise DatabaseUnavailable(
            f"The database {file} cannot be written ({error.strerror}): let this user write to {file.parent}, "
            "or name another place in DATABASE_URL"
        ) from error


def explained(error: BaseException, database_url: str) -> DatabaseUnavailable:
    """What a failed connection means and what to do about it."""
    place = where(database_url)
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    match cause:
        case sqlite3.DatabaseError() if "not a database" in str(cause):
            advice = "is not an SQLite file: move it away or name another in DATABASE_URL"
        case asyncpg.InvalidAuthorizationSpecificationError():
            advice = "refuses the user or password of DATABASE_URL"
        case asyncpg.InvalidCatalogNameError():
            advice = "does not exist: create it with createdb, or name another in DATABASE_URL"
        case OSError():
            advice = "does not answer: start the server (make services starts one) or correct DATABASE_URL"
        case _:
            advice = f"cannot be used: {str(cause).partition(chr(10))[0]}"
    return DatabaseUnavailable(f"The database {place} {advice}")


def forget_queries() -> None:
    """Drops the INSERT and DELETE texts that Tortoise keeps per connection name and table for the whole process.

    Else those of one database, or of a table as a migration saw it, would be used for another.
    """
    EXECUTOR_CACHE.clear()


class _Opened:
    """The one database that this process has open; Tortoise allows one per process."""

    context: TortoiseContext | None = None


async def connect(settings: Settings, *, schema: Schema = SHOP) -> None:
    """Opens the database for all tasks of this process and looks whether its engine keeps its word.

    Raises DatabaseUnavailable, with nothing left open. Works in a Starlette lifespan: Tortoise keeps its state in a
    context variable that requests do not see, so it is made the global fallback too.
    """
    if _Opened.context is not None:
        raise RuntimeError("The database is open already: connect() is called once per process, close() ends it")
    make_folder(settings.database_url)
    context = TortoiseContext()
    try:
        forget_queries()
        with context:
            await context.init(config=config(settings.database_url, schema=schema), _enable_global_fallback=True)
        await check_engine()
    except BaseException as error:
        await context.close_connections()
        if isinstance(error, BaseORMException | Unavailable | sqlite3.Error | asyncpg.PostgresError | OSError):
            raise explained(error, settings.database_url) from error
        raise
    _Opened.context = context


async def close() -> None:
    """Closes what connect() opened; does nothing when nothing is open."""
    context, _Opened.context = _Opened.context, None
    if context is not None:
        await context.close_connections()


@asynccontextmanager
async def opened(settings: Settings, *, schema: Schema = SHOP) -> AsyncIterator[None]:
    """The database for the length of a block: a lifespan, a command, a test. Raises what connect() raises."""
    await connect(settings, schema=schema)
    try:
        yield
    finally:
        await close()


class _RollBack(Exception):
    """Ends the canary's transaction."""


async def _canary() -> bool:
    """Whether a row written in a transaction is gone after its rollback; true too while there is no table yet."""
    connection = get_connection(CONNECTION)
    tables = "SELECT name FROM sqlite_master WHERE name = 'tortoise_migrations'"
    if connection.capabilities.dialect == "postgres":
        tables = "SELECT to_regclass('tortoise_migrations') AS name"
    if not any(row["name"] for row in await connection.execute_query_dict(tables)):
        return True
    # Two processes that start together look at rows of their own.
    name = secrets.token_hex(8)
    row = f"('canary', '{name}', CURRENT_TIMESTAMP)"
    try:
        async with connection._in_transaction() as transaction:
            await transaction.execute_query(
                f"INSERT INTO tortoise_migrations (app, name, applied_at) VALUES {row}"  # noqa: S608 - a token of ours
            )
            raise _RollBack
    except _RollBack:
        pass
    left = f"SELECT id FROM tortoise_migrations WHERE name = '{name}'"  # noqa: S608 - a token of ours
    return not await connection.execute_query_dict(left)


async def _promises() -> list[tuple[str, str, str]]:
    """Settings that the shop relies on: name, wanted, found."""
    connection = get_connection(CONNECTION)
    if connection.capabilities.dialect == "postgres":
        wanted = {"default_transaction_isolation": "read committed", "server_encoding": "UTF8", "TimeZone": "UTC"}
        query = "SELECT current_setting($1) AS found"
        return [
            (name, value, (await connection.execute_query_dict(query, [name]))[0]["found"])
            for name, value in wanted.items()
        ]
    promises = []
    for name, value in {"foreign_keys": "1", "journal_mode": "wal"}.items():
        rows = await connection.execute_query_dict(f"PRAGMA {name}")
        promises.append((name, value, str(rows[0][name])))
    return promises


async def check_engine() -> None:
    """Proves on the open database that transactions roll back and that its settings are those the code counts on.

    A shop once ran on tables whose engine ignored transactions (lessons.md 17). Raises DatabaseUnavailable.
    """
    for name, wanted, found in await _promises():
        if found != wanted:
            raise DatabaseUnavailable(f"The database has {name} = {found}, and the shop needs {wanted}")
    if not await _canary():
        raise DatabaseUnavailable("The database keeps rows of a transaction that was rolled back: do not use it")
