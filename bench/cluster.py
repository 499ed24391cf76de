"""A PostgreSQL of the bench's own: durable as in production, with a word on how many statements it was sent."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg  # type: ignore[import-untyped]

from deploy import services
from deploy.services import Service

SENT: Final = re.compile(r"LOG:  (?:execute [^:]*|statement): (.*)")
BRACKETS: Final = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
SETTLED: Final = 0.3
"""Seconds until the server's processes have heard of a new setting, and its log is written."""


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Service]:
    """A server below `folder`, stopped at the end. Raises services.ServiceUnavailable."""
    service = services.postgres(folder / "postgres", services.free_port(), safe=True)
    await asyncio.to_thread(services.start, service)
    try:
        yield service
    finally:
        await asyncio.to_thread(services.stop, service)


def server(service: Service) -> str:
    """The address without a database."""
    return service.url.rpartition("/")[0]


async def _sql(service: Service, statement: str) -> None:
    connection = await asyncpg.connect(f"{server(service)}/postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def make_database(service: Service, name: str, template: str = "template1") -> str:
    """A new database, a copy of `template`; its address."""
    await _sql(service, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{server(service)}/{name}"


@asynccontextmanager
async def listening(service: Service) -> AsyncIterator[list[str]]:
    """The statements that anybody sends to the server inside the block, without BEGIN and COMMIT; filled at its end."""
    heard: list[str] = []
    await _tell(service, "all")
    begun = service.log.stat().st_size
    yield heard
    await asyncio.sleep(SETTLED)
    with service.log.open("rb") as log:
        log.seek(begun)
        text = log.read().decode("utf-8", errors="replace")
    await _tell(service, "none")
    heard += [statement for statement in SENT.findall(text) if not statement.upper().startswith(BRACKETS)]


async def _tell(service: Service, what: str) -> None:
    await _sql(service, f"ALTER SYSTEM SET log_statement = '{what}'")
    await _sql(service, "SELECT pg_reload_conf()")
    await asyncio.sleep(SETTLED)
