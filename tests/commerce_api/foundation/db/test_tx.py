"""Transactions: all or nothing, again after a collision, and nothing left behind by a task that is cancelled."""

import asyncio
import random
from datetime import date

import asyncpg  # type: ignore[import-untyped]
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError

from commerce_api.foundation.db.tx import (
    NoTransaction,
    atomic,
    in_transaction,
    lock_rows,
    require_transaction,
    savepoint,
    transact,
)
from commerce_api.foundation.errors import Unavailable
from commerce_api.foundation.settings import Settings
from commerce_api.shop.orders.models import NumberCounter
from tests.commerce_api.foundation.db.conftest import ON_POSTGRES
from tests.commerce_api.foundation.db.hammer import hammered

pytestmark = pytest.mark.anyio

DAY = date(2026, 11, 23)


async def counter(kind: str, value: int = 0) -> NumberCounter:
    return await NumberCounter.create(kind=kind, day=DAY, value=value)


async def kinds() -> set[str]:
    return {row.kind for row in await NumberCounter.all()}


class Stop(Exception):
    pass


async def test_an_error_undoes_everything_written_in_the_block(database: Settings) -> None:
    @atomic()
    async def work() -> None:
        await counter("a")
        async with atomic():
            await counter("b")
        raise Stop

    with pytest.raises(Stop):
        await work()

    assert await kinds() == set()


async def test_an_inner_block_joins_and_commits_with_the_outer(database: Settings) -> None:
    async with atomic():
        async with atomic():
            await counter("a")
        assert in_transaction()
        await counter("b")

    assert not in_transaction()
    assert await kinds() == {"a", "b"}


async def test_a_savepoint_is_undone_alone_and_work_goes_on(database: Settings) -> None:
    @savepoint()
    async def part() -> None:
        await counter("b")
        await counter("a")

    async with atomic():
        await counter("a")
        with pytest.raises(IntegrityError):
            await part()
        await counter("c")

    assert await kinds() == {"a", "c"}


async def test_helpers_that_need_a_transaction_refuse_outside_one(database: Settings) -> None:
    with pytest.raises(NoTransaction):
        require_transaction()
    with pytest.raises(NoTransaction):
        await lock_rows(NumberCounter.all())
    with pytest.raises(NoTransaction):
        async with savepoint():
            pass

    async with atomic():
        require_transaction()


async def test_locked_rows_come_in_the_order_of_their_keys(database: Settings) -> None:
    made = [await counter(kind) for kind in "cab"]

    async with atomic():
        rows = await lock_rows(NumberCounter.all().order_by("kind"))

    assert [row.id for row in rows] == [row.id for row in made]


async def test_a_locked_row_is_not_changed_by_another_task_until_the_end(database: Settings) -> None:
    # given
    row = await counter("a")
    locked, seen = asyncio.Event(), []

    async def first() -> None:
        async with atomic():
            await lock_rows(NumberCounter.filter(id=row.id))
            locked.set()
            await asyncio.sleep(0.1)
            seen.append("first")

    async def second() -> None:
        await locked.wait()
        async with atomic():
            await lock_rows(NumberCounter.filter(id=row.id))
            seen.append("second")

    # when
    await asyncio.gather(first(), second())

    # then
    assert seen == ["first", "second"]


async def test_an_update_counts_the_rows_it_changed(database: Settings) -> None:
    await counter("a", 1)
    await counter("b", 5)

    assert await NumberCounter.filter(value__gte=2).update(value=9) == 1
    assert await NumberCounter.filter(value__gte=100).update(value=9) == 0


async def test_two_processes_that_read_and_write_lose_no_count_and_meet_no_locked_database(database: Settings) -> None:
    # given
    await counter("hammer")

    # when: a read-then-write in each transaction, which a deferred BEGIN answers with "database is locked"
    await asyncio.gather(hammered("count", database, 100), hammered("count", database, 100))

    # then
    assert (await NumberCounter.get(kind="hammer")).value == 200


@ON_POSTGRES
async def test_work_is_done_again_after_a_deadlock(database: Settings) -> None:
    # given: two tasks that lock the same rows in opposite order, at their first try
    one, two = await counter("a"), await counter("b")
    both = asyncio.Barrier(2)
    tries = {"up": 0, "down": 0}

    async def work(name: str, order: tuple[int, int]) -> None:
        tries[name] += 1
        await get_connection("default").execute_query("SET LOCAL deadlock_timeout = '50ms'")
        await NumberCounter.filter(id=order[0]).update(value=1)
        if tries[name] == 1:
            await both.wait()
        await NumberCounter.filter(id=order[1]).update(value=2)

    # when
    await asyncio.gather(
        transact(lambda: work("up", (one.id, two.id))), transact(lambda: work("down", (two.id, one.id)))
    )

    # then
    assert sorted(tries.values()) == [1, 2]


async def test_work_that_never_gets_through_ends_as_unavailable(database: Settings) -> None:
    tries = 0

    async def work() -> None:
        nonlocal tries
        tries += 1
        raise asyncpg.DeadlockDetectedError("again")

    with pytest.raises(Unavailable):
        await transact(work, tries=3)

    assert tries == 3


async def test_an_error_of_the_work_itself_is_not_tried_again(database: Settings) -> None:
    tries = 0

    async def work() -> None:
        nonlocal tries
        tries += 1
        await get_connection("default").execute_query("SELECT nonsense")

    with pytest.raises(OperationalError):
        await transact(work)

    assert tries == 1


async def test_inside_a_transaction_only_the_outermost_begins_anew(database: Settings) -> None:
    tries = 0

    async def inner() -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise asyncpg.SerializationError("again")
        await counter("a")

    await transact(lambda: transact(inner))

    assert tries == 2
    assert await kinds() == {"a"}


async def test_a_cancelled_task_writes_nothing_and_frees_the_connection(database: Settings) -> None:
    # given
    inside = asyncio.Event()

    async def work() -> None:
        async with atomic():
            await counter("a")
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(work())
    await inside.wait()

    # when
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    # then
    async with asyncio.timeout(5), atomic():
        await counter("b")
    assert await kinds() == {"b"}


async def test_tasks_cancelled_at_any_moment_leave_all_or_nothing_and_a_free_database(database: Settings) -> None:
    # given: transactions of two rows each, cut off at random
    chance = random.Random(7)  # noqa: S311 - the same pauses every time

    async def work(number: int) -> None:
        async with atomic():
            await counter(f"{number}a")
            await counter(f"{number}b")

    async def cut(number: int) -> None:
        task = asyncio.create_task(work(number))
        await asyncio.sleep(chance.uniform(0, 0.05))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    # when
    await asyncio.gather(*(cut(number) for number in range(40)))

    # then
    async with asyncio.timeout(10):
        await transact(lambda: counter("last"))
    written = {kind[:-1] for kind in await kinds() if kind != "last"}
    assert await kinds() == {number + end for number in written for end in "ab"} | {"last"}


async def test_a_task_that_outlives_its_transaction_is_refused(database: Settings) -> None:
    over = asyncio.Event()

    async def late() -> None:
        await over.wait()
        await counter("late")

    async with atomic():
        task = asyncio.create_task(late())
        await counter("a")
    over.set()

    with pytest.raises((TransactionManagementError, asyncpg.InterfaceError)):
        await task
    assert await kinds() == {"a"}
