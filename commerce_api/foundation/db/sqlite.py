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

A hop to that thread and back costs more than a small statement, so that `Engine.whole` runs all of a transaction there:
the coroutine is driven by hand, and whatever it asks of the database is answered before it could wait.

Such a transaction, and a statement outside of any, is one hop: tasks that want one queue up in the thread. What takes
several hops has the connection alone. Both wait in one queue, so that a stream of the ones starves none of the others.

This module is named as "engine" in a Tortoise configuration, which looks for `client_class`.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextvars import Context, copy_context
from functools import partial
from typing import Any, Final, TypeVar, cast

import aiosqlite
from tortoise.backends.base.client import (
    ConnectionWrapper,
    NestedTransactionContext,
    TransactionalDBClient,
    TransactionContext,
)
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from commerce_api.foundation.db.sqlite_calls import begin, commit, fetch, hop, insert, insert_many, translated
from commerce_api.foundation.db.turns import Turns

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


class _Statements(SqliteClient):
    """Statements in one hop to the thread each, with the number of rows that they touched."""

    async def _run(self, work: Callable[..., T], *args: Any) -> T:
        async with self.acquire_connection() as connection:
            return await hop(connection, work, *args)

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Sequence[Any]]:
        self.log.debug("%s: %s", query, values)
        return await self._run(fetch, query.replace("\x00", "'||CHAR(0)||'"), values or [])

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        return [dict(row) for row in (await self.execute_query(query, values))[1]]

    async def execute_insert(self, query: str, values: list[Any]) -> int:
        self.log.debug("%s: %s", query, values)
        return cast(int, await self._run(insert, query, values))

    async def fetch(self, query: str, values: Sequence[Any]) -> Sequence[Any]:
        """Rows of a statement of plain.py."""
        return (await self._run(fetch, query, values))[1]

    async def change(self, query: str, values: Sequence[Any]) -> int:
        """How many rows a statement of plain.py touched."""
        return (await self._run(fetch, query, values))[0]


class Engine(_Statements):
    """The connection of a process; `file_path` and pragmas come from the configuration."""

    def __init__(self, file_path: str, **options: Any) -> None:
        super().__init__(file_path, **{**PRAGMAS, **options})
        self._turns = Turns()
        self._opening = asyncio.Lock()

    async def create_connection(self, with_db: bool) -> None:
        """Opens the file. Raises OperationalError when that fails, sqlite3.DatabaseError when it is no database."""
        async with self._opening:
            if self._connection:
                return
            connection = await aiosqlite.connect(self.filename, isolation_level=None, cached_statements=STATEMENTS_KEPT)
            try:
                await hop(connection, self._prepare)
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

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        return _OneHop(self, self._turns)

    def _in_transaction(self) -> TransactionContext:
        return _Immediate(_Transaction(self), cast(asyncio.Lock, self._turns.alone))

    async def whole(self, work: Callable[[], Awaitable[T]]) -> T:
        """The result of `work()` in a transaction of its own, begun, done and committed in one hop.

        `work` awaits nothing but this database; raises Waited, with everything rolled back, when it does. A task that
        is cancelled meanwhile changes nothing about the transaction: the thread finishes it.
        """
        async with self.acquire_connection() as connection:
            return await hop(connection, _in_context, copy_context(), self, work)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        """Outside a transaction: one of its own, in one hop, so that a cancelled task cannot leave it open."""
        await self._run(insert_many, query, values)


class _OneHop(ConnectionWrapper[aiosqlite.Connection]):
    """The connection beside others who want one hop each; it is let go also when it cannot be opened."""

    def __init__(self, engine: Engine, turns: Turns) -> None:
        super().__init__(cast(asyncio.Lock, turns.together), engine)

    async def __aenter__(self) -> aiosqlite.Connection:
        await self._lock.acquire()
        try:
            await self.ensure_connection()
        except BaseException:
            self._lock.release()
            raise
        return self.connection


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
        await hop(self._connection, begin)

    async def commit(self) -> None:
        self._finish()
        await hop(self._connection, commit)

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


class Waited(RuntimeError):
    """Work that was to run in one hop waited for something else than the database: a fault of the program."""


class _Here:
    """aiosqlite's connection as seen from within its own thread: what is asked for is done when it is awaited."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._conn = connection

    async def execute(self, query: str) -> None:
        """Savepoints."""
        self._conn.execute(query)


def _in_context(connection: sqlite3.Connection, context: Context, engine: Engine, work: Callable[[], Any]) -> Any:
    # A copy of the task's context: the frozen clock, the request id, and which database is open.
    return context.run(_whole, connection, engine, work)


def _whole(connection: sqlite3.Connection, engine: Engine, work: Callable[[], Any]) -> Any:
    transaction = _Whole(engine)
    transaction._connection = cast(aiosqlite.Connection, _Here(connection))
    get_connections().set(engine.connection_name, transaction)
    begin(connection)
    try:
        result = _driven(work())
    except BaseException:
        connection.rollback()
        raise
    finally:
        transaction._finalized = True
    commit(connection)
    return result


def _driven(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that never has to wait."""
    try:
        work.send(None)
    except StopIteration as done:
        return cast(T, done.value)
    finally:
        work.close()
    raise Waited("this transaction runs in one hop: await nothing but the database in it")


class _Whole(_Transaction):
    """A transaction within the connection's own thread, where a statement is a call."""

    async def _run(self, work: Callable[..., T], *args: Any) -> T:
        self._refuse_when_over()
        with translated():
            return work(self._connection._conn, *args)

    def _in_transaction(self) -> TransactionContext:
        self._refuse_when_over()
        return NestedTransactionContext(_Whole(self))


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
