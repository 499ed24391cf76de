"""What is done in the thread of an SQLite connection, and the way there."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import aiosqlite
from tortoise.exceptions import IntegrityError, OperationalError

from commerce_api.foundation.errors import Unavailable

T = TypeVar("T")


@contextmanager
def translated() -> Iterator[None]:
    """SQLite's errors as Tortoise's; a lock that did not come free in time as Unavailable."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise Unavailable(what="database") from error
        raise OperationalError(error) from error
    except sqlite3.IntegrityError as error:
        raise IntegrityError(error) from error


def fetch(connection: sqlite3.Connection, query: str, values: Sequence[Any]) -> tuple[int, list[sqlite3.Row]]:
    """How many rows a statement touched or found, and those that it found."""
    cursor = connection.execute(query, values)
    rows = cursor.fetchall()
    # Not total_changes, which also counts rows that a foreign key's ON DELETE removed.
    return (len(rows) if cursor.rowcount < 0 else cursor.rowcount), rows


def insert(connection: sqlite3.Connection, query: str, values: list[Any]) -> int | None:
    """The key of the row that a statement inserted."""
    return connection.execute(query, values).lastrowid


def begin(connection: sqlite3.Connection) -> None:
    """Open a transaction that holds the write lock; one that was left open is rolled back."""
    if connection.in_transaction:
        connection.rollback()
    connection.execute("BEGIN IMMEDIATE")


def commit(connection: sqlite3.Connection) -> None:
    """Commit; nothing stays open when that fails."""
    try:
        connection.commit()
    except sqlite3.Error:
        # A full disk leaves the transaction open, and with it the lock of the whole file.
        connection.rollback()
        raise


def insert_many(connection: sqlite3.Connection, query: str, values: list[list[Any]]) -> None:
    """Rows in a transaction of their own."""
    begin(connection)
    try:
        connection.executemany(query, values)
    except sqlite3.Error:
        connection.rollback()
        raise
    commit(connection)


async def hop(connection: aiosqlite.Connection, work: Callable[..., T], *args: Any) -> T:
    """`work(sqlite3 connection, *args)` in the thread of the connection, its errors as Tortoise's."""
    in_thread: Callable[..., Awaitable[T]] = connection._execute
    with translated():
        return await in_thread(work, connection._conn, *args)
