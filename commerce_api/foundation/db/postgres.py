"""The PostgreSQL engine of the shop: Tortoise's over asyncpg, with an end to waiting and no lost connections.

What differs from `tortoise.backends.asyncpg`, and why:

- Waiting for a free connection ends after `acquire_timeout` seconds; Tortoise's waits for ever, so that one slow minute
  piles requests up until nothing answers.
- A connection goes back to the pool when BEGIN fails or its task is cancelled meanwhile; Tortoise loses it.
- A server that is away, restarts, or cuts a statement off for its length raises Unavailable (503, try again later).

This module is named as "engine" in a Tortoise configuration, which looks for `client_class`.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    NestedTransactionContext,
    PoolConnectionWrapper,
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections

from commerce_api.foundation import metrics
from commerce_api.foundation.errors import Unavailable

MINSIZE: Final = 2
MAXSIZE: Final = 10
"""Connections of a process: nine processes of the scale profile stay below PostgreSQL's default of one hundred."""

OPTIONS: Final[dict[str, Callable[[str], object]]] = {
    "minsize": int,
    "maxsize": int,
    "acquire_timeout": float,
    "ssl": str,
}
"""Parameters of DATABASE_URL and how they are read."""

SERVER_SETTINGS: Final = {
    "application_name": "twocomms",
    "timezone": "UTC",
    # Our statements take milliseconds: compiling them costs more than it saves.
    "jit": "off",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}

AWAY: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.LockNotAvailableError,
    # What asyncpg says when the server goes while it is about to speak.
    asyncpg.InternalClientError,
    OSError,
)
"""What a server says, or does not say, when trying again later is the answer. TimeoutError is an OSError."""


class _Patient(AsyncpgDBClient):
    async def _translate_exceptions(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._translate_exceptions(func, *args, **kwargs)
        except AWAY as error:
            raise Unavailable(what="database") from error
        except asyncpg.InterfaceError as error:
            # Also the class of a caller's mistakes, such as a task that outlives its transaction: they keep their name.
            over = getattr(self, "_finalized", False)
            if not over and ("closed" in str(error) or "released back" in str(error)):
                raise Unavailable(what="database") from error
            raise

    async def fetch(self, query: str, values: Sequence[Any]) -> Sequence[Any]:
        """Rows of a statement of plain.py."""
        rows: Sequence[Any] = await self._translate_exceptions(_fetch, query, values)
        return rows

    async def change(self, query: str, values: Sequence[Any]) -> int:
        """How many rows a statement of plain.py touched."""
        done: str = await self._translate_exceptions(_execute, query, values)
        return int(done.rpartition(" ")[2])


async def _fetch(client: AsyncpgDBClient, query: str, values: Sequence[Any]) -> Any:
    async with client.acquire_connection() as connection:
        return await connection.fetch(query, *values)


async def _execute(client: AsyncpgDBClient, query: str, values: Sequence[Any]) -> Any:
    async with client.acquire_connection() as connection:
        return await connection.execute(query, *values)


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    """A connection that is not swept out when it returns to the pool: that costs a round trip, 30 % of a small
    transaction. So no session-wide state on pooled connections: SET LOCAL, advisory locks of the transaction, and
    LISTEN on a connection of one's own. An open transaction is rolled back all the same."""

    def get_reset_query(self) -> str:
        return ""


class Engine(_Patient):
    """The pool of a process; `acquire_timeout` is in seconds."""

    connection_class = _Connection

    def __init__(self, *args: Any, acquire_timeout: float = 5.0, **options: Any) -> None:
        super().__init__(*args, **options)
        self.acquire_timeout = float(acquire_timeout)
        self._returning: set[asyncio.Future[None]] = set()

    async def take(self) -> Any:
        """A connection of the pool. Raises Unavailable when none comes free in time or the server is away."""
        if not self._pool:
            async with self._pool_init_lock:
                if not self._pool:
                    await self.create_connection(with_db=True)
        pool = self._pool
        assert pool is not None  # noqa: S101 - for the type checker: just created
        try:
            if pool.get_idle_size() or pool.get_size() == pool.get_max_size():
                return await pool.acquire(timeout=self.acquire_timeout)
            return await self._connected(pool)
        except AWAY as error:
            raise Unavailable(what="database") from error

    async def _connected(self, pool: asyncpg.Pool) -> Any:
        """A connection that may have to be made first. A cancelled task does not break off the making, which asyncpg
        answers with errors in the log; the connection goes into the pool when it is there."""
        making, began = asyncio.ensure_future(pool.acquire(timeout=self.acquire_timeout)), time.perf_counter()
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            making.add_done_callback(partial(self._put_back, pool))
            raise
        finally:
            metrics.POOL_WAITS.observe(time.perf_counter() - began)

    def _put_back(self, pool: asyncpg.Pool, making: "asyncio.Future[Any]") -> None:
        if not making.cancelled() and making.exception() is None:
            task = asyncio.ensure_future(pool.release(making.result()))
            self._returning.add(task)
            task.add_done_callback(self._returning.discard)

    def acquire_connection(self) -> PoolConnectionWrapper[Any]:
        return _Taken(self, self._pool_init_lock)

    def _in_transaction(self) -> TransactionContext:
        return _Pooled(_Transaction(self), self._pool_init_lock)


class _Taken(PoolConnectionWrapper[Any]):
    client: Engine

    async def __aenter__(self) -> Any:
        self.connection = await self.client.take()
        return self.connection


class _Transaction(_Patient, TransactionWrapper):
    """A connection as long as a transaction has it."""

    _parent: Engine

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(_Transaction(self))


class _Pooled(TransactionContextPooled):
    """A transaction from `async with` to its end; the connection returns to the pool however that comes.

    asyncpg shields the return from cancellation, and rolls back what is still open on it.
    """

    client: _Transaction

    async def __aenter__(self) -> TransactionalDBClient:
        engine = self.client._parent
        self.client._connection = await engine.take()
        try:
            await self.client.begin()
        except BaseException:
            await self._give_back()
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if self.client._finalized:
                return
            if exc_type is None:
                await self._commit()
            else:
                await self._rollback()
        finally:
            get_connections().reset(self.token)
            await self._give_back()

    async def _commit(self) -> None:
        try:
            await self.client.commit()
        except (asyncpg.InterfaceError, *AWAY) as error:
            # Whether it was committed nobody knows: the same idempotency key, sent again, finds out.
            raise Unavailable(what="database") from error

    async def _rollback(self) -> None:
        try:
            await self.client.rollback()
        except (asyncpg.InterfaceError, *AWAY):
            # The connection is gone and the server rolls back by itself; the error that led here is the one to tell.
            return

    async def _give_back(self) -> None:
        pool = self.client._parent._pool
        if pool:
            await pool.release(self.client._connection)


client_class = Engine
