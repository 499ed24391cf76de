"""The SQLite engine of the shop: Tortoise's, with transactions that keep their word.

What differs from `tortoise.backends.sqlite`, and why:

- Transactions begin with BEGIN IMMEDIATE. A deferred BEGIN that reads and then writes fails with "database is locked"
  whatever the busy timeout is, as soon as another process wrote in between (180 of 1000 transactions when measured).
- A task that is cancelled, or a BEGIN that fails, frees the connection. Tortoise's own context keeps its lock for ever
  when BEGIN fails, and its next BEGIN *commits* what a cancelled task left open.
- A finished transaction refuses further statements. A background task started inside a transaction inherits it; after
  the end its statements would slip into whatever transaction is open then.
- `synchronous=FULL`: in WAL mode NORMAL does not sync at commit, so a power cut may lose orders that were already
  confirmed to a shopper. One who can live with that writes `?synchronous=NORMAL` into DATABASE_URL.

Everything runs in the one worker thread of aiosqlite, in order: what is put into its queue happens before anything put
there later. Cleaning up after a cancelled task leans on that: a ROLLBACK is queued without waiting for it.

This module is named as "engine" in a Tortoise configuration, which looks for `client_class`.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeVar

import aiosqlite
from tortoise.backends.base.client import (
    ConnectionWrapper,
    NestedTransactionContext,
    TransactionalDBClient,
    TransactionContext,
)
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError

T = TypeVar("T")

PRAGMAS: Final[dict[str, str | int]] = {
    # Before the others: each of them may have to wait for another process.
    "busy_timeout": 5000,
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    # What a checkpoint leaves of the journal: cutting it to 16 kB, the default of Tortoise, rewrites it all day.
    "journal_size_limit": 16 * 1024 * 1024,
    # Negative: kibibytes of page cache.
    "cache_size": -20_000,
    "temp_store": "MEMORY",
}
"""Settings of each connection; parameters of DATABASE_URL of the same names replace them."""

STATEMENTS_KEPT: Final = 512
"""Compiled statements kept by the connection: the ORM writes a few hundred different ones, Python keeps 128."""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OperationalError(error) from error
    except sqlite3.IntegrityError as error:
        raise IntegrityError(error) from error


def _fetch(connection: sqlite3.Connection, query: str, values: list[Any]) -> tuple[int, list[sqlite3.Row]]:
    cursor = connection.execute(query, values)
    rows = cursor.fetchall()
    # Not total_changes, which also counts rows that a foreign key's ON DELETE removed.
    return (len(rows) if cursor.rowcount < 0 else cursor.rowcount), rows


def _begin(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.rollback()
    connection.execute("BEGIN IMMEDIATE")


def _commit(connection: sqlite3.Connection) -> None:
    try:
        connection.commit()
    except sqlite3.Error:
        # A full disk leaves the transaction open, and with it the lock of the whole file.
        connection.rollback()
        raise


def _many(connection: sqlite3.Connection, query: str, values: list[list[Any]]) -> None:
    _begin(connection)
    try:
        connection.executemany(query, values)
    except sqlite3.Error:
        connection.rollback()
        raise
    _commit(connection)


async def _hop(connection: aiosqlite.Connection, work: Callable[..., T], *args: Any) -> T:
    """`work(sqlite3 connection, *args)` in the thread of the connection, its errors as Tortoise's."""
    in_thread: Callable[..., Awaitable[T]] = connection._execute
    with _translated():
        return await in_thread(work, connection._conn, *args)


class _Statements(SqliteClient):
    """Statements in one hop to the thread each, with the number of rows that they touched."""

    async def _run(self, work: Callable[..., T], *args: Any) -> T:
        async with self.acquire_connection() as connection:
            return await _hop(connection, work, *args)

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Sequence[Any]]:
        self.log.debug("%s: %s", query, values)
        return await self._run(_fetch, query.replace("\x00", "'||CHAR(0)||'"), values or [])

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        return [dict(row) for row in (await self.execute_query(query, values))[1]]


class Engine(_Statements):
    """The connection of a process; `file_path` and pragmas come from the configuration."""

    def __init__(self, file_path: str, **options: Any) -> None:
        super().__init__(file_path, **{**PRAGMAS, **options})

    async def create_connection(self, with_db: bool) -> None:
        """Opens the file. Raises OperationalError when that fails, sqlite3.DatabaseError when it is no database."""
        if self._connection:
            return
        connection = await aiosqlite.connect(self.filename, isolation_level=None, cached_statements=STATEMENTS_KEPT)
        try:
            await _hop(connection, self._prepare)
        except BaseException:
            connection.stop()
            raise
        self._connection = connection
        await self._post_connect()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        for name in sorted(self.pragmas, key=lambda name: name != "busy_timeout"):
            value = str(self.pragmas[name])
            # Switching to WAL needs the file for itself and does not wait for it: ask before.
            if name == "journal_mode" and connection.execute("PRAGMA journal_mode").fetchone()[0] == value.lower():
                continue
            connection.execute(f"PRAGMA {name}={value}")

    def _in_transaction(self) -> TransactionContext:
        return _Immediate(_Transaction(self), self._lock)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        """Outside a transaction: one of its own, in one hop, so that a cancelled task cannot leave it open."""
        await self._run(_many, query, values)


class _Transaction(_Statements, SqliteTransactionWrapper):
    """The connection as long as a transaction has it."""

    _connection: aiosqlite.Connection

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        self._refuse_when_over()
        return super().acquire_connection()

    def _refuse_when_over(self) -> None:
        if self._finalized:
            raise TransactionManagementError(
                "This transaction is over: a task that was started inside it outlived it. Start the task after the end."
            )

    def _in_transaction(self) -> TransactionContext:
        self._refuse_when_over()
        return NestedTransactionContext(_Transaction(self))

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        await self._run(sqlite3.Connection.executemany, query, values)

    async def begin(self) -> None:
        await _hop(self._connection, _begin)

    async def commit(self) -> None:
        self._finish()
        await _hop(self._connection, _commit)

    async def rollback(self) -> None:
        self._finish()
        await self._connection.rollback()

    def _finish(self) -> None:
        if self._finalized:
            raise TransactionManagementError("Transaction already finalised")
        self._finalized = True

    def abandon(self) -> None:
        """Queues a rollback and does not wait: for a BEGIN whose task was cancelled or that failed."""
        self._finalized = True
        if self._connection:
            self._connection._tx.put_nowait((None, partial(sqlite3.Connection.rollback, self._connection._conn)))


class _Immediate(SqliteTransactionContext):
    """A transaction from `async with` to its end; the process's lock is freed however that comes."""

    connection: _Transaction

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            self.connection.abandon()
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if not self.connection._finalized:
                await (self.connection.rollback() if exc_type else self.connection.commit())
        finally:
            get_connections().reset(self.token)
            self._trxlock.release()


client_class = Engine
