"""Transactions. They are opened at the edge - a route, a handler, a job - never inside a service (architecture.md 1).

    async with atomic():              one attempt; joins the transaction that is open already
    await transact(lambda: place(x))  again after a deadlock or a conflict, a few times
    await transact(..., whole=True)   the same, on SQLite in one hop to its thread: for what shoppers wait for most
    async with savepoint():           inside a transaction: a part that may fail, such as an insert that may be a double
    require_transaction()             at the top of a service that must not be called without one
    await lock_rows(queryset)         rows locked in the order of their keys, so that two tasks never wait in a circle

Conditional changes need no helper: `await Sku.filter(id=1, stock__gte=2).update(stock=F("stock") - 2)` gives the number
of rows changed on every database, as long as the update really changes them (MariaDB counts only those).

No network inside a transaction, and no task started in one: it would inherit a transaction that ends before it.
"""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

import asyncpg  # type: ignore[import-untyped]
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.models import Model
from tortoise.queryset import QuerySet

from commerce_api.foundation.db import sqlite
from commerce_api.foundation.db.setup import CONNECTION
from commerce_api.foundation.errors import Unavailable

T = TypeVar("T")
M = TypeVar("M", bound=Model)

TRIES: Final = 5
FIRST_PAUSE: Final = 0.02
"""Seconds; the pause doubles with each try and varies by half, so that two that collided do not collide again."""


class NoTransaction(RuntimeError):
    """A function that must run inside a transaction was called without one: a fault of the program."""


def in_transaction() -> bool:
    """Whether this task has a transaction open."""
    connection = get_connection(CONNECTION)
    return isinstance(connection, TransactionalDBClient) and not connection._finalized


def require_transaction() -> None:
    """Raises NoTransaction outside a transaction."""
    if not in_transaction():
        raise NoTransaction("open a transaction at the edge: async with atomic(), or transact()")


@asynccontextmanager
async def atomic() -> AsyncIterator[None]:
    """All or nothing. Inside an open transaction it joins: only the outermost block commits or rolls back.

    Also a decorator, `@atomic()`. An error inside must leave the outermost block: one that is caught between keeps what
    was written before it (use savepoint() there). Raises Unavailable when the database has no connection free.
    """
    if in_transaction():
        yield
        return
    async with get_connection(CONNECTION)._in_transaction():
        yield


@asynccontextmanager
async def savepoint() -> AsyncIterator[None]:
    """A part of the open transaction that is undone alone when it raises. Raises NoTransaction outside one.

    PostgreSQL refuses all further statements after a failed one, unless it failed inside a savepoint.
    """
    require_transaction()
    async with get_connection(CONNECTION)._in_transaction():
        yield


def _again(error: BaseException) -> bool:
    """Whether the same work may succeed when tried anew: it was rolled back because of others."""
    if isinstance(error, Unavailable):
        # A lock of SQLite; a PostgreSQL that has no connection free was waited for already.
        return isinstance(error.__cause__, sqlite3.OperationalError)
    return isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError)


async def _attempt(work: Callable[[], Awaitable[T]], whole: bool) -> T:
    connection = get_connection(CONNECTION)
    if whole and isinstance(connection, sqlite.Engine):
        return await connection.whole(work)
    async with connection._in_transaction():
        return await work()


async def transact(work: Callable[[], Awaitable[T]], *, tries: int = TRIES, whole: bool = False) -> T:
    """The result of `work()` done in a transaction of its own, tried again after a deadlock or a conflict.

    `work` may run several times and must keep nothing outside the database. Inside an open transaction it runs once:
    only the outermost can begin anew. With `whole` it awaits nothing but the database and looks at no event loop,
    because on SQLite it runs in another thread: `Model.create` and `save` do, for their signals, plain.insert does not.
    Raises what `work` raises, and Unavailable when each try met others in its way.
    """
    if in_transaction():
        return await work()
    pause = FIRST_PAUSE
    for left in reversed(range(tries)):
        try:
            return await _attempt(work, whole)
        except (Unavailable, asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
            if not _again(error):
                raise
            if not left:
                raise Unavailable(what="database") from error
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - no secret hangs on it
        pause *= 2
    raise ValueError("tries should be at least 1")


async def lock_rows(rows: QuerySet[M]) -> list[M]:
    """The rows, read and kept from changing until the transaction ends, in the order of their primary keys.

    They stay open to new children (FOR NO KEY UPDATE). On SQLite the transaction itself holds the one write lock.
    Raises NoTransaction outside a transaction, where a lock would be gone with the statement.
    """
    require_transaction()
    return await rows.order_by(rows.model._meta.pk_attr).select_for_update(no_key=True)
