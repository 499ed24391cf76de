"""Carts that travel in an address, `sku:quantity,sku:quantity`: looking changes nothing, a button takes them over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.cart.document import LineView, describe
from commerce_api.shop.cart.queries import CartRow
from commerce_api.shop.catalog.queries import offers
from commerce_api.shop.pricing.lines import MOST_LINES, MOST_PIECES

LONGEST: Final = 6_000
"""Characters of a link that are read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many (1 to 50) of a SKU, as a link asks for them."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class SharedCart:
    """What a link offers: every line as the cart would show it, and the `add` that takes over those still sold."""

    lines: tuple[LineView, ...]
    goods: int
    add: str
    promo: str


def parse(text: str) -> tuple[Wanted, ...]:
    """What a link asks for. Parts that make no sense are left out, equal SKUs become one, quantities stay within 50."""
    found: dict[str, int] = {}
    for part in text[:LONGEST].split(","):
        sku, _, typed = part.strip().partition(":")
        count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0 if typed else 1
        if sku and len(sku) <= 50 and count:
            found[sku] = min(MOST_PIECES, found.get(sku, 0) + count)
    return tuple(Wanted(sku, quantity) for sku, quantity in list(found.items())[:MOST_LINES])


def written(wanted: Sequence[Wanted]) -> str:
    """The part of an address that asks for these."""
    return ",".join(f"{one.sku}:{one.quantity}" for one in wanted)


async def shared_cart(text: str, promo: str, shop: ShopSettings, lang: str) -> SharedCart | None:
    """The cart of a link at today's prices; None when the link asks for nothing that ever was. Writes nothing."""
    wanted = parse(text)
    found = await offers(one.sku for one in wanted) if wanted else {}
    rows = [
        CartRow(number, one.sku, found[one.sku].name(lang), one.quantity, found[one.sku].price)
        for number, one in enumerate(wanted, 1)
        if one.sku in found
    ]
    if not rows:
        return None
    view = describe(rows, found, shop, lang)
    sold = [Wanted(line.sku, line.quantity) for line in view.lines if not line.blocked]
    return SharedCart(view.lines, view.totals.goods, written(sold), promo[:64])
