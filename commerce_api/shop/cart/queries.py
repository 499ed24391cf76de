"""Reading a cart. Nothing here writes: a GET leaves no trace (lessons.md 20)."""

from dataclasses import dataclass

from tortoise.expressions import Subquery
from tortoise.functions import Sum
from tortoise.queryset import QuerySet

from commerce_api.foundation.kit import ids
from commerce_api.shop.cart.models import Cart, CartLine


@dataclass(frozen=True, slots=True)
class CartRow:
    """A line as stored. `name` and `seen_price` (kopiyky) are what the shopper last saw."""

    id: int
    sku: str
    name: str
    quantity: int
    seen_price: int


async def lines_of(token: str | None) -> tuple[CartRow, ...]:
    """Lines of the cart that the token opens, in the order they were added; none for a token that opens nothing."""
    if not token:
        return ()
    found = await _lines(token).order_by("id")
    return tuple(CartRow(line.id, line.sku, line.name, line.quantity, line.seen_price) for line in found)


async def pieces_of(token: str | None) -> int:
    """How many pieces lie in the cart, whatever became of them."""
    if not token:
        return 0
    found = await _lines(token).annotate(pieces=Sum("quantity")).values_list("pieces", flat=True)
    return int(str(found[0] or 0)) if found else 0


def _lines(token: str) -> QuerySet[CartLine]:
    return CartLine.filter(cart_id__in=Subquery(Cart.filter(token_digest=ids.digest(token)).values("id")))
