"""How the static site hears of a commit: by NOTIFY on PostgreSQL, by the write-ahead log's own trace on SQLite.

A sleeping watcher costs a stat of two files each few milliseconds on SQLite, and nothing on PostgreSQL. Whoever wakes
looks into the database whether something waits, so that a wake-up too many does no harm and one too few only delays.
"""

import asyncio
import os
import time
from pathlib import Path
from typing import Any, Final, Protocol

import asyncpg  # type: ignore[import-untyped]
from tortoise.connection import get_connection

from commerce_api.foundation.db import setup
from commerce_api.foundation.settings import Settings

CHANNEL: Final = "twocomms_pages"

GLANCE: Final = 0.01
"""Seconds between two looks at the files of SQLite."""

STAMP_GRAIN: Final = 0.05
"""Seconds in which two writes may carry one time stamp: file systems count time in ticks."""

PATROL: Final = 1.0
"""Seconds after which a watcher looks by itself, whatever it heard."""


async def announce() -> None:
    """Wake the site when the ambient transaction commits. SQLite needs no word: its commit is seen in its files."""
    connection = get_connection(setup.CONNECTION)
    if connection.capabilities.dialect == "postgres":
        await connection.execute_query("SELECT pg_notify($1, '')", [CHANNEL])


class Ear(Protocol):
    """Something that hears of commits."""

    async def sleep(self, seconds: float) -> None:
        """Returns when something may have been committed, at the latest after `seconds`."""

    async def close(self) -> None:
        """Lets go of files and connections."""


class FileEar:
    """Watches the database file and its write-ahead log of SQLite: a commit always changes one of them."""

    def __init__(self, file: Path) -> None:
        self._paths = (str(file), f"{file}-wal")
        self._seen = self._look()

    def _look(self) -> tuple[tuple[int, int], ...]:
        stamps = []
        for path in self._paths:
            try:
                # Two microseconds; a thread would cost fifty.
                state = os.stat(path)
            except FileNotFoundError:
                stamps.append((0, 0))
            else:
                stamps.append((state.st_mtime_ns, state.st_size))
        return tuple(stamps)

    async def sleep(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while True:
            found = self._look()
            # A second commit within one tick of the clock leaves the same stamp: while it is fresh, look again.
            fresh = time.time() - max(stamp for stamp, _ in found) / 1e9 < STAMP_GRAIN
            changed, self._seen = found != self._seen, found
            left = deadline - time.monotonic()
            if changed or left <= 0:
                return
            await asyncio.sleep(min(GLANCE, left))
            if fresh:
                return

    async def close(self) -> None:
        """Nothing is held open."""


class NoticeEar:
    """Listens on a connection of its own to PostgreSQL; one that breaks is opened anew."""

    def __init__(self, database_url: str) -> None:
        self._credentials = setup.config(database_url)["connections"][setup.CONNECTION]["credentials"]
        self._connection: asyncpg.Connection[Any] | None = None
        self._heard = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        if not await self._listening():
            await asyncio.sleep(min(seconds, PATROL))
            return
        try:
            async with asyncio.timeout(seconds):
                await self._heard.wait()
        except TimeoutError:
            return
        finally:
            self._heard.clear()

    async def _listening(self) -> bool:
        if self._connection is not None and not self._connection.is_closed():
            return True
        given = self._credentials
        try:
            self._connection = await asyncpg.connect(
                host=given["host"],
                port=given["port"],
                user=given["user"],
                password=given["password"],
                database=given["database"],
                timeout=5,
            )
            await self._connection.add_listener(CHANNEL, lambda *_: self._heard.set())
        except (OSError, asyncpg.PostgresError):
            return False
        # What was committed while nobody listened.
        self._heard.set()
        return True

    async def close(self) -> None:
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.close(timeout=2)


def ear(settings: Settings) -> Ear:
    """The ear that fits the database."""
    if setup.is_sqlite(settings.database_url):
        return FileEar(setup.sqlite_file(settings.database_url))
    return NoticeEar(settings.database_url)
