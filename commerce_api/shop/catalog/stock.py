"""What can still be sold, and what open orders hold (rules.md 3, stock).

Counts are locked in the order of their ids, so that two orders over the same goods wait for each other instead of
blocking each other, and change by one conditional UPDATE under a CHECK. Made-to-order SKUs (no count) pass through
untouched. Every change leaves a movement behind: the movements of a SKU sum to its counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import lock_rows, require_transaction
from commerce_api.foundation.kit import clock
from commerce_api.shop.catalog import page_keys, restock
from commerce_api.shop.catalog.errors import OutOfStock, SkuUnknown
from commerce_api.shop.catalog.models import MovementReason, ProductText, Sku, StockMovement

COUNTS: Final = "SELECT id, code, stock FROM sku WHERE code IN ({}) ORDER BY id"
TAKE: Final = "UPDATE sku SET stock = stock - {0}, reserved = reserved + {0} WHERE {1}"
"""Plain SQL (db/plain.py) here, in `_take` and in `_note`: every order passes through them."""


@dataclass(frozen=True, slots=True)
class StockLine:
    """So many (at least 1) of a SKU."""

    code: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """What an order holds: the `codes` whose count was taken, and how many of each SKU (by id), for its movements."""

    codes: frozenset[str]
    taken: tuple[tuple[int, int], ...]


async def left(codes: Iterable[str]) -> dict[str, int | None]:
    """How many of each SKU can still be sold; None is made to order. Codes nobody knows are left out."""
    return {code: count async for code, count in Sku.filter(code__in=list(codes)).values_list("code", "stock")}


async def hold(codes: Iterable[str]) -> None:
    """Lock the counts of SKUs until the transaction ends: for who gives some back and takes others in one go.

    Codes nobody knows are left out. Raises NoTransaction when no transaction is open.
    """
    await lock_rows(Sku.filter(code__in=list(codes)))


async def reserve(lines: Iterable[StockLine]) -> Reservation:
    """Take every line out of what can be sold, or none of them.

    The caller keeps with each order line whether it is among the codes: only those are given back or sold later, and
    hands the reservation to `note_reserved` as soon as the order has a number.
    Raises OutOfStock (sku, name, left; every short line in `lines`) and SkuUnknown; the ambient transaction must then
    be rolled back. Raises NoTransaction when none is open.
    """
    require_transaction()
    wanted = _summed(lines)
    rows = await plain.fetch_locked(COUNTS.format(plain.places(len(wanted))), *wanted)
    unknown = wanted.keys() - {row["code"] for row in rows}
    if unknown:
        raise SkuUnknown(sku=min(unknown))
    counted = [(row["id"], row["stock"], wanted[row["code"]]) for row in rows if row["stock"] is not None]
    short = [id_ for id_, stock, quantity in counted if stock < quantity]
    if short:
        raise await _out_of_stock(short)
    if not counted:
        return Reservation(frozenset(), ())
    taken = tuple((id_, quantity) for id_, _, quantity in counted)
    if await _take(taken) != len(taken):
        raise await _out_of_stock([id_ for id_, _ in taken])
    await _tell_pages([id_ for id_, stock, quantity in counted if stock == quantity], "sold out")
    return Reservation(frozenset(row["code"] for row in rows if row["stock"] is not None), taken)


async def note_reserved(reservation: Reservation, cause: str, actor: str) -> None:
    """Write the movements of a reservation; `cause` is the order's number, `actor` as in its history."""
    await _note(
        MovementReason.RESERVE, [(id_, -quantity, quantity) for id_, quantity in reservation.taken], cause, actor
    )


async def release(lines: Iterable[StockLine], cause: str = "", actor: str = "") -> None:
    """Give held lines back: an order was cancelled or expired. A line that holds nothing changes nothing.

    Raises SkuUnknown, and NoTransaction when no transaction is open.
    """
    require_transaction()
    wanted = _summed(lines)
    held = [sku for sku in await _locked(wanted) if sku.reserved >= wanted[sku.code]]
    amounts = {sku.id: wanted[sku.code] for sku in held}
    # A SKU that became made to order since has no count to return to: nothing plus something is nothing in SQL.
    await _count(amounts, "stock = stock + {0}, reserved = reserved - {0}")
    moved = [(sku.id, 0 if sku.stock is None else amounts[sku.id], -amounts[sku.id]) for sku in held]
    await _note(MovementReason.RELEASE, moved, cause, actor)
    await _tell_pages([sku.id for sku in held if sku.stock == 0], "available again")
    await restock.announce([sku.code for sku in held])


async def sell(lines: Iterable[StockLine], cause: str = "", actor: str = "") -> None:
    """Held lines left the house: they are reserved no longer, and not available either.

    Raises SkuUnknown, and NoTransaction when no transaction is open.
    """
    require_transaction()
    wanted = _summed(lines)
    amounts = {sku.id: wanted[sku.code] for sku in await _locked(wanted) if sku.reserved >= wanted[sku.code]}
    await _count(amounts, "reserved = reserved - {0}")
    await _note(MovementReason.SELL, [(id_, 0, -quantity) for id_, quantity in amounts.items()], cause, actor)


