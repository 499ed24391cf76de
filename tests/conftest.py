"""Fixtures of all tests: settings in a folder of their own, databases, and the walls around them.

    settings          a fresh shop below tmp_path
    database          its database, migrated, empty and open; the test runs on SQLite and on PostgreSQL
    sqlite_database   the same on SQLite alone, where the database does not matter
    postgres_server   the address of a PostgreSQL server, for tests that make databases of their own

Asynchronous tests carry `@pytest.mark.anyio`, or their module `pytestmark = pytest.mark.anyio`.
"""

import ipaddress
import locale
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher

from commerce_api.foundation.db import setup
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import rendering
from commerce_api.shop.accounts import passwords
from deploy.services import ServiceUnavailable
from tests import scheduling, services

IN_CI = bool(os.environ.get("CI"))

UNTIMED = hypothesis.settings(deadline=None, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
"""No test looks at the time: on a busy machine an honest example may take seconds."""
hypothesis.settings.register_profile("ci", UNTIMED, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("dev", UNTIMED)
hypothesis.settings.load_profile("ci" if IN_CI else "dev")


def _outside(host: object) -> bool:
    if not isinstance(host, str) or host in {"", "localhost"}:
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True


def _stay_home(event: str, arguments: tuple[Any, ...]) -> None:
    """No test speaks to another machine: it would depend on it, and might tell it something."""
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if _outside(host):
        raise RuntimeError(f"A test tried to reach {host}: only this machine may be spoken to")


sys.addaudithook(_stay_home)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> scheduling.ByFile:
    """Who runs what when there are several workers."""
    return scheduling.ByFile(config, log)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        services.folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        services.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What could not run, by name and reason: a quiet skip looks like a pass."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reasons[report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)] += 1
    if reasons:
        terminalreporter.section("not run")
        for reason, count in sorted(reasons.items()):
            terminalreporter.line(f"{count} x {reason.removeprefix('Skipped: ')}")


@pytest.fixture(autouse=True)
def unchanged_locale() -> Iterator[None]:
    """Pelican sets the locale of its process: the next test must not read its files in another encoding."""
    before = locale.setlocale(locale.LC_ALL)
    yield
    locale.setlocale(locale.LC_ALL, before)


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """The shops of a run share their compiled templates: each would compile the whole theme for its one page."""
    shared = services.folder() / "templates"
    shared.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "_bytecode_folder", lambda _settings: shared)
        yield


@pytest.fixture(scope="session", autouse=True)
def disks_not_waited_for() -> Iterator[None]:
    """No test pulls the plug: what is published need not be on the disk before the next step. PostgreSQL and SQLite are
    told the same (services.py). The programs that tests start wait as they always do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "sync", lambda: None)
        patch.setattr(os, "fsync", lambda _handle: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords_hashed_quickly() -> Iterator[None]:
    """What passwords cost the shop is shown once (test_service.py of the accounts), and left out everywhere else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=2 * 1024, parallelism=1))
        yield


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a server without a database. Skips when there is none; in CI that is a failure."""
    try:
        return services.postgres_server()
    except ServiceUnavailable as error:
        if IN_CI:
            raise
        pytest.skip(f"PostgreSQL: {error}")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_kind(request: pytest.FixtureRequest) -> str:
    """The databases that a test runs on."""
    if request.param == "postgres":
        request.getfixturevalue("postgres_server")
    kind: str = request.param
    return kind


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """A shop in an empty folder. Its database is not there yet; with `database` it is the one that the test runs on."""
    made = services.make_settings(tmp_path)
    kind = request.getfixturevalue("database_kind") if "database_kind" in request.fixturenames else "sqlite"
    if kind == "sqlite":
        return made
    server = request.getfixturevalue("postgres_server")
    return replace(made, database_url=services.postgres_database(server))


@pytest.fixture
async def database(anyio_backend: str, database_kind: str, settings: Settings) -> AsyncIterator[Settings]:
    """The open database of `settings`, with all tables and no rows; on each kind in turn."""
    if database_kind == "postgres":
        await services.clean_postgres(settings)
    else:
        await services.copy_sqlite(settings)
    async with setup.opened(settings):
        yield settings


@pytest.fixture
async def sqlite_database(anyio_backend: str, settings: Settings) -> AsyncIterator[Settings]:
    """The open SQLite database of `settings`, with all tables and no rows."""
    await services.copy_sqlite(settings)
    async with setup.opened(settings):
        yield settings
