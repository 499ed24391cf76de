"""A cart frozen for an order: its lines taken out, priced anew, and all of them there to be sold."""

from dataclasses import dataclass

from commerce_api.shop.cart.errors import CartEmpty
from commerce_api.shop.cart.queries import CartRow
from commerce_api.shop.cart.service import take_lines
from commerce_api.shop.catalog.errors import OutOfStock, ProductGone
from commerce_api.shop.catalog.queries import Offer, offers
from commerce_api.shop.pricing.codes import CodeTerms
from commerce_api.shop.pricing.lines import PricedLine
from commerce_api.shop.promotions.queries import terms_of


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """`quantity` pieces of an offer."""

    quantity: int
    offer: Offer


@dataclass(frozen=True, slots=True)
class FrozenCart:
    """What is ordered. Empty carts are never frozen. `terms` are those of the code that was given, None without one."""

    lines: tuple[FrozenLine, ...]
    terms: CodeTerms | None = None

    @property
    def priced(self) -> tuple[PricedLine, ...]:
        return tuple(
            PricedLine(line.offer.code, line.offer.price, line.quantity, line.offer.product, line.offer.category)
            for line in self.lines
        )


async def freeze(token: str | None, lang: str) -> FrozenCart:
    """The lines of a token's cart, taken out of it, with prices and stock of this moment.

    Stock is looked at, not reserved: who orders first gets it. Raises CartEmpty; ProductGone and OutOfStock with every
    line concerned in `lines`, and the caller's rollback then puts the lines back; NoTransaction outside a transaction.
    """
    taken = await take_lines(token)
    rows = taken.rows
    if not rows:
        raise CartEmpty()
    found = await offers(row.sku for row in rows)
    _refuse_gone(rows, found, lang)
    lines = tuple(FrozenLine(row.quantity, found[row.sku]) for row in rows)
    short = [line for line in lines if not line.offer.has(line.quantity)]
    if short:
        named = [
            {"sku": line.offer.code, "name": line.offer.name(lang), "left": line.offer.available or 0} for line in short
        ]
        raise OutOfStock(**named[0], lines=named)
    return FrozenCart(lines, await terms_of(taken.promo) if taken.promo else None)


def _refuse_gone(rows: tuple[CartRow, ...], found: dict[str, Offer], lang: str) -> None:
    """Raises ProductGone naming every line that is no longer sold; the stored name speaks for a SKU that vanished."""
    gone = []
    for row in rows:
        offer = found.get(row.sku)
        if offer is None or not offer.active:
            gone.append({"sku": row.sku, "name": offer.name(lang) if offer else row.name})
    if gone:
        raise ProductGone(name=gone[0]["name"], lines=gone)