async def put_back(lines: Iterable[StockLine], cause: str = "", actor: str = "") -> None:
    """Returned goods can be sold again. Made-to-order SKUs count nothing and change nothing.

    Raises SkuUnknown, and NoTransaction when no transaction is open.
    """
    require_transaction()
    wanted = _summed(lines)
    counted = [sku for sku in await _locked(wanted) if sku.stock is not None]
    await _count({sku.id: wanted[sku.code] for sku in counted}, "stock = stock + {0}")
    await _note(MovementReason.RESTOCK, [(sku.id, wanted[sku.code], 0) for sku in counted], cause, actor)
    await _tell_pages([sku.id for sku in counted if sku.stock == 0], "available again")
    await restock.announce([sku.code for sku in counted])


async def set_counts(wanted: Mapping[str, int | None]) -> dict[str, tuple[int | None, int | None]]:
    """Staff set what can be sold of SKUs (by code); None is made to order and counts nothing. Before and after of those
    that changed. Raises SkuUnknown, and NoTransaction when no transaction is open."""
    changed = [sku for sku in await _locked(wanted) if sku.stock != wanted[sku.code]]
    counts = {sku.id: count for sku in changed if (count := wanted[sku.code]) is not None}
    await _count(counts, "stock = {0}")
    countless = [sku.id for sku in changed if wanted[sku.code] is None]
    if countless:
        await Sku.filter(id__in=countless).update(stock=None)
    moved = [(sku.id, counts.get(sku.id, 0) - (sku.stock or 0), 0) for sku in changed]
    await _note(MovementReason.SET, [one for one in moved if one[1]], "", "")
    return {sku.code: (sku.stock, wanted[sku.code]) for sku in changed}


async def note_opening(codes: Iterable[str]) -> None:
    """Write the movements of SKUs that were made with a count just now."""
    rows = await Sku.filter(code__in=list(codes), stock__gt=0).values_list("id", "stock")
    await _note(MovementReason.OPENING, [(row[0], row[1], 0) for row in rows], "", "")


async def broken_laws() -> tuple[str, ...]:
    """Codes whose movements do not sum to their counts; none when the books are right."""
    sums: dict[int, list[int]] = {}
    async for id_, stock_change, held_change in StockMovement.all().values_list(
        "sku_id", "stock_change", "held_change"
    ):
        known = sums.setdefault(id_, [0, 0])
        known[0] += stock_change
        known[1] += held_change
    rows = await Sku.all().order_by("id").values_list("id", "code", "stock", "reserved")
    return tuple(code for id_, code, stock, held in rows if sums.get(id_, [0, 0]) != [stock or 0, held])


async def _take(taken: Sequence[tuple[int, int]]) -> int:
    """How many SKUs gave what is asked of them (id and quantity), in one conditional UPDATE."""
    chosen, values = plain.by_key(dict(taken))
    enough = " OR ".join(["(id = ? AND stock >= ?)"] * len(taken))
    return await plain.change(TAKE.format(chosen, enough), *values * 3)


async def _count(amounts: Mapping[int, int], deed: str) -> None:
    """Change the counts of SKUs (by id, locked before) in one UPDATE; `deed` says how, {0} is the amount of each."""
    if not amounts:
        return
    chosen, values = plain.by_key(amounts)
    query = f"UPDATE sku SET {deed.format(chosen)} WHERE id IN ({plain.places(len(amounts))})"  # noqa: S608 - ids are values
    await plain.change(query, *values * deed.count("{0}"), *amounts)


def _summed(lines: Iterable[StockLine]) -> Counter[str]:
    wanted: Counter[str] = Counter()
    for line in lines:
        if line.quantity < 1:
            raise ValueError(f"a line is at least one piece: {line}")
        wanted[line.code] += line.quantity
    return wanted


async def _locked(wanted: Mapping[str, object]) -> list[Sku]:
    """The SKUs in the order of ids, kept from changing until the transaction ends. Raises SkuUnknown."""
    rows = await lock_rows(Sku.filter(code__in=list(wanted)))
    unknown = wanted.keys() - {sku.code for sku in rows}
    if unknown:
        raise SkuUnknown(sku=min(unknown))
    return rows


async def _note(reason: MovementReason, moved: Sequence[tuple[int, int, int]], cause: str, actor: str) -> None:
    """One row for each SKU id with the changes of what can be sold and of what is held."""
    common = {"at": clock.now(), "reason": reason, "cause": cause, "actor": actor}
    rows = [{**common, "sku_id": id_, "stock_change": change, "held_change": held} for id_, change, held in moved]
    await plain.insert_all(StockMovement, rows)


async def _out_of_stock(short: Sequence[int]) -> OutOfStock:
    rows = (
        await Sku.filter(id__in=short).order_by("id").values("code", "stock", "size", product_id="variant__product_id")
    )
    names: dict[int, str] = {
        id_: name
        async for id_, name in ProductText.filter(product_id__in=[row["product_id"] for row in rows])
        # The Ukrainian name comes last and stays.
        .order_by("lang")
        .values_list("product_id", "name")
    }
    lines = [
        {
            "sku": row["code"],
            "name": f"{names[row['product_id']]}, {row['size']}" if row["product_id"] in names else row["code"],
            "left": row["stock"],
        }
        for row in rows
    ]
    return OutOfStock(**lines[0], lines=lines)


async def _tell_pages(sku_ids: Sequence[int], reason: str) -> None:
    """Pages say "sold out" or not: those of SKUs that have just crossed that line."""
    if not sku_ids:
        return
    rows = await Sku.filter(id__in=list(sku_ids)).values_list(
        "variant__product__slug", "variant__product__category__slug"
    )
    for slug, category in sorted({(row[0], row[1]) for row in rows}):
        await page_keys.mark(page_keys.of_product(slug, category), f"{slug} {reason}")
