"""A database that has no room for one more: everybody is told to come again, nothing is half done, and it goes on.

On PostgreSQL all connections of the pool are in use, on SQLite another process holds the write lock.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import replace

import pytest

from commerce_api.foundation.db import setup, tx
from commerce_api.foundation.db.tx import atomic
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.orders.models import Order
from tests.commerce_api import asks
from tests.commerce_api.shop.cart.builders import everything, put_on_shelf, shopper
from tests.commerce_api.shop.checkout.builders import buy
from tests.commerce_api.visits import Doors, doors

pytestmark = pytest.mark.anyio

CONNECTIONS = 2
PATIENT = {
    "sqlite": "busy_timeout=1",
    # All connections from the start: on a busy machine to make one takes longer than anybody waits here.
    "postgres": f"minsize={CONNECTIONS}&maxsize={CONNECTIONS}&acquire_timeout=0.05",
}


@pytest.fixture
async def narrow(database: Settings, database_kind: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Doors]:
    """A shop over a database that keeps nobody waiting for long."""
    await setup.close()
    monkeypatch.setattr(tx, "FIRST_PAUSE", 0.001)
    url = f"{database.database_url}&{PATIENT[database_kind]}"
    async with setup.opened(replace(database, database_url=url)):
        yield doors(replace(database, database_url=url))


@asynccontextmanager
async def full(settings: Settings) -> AsyncIterator[None]:
    """No room for one more."""
    if setup.is_sqlite(settings.database_url):
        file = setup.sqlite_file(settings.database_url)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    held, done = asyncio.Semaphore(0), asyncio.Event()

    async def hold() -> None:
        async with atomic():
            held.release()
            await done.wait()

    async with AsyncExitStack() as stack:
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        stack.callback(done.set)
        for _ in range(CONNECTIONS):
            tasks.create_task(hold())
        for _ in range(CONNECTIONS):
            await held.acquire()
        yield


async def test_every_route_says_when_to_come_again_and_leaves_nothing_behind(narrow: Doors) -> None:
    crowd = await narrow.gather(1)
    before = await everything()
    turned_away, wrong = 0, {}
    async with full(narrow.settings):
        for name, ask in asks.ROUTES.items():
            told = await narrow.ask(narrow.shop, crowd, name, ask)
            turned_away += told.status == 503
            if told.status >= 500 and (told.status != 503 or "retry-after" not in told.headers):
                wrong[name] = f"{told.status} {told.said[:300]}"
    assert wrong == {}
    assert turned_away > 40

    after = await everything()
    assert [name for name in before if after[name] != before[name]] == []
    again = await narrow.ask(narrow.shop, crowd, "POST /api/v1/checkout", asks.ROUTES["POST /api/v1/checkout"])
    assert again.status == 201, again.said


async def test_programs_get_a_problem_and_people_a_page(narrow: Doors) -> None:
    crowd = await narrow.gather(1)
    async with full(narrow.settings):
        program = await narrow.ask(narrow.shop, crowd, "POST /api/v1/checkout", asks.ROUTES["POST /api/v1/checkout"])
        person = await narrow.ask(narrow.shop, crowd, "POST /checkout/", asks.ROUTES["POST /checkout/"])

    assert (program.status, program.headers["content-type"]) == (503, "application/problem+json")
    assert int(program.headers["retry-after"]) >= 1
    assert '"code":"unavailable"' in program.said
    assert person.status == 503
    assert person.headers["content-type"].startswith("text/html")


async def test_a_crowd_at_a_narrow_door_gets_its_orders_in_the_end_and_each_of_them_once(narrow: Doors) -> None:
    codes, people = await put_on_shelf(stock={"M": 100}), 12

    async def visit(number: int) -> int:
        tries = 0
        async with shopper(narrow.shop, narrow.settings) as client:
            while (await client.post("/api/v1/cart/lines", json={"sku": codes["M"], "quantity": 1})).status_code == 503:
                tries += 1
            cart = await client.get("/api/v1/cart")
            while cart.status_code == 503:
                cart = await client.get("/api/v1/cart")
            total = cart.json()["total"]
            while (answer := await buy(client, total, f"key-{number}")).status_code == 503:
                assert answer.headers["retry-after"]
                tries += 1
                await asyncio.sleep(0.01)
            assert answer.status_code == 201, answer.text
        return tries

    async with asyncio.timeout(60):
        await asyncio.gather(*(visit(number) for number in range(people)))

    assert await Order.all().count() == people
    assert (await Sku.get(code=codes["M"])).stock == 100 - people
