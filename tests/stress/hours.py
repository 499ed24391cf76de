"""Hours that pass in a moment: every time that the database holds is put back, so that what waited for one is due.

The clocks of processes stay as they are. For whoever reads the rows it is the same as to have slept.
"""

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import Final

import asyncpg  # type: ignore[import-untyped]

from commerce_api.foundation.db.setup import is_sqlite, sqlite_file

KEPT: Final = frozenset({"tortoise_migrations", "bank_notice", "web_session"})
"""Tables whose times stay: by those of the bank its messages are known again, and whoever is signed in would otherwise
have to sign in anew after a few hours."""
TRIES: Final = 20
"""The shop is open meanwhile, and its transactions come first."""
BUSY: Final = 30.0
"""Seconds that SQLite waits for its turn."""
MOMENTS: Final = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' ORDER BY table_name, column_name"""


def _earlier(moment: str | None, seconds: float) -> str | None:
    return None if moment is None else str(datetime.fromisoformat(moment) - timedelta(seconds=seconds))


def _sqlite(url: str, seconds: float) -> None:
    with closing(sqlite3.connect(sqlite_file(url), timeout=BUSY)) as connection, connection:
        connection.create_function("earlier", 2, _earlier)
        connection.execute("BEGIN IMMEDIATE")
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if row[2] == "TIMESTAMP"]
            if columns and table not in KEPT:
                changed = ", ".join(f'"{name}" = earlier("{name}", ?)' for name in columns)
                connection.execute(f'UPDATE "{table}" SET {changed}', [seconds] * len(columns))


async def _postgres(url: str, seconds: float) -> None:
    connection = await asyncpg.connect(url.partition("?")[0])
    try:
        tables: dict[str, list[str]] = {}
        for table, column in await connection.fetch(MOMENTS):
            if table not in KEPT:
                tables.setdefault(table, []).append(column)
        async with connection.transaction():
            for table, columns in tables.items():
                changed = ", ".join(f'"{name}" = "{name}" - $1::interval' for name in columns)
                await connection.execute(f'UPDATE "{table}" SET {changed}', timedelta(seconds=seconds))
    finally:
        await connection.close()


async def pass_by(url: str, seconds: float) -> None:
    """Let so many seconds pass for the shop whose database is at `url`; whoever works in it goes on."""
    for left in reversed(range(TRIES)):
        try:
            await (asyncio.to_thread(_sqlite, url, seconds) if is_sqlite(url) else _postgres(url, seconds))
        except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
            if not left:
                raise
            await asyncio.sleep(0.1)
        else:
            return
