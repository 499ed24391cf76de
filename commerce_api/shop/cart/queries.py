"""Reading a cart. Nothing here writes: a GET leaves no trace (lessons.md 20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tortoise.expressions import Subquery
from tortoise.functions import Sum
from tortoise.queryset import QuerySet

from commerce_api.foundation.db import plain
from commerce_api.foundation.kit import ids
from commerce_api.shop.cart.models import Cart, CartLine

CONTENTS: Final = """
SELECT l.id, l.sku, l.name, l.quantity, l.seen_price, c.promo
FROM cart_line l JOIN cart c ON c.id = l.cart_id WHERE c.token_digest = ? ORDER BY l.id
"""
"""Plain SQL (db/plain.py): every page of the shop with a cart on it asks this."""


@dataclass(frozen=True, slots=True)
class CartRow:
    """A line as stored. `name` and `seen_price` (kopiyky) are what the shopper last saw."""

    id: int
    sku: str
    name: str
    quantity: int
    seen_price: int


@dataclass(frozen=True, slots=True)
class CartContents:
    """What lies in a cart, in the order in which it was added, and the code that the shopper gave."""

    rows: tuple[CartRow, ...] = ()
    promo: str | None = None


async def contents_of(token: str | None) -> CartContents:
    """The cart that the token opens; an empty one for a token that opens nothing. A code without lines is forgotten."""
    if not token:
        return CartContents()
    rows = await plain.fetch(CONTENTS, ids.digest(token))
    return CartContents(rows_of(rows), rows[0]["promo"] if rows else None)


def rows_of(rows: Sequence[Any]) -> tuple[CartRow, ...]:
    """Lines as the database gave them, in their order."""
    return tuple(CartRow(row["id"], row["sku"], row["name"], row["quantity"], row["seen_price"]) for row in rows)


async def pieces_of(token: str | None) -> int:
    """How many pieces lie in the cart, whatever became of them."""
    if not token:
        return 0
    found = await _lines(token).annotate(pieces=Sum("quantity")).values_list("pieces", flat=True)
    return int(str(found[0] or 0)) if found else 0


def _lines(token: str) -> QuerySet[CartLine]:
    return CartLine.filter(cart_id__in=Subquery(Cart.filter(token_digest=ids.digest(token)).values("id")))
