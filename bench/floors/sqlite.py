"""The floor on SQLite: sqlite3 in one thread that does nothing else, one hop to it per transaction."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import orjson
from starlette.applications import Starlette

from bench.floors import wire
from commerce_api.foundation.kit import clock, ids

T = TypeVar("T")

LINES: Final = """
SELECT l.id, s.id, l.sku, p.slug, t.name, json_extract(c.names, '$.uk'), s.size, s.fit, i.key,
       coalesce(v.price, p.price), l.quantity, p.points
FROM cart_line l
JOIN sku s ON s.code = l.sku
JOIN color_variant v ON v.id = s.variant_id
JOIN colour c ON c.id = v.colour_id
JOIN product p ON p.id = v.product_id
JOIN product_text t ON t.product_id = p.id AND t.lang = 'uk'
JOIN product_image i ON i.variant_id = v.id AND i.position = 0
WHERE l.cart_id = ? ORDER BY l.id
"""
OFFER: Final = """
SELECT t.name, coalesce(v.price, p.price) FROM sku s
JOIN color_variant v ON v.id = s.variant_id
JOIN product p ON p.id = v.product_id
JOIN product_text t ON t.product_id = p.id AND t.lang = 'uk'
WHERE s.code = ? AND s.active AND v.active AND p.status = 'published' AND (s.stock IS NULL OR s.stock > 0)
"""
SEEN: Final = "UPDATE cart SET seen_at = ? WHERE token_digest = ? RETURNING id"
OPEN: Final = "INSERT INTO cart (token_digest, created_at, seen_at) VALUES (?, ?, ?) RETURNING id"
PUT: Final = """
INSERT INTO cart_line (cart_id, sku, name, quantity, seen_price, added_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (cart_id, sku) DO UPDATE SET quantity = cart_line.quantity + excluded.quantity
"""
FIND: Final = "SELECT id FROM cart WHERE token_digest = ?"
TAKE: Final = "UPDATE sku SET stock = stock - ?, reserved = reserved + ? WHERE id = ? AND stock >= ?"
COUNT: Final = """
INSERT INTO number_counter (kind, day, value) VALUES ('TWC', ?, 1)
ON CONFLICT (kind, day) DO UPDATE SET value = number_counter.value + 1 RETURNING value
"""
ORDER: Final = """
INSERT INTO shop_order (number, token, channel, status, payment_status, pay_type, lang, name, phone, delivery_kind,
    city, branch, city_ref, branch_ref, comment, promo_code, gross, discount, shipping, payable, due_now, paid,
    refunded, search, placed_at, updated_at)
VALUES (?, ?, 'retail', 'new', 'unpaid', 'cod', 'uk', ?, ?, 'branch', ?, ?, '', '', '', '', ?, 0, ?, ?, 0, 0, 0,
    ?, ?, ?)
RETURNING id
"""
ORDER_LINE: Final = """
INSERT INTO order_line (order_id, position, sku, product, name, colour, size, fit, image, unit_price, quantity,
    discount, points, reserved)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 1)
