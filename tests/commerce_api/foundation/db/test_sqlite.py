"""The SQLite engine: its settings, its one write lock, and what it counts."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tortoise.connection import get_connection

from commerce_api.foundation.db import setup
from commerce_api.foundation.db.tx import atomic, transact
from commerce_api.foundation.errors import Unavailable
from commerce_api.foundation.settings import Settings
from commerce_api.shop.accounts.models import Account, AccountRole
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.orders.models import NumberCounter
from tests import services

pytestmark = pytest.mark.anyio


async def pragma(name: str) -> object:
    rows = await get_connection("default").execute_query_dict(f"PRAGMA {name}")
    return next(iter(rows[0].values()))


@contextmanager
def another_writer(settings: Settings) -> Iterator[sqlite3.Connection]:
    """Another process that holds the write lock."""
    with closing(sqlite3.connect(setup.sqlite_file(settings.database_url), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


async def test_committed_orders_survive_a_power_cut_unless_the_address_says_otherwise(settings: Settings) -> None:
    plain = replace(settings, database_url=settings.database_url.partition("?")[0])
    async with setup.opened(plain):
        assert [await pragma(name) for name in ("synchronous", "journal_mode", "foreign_keys")] == [2, "wal", 1]
        assert await pragma("busy_timeout") == 5000

    async with setup.opened(replace(plain, database_url=f"{plain.database_url}?synchronous=NORMAL&cache_size=-100")):
        assert [await pragma(name) for name in ("synchronous", "cache_size")] == [1, -100]


async def test_a_transaction_takes_the_write_lock_at_its_beginning(sqlite_database: Settings) -> None:
    file = setup.sqlite_file(sqlite_database.database_url)

    async with atomic():
        with (
            closing(sqlite3.connect(file, timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")


async def test_reading_works_while_another_process_writes(sqlite_database: Settings) -> None:
    with another_writer(sqlite_database):
        assert await NumberCounter.all().count() == 0


async def test_a_lock_that_lasts_ends_as_unavailable_and_leaves_the_database_usable(settings: Settings) -> None:
    # given
    await services.copy_sqlite(settings)
    impatient = replace(settings, database_url=f"{settings.database_url}&busy_timeout=20")
    async with setup.opened(impatient):
        with another_writer(impatient):
            # when, then
            with pytest.raises(Unavailable):
                async with atomic():
                    pass
            with pytest.raises(Unavailable):
                await NumberCounter.create(kind="a", day=date(2026, 11, 23), value=1)
            with pytest.raises(Unavailable):
                await transact(lambda: asyncio.sleep(0), tries=2)

        # then
        async with asyncio.timeout(5), atomic():
            pass


async def test_work_is_done_again_when_the_lock_comes_free(settings: Settings) -> None:
    impatient = replace(settings, database_url=f"{settings.database_url}&busy_timeout=1")
    async with setup.opened(impatient):
        with another_writer(impatient) as other:
            task = asyncio.create_task(transact(lambda: asyncio.sleep(0, "done"), tries=9))
            await asyncio.sleep(0.05)
            other.rollback()
            assert await task == "done"


async def test_a_task_cancelled_while_it_waits_for_the_lock_leaves_no_transaction_open(settings: Settings) -> None:
    # given: BEGIN IMMEDIATE waits in the thread
    patient = replace(settings, database_url=f"{settings.database_url}&busy_timeout=2000")
    async with setup.opened(patient):
        with another_writer(patient) as other:

            async def work() -> None:
                async with atomic():
                    await asyncio.sleep(60)

            task = asyncio.create_task(work())
            await asyncio.sleep(0.05)

            # when
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            other.rollback()

        # then: others can write, and so can we
        async with asyncio.timeout(5), atomic():
            pass
        with another_writer(patient):
            pass


async def test_deleting_a_parent_counts_the_parent_and_not_what_goes_with_it(sqlite_database: Settings) -> None:
    account = await Account.create(email="a@example.org", name="A", created_at=datetime.now(UTC))
    await AccountRole.create(account=account, role=Role.OWNER)
    await AccountRole.create(account=account, role=Role.ORDERS)

    assert await Account.filter(id=account.id).delete() == 1
    assert await AccountRole.all().count() == 0


async def test_rows_in_bulk_are_written_all_or_not_at_all(sqlite_database: Settings) -> None:
    query = "INSERT INTO number_counter (kind, day, value) VALUES (?, ?, ?)"
    day = date(2026, 11, 23).isoformat()

    with pytest.raises(Exception, match="UNIQUE"):
        await get_connection("default").execute_many(query, [["a", day, 1], ["a", day, 2]])
    assert await NumberCounter.all().count() == 0

    await get_connection("default").execute_many(query, [["a", day, 1], ["b", day, 2]])
    assert await NumberCounter.all().count() == 2
