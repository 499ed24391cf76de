"""Stock can be promised once."""

import asyncio
import multiprocessing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

import pytest

from commerce_api.foundation.db import setup
from commerce_api.foundation.db.tx import NoTransaction, atomic, transact
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog import stock
from commerce_api.shop.catalog.errors import OutOfStock, SkuUnknown
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.catalog.stock import StockLine
from tests.commerce_api.shop.catalog.builders import a_colour, a_product, add, counts, stale

pytestmark = pytest.mark.anyio

S, M, L = "TC-KOLOS-TEE-COAL-S", "TC-KOLOS-TEE-COAL-M", "TC-KOLOS-TEE-COAL-L"


async def reserve(*lines: StockLine) -> frozenset[str]:
    async with atomic():
        reservation = await stock.reserve(lines)
        await stock.note_reserved(reservation, "TWC24112026N01", "customer")
        return reservation.codes


async def held(code: str) -> tuple[int | None, int]:
    sku = await Sku.get(code=code)
    return sku.stock, sku.reserved


@pytest.fixture
async def shelf(database: Settings) -> Settings:
    """S: 1, M: 3, the other sizes made to order."""
    await add(a_product(colours=(a_colour(stock=counts(S=1, M=3)),)))
    return database


async def test_reserving_takes_counted_sizes_and_lets_made_to_order_through(shelf: Settings) -> None:
    # when
    taken = await reserve(StockLine(M, 2), StockLine(L, 40))

    # then
    assert taken == {M}
    assert await held(M) == (1, 2)
    assert await held(L) == (None, 0)
    assert await stock.left([S, M, L, "TC-NEVER"]) == {S: 1, M: 1, L: None}


async def test_too_many_of_one_line_reserves_none(shelf: Settings) -> None:
    # when
    with pytest.raises(OutOfStock) as refused:
        await reserve(StockLine(M, 1), StockLine(S, 2))

    # then
    assert dict(refused.value.details) == {
        "sku": S,
        "name": "Футболка «Колос», S",
        "left": 1,
        "lines": [{"sku": S, "name": "Футболка «Колос», S", "left": 1}],
    }
    assert await held(M) == (3, 0)


async def test_equal_lines_are_counted_together(shelf: Settings) -> None:
    with pytest.raises(OutOfStock):
        await reserve(StockLine(M, 2), StockLine(M, 2))


async def test_an_unknown_code_is_named(shelf: Settings) -> None:
    with pytest.raises(SkuUnknown) as refused:
        await reserve(StockLine("TC-NEVER-M", 1))
    assert refused.value.details == {"sku": "TC-NEVER-M"}


async def test_a_line_of_nothing_is_a_fault_of_the_program(shelf: Settings) -> None:
    with pytest.raises(ValueError, match="at least one"):
        await reserve(StockLine(M, 0))


async def test_stock_changes_only_inside_a_transaction(shelf: Settings) -> None:
    for change in (stock.reserve, stock.release, stock.sell):
        with pytest.raises(NoTransaction):
            await change([StockLine(M, 1)])


async def test_released_pieces_can_be_sold_again_once(shelf: Settings) -> None:
    # given
    await reserve(StockLine(M, 2))

    # when it is released twice, as a repeated event would
    for _ in range(2):
        async with atomic():
            await stock.release([StockLine(M, 2)])

    # then
    assert await held(M) == (3, 0)


async def test_sold_pieces_are_neither_held_nor_left(shelf: Settings) -> None:
    # given
    await reserve(StockLine(M, 2))

    # when
    async with atomic():
        await stock.sell([StockLine(M, 2)])

    # then
    assert await held(M) == (1, 0)


async def test_a_size_that_became_made_to_order_takes_no_count_back(shelf: Settings) -> None:
    # given
    await reserve(StockLine(M, 2))
    await Sku.filter(code=M).update(stock=None)

    # when
    async with atomic():
        await stock.release([StockLine(M, 2)])

    # then
    assert await held(M) == (None, 0)


async def test_pages_hear_only_of_sold_out_and_available_again(shelf: Settings) -> None:
    # when some are left, pages say nothing new
    await reserve(StockLine(M, 1))
    assert await stale() == set()

    # when the last one goes
    await reserve(StockLine(S, 1))
    assert await stale() == {"product:kolos-tee", "category:t-shirts", "catalog", "home"}


async def test_a_returned_last_piece_makes_the_pages_stale(shelf: Settings) -> None:
    # given
    async with atomic():
        await Sku.filter(code=S).update(stock=0, reserved=1)

    # when
    async with atomic():
        await stock.release([StockLine(S, 1)])

    # then
    assert "product:kolos-tee" in await stale()


def _buy_last(settings: Settings, at_once: "Barrier", answers: "Queue[str]", tries: int) -> None:
    async def buy() -> str:
        async with setup.opened(settings):
            at_once.wait(timeout=30)
            won = 0
            for _ in range(tries):
                try:
                    await transact(lambda: stock.reserve([StockLine(M, 1), StockLine(S, 1)]))
                    won += 1
                except OutOfStock:
                    continue
            return str(won)

    answers.put(asyncio.run(buy()))


async def test_two_processes_race_for_the_last_unit_and_one_wins(shelf: Settings) -> None:
    # given two processes, ready at the same moment, and one S left
    context = multiprocessing.get_context("spawn")
    at_once, answers = context.Barrier(2), context.Queue()
    buyers = [context.Process(target=_buy_last, args=(shelf, at_once, answers, 20)) for _ in range(2)]

    # when
    for buyer in buyers:
        buyer.start()
    won = [int(await asyncio.to_thread(answers.get, True, 60)) for _ in buyers]
    for buyer in buyers:
        await asyncio.to_thread(buyer.join, 30)

    # then
    assert sorted(won) == [0, 1]
    assert await held(S) == (0, 1)
    assert await held(M) == (2, 1)