"""
MOVE: Final = """
INSERT INTO stock_movement (sku_id, at, reason, stock_change, held_change, cause, actor)
VALUES (?, ?, 'reserve', ?, ?, ?, 'customer')
"""
HISTORY: Final = """
INSERT INTO order_status_change (order_id, at, field, new, actor, source, reason)
VALUES (?, ?, 'status', 'new', 'customer', 'checkout', '')
"""
EVENT: Final = "INSERT INTO outbox_event (name, payload, created_at) VALUES ('OrderPlaced', ?, ?)"
KEEP: Final = """
INSERT INTO checkout_answer (key, body_digest, status, answer, created_at) VALUES (?, ?, 201, ?, ?)
"""
EMPTY: Final = "DELETE FROM cart_line WHERE cart_id = ?"
PRAGMAS: Final = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "busy_timeout = 5000",
    "cache_size = -20000",
)
"""As the shop sets them: the floor loses no order in a power cut either."""


class Refused(Exception):
    """There is nothing to sell: the floor has no words for it."""


class Sqlite:
    """A store over one connection in one thread."""

    def __init__(self, path: str) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._connection = self._thread.submit(_connect, path).result()

    async def _hop(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._whole, work)

    def _whole(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(self._connection)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return result

    async def add(self, token: str | None, sku: str, quantity: int) -> tuple[str, Sequence[wire.Line]]:
        return await self._hop(lambda connection: _add(connection, token, sku, quantity))

    async def order(self, token: str, key: str, asked: Any) -> dict[str, Any]:
        return await self._hop(lambda connection: _order(connection, token, key, asked))

    def close(self) -> None:
        """Close the file and end the thread."""
        self._thread.submit(self._connection.close).result()
        self._thread.shutdown()


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _value(connection: sqlite3.Connection, query: str, *values: object) -> Any:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None


def _lines(connection: sqlite3.Connection, cart: int) -> list[wire.Line]:
    return [wire.Line(*row) for row in connection.execute(LINES, (cart,)).fetchall()]


def _add(connection: sqlite3.Connection, token: str | None, sku: str, quantity: int) -> tuple[str, list[wire.Line]]:
    offer = connection.execute(OFFER, (sku,)).fetchone()
    if offer is None:
        raise Refused(sku)
    at = datetime.now(UTC).isoformat(" ")
    cart = _value(connection, SEEN, at, ids.digest(token)) if token else None
    if cart is None or token is None:
        token = ids.token()
        cart = _value(connection, OPEN, ids.digest(token), at, at)
    connection.execute(PUT, (cart, sku, offer[0], quantity, offer[1], at))
    return token, _lines(connection, cart)


def _order(connection: sqlite3.Connection, token: str, key: str, asked: Any) -> dict[str, Any]:
    cart = _value(connection, FIND, ids.digest(token))
    lines = _lines(connection, cart)
    new = wire.placed(lines)
    if new.totals["total"] != asked["expected_total"]:
        raise Refused("another total")
    for line in lines:
        if connection.execute(TAKE, (line.quantity, line.quantity, line.sku_id, line.quantity)).rowcount != 1:
            raise Refused(line.sku)
    number = wire.number_of(_value(connection, COUNT, clock.kyiv_today().isoformat()))
    at = new.at.isoformat(" ")
    contact, delivery = asked["contact"], asked["delivery"]
    search = f"{number} {contact['name']} {contact['phone']}".casefold()
    order = _value(
        connection, ORDER, number, new.token, contact["name"], contact["phone"], delivery["city"], delivery["branch"],
        new.totals["goods"], new.totals["shipping"], new.totals["total"], search, at, at,
    )  # fmt: skip
    connection.executemany(ORDER_LINE, [_row(order, place, line) for place, line in enumerate(lines, 1)])
    connection.executemany(MOVE, [wire.movement(line, at, number) for line in lines])
    connection.execute(HISTORY, (order, at))
    event = {
        "order_id": order,
        "number": number,
        "channel": "retail",
        "pay_type": "cod",
        "payable": asked["expected_total"],
    }
    connection.execute(EVENT, (orjson.dumps(event).decode(), at))
    answer = new.answer(number)
    body = ids.digest(orjson.dumps(asked).decode())
    connection.execute(KEEP, (ids.digest(f"{token}\n{key}"), body, orjson.dumps(answer).decode(), at))
    connection.execute(EMPTY, (cart,))
    return answer


def _row(order: int, place: int, line: wire.Line) -> tuple[object, ...]:
    return (
        order, place, line.sku, line.product, line.name, line.colour, line.size, line.fit, line.image, line.price,
        line.quantity, line.points,
    )  # fmt: skip


@asynccontextmanager
async def opened() -> AsyncIterator[Sqlite]:
    """The database of DATABASE_URL."""
    store = Sqlite(os.environ["DATABASE_URL"].partition("?")[0].removeprefix("sqlite://"))
    try:
        yield store
    finally:
        store.close()


def create() -> Starlette:
    """The floor of this process."""
    return wire.application(opened)
