"""A shop with a real Redis that is emptied and killed: nobody is signed out, no cart is lost, every answer is right."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from itertools import count

import httpx2
import pytest
from redis.asyncio import Redis

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import shared
from commerce_api.foundation.web.shared import Shared
from commerce_api.shop.catalog.service import change_price
from deploy import services
from tests.commerce_api.shop.cart.builders import put_on_shelf, shopper
from tests.commerce_api.shop.catalog.builders import a_product, add
from tests.commerce_api.shop.checkout.builders import LINES, buy, fill
from tests.commerce_api.shop.customer_area.builders import come_in, somebody, whole_shop
from tests.commerce_api.statements import statements
from tests.services import folder

pytestmark = pytest.mark.anyio


@pytest.fixture
def redis() -> Iterator[services.Service]:
    # Below the folder that the server's own user may enter; pytest's is for root alone.
    port = services.free_port()
    service = services.redis(folder() / f"redis-{port}", port)
    services.start(service)
    yield service
    services.stop(service)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no Redis that is gone."""
    monkeypatch.setattr(shared, "PATIENCE", 20.0)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that failed is asked again at once."""
    monkeypatch.setattr(shared, "REST", 0.0)


@asynccontextmanager
async def visitor(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody in a shop that lives from its start to its end."""
    app = whole_shop(settings)
    async with app.router.lifespan_context(app), shopper(app, settings) as client:
        yield client


async def one_version() -> int:
    return 1


async def made_of(answer: bytes) -> bytes:
    return answer


async def emptied(service: services.Service) -> None:
    async with Redis.from_url(service.url) as client:
        await client.flushall()


async def somebody_listens(service: services.Service) -> None:
    """Until a worker has come to the door."""
    async with Redis.from_url(service.url) as watch, asyncio.timeout(20):
        for _ in count():
            if (await watch.pubsub_numsub(shared.KNOCK))[0][1]:
                return


async def test_an_emptied_and_a_killed_redis_sign_nobody_out_and_the_shop_goes_on(
    database: Settings, redis: services.Service, quick: None
) -> None:
    codes = await put_on_shelf(stock={"M": 5})
    await somebody()
    settings = replace(database, redis_url=redis.url, limits=True)
    async with visitor(settings) as client:
        await come_in(client)
        total = await fill(client, {codes["M"]: 1})
        listed = await client.get("/api/v1/products")

        async def goes_on(word: str) -> None:
            assert (await client.get("/api/v1/account")).status_code == 200, word
            assert (await client.get("/api/v1/cart")).json()["total"] == total, word
            assert (await client.get("/api/v1/products")).content == listed.content, word

        await goes_on("well")
        await emptied(redis)
        await goes_on("emptied")
        assert (await client.get("/readyz")).json()["uses"] == {"limits": "redis", "answers": "redis"}
        services.stop(redis)
        await goes_on("killed")
        ill = (await client.get("/readyz")).json()
        assert (ill["status"], ill["uses"]) == ("degraded", {"limits": "memory", "answers": "database"})
        assert (await buy(client, total)).status_code == 201
        services.start(redis)
        assert (await client.get("/api/v1/account")).status_code == 200
        assert (await client.get("/readyz")).json()["uses"]["answers"] == "redis"


