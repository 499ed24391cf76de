"""Changing a cart: ids and quantities only; what things cost is asked anew whenever it is shown (rules.md 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tortoise.expressions import F

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import lock_rows, require_transaction
from commerce_api.foundation.kit import clock, ids
from commerce_api.shop.cart import putting
from commerce_api.shop.cart.errors import CartEmpty, LineUnknown, QuantityLimit
from commerce_api.shop.cart.models import Cart, CartLine
from commerce_api.shop.cart.queries import CartContents, CartRow, contents_of, rows_of
from commerce_api.shop.catalog.errors import OutOfStock, ProductGone, SkuUnknown
from commerce_api.shop.catalog.queries import Offer, offers
from commerce_api.shop.pricing import codes
from commerce_api.shop.pricing.lines import MOST_PIECES, PricedLine
from commerce_api.shop.promotions.errors import PromoUnknown, refused
from commerce_api.shop.promotions.queries import normal_code, terms_of

TAKE: Final = """
DELETE FROM cart_line WHERE cart_id IN (SELECT id FROM cart WHERE token_digest = ?)
RETURNING id, sku, name, quantity, seen_price, (SELECT promo FROM cart WHERE cart.id = cart_line.cart_id) AS promo
"""
"""Plain SQL, because the ORM reads and deletes in two; the hottest statement of the shop but for stock."""


@dataclass(frozen=True, slots=True)
class Added:
    """What was put in: the cart's token, new when there was no cart, and the product's name; then what the cart holds,
    and the offers of its lines as they were read."""

    token: str
    name: str
    contents: CartContents
    offers: Mapping[str, Offer]


async def add(token: str | None, sku: str, quantity: int, lang: str) -> Added:
    """Put `quantity` (1 to 50) of a SKU into the cart; equal lines become one. The first piece opens the cart.

    A token that opens no cart is not adopted, but for an account's: a new one is made. Raises SkuUnknown, ProductGone,
    OutOfStock when nothing is left, QuantityLimit, CartFull, and NoTransaction outside a transaction.
    """
    require_transaction()
    cart = await putting.hold(token) if token else None
    found = await offers([sku, *(row.sku for row in cart.rows)] if cart else [sku])
    offer = found.get(sku)
    if offer is None:
        raise SkuUnknown(sku=sku)
    name = _sellable(offer, lang)
    if cart is None or token is None:
        token, cart = await putting.open_cart(token)
    cart = await putting.put(cart, sku, name, quantity, offer.price)
    return Added(token, name, cart.contents, found)


async def add_all(token: str | None, wanted: Mapping[str, int], lang: str) -> str:
    """Put so many of each SKU (at least one of one) into the cart, or nothing; the cart's token.

    Raises as `add` does.
    """
    require_transaction()
    cart = await putting.hold(token) if token else None
    found = await offers(wanted)
    pieces = []
    for sku, quantity in wanted.items():
        offer = found.get(sku)
        if offer is None:
            raise SkuUnknown(sku=sku)
        pieces.append(putting.Piece(sku, _sellable(offer, lang), quantity, offer.price))
    if cart is None or token is None:
        token, cart = await putting.open_cart(token)
    await putting.put_all(cart, pieces)
    return token


async def change(token: str | None, line_id: int, quantity: int) -> None:
    """Set a line to `quantity` (1 to 50). Raises LineUnknown, and NoTransaction outside a transaction."""
    require_transaction()
    cart = await _locked(token)
    if cart is None or not await CartLine.filter(id=line_id, cart_id=cart.id).update(quantity=quantity):
        raise LineUnknown()


async def remove(token: str | None, line_id: int) -> CartRow:
    """Take exactly this line out and return it. Raises LineUnknown (lessons.md 20)."""
    require_transaction()
    cart = await _locked(token)
    line = await CartLine.get_or_none(id=line_id, cart_id=cart.id) if cart else None
    if line is None or not await CartLine.filter(id=line.id).delete():
        raise LineUnknown()
    return CartRow(line.id, line.sku, line.name, line.quantity, line.seen_price)


async def exchange(token: str | None, line_id: int, sku: str, lang: str) -> None:
    """Another size or colour in the place of a line; a line that has it already takes the pieces over.

    Raises LineUnknown, SkuUnknown (also for a SKU of another product), ProductGone, OutOfStock, QuantityLimit, and
    NoTransaction outside a transaction.
    """
    require_transaction()
    cart = await _locked(token)
    line = await CartLine.get_or_none(id=line_id, cart_id=cart.id) if cart else None
    if cart is None or line is None:
        raise LineUnknown()
    if line.sku == sku:
        return
    found = await offers([line.sku, sku])
    offer, before = found.get(sku), found.get(line.sku)
    if offer is None or (before is not None and before.product != offer.product):
        raise SkuUnknown(sku=sku)
    name = _sellable(offer, lang)
    twin = await CartLine.get_or_none(cart_id=cart.id, sku=sku)
    if twin is None:
        await CartLine.filter(id=line.id).update(sku=sku, name=name, seen_price=offer.price)
        return
    if twin.quantity + line.quantity > MOST_PIECES:
        raise QuantityLimit({"quantity": "too_big"}, limit=MOST_PIECES)
    await CartLine.filter(id=line.id).delete()
    await CartLine.filter(id=twin.id).update(quantity=F("quantity") + line.quantity, name=name)


async def give_promo(token: str | None, typed: str) -> None:
    """Keep the code that the shopper gave, if it takes something off the cart as it stands.

    Raises CartEmpty, PromoRefused with the reason, and NoTransaction outside a transaction.
    """
    require_transaction()
    contents = await contents_of(token)
    if token is None or not contents.rows:
        raise CartEmpty()
    terms = await terms_of(typed)
    if terms is None:
        raise PromoUnknown(normal_code(typed)[:32])
    found = await offers(row.sku for row in contents.rows)
    goods = [
        PricedLine(row.sku, offer.price, row.quantity, offer.product, offer.category)
        for row in contents.rows
        if (offer := found.get(row.sku)) and offer.active
    ]
    refusal = codes.refusal(terms, goods, clock.now())
    if refusal:
        raise refused(refusal)
    await Cart.filter(token_digest=ids.digest(token)).update(promo=terms.code)


async def drop_promo(token: str | None) -> None:
    """Forget the code. A cart without one stays as it is."""
    require_transaction()
    if token:
        await Cart.filter(token_digest=ids.digest(token)).update(promo=None)


async def take_lines(token: str | None) -> CartContents:
    """Take every line out of the cart, for an order; the rollback of a refusal puts them back.

    One statement reads, locks and removes: a second order of this cart waits here and finds nothing, and what is added
    meanwhile stays. Raises NoTransaction outside a transaction.
    """
    require_transaction()
    if not token:
        return CartContents()
    rows = await plain.fetch(TAKE, ids.digest(token))
    taken = sorted(rows_of(rows), key=lambda row: row.id)
    return CartContents(tuple(taken), rows[0]["promo"] if rows else None)


async def remember_prices(prices: dict[int, int]) -> None:
    """Note for lines (by id) the price (kopiyky) that the answer of this request tells."""
    if prices:
        chosen, values = plain.by_key(prices)
        lines = plain.places(len(prices))
        await plain.change(f"UPDATE cart_line SET seen_price = {chosen} WHERE id IN ({lines})", *values, *prices)  # noqa: S608 - ids are values


def _sellable(offer: Offer, lang: str) -> str:
    """The name of an offer that can be put into a cart. Raises ProductGone, and OutOfStock when nothing is left."""
    name = offer.name(lang)
    if not offer.active:
        raise ProductGone(name=name, lines=[{"sku": offer.code, "name": name}])
    if offer.available == 0:
        raise OutOfStock(sku=offer.code, name=name, left=0, lines=[{"sku": offer.code, "name": name, "left": 0}])
    return name


async def _locked(token: str | None) -> Cart | None:
    """The cart of a token, held so that two changes of it come one after the other."""
    if not token:
        return None
    rows = await lock_rows(Cart.filter(token_digest=ids.digest(token)))
    if not rows:
        return None
    await Cart.filter(id=rows[0].id).update(seen_at=clock.now())
    return rows[0]
