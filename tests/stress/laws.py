"""What must hold whatever happened (quality.md, truth and safety), asked of the database past everybody's code."""

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Final

import asyncpg  # type: ignore[import-untyped]

from commerce_api.foundation.db.setup import is_sqlite, sqlite_file

LAWS: Final[Mapping[str, str]] = {
    "no count is below zero": "SELECT code FROM sku WHERE stock < 0 OR reserved < 0",
    "counts are the sums of their movements": """
        SELECT s.code FROM sku s LEFT JOIN stock_movement m ON m.sku_id = s.id
        GROUP BY s.id, s.code, s.stock, s.reserved
        HAVING COALESCE(SUM(m.stock_change), 0) <> COALESCE(s.stock, 0)
            OR COALESCE(SUM(m.held_change), 0) <> s.reserved""",
    "what is reserved is what orders hold": """
        SELECT s.code FROM sku s LEFT JOIN (
            SELECT l.sku, SUM(l.quantity) AS pieces FROM order_line l WHERE l.reserved GROUP BY l.sku
        ) h ON h.sku = s.code WHERE s.reserved <> COALESCE(h.pieces, 0)""",
    "only orders that are in the house hold stock": """
        SELECT DISTINCT o.number FROM shop_order o JOIN order_line l ON l.order_id = o.id
        WHERE l.reserved AND o.status NOT IN ('new', 'confirmed', 'packed')""",
    "payable is gross less discount plus shipping, and money is in bounds": """
        SELECT number FROM shop_order WHERE payable <> gross - discount + shipping OR payable <= 0
            OR due_now < 0 OR due_now > payable OR refunded < 0 OR refunded > paid""",
    "an order has what its attempts and the carrier brought": """
        SELECT o.number FROM shop_order o LEFT JOIN (
            SELECT order_id, SUM(credited) AS brought FROM payment GROUP BY order_id
        ) p ON p.order_id = o.id LEFT JOIN (
            SELECT order_id, SUM(cash) AS collected FROM shipment WHERE cash_state = 'settled' GROUP BY order_id
        ) s ON s.order_id = o.id WHERE COALESCE(p.brought, 0) + COALESCE(s.collected, 0) <> o.paid""",
    "what came by an attempt is its order's or goes back": """
        SELECT p.reference FROM payment p LEFT JOIN (
            SELECT payment_id, SUM(amount) AS beside FROM refund WHERE NOT from_order GROUP BY payment_id
        ) r ON r.payment_id = p.id WHERE p.received > 0 AND p.received <> p.credited + COALESCE(r.beside, 0)""",
    "what the bank gave back of an attempt is in refunds": """
        SELECT p.reference FROM payment p LEFT JOIN (
            SELECT payment_id, SUM(amount) AS back FROM refund WHERE status = 'done' GROUP BY payment_id
        ) r ON r.payment_id = p.id WHERE p.returned > COALESCE(r.back, 0)""",
    "an order gave back what its refunds say": """
        SELECT o.number FROM shop_order o LEFT JOIN (
            SELECT order_id, SUM(amount) AS back FROM refund WHERE from_order AND status = 'done' GROUP BY order_id
        ) r ON r.order_id = o.id WHERE COALESCE(r.back, 0) <> o.refunded""",
    "sums of an order are the sums of its lines": """
        SELECT o.number FROM shop_order o LEFT JOIN order_line l ON l.order_id = o.id
        GROUP BY o.id, o.number, o.gross, o.discount
        HAVING COALESCE(SUM(l.unit_price * l.quantity), 0) <> o.gross OR COALESCE(SUM(l.discount), 0) <> o.discount""",
    "an order stands where its history ends": """
        SELECT o.number FROM shop_order o LEFT JOIN order_status_change c ON c.id = (
            SELECT MAX(id) FROM order_status_change WHERE order_id = o.id AND field = 'status'
        ) WHERE c.new IS NULL OR c.new <> o.status""",
    "a code counts its uses and stays within its limit": """
        SELECT p.code FROM promo_code p LEFT JOIN promo_use u ON u.promo_id = p.id AND u.state <> 'released'
        GROUP BY p.id, p.code, p.uses, p.max_uses
        HAVING COUNT(u.id) <> p.uses OR (p.max_uses IS NOT NULL AND p.uses > p.max_uses)""",
    "a use is worth what its order was given, and ends with it": """
        SELECT o.number FROM shop_order o JOIN promo_use u ON u.order_id = o.id
        WHERE u.state <> 'released' AND (u.discount <> o.discount OR o.status = 'cancelled')""",
    "postings sum to zero": """
        SELECT e.posting_id FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
        GROUP BY e.posting_id, a.unit HAVING SUM(e.amount) <> 0""",
    "balances are the sums of their entries": """
        SELECT a.id FROM ledger_account a LEFT JOIN ledger_entry e ON e.account_id = a.id
        GROUP BY a.id, a.balance HAVING COALESCE(SUM(e.amount), 0) <> a.balance""",
    "no balance is below its bound": "SELECT id FROM ledger_account WHERE lowest IS NOT NULL AND balance < lowest",
}
"""In words, and the query of what breaks it. Plain SQL that SQLite, PostgreSQL and MariaDB all read."""


def _sqlite(url: str, queries: list[str]) -> list[list[str]]:
    with closing(sqlite3.connect(sqlite_file(url))) as connection:
        return [[str(row[0]) for row in connection.execute(query)] for query in queries]


async def _postgres(url: str, queries: list[str]) -> list[list[str]]:
    connection = await asyncpg.connect(url.partition("?")[0])
    try:
        return [[str(row[0]) for row in await connection.fetch(query)] for query in queries]
    finally:
        await connection.close()


async def ask(url: str, *queries: str) -> list[list[str]]:
    """The first column of each query, over a connection of its own."""
    wanted = list(queries)
    return await asyncio.to_thread(_sqlite, url, wanted) if is_sqlite(url) else await _postgres(url, wanted)


async def broken(url: str) -> dict[str, list[str]]:
    """Each law that does not hold in the database at `url`, with what breaks it; nothing when all is well."""
    found = await ask(url, *LAWS.values())
    return {law: rows for law, rows in zip(LAWS, found, strict=True) if rows}
