"""A guest who signs in: what they put into their cart comes along (rules.md 4)."""

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.shop.cart import putting
from commerce_api.shop.cart.models import Cart
from commerce_api.shop.cart.tokens import account_token
from commerce_api.shop.pricing.lines import MOST_LINES, MOST_PIECES


async def join(guest: str | None, account_id: int) -> int:
    """Put a guest's cart into the account's, adding equal lines, and close it; how many pieces the account has then.

    Nothing is refused on the way in: a line stops at 50 pieces, a full cart takes no new lines. A code of the account's
    cart stays, else the guest's comes along. Raises NoTransaction.
    """
    require_transaction()
    token = account_token(account_id)
    mine = await putting.hold(token) or (await putting.open_cart(token))[1]
    theirs = await putting.hold(guest) if guest else None
    if theirs is None:
        return _pieces(mine)
    there = {row.sku: row.quantity for row in mine.rows}
    promo = mine.contents.promo or theirs.contents.promo
    equal, other = (
        [row for row in theirs.rows if row.sku in there],
        [row for row in theirs.rows if row.sku not in there],
    )
    coming = [*equal, *other[: MOST_LINES - len(mine.rows)]]
    rooms = {row.sku: MOST_PIECES - there.get(row.sku, 0) for row in coming}
    pieces = [
        putting.Piece(row.sku, row.name, min(rooms[row.sku], row.quantity), row.seen_price)
        for row in coming
        if rooms[row.sku] > 0
    ]
    if pieces:
        mine = await putting.put_all(mine, pieces)
    await Cart.filter(id=theirs.id).delete()
    if mine.rows and promo:
        await Cart.filter(id=mine.id).update(promo=promo)
    return _pieces(mine)


def _pieces(cart: putting.HeldCart) -> int:
    return sum(row.quantity for row in cart.rows)
