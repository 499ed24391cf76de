"""What the database holds after a run, past everybody's code: orders against what shoppers were told, and stock."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import asyncpg  # type: ignore[import-untyped]

from bench.shoppers import Tally
from commerce_api.foundation.db.setup import is_sqlite, sqlite_file

NUMBERS: Final = "SELECT number, payable FROM shop_order"
STOCK: Final = "SELECT code, stock, reserved FROM sku"
COUNTS: Final = {
    "order lines": ("order_line", 2),
    "stock movements": ("stock_movement", 2),
    "history rows": ("order_status_change", 1),
    "events": ("outbox_event", 1),
    "stored answers": ("checkout_answer", 1),
}
"""What one order leaves behind: table and rows."""


class NotConserved(Exception):
    """The database and the shoppers tell different stories."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Numbers of all orders, stock and reserved pieces by SKU, rows by what they are."""

    numbers: frozenset[str]
    stock: dict[str, tuple[int, int]]
    rows: dict[str, int]


async def _postgres(url: str) -> list[list[tuple[object, ...]]]:
    connection = await asyncpg.connect(url.partition("?")[0])
    try:
        return [[tuple(row) for row in await connection.fetch(query)] for query in _queries()]
    finally:
        await connection.close()


def _sqlite(url: str) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(sqlite_file(url))) as connection:
        return [connection.execute(query).fetchall() for query in _queries()]


def _queries() -> list[str]:
    return [NUMBERS, STOCK, *(f"SELECT count(*) FROM {table}" for table, _ in COUNTS.values())]


async def read(url: str) -> Ledger:
    """The ledger of a database."""
    numbers, stock, *counts = await asyncio.to_thread(_sqlite, url) if is_sqlite(url) else await _postgres(url)
    return Ledger(
        numbers=frozenset(str(row[0]) for row in numbers),
        stock={str(code): (int(str(left)), int(str(held))) for code, left, held in stock},
        rows={name: int(str(rows[0][0])) for name, rows in zip(COUNTS, counts, strict=True)},
    )


def check(before: Ledger, after: Ledger, tally: Tally) -> None:
    """Every acknowledged order is there, no other is, and every piece is accounted for. Raises NotConserved."""
    placed = after.numbers - before.numbers
    if placed != tally.numbers:
        raise NotConserved(f"{len(tally.numbers)} orders were acknowledged and {len(placed)} are stored")
    for name, (_, each) in COUNTS.items():
        fresh = after.rows[name] - before.rows[name]
        if fresh != each * len(placed):
            raise NotConserved(f"{fresh} {name} for {len(placed)} orders")
    sold: Counter[str] = Counter()
    for code, (stock, held) in after.stock.items():
        was, was_held = before.stock[code]
        if was + was_held != stock + held:
            raise NotConserved(f"{code}: {was} + {was_held} pieces became {stock} + {held}")
        sold[code] = was - stock
    if +sold != tally.pieces:
        raise NotConserved("the stock that is gone is not what was ordered")
