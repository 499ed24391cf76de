"""Putting a thing into a cart: what shoppers wait for most often, so in plain SQL (foundation/db/plain.py).

The cart is read whole while it is held, so that the answer needs no second look. `service.change` and its neighbours do
the rest by the ORM; the tests compare the rows of both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tortoise.exceptions import IntegrityError

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import require_transaction, savepoint
from commerce_api.foundation.kit import clock, ids
from commerce_api.shop.cart.errors import CartFull, QuantityLimit
from commerce_api.shop.cart.models import Cart, CartLine
from commerce_api.shop.cart.queries import CartContents, CartRow, rows_of
from commerce_api.shop.cart.tokens import owner_of
from commerce_api.shop.pricing.lines import MOST_LINES, MOST_PIECES

SEEN: Final = "UPDATE cart SET seen_at = ? WHERE token_digest = ?"
HELD: Final = """
SELECT c.id AS cart_id, c.promo, l.id, l.sku, l.name, l.quantity, l.seen_price
FROM cart c LEFT JOIN cart_line l ON l.cart_id = c.id WHERE c.token_digest = ? ORDER BY l.id
"""
MORE: Final = "UPDATE cart_line SET quantity = quantity + ?, name = ? WHERE id = ?"
LINES: Final = "SELECT id, sku, name, quantity, seen_price FROM cart_line WHERE cart_id = ? ORDER BY id"
NO_PROMO: Final = "UPDATE cart SET promo = NULL WHERE id = ?"


@dataclass(frozen=True, slots=True)
class HeldCart:
    """A cart whose row is kept from changing until the transaction ends, and what lies in it."""

    id: int
    rows: tuple[CartRow, ...] = ()
    promo: str | None = None

    @property
    def contents(self) -> CartContents:
        """As a reader sees it: a code without lines is forgotten."""
        return CartContents(self.rows, self.promo if self.rows else None)


async def hold(token: str) -> HeldCart | None:
    """The cart that the token opens, so that two changes of it come one after the other; None when it opens none.

    Notes that the cart was seen. Raises NoTransaction outside a transaction.
    """
    require_transaction()
    digest = ids.digest(token)
    if not await plain.change(SEEN, clock.now(), digest):
        return None
    found = await plain.fetch(HELD, digest)
    return HeldCart(found[0]["cart_id"], rows_of([row for row in found if row["id"] is not None]), found[0]["promo"])


async def open_cart(wanted: str | None = None) -> tuple[str, HeldCart]:
    """A new cart and the token that opens it: an account's own when that is `wanted`, else one that nobody guesses."""
    owner = owner_of(wanted)
    token, at = wanted if wanted and owner else ids.token(), clock.now()
    row = {"token_digest": ids.digest(token), "account_id": owner, "created_at": at, "seen_at": at}
    if owner is None:
        return token, HeldCart(await plain.insert(Cart, row))
    try:
        async with savepoint():
            return token, HeldCart(await plain.insert(Cart, row))
    except IntegrityError:
        # Another device of the same person opened it between our look and our insert.
        opened = await hold(token)
        if opened is None:
            raise
        return token, opened


async def put(cart: HeldCart, sku: str, name: str, quantity: int, price: int) -> HeldCart:
    """The cart with so many more of a SKU; equal lines become one. Raises QuantityLimit and CartFull."""
    known = next((row for row in cart.rows if row.sku == sku), None)
    if known:
        if known.quantity + quantity > MOST_PIECES:
            raise QuantityLimit({"quantity": "too_big"}, limit=MOST_PIECES)
        if await plain.change(MORE, quantity, name, known.id):
            more = replace(known, quantity=known.quantity + quantity, name=name)
            return replace(cart, rows=tuple(more if row is known else row for row in cart.rows))
        # An order took the lines away between reading and writing: the cart begins anew.
        cart = replace(cart, rows=())
    return await _begin_line(cart, sku, name, quantity, price)


@dataclass(frozen=True, slots=True)
class Piece:
    """So many (at least 1) of a SKU, by the name and price (kopiyky) that it goes in with."""

    sku: str
    name: str
    quantity: int
    price: int


async def put_all(cart: HeldCart, pieces: Sequence[Piece]) -> HeldCart:
    """The cart with all of these (each SKU once) in as many statements as for one. Raises as `put` does, before it
    writes anything."""
    known = {row.sku: row for row in cart.rows}
    more = {known[one.sku].id: one.quantity for one in pieces if one.sku in known}
    if any(one.sku in known and known[one.sku].quantity + one.quantity > MOST_PIECES for one in pieces):
        raise QuantityLimit({"quantity": "too_big"}, limit=MOST_PIECES)
    if len(cart.rows) + len(pieces) - len(more) > MOST_LINES:
        raise CartFull(limit=MOST_LINES)
    fresh = [one for one in pieces if one.sku not in known]
    if more and not await _add_to(more):
        # An order took the lines away between reading and writing: the cart begins anew.
        cart, fresh = replace(cart, rows=()), list(pieces)
    if not cart.rows and cart.promo:
        await plain.change(NO_PROMO, cart.id)
    added_at = clock.now()
    await plain.insert_all(
        CartLine,
        [
            {
                "cart_id": cart.id,
                "sku": one.sku,
                "name": one.name,
                "quantity": one.quantity,
                "seen_price": one.price,
                "added_at": added_at,
            }
            for one in fresh
        ],
    )
    found = await plain.fetch(LINES, cart.id)
    return HeldCart(cart.id, rows_of(found), cart.promo if cart.rows else None)


async def _add_to(more: Mapping[int, int]) -> int:
    chosen, values = plain.by_key(more)
    query = f"UPDATE cart_line SET quantity = quantity + {chosen} WHERE id IN ({plain.places(len(more))})"  # noqa: S608 - ids are values
    return await plain.change(query, *values, *more)


async def _begin_line(cart: HeldCart, sku: str, name: str, quantity: int, price: int) -> HeldCart:
    if len(cart.rows) >= MOST_LINES:
        raise CartFull(limit=MOST_LINES)
    promo = cart.promo
    if not cart.rows and promo:
        # An order took the lines and left the code, which has done its work.
        await plain.change(NO_PROMO, cart.id)
        promo = None
    line = {"cart_id": cart.id, "sku": sku, "name": name, "quantity": quantity, "seen_price": price}
    id_ = await plain.insert(CartLine, {**line, "added_at": clock.now()})
    return HeldCart(cart.id, (*cart.rows, CartRow(id_, sku, name, quantity, price)), promo)
