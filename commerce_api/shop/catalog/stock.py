"""What can still be sold, and what open orders hold (rules.md 3, stock).

A finite count changes by one conditional UPDATE each: two buyers of the last unit meet in the database, and the one who
comes second sees no row change. SKUs are always taken in the order of their ids, so that two orders over the same goods
wait for each other instead of blocking each other. Made-to-order SKUs (no count) pass through untouched.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tortoise.expressions import F

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.shop.catalog import page_keys
from commerce_api.shop.catalog.errors import OutOfStock, SkuUnknown
from commerce_api.shop.catalog.models import ProductText, Sku


@dataclass(frozen=True, slots=True)
class StockLine:
    """So many (at least 1) of a SKU."""

    code: str
    quantity: int


async def left(codes: Iterable[str]) -> dict[str, int | None]:
    """How many of each SKU can still be sold; None is made to order. Codes nobody knows are left out."""
    return {code: count async for code, count in Sku.filter(code__in=list(codes)).values_list("code", "stock")}


async def reserve(lines: Iterable[StockLine]) -> frozenset[str]:
    """Take every line out of what can be sold, or none of them; returns the codes whose count was taken.

    The caller keeps with each order line whether it is among them: only those are given back or sold later.
    Raises OutOfStock (sku, name, left) and SkuUnknown; the ambient transaction must then be rolled back.
    Raises NoTransaction when none is open.
    """
    require_transaction()
    wanted = _summed(lines)
    held = set()
    for id_, code, stock in await _found(wanted):
        if stock is None:
            continue
        taken = await Sku.filter(id=id_, stock__gte=wanted[code]).update(
            stock=F("stock") - wanted[code], reserved=F("reserved") + wanted[code]
        )
        if not taken:
            raise await _out_of_stock(id_)
        held.add(code)
    await _tell_pages(dict.fromkeys(held, 0), "sold out")
    return frozenset(held)


async def release(lines: Iterable[StockLine]) -> None:
    """Give held lines back: an order was cancelled or expired. A line that holds nothing changes nothing.

    Raises SkuUnknown, and NoTransaction when no transaction is open.
    """
    require_transaction()
    wanted = _summed(lines)
    freed = {}
    for id_, code, _ in await _found(wanted):
        # A SKU that became made to order since has no count to return to: nothing plus something is nothing in SQL.
        if await Sku.filter(id=id_, reserved__gte=wanted[code]).update(
            stock=F("stock") + wanted[code], reserved=F("reserved") - wanted[code]
        ):
            freed[code] = wanted[code]
    await _tell_pages(freed, "available again")


async def sell(lines: Iterable[StockLine]) -> None:
    """Held lines left the house: they are reserved no longer, and not available either.

    Raises SkuUnknown, and NoTransaction when no transaction is open.
    """
    require_transaction()
    wanted = _summed(lines)
    for id_, code, _ in await _found(wanted):
        await Sku.filter(id=id_, reserved__gte=wanted[code]).update(reserved=F("reserved") - wanted[code])


def _summed(lines: Iterable[StockLine]) -> Counter[str]:
    wanted: Counter[str] = Counter()
    for line in lines:
        if line.quantity < 1:
            raise ValueError(f"a line is at least one piece: {line}")
        wanted[line.code] += line.quantity
    return wanted


async def _found(wanted: Mapping[str, int]) -> list[tuple[int, str, int | None]]:
    """Id, code and count of each SKU in the order of ids. Raises SkuUnknown."""
    rows = await Sku.filter(code__in=list(wanted)).order_by("id").values_list("id", "code", "stock")
    found = [(row[0], row[1], row[2]) for row in rows]
    unknown = wanted.keys() - {code for _, code, _ in found}
    if unknown:
        raise SkuUnknown(sku=min(unknown))
    return found


async def _out_of_stock(id_: int) -> OutOfStock:
    rows = await Sku.filter(id=id_).values("code", "stock", "size", "variant__product_id")
    sku = rows[0]
    texts = await ProductText.filter(product_id=sku["variant__product_id"]).order_by("-lang").values_list("name")
    name = f"{texts[0][0]}, {sku['size']}" if texts else sku["code"]
    line = {"sku": sku["code"], "name": name, "left": sku["stock"]}
    return OutOfStock(**line, lines=[line])


async def _tell_pages(counts: Mapping[str, int], reason: str) -> None:
    """Pages say "sold out" or not: those of SKUs whose count is exactly this now have just crossed that line."""
    if not counts:
        return
    rows = await Sku.filter(code__in=list(counts)).values_list(
        "code", "stock", "variant__product__slug", "variant__product__category__slug"
    )
    crossed = {(slug, category) for code, stock, slug, category in rows if stock == counts[code]}
    for slug, category in sorted(crossed):
        await page_keys.mark(page_keys.of_product(slug, category), f"{slug} {reason}")