async def test_a_kept_answer_costs_one_statement_and_a_new_price_is_told_at_once(
    database: Settings, redis: services.Service
) -> None:
    await add(a_product())
    settings = replace(database, redis_url=redis.url)
    async with visitor(settings) as client:
        first = await client.get("/api/v1/products/kolos-tee")
        with statements() as seen:
            again = await client.get("/api/v1/products/kolos-tee")
            other = await client.get("/api/v1/products/kolos-tee", headers={"if-none-match": first.headers["etag"]})
        await transact(lambda: change_price("kolos-tee", 99_900))
        changed = await client.get("/api/v1/products/kolos-tee")

    assert (again.content, again.headers["etag"], other.status_code) == (first.content, first.headers["etag"], 304)
    assert len(seen) == 2, seen
    assert '"price":99900' in changed.text.replace(" ", "")


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
async def test_a_price_that_was_numbered_first_and_committed_last_is_told_at_once(
    database: Settings, redis: services.Service
) -> None:
    await add(a_product(), a_product("hmara-tee"))
    settings = replace(database, redis_url=redis.url)
    numbered, overtaken = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        await change_price("kolos-tee", 99_900)
        numbered.set()
        await overtaken.wait()

    async with visitor(settings) as client:
        # given a change of a price that another one overtakes, and an answer that was made between the two
        change = asyncio.ensure_future(transact(slow))
        await numbered.wait()
        await transact(lambda: change_price("hmara-tee", 98_900))
        between = await client.get("/api/v1/products/kolos-tee")
        # when the first one is committed
        overtaken.set()
        await change
        # then the next answer has its price
        changed = await client.get("/api/v1/products/kolos-tee")

    assert between.json()["price"] != 99_900
    assert changed.json()["price"] == 99_900


async def test_a_refusal_is_never_kept(sqlite_database: Settings, redis: services.Service) -> None:
    settings = replace(sqlite_database, redis_url=redis.url)
    async with visitor(settings) as client, Redis.from_url(redis.url) as watch:
        assert (await client.get("/api/v1/products/kolos-tee")).status_code == 404
        assert await watch.keys("twocomms:answer:*") == [], "nobody waits for an answer that nobody makes"
        await add(a_product())
        assert (await client.get("/api/v1/products/kolos-tee")).status_code == 200


async def test_of_many_who_ask_at_once_one_makes_the_answer(settings: Settings, redis: services.Service) -> None:
    made = 0

    async def make() -> bytes:
        nonlocal made
        made += 1
        await asyncio.sleep(0)
        return b"answer"

    here = replace(settings, redis_url=redis.url)
    async with aclosing(Shared(here)) as one, aclosing(Shared(here)) as two:
        answers = await asyncio.gather(*(side.answer("same", one_version, make) for side in (one, two) * 8))
    assert set(answers) == {b"answer"}
    assert made == 1


async def test_an_answer_made_between_the_look_and_the_flag_is_taken(
    settings: Settings, redis: services.Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = replace(settings, redis_url=redis.url)
    async with aclosing(Shared(here)) as quick, aclosing(Shared(here)) as late:
        first = late._first

        async def overtaken(flag: str) -> bool:
            await quick.answer("same", one_version, lambda: made_of(b"quick"))
            return await first(flag)

        monkeypatch.setattr(late, "_first", overtaken)
        told = await late.answer("same", one_version, lambda: made_of(b"late"))
        again = await late.answer("same", one_version, lambda: made_of(b"again"))
    assert (told, again) == (b"quick", b"quick")


async def test_a_write_knocks_at_the_worker_s_door(sqlite_database: Settings, redis: services.Service) -> None:
    codes = await put_on_shelf()
    settings = replace(sqlite_database, redis_url=redis.url)
    heard, stopping = asyncio.Event(), asyncio.Event()
    async with aclosing(Shared(settings)) as line, visitor(settings) as client:
        listening = asyncio.ensure_future(line.listen(heard, stopping))
        await somebody_listens(redis)
        await client.get("/api/v1/cart")
        assert not heard.is_set()
        await client.post(LINES, json={"sku": codes["M"], "quantity": 1})
        async with asyncio.timeout(10):
            await heard.wait()
        stopping.set()
        await listening


async def test_without_redis_every_answer_is_made_and_nobody_is_asked(settings: Settings) -> None:
    async def version() -> int:
        raise AssertionError("nobody needs it")

    async def make() -> bytes:
        return b"anew"

    alone = Shared(settings)
    await alone.knock()
    assert await alone.answer("same", version, make) == b"anew"
    assert await alone.backend() == ("database", True)
