"""Changing a cart: ids and quantities only; what things cost is asked anew whenever it is shown (rules.md 4)."""

from dataclasses import dataclass
from typing import Final

from tortoise.connection import get_connection
from tortoise.expressions import F

from commerce_api.foundation.db.setup import CONNECTION
from commerce_api.foundation.db.tx import lock_rows, require_transaction
from commerce_api.foundation.kit import clock, ids
from commerce_api.shop.cart.errors import CartFull, LineUnknown, QuantityLimit
from commerce_api.shop.cart.models import Cart, CartLine
from commerce_api.shop.cart.queries import CartRow
from commerce_api.shop.catalog.errors import OutOfStock, ProductGone, SkuUnknown
from commerce_api.shop.catalog.queries import Offer, offers

MOST_PIECES: Final = 50
"""Of one line."""
MOST_LINES: Final = 100

TAKE: Final = (
    'DELETE FROM "cart_line" WHERE "cart_id" IN (SELECT "id" FROM "cart" WHERE "token_digest" = {}) '
    'RETURNING "id", "sku", "name", "quantity", "seen_price"'
)
"""Plain SQL, because the ORM reads and deletes in two; the hottest statement of the shop but for stock."""
PLACES: Final = {"sqlite": "?", "postgres": "$1"}
"""How each database writes the place of a value."""


@dataclass(frozen=True, slots=True)
class Added:
    """What was put in: the cart's token, new when there was no cart, and the product's name."""

    token: str
    name: str


async def add(token: str | None, sku: str, quantity: int, lang: str) -> Added:
    """Put `quantity` (1 to 50) of a SKU into the cart; equal lines become one. The first piece opens the cart.

    A token that opens no cart is not adopted: a new one is made. Raises SkuUnknown, ProductGone, OutOfStock when
    nothing is left, QuantityLimit, CartFull, and NoTransaction outside a transaction.
    """
    require_transaction()
    offer = (await offers([sku])).get(sku)
    if offer is None:
        raise SkuUnknown(sku=sku)
    name = offer.name(lang)
    if not offer.active:
        raise ProductGone(name=name, lines=[{"sku": sku, "name": name}])
    if offer.available == 0:
        raise OutOfStock(sku=sku, name=name, left=0, lines=[{"sku": sku, "name": name, "left": 0}])
    cart = await _locked(token) if token else None
    if cart is None or token is None:
        token, cart = await _open()
    await _put(cart, offer, quantity, name)
    return Added(token, name)


async def change(token: str | None, line_id: int, quantity: int) -> None:
    """Set a line to `quantity` (1 to 50). Raises LineUnknown, and NoTransaction outside a transaction."""
    require_transaction()
    cart = await _locked(token)
    if cart is None or not await CartLine.filter(id=line_id, cart_id=cart.id).update(quantity=quantity):
        raise LineUnknown()


async def remove(token: str | None, line_id: int) -> str:
    """Take exactly this line out; returns what the product was called. Raises LineUnknown (lessons.md 20)."""
    require_transaction()
    cart = await _locked(token)
    line = await CartLine.get_or_none(id=line_id, cart_id=cart.id) if cart else None
    if line is None or not await CartLine.filter(id=line.id).delete():
        raise LineUnknown()
    return line.name


async def take_lines(token: str | None) -> tuple[CartRow, ...]:
    """Take every line out of the cart, for an order; the rollback of a refusal puts them back.

    One statement reads, locks and removes: a second order of this cart waits here and finds nothing, and what is added
    meanwhile stays. Raises NoTransaction outside a transaction.
    """
    require_transaction()
    if not token:
        return ()
    connection = get_connection(CONNECTION)
    query = TAKE.format(PLACES[connection.capabilities.dialect])
    rows = await connection.execute_query_dict(query, [ids.digest(token)])
    taken = [CartRow(row["id"], row["sku"], row["name"], row["quantity"], row["seen_price"]) for row in rows]
    return tuple(sorted(taken, key=lambda row: row.id))


async def remember_prices(prices: dict[int, int]) -> None:
    """Note for lines (by id) the price (kopiyky) that the answer of this request tells."""
    for line_id, price in prices.items():
        await CartLine.filter(id=line_id).update(seen_price=price)


async def _locked(token: str | None) -> Cart | None:
    """The cart of a token, held so that two changes of it come one after the other."""
    if not token:
        return None
    rows = await lock_rows(Cart.filter(token_digest=ids.digest(token)))
    if not rows:
        return None
    await Cart.filter(id=rows[0].id).update(seen_at=clock.now())
    return rows[0]


async def _open() -> tuple[str, Cart]:
    token, at = ids.token(), clock.now()
    return token, await Cart.create(token_digest=ids.digest(token), created_at=at, seen_at=at)


async def _put(cart: Cart, offer: Offer, quantity: int, name: str) -> None:
    known = await CartLine.get_or_none(cart_id=cart.id, sku=offer.code)
    if known:
        if known.quantity + quantity > MOST_PIECES:
            raise QuantityLimit({"quantity": "too_big"}, limit=MOST_PIECES)
        if await CartLine.filter(id=known.id).update(quantity=F("quantity") + quantity, name=name):
            return
        # An order took the line away between reading and writing: it begins anew.
    if await CartLine.filter(cart_id=cart.id).count() >= MOST_LINES:
        raise CartFull(limit=MOST_LINES)
    await CartLine.create(
        cart_id=cart.id,
        sku=offer.code,
        name=name,
        quantity=quantity,
        seen_price=offer.price,
        added_at=clock.now(),
    )
