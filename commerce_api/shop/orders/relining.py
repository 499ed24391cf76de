"""The rows of an order that is edited: pieces taken off and put on, with the stock that they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from commerce_api.foundation.db import plain
from commerce_api.shop.catalog import stock
from commerce_api.shop.catalog.errors import ProductGone
from commerce_api.shop.catalog.queries import Offer, offers
from commerce_api.shop.orders.draft import DraftLine
from commerce_api.shop.orders.models import Order, OrderLine
from commerce_api.shop.orders.status import Actor


async def rows_of(order_id: int) -> list[OrderLine]:
    """The rows of an order in their order."""
    return await OrderLine.filter(order_id=order_id).order_by("position")


def pieces_of(rows: Sequence[OrderLine]) -> dict[str, int]:
    """How many of each SKU code; one SKU may stand in several rows."""
    pieces: dict[str, int] = {}
    for row in rows:
        pieces[row.sku] = pieces.get(row.sku, 0) + row.quantity
    return pieces


def refuse_gone(found: Mapping[str, Offer], codes: Sequence[str], lang: str) -> None:
    """Raises ProductGone naming each of the SKUs that is not sold (any more)."""
    gone = [
        {"sku": code, "name": found[code].name(lang) if code in found else code}
        for code in codes
        if code not in found or not found[code].active
    ]
    if gone:
        raise ProductGone(name=gone[0]["name"], lines=gone)


async def reline(
    order: Order, rows: Sequence[OrderLine], after: Mapping[str, int], prices: Mapping[str, int], actor: Actor
) -> None:
    """Bring stock and rows from what the order has to `after`, quantity by SKU code.

    A SKU that the order has keeps its price for more pieces too; a new one costs `prices`, else what the shelf says.
    The caller holds the order's lock. Raises ProductGone, OutOfStock, SkuUnknown.
    """
    before = pieces_of(rows)
    grown = {sku: count - before.get(sku, 0) for sku, count in after.items() if count > before.get(sku, 0)}
    fewer = {sku: count - after.get(sku, 0) for sku, count in before.items() if count > after.get(sku, 0)}
    found = await offers(grown)
    refuse_gone(found, list(grown), order.lang)
    # All counts at once and in their order: given back and taken one after the other, two edits could wait in a circle.
    await stock.hold([*grown, *fewer])
    back = await _shrink(rows, fewer)
    if back:
        await stock.release([stock.StockLine(sku, count) for sku, count in back.items()], order.number, str(actor))
    if grown:
        held = await stock.reserve(stock.StockLine(sku, count) for sku, count in grown.items())
        await stock.note_reserved(held, order.number, str(actor))
        await _grow(order, rows, {sku: (count, sku in held.codes) for sku, count in grown.items()}, found, prices)


async def _shrink(rows: Sequence[OrderLine], fewer: Mapping[str, int]) -> dict[str, int]:
    """Take pieces off, from the last row on; how many of each SKU held stock."""
    left, back, gone, shorter = dict(fewer), dict[str, int](), list[int](), dict[int, int]()
    for row in reversed(rows):
        taken = min(row.quantity, left.get(row.sku, 0))
        if not taken:
            continue
        left[row.sku] -= taken
        if row.reserved:
            back[row.sku] = back.get(row.sku, 0) + taken
        if taken == row.quantity:
            gone.append(row.id)
        else:
            shorter[row.id] = row.quantity - taken
    if gone:
        await OrderLine.filter(id__in=gone).delete()
    await _recount(shorter)
    return back


async def _recount(quantities: Mapping[int, int]) -> None:
    """Set the quantities of rows, by their ids."""
    if quantities:
        chosen, values = plain.by_key(quantities)
        rows = plain.places(len(quantities))
        await plain.change(f"UPDATE order_line SET quantity = {chosen} WHERE id IN ({rows})", *values, *quantities)  # noqa: S608 - ids are values


async def _grow(
    order: Order,
    rows: Sequence[OrderLine],
    grown: Mapping[str, tuple[int, bool]],
    found: Mapping[str, Offer],
    prices: Mapping[str, int],
) -> None:
    """Put pieces on: how many of each SKU, and whether they hold stock."""
    position = max(row.position for row in rows)
    fresh, longer = [], dict[int, int]()
    for sku, (count, reserved) in grown.items():
        known = [row for row in rows if row.sku == sku]
        # A row either holds stock or does not: what became countable since needs a row of its own.
        same = next((row for row in known if row.reserved is reserved), None)
        if same is not None:
            longer[same.id] = same.quantity + count
            continue
        position += 1
        line = DraftLine.of(found[sku], count, order.lang)
        price = known[0].unit_price if known else prices.get(sku, line.unit_price)
        fresh.append(replace(line, unit_price=price).columns(order.id, position, reserved=reserved))
    await _recount(longer)
    await plain.insert_all(OrderLine, fresh)
