"""The floor on PostgreSQL: asyncpg, its prepared statements, as few statements as the rows allow.

Upserts and writing CTEs are what a database of one kind can do; the shop writes nothing that only one kind knows.
"""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]
import orjson
from starlette.applications import Starlette

from bench.floors import wire
from commerce_api.foundation.kit import clock, ids

LINES: Final = """
SELECT l.id, s.id, l.sku, p.slug, t.name, c.names ->> 'uk', s.size, s.fit, i.key,
       coalesce(v.price, p.price), l.quantity, p.points
FROM cart_line l
JOIN sku s ON s.code = l.sku
JOIN color_variant v ON v.id = s.variant_id
JOIN colour c ON c.id = v.colour_id
JOIN product p ON p.id = v.product_id
JOIN product_text t ON t.product_id = p.id AND t.lang = 'uk'
JOIN product_image i ON i.variant_id = v.id AND i.position = 0
WHERE l.cart_id = $1 ORDER BY l.id
"""
OFFER: Final = """
SELECT t.name, coalesce(v.price, p.price) FROM sku s
JOIN color_variant v ON v.id = s.variant_id
JOIN product p ON p.id = v.product_id
JOIN product_text t ON t.product_id = p.id AND t.lang = 'uk'
WHERE s.code = $1 AND s.active AND v.active AND p.status = 'published' AND (s.stock IS NULL OR s.stock > 0)
"""
SEEN: Final = "UPDATE cart SET seen_at = $2 WHERE token_digest = $1 RETURNING id"
OPEN: Final = "INSERT INTO cart (token_digest, created_at, seen_at) VALUES ($1, $2, $2) RETURNING id"
PUT: Final = """
INSERT INTO cart_line (cart_id, sku, name, quantity, seen_price, added_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (cart_id, sku) DO UPDATE SET quantity = cart_line.quantity + excluded.quantity
"""
HOLD: Final = "SELECT id FROM cart WHERE token_digest = $1 FOR UPDATE"
TAKE: Final = "UPDATE sku SET stock = stock - $2, reserved = reserved + $2 WHERE id = $1 AND stock >= $2"
COUNT: Final = """
INSERT INTO number_counter (kind, day, value) VALUES ('TWC', $1, 1)
ON CONFLICT (kind, day) DO UPDATE SET value = number_counter.value + 1 RETURNING value
"""
ORDER: Final = """
INSERT INTO shop_order (number, token, channel, status, payment_status, pay_type, lang, name, phone, delivery_kind,
    city, branch, city_ref, branch_ref, comment, promo_code, gross, discount, shipping, payable, due_now, paid,
    refunded, search, placed_at, updated_at)
VALUES ($1, $2, 'retail', 'new', 'unpaid', 'cod', 'uk', $3, $4, 'branch',
    $5, $6, '', '', '', '', $7, 0, $8, $9, 0, 0, 0, $10, $11, $11)
RETURNING id
"""
ORDER_LINE: Final = """
INSERT INTO order_line (order_id, position, sku, product, name, colour, size, fit, image, unit_price, quantity,
    discount, points, reserved)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, true)
"""
MOVE: Final = """
INSERT INTO stock_movement (sku_id, at, reason, stock_change, held_change, cause, actor)
VALUES ($1, $2, 'reserve', $3, $4, $5, 'customer')
"""
HISTORY: Final = """
INSERT INTO order_status_change (order_id, at, field, new, actor, source, reason)
VALUES ($1, $2, 'status', 'new', 'customer', 'checkout', '')
"""
EVENT: Final = "INSERT INTO outbox_event (name, payload, created_at) VALUES ('OrderPlaced', $1, $2)"
KEEP: Final = """
INSERT INTO checkout_answer (key, body_digest, status, answer, created_at) VALUES ($1, $2, 201, $3, $4)
"""
EMPTY: Final = "DELETE FROM cart_line WHERE cart_id = $1"
POOL: Final = 10


class Refused(Exception):
    """There is nothing to sell: the floor has no words for it."""


class Postgres:
    """A store over a pool of connections."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def add(self, token: str | None, sku: str, quantity: int) -> tuple[str, Sequence[wire.Line]]:
        async with self._pool.acquire() as connection, connection.transaction():
            offer = await connection.fetchrow(OFFER, sku)
            if offer is None:
                raise Refused(sku)
            at = datetime.now(UTC)
            cart = await connection.fetchval(SEEN, ids.digest(token), at) if token else None
            if cart is None or token is None:
                token = ids.token()
                cart = await connection.fetchval(OPEN, ids.digest(token), at)
            await connection.execute(PUT, cart, sku, offer[0], quantity, offer[1], at)
            lines = [wire.Line(*row) for row in await connection.fetch(LINES, cart)]
        return token, lines

    async def order(self, token: str, key: str, asked: Any) -> dict[str, Any]:
        async with self._pool.acquire() as connection, connection.transaction():
            cart = await connection.fetchval(HOLD, ids.digest(token))
            lines = [wire.Line(*row) for row in await connection.fetch(LINES, cart)]
            new = wire.placed(lines)
            if new.totals["total"] != asked["expected_total"]:
                raise Refused("another total")
            for line in sorted(lines, key=lambda line: line.sku_id):
                if await connection.execute(TAKE, line.sku_id, line.quantity) != "UPDATE 1":
                    raise Refused(line.sku)
            number = wire.number_of(await connection.fetchval(COUNT, clock.kyiv_today()))
            order = await self._store(connection, number, new, asked)
            await connection.executemany(ORDER_LINE, [_row(order, place, line) for place, line in enumerate(lines, 1)])
            await connection.executemany(MOVE, [wire.movement(line, new.at, number) for line in lines])
            await connection.execute(HISTORY, order, new.at)
            event = {
                "order_id": order,
                "number": number,
                "channel": "retail",
                "pay_type": "cod",
                "payable": asked["expected_total"],
            }
            await connection.execute(EVENT, orjson.dumps(event).decode(), new.at)
            answer = new.answer(number)
            body = ids.digest(orjson.dumps(asked).decode())
            await connection.execute(KEEP, ids.digest(f"{token}\n{key}"), body, orjson.dumps(answer).decode(), new.at)
            await connection.execute(EMPTY, cart)
        return answer

    async def _store(self, connection: Any, number: str, new: wire.Placed, asked: Any) -> int:
        contact, delivery = asked["contact"], asked["delivery"]
        search = f"{number} {contact['name']} {contact['phone']}".casefold()
        order: int = await connection.fetchval(
            ORDER, number, new.token, contact["name"], contact["phone"], delivery["city"], delivery["branch"],
            new.totals["goods"], new.totals["shipping"], new.totals["total"], search, new.at,
        )  # fmt: skip
        return order


def _row(order: int, place: int, line: wire.Line) -> tuple[object, ...]:
    return (
        order, place, line.sku, line.product, line.name, line.colour, line.size, line.fit, line.image, line.price,
        line.quantity, line.points,
    )  # fmt: skip


@asynccontextmanager
async def opened() -> AsyncIterator[Postgres]:
    """The database of DATABASE_URL."""
    url = os.environ["DATABASE_URL"].partition("?")[0]
    async with asyncpg.create_pool(url, min_size=POOL, max_size=POOL, server_settings={"jit": "off"}) as pool:
        yield Postgres(pool)


def create() -> Starlette:
    """The floor of this process."""
    return wire.application(opened)
