"""The PostgreSQL engine: an end to waiting, and no connection that is lost or dirty."""

import asyncio
from dataclasses import replace

import asyncpg  # type: ignore[import-untyped]
import pytest
from tortoise.connection import get_connection

from commerce_api.foundation.db import setup
from commerce_api.foundation.db.tx import atomic
from commerce_api.foundation.errors import Unavailable
from commerce_api.foundation.settings import Settings
from commerce_api.shop.orders.models import NumberCounter
from tests.commerce_api.foundation.db.conftest import ON_POSTGRES

pytestmark = [pytest.mark.anyio, ON_POSTGRES]


async def test_waiting_for_a_connection_ends(database: Settings) -> None:
    # given: a pool of one connection, which is in use
    await setup.close()
    url = f"{database.database_url}&maxsize=1&acquire_timeout=0.1"
    async with setup.opened(replace(database, database_url=url)):
        inside, done = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            async with atomic():
                inside.set()
                await done.wait()

        holder = asyncio.create_task(hold())
        await inside.wait()

        # when, then: reading and beginning both give up
        with pytest.raises(Unavailable):
            await NumberCounter.all().count()
        with pytest.raises(Unavailable):
            async with atomic():
                pass

        # and the connection is of use afterwards
        done.set()
        await holder
        assert await NumberCounter.all().count() == 0


@pytest.mark.parametrize("goes_on", [True, False], ids=["noticed by a statement", "noticed by the commit"])
async def test_a_server_that_goes_away_is_unavailable_and_is_found_again(database: Settings, goes_on: bool) -> None:
    # given: all our connections are cut off in the middle of a transaction, as by a restart
    @atomic()
    async def work() -> None:
        await NumberCounter.all().count()
        other = await asyncpg.connect(database.database_url.partition("?")[0])
        await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await other.close()
        await asyncio.sleep(0.05)
        if goes_on:
            await NumberCounter.all().count()

    # when, then
    with pytest.raises(Unavailable):
        await work()
    async with asyncio.timeout(5):
        assert await NumberCounter.all().count() == 0


async def test_a_statement_that_takes_too_long_is_cut_off(database: Settings) -> None:
    async with atomic():
        connection = get_connection("default")
        await connection.execute_query("SET LOCAL statement_timeout = '20ms'")
        with pytest.raises(Unavailable):
            await connection.execute_query("SELECT pg_sleep(5)")
