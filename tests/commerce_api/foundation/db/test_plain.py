"""Plain SQL writes what the ORM would have written, and a whole transaction fits into one hop."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from commerce_api.foundation.db import plain, sqlite, sqlite_calls
from commerce_api.foundation.db.tx import (
    NoTransaction,
    atomic,
    in_transaction,
    savepoint,
    transact,
)
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.shop.orders.models import NumberCounter
from commerce_api.shop.promotions.models import PromoCode

pytestmark = pytest.mark.anyio

DAY = date(2026, 11, 23)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TEXTS = st.text(st.sampled_from("абвґї’abc019 \"'?$%\\🦉"), max_size=12)
MOMENTS = st.integers(0, 2**31 * 1_000_000).map(lambda number: EPOCH + timedelta(microseconds=number))
EVENTS = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "payload": st.dictionaries(TEXTS, st.none() | TEXTS | st.integers(-(2**50), 2**50) | st.booleans()),
        "created_at": MOMENTS,
    },
    optional={"dispatched_at": st.none() | MOMENTS},
)


def drawn(strategy: st.SearchStrategy[Any], amount: int) -> list[Any]:
    """Values of a strategy, for a test that is asynchronous itself."""
    found: list[Any] = []

    @hypothesis_settings(max_examples=amount, database=None)
    @given(strategy)
    def draw(value: Any) -> None:
        found.append(value)

    draw()
    return found


async def counter(kind: str, value: int = 0) -> int:
    return await plain.insert(NumberCounter, {"kind": kind, "day": DAY, "value": value})


async def kinds() -> set[str]:
    return {row.kind for row in await NumberCounter.all()}


async def test_a_row_is_stored_as_the_orm_would_store_it(database: Settings) -> None:
    for row in drawn(EVENTS, 30):
        by_hand = await plain.insert(OutboxEvent, row)
        by_orm = (await OutboxEvent.create(**row)).id
        columns = "SELECT name, payload, created_at, dispatched_at FROM outbox_event WHERE id = ?"
        ours, theirs = [tuple((await plain.fetch(columns, id_))[0]) for id_ in (by_hand, by_orm)]
        assert ours == theirs


async def test_rows_in_one_statement_get_the_models_defaults(database: Settings) -> None:
    row = {"kind": "percent", "value": 10, "categories": ["t-shirts"], "products": [], "created_at": clock.now()}

    await plain.insert_all(PromoCode, [{**row, "code": f"DROP{number}"} for number in range(3)])
    await plain.insert_all(PromoCode, [])

    found = await PromoCode.all().order_by("code")
    assert [(one.code, one.uses, one.active, one.max_uses) for one in found] == [
        (f"DROP{number}", 0, True, None) for number in range(3)
    ]
    assert found[0].categories == ["t-shirts"]


@pytest.mark.parametrize("row", [{"kind": "a", "value": 1}, {"kind": "a", "day": DAY, "value": 1, "colour": "coal"}])
async def test_a_row_that_is_none_of_the_models_is_refused(sqlite_database: Settings, row: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        await plain.insert(NumberCounter, row)


async def test_places_of_values_are_counted_past_nine(database: Settings) -> None:
    for number in range(12):
        await counter(f"k{number}", number)
    named = [f"k{number}" for number in range(12)]

    rows = await plain.fetch(
        f"SELECT kind FROM number_counter WHERE kind IN ({plain.places(12)}) AND value > ? ORDER BY id", *named, 9
    )
    changed = await plain.change("UPDATE number_counter SET value = value + ? WHERE value < ?", 100, 5)

    assert [row["kind"] for row in rows] == ["k10", "k11"]
    assert changed == 5


async def test_a_double_is_an_integrity_error(database: Settings) -> None:
    await counter("a")
    with pytest.raises(IntegrityError):
        await counter("a")


async def test_rows_are_held_only_inside_a_transaction(sqlite_database: Settings) -> None:
    with pytest.raises(NoTransaction):
        await plain.fetch_locked("SELECT id FROM number_counter ORDER BY id")


async def test_a_whole_transaction_commits_or_leaves_nothing(database: Settings) -> None:
    moment = datetime(2026, 5, 1, 9, tzinfo=UTC)

    @savepoint()
    async def doubled() -> None:
        await counter("b")
        await counter("a")

    async def work() -> datetime:
        assert in_transaction()
        await counter("a")
        with pytest.raises(IntegrityError):
            await doubled()
        return clock.now()

    async def failing() -> None:
        await counter("c")
        raise KeyError("c")

    with clock.frozen(moment):
        seen = await transact(work, whole=True)
    with pytest.raises(KeyError):
        await transact(failing, whole=True)

    assert seen == moment, "the work sees the context of its task"
    assert await kinds() == {"a"}
    assert not in_transaction()


async def test_inside_a_transaction_whole_work_joins_it(database: Settings) -> None:
    @atomic()
    async def outer() -> None:
        await transact(lambda: counter("a"), whole=True)
        raise KeyError("rolled back")

    with pytest.raises(KeyError):
        await outer()

    assert await kinds() == set()


async def test_a_whole_transaction_is_one_hop(sqlite_database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    hops = 0
    hop = sqlite_calls.hop

    async def counted(connection: Any, *work: Any) -> Any:
        nonlocal hops
        hops += 1
        return await hop(connection, *work)

    monkeypatch.setattr(sqlite, "hop", counted)

    async def work() -> int:
        await counter("a")
        await NumberCounter.filter(kind="a").update(value=7)
        return (await NumberCounter.get(kind="a")).value

    assert await transact(work, whole=True) == 7
    assert hops == 1


async def test_whole_work_that_waits_for_something_else_is_refused(sqlite_database: Settings) -> None:
    async def waiting() -> None:
        await counter("a")
        await asyncio.sleep(0)

    with pytest.raises(sqlite.Waited):
        await transact(waiting, whole=True)

    assert await kinds() == set()
    await transact(lambda: counter("b"), whole=True)


async def test_whole_and_ordinary_transactions_take_turns(database: Settings) -> None:
    await counter("a")

    async def work() -> None:
        value = (await plain.fetch_locked("SELECT value FROM number_counter WHERE kind = 'a' ORDER BY id"))[0]["value"]
        await plain.change("UPDATE number_counter SET value = ?", value + 1)

    await asyncio.gather(*(transact(work, whole=number % 2 == 0) for number in range(30)))

    assert (await NumberCounter.get()).value == 30


async def test_a_cancelled_task_leaves_the_connection_free(sqlite_database: Settings) -> None:
    tasks = [asyncio.ensure_future(transact(lambda: counter("a"), whole=True)) for _ in range(3)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    assert all(isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*tasks, return_exceptions=True))

    await transact(lambda: counter("b"), whole=True)
    await transact(lambda: counter("c"))

    assert {"b", "c"} <= await kinds()


async def test_a_stream_of_whole_transactions_lets_others_in(sqlite_database: Settings) -> None:
    await counter("a")
    over = False

    async def stream() -> None:
        while not over:
            await transact(lambda: plain.change("UPDATE number_counter SET value = value + 1"), whole=True)

    streams = [asyncio.create_task(stream()) for _ in range(4)]
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(20):
            assert await NumberCounter.all().count() == 1
    finally:
        over = True
        await asyncio.gather(*streams)


async def test_nobody_waits_while_others_go_again_and_again(sqlite_database: Settings) -> None:
    """Sixteen shoppers once had a few who were served at once, and the others waited for 900 ms."""
    await counter("a")
    done, most = 0, 0
    people, times = 16, 40

    async def shopper(number: int) -> None:
        nonlocal done, most
        for _ in range(times):
            await asyncio.sleep(0.0005)  # what a browser does meanwhile
            before = done
            if number % 8:
                await transact(lambda: plain.change("UPDATE number_counter SET value = value + 1"), whole=True)
            else:
                await transact(lambda: NumberCounter.filter(kind="a").update(value=F("value") + 1))
            most = max(most, done - before)
            done += 1

    await asyncio.gather(*(shopper(number) for number in range(people)))

    assert (await NumberCounter.get()).value == people * times
    assert most <= people + people // 2, "who asked was passed by so many"
