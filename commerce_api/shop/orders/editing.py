"""Changing an order that has not left the house yet: its lines and where it goes (rules.md 5).

What was promised stays: kept lines keep their prices, the code and the way of delivery what they promised on that day.
New lines come at today's prices. Stock, code, free delivery and shares of the discount are reckoned anew, and the
history says what changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.errors import Invalid
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.catalog.queries import Offer, offers
from commerce_api.shop.orders.draft import Channel, Contact, Delivery
from commerce_api.shop.orders.errors import EmptyOrder, NotEditable, OrderChanged, OrderUnknown, WaybillExists
from commerce_api.shop.orders.locking import locked
from commerce_api.shop.orders.models import Order, OrderLine, StatusChange
from commerce_api.shop.orders.placing import contact_columns, delivery_columns
from commerce_api.shop.orders.queries import version_of
from commerce_api.shop.orders.relining import pieces_of, refuse_gone, reline, rows_of
from commerce_api.shop.orders.status import Actor, OrderStatus
from commerce_api.shop.pricing.lines import MOST_LINES, MOST_PIECES, PricedLine, Totals
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.promotions import service as promotions
from commerce_api.shop.promotions.queries import terms_of
from commerce_api.shop.shipping import shipments

EDITABLE: Final = frozenset({OrderStatus.NEW, OrderStatus.CONFIRMED, OrderStatus.PACKED})
"""Before the parcel is the carrier's."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What an order is to become; None leaves a part as it is.

    `lines` are all lines that the order is to have: quantity by SKU code. `prices` are kopiyky a piece for new SKUs
    that come at another price than the shelf's. `version` is the newest history row that the editor has seen.
    """

    lines: Mapping[str, int] | None = None
    delivery: Delivery | None = None
    contact: Contact | None = None
    comment: str | None = None
    prices: Mapping[str, int] | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of it. `before` and `after` are quantities by SKU code, sums are kopiyky.

    `changed` names the parts that differ now, none when the order was that way already. `dropped` is the code that the
    order lost, because the goods that are left do not fit it. `step` is the newest history row.
    """

    order_id: int
    number: str
    account_id: int | None
    status: OrderStatus
    pay_type: PayType
    delivery_kind: DeliveryKind
    payable_before: int
    payable: int
    points_before: int
    points: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    changed: tuple[str, ...]
    dropped: str | None
    step: int


async def edit_order(number: str, edit: Edit, actor: Actor, source: str, shop: ShopSettings) -> Edited:
    """Make an order what `edit` says, under its lock, with stock, code, sums, shares and a history row.

    Runs inside the caller's transaction, which must be rolled back on any error. Whether the order may still be paid
    its way, and what becomes of money that is here already, is the caller's to see to. Raises OrderUnknown, NotEditable
    (it left the house), WaybillExists (taken back first), OrderChanged (somebody was faster), EmptyOrder, Invalid,
    ProductGone, OutOfStock, SkuUnknown.
    """
    require_transaction()
    order = await _locked(number, edit.version)
    rows = await rows_of(order.id)
    before, points_before = pieces_of(rows), _points(rows)
    changed = _changed(order, edit, before)
    if set(changed) - {"comment"} and await shipments.open_of(order.id):
        raise WaybillExists(number=order.number)
    after = dict(edit.lines) if edit.lines is not None and "lines" in changed else before
    if "lines" in changed:
        check_lines(after)
        await reline(order, rows, after, edit.prices or {}, actor)
        rows = await rows_of(order.id)
    kind = edit.delivery.kind if edit.delivery else order.delivery_kind
    reckoned = "lines" in changed or kind is not order.delivery_kind
    totals = await _reckon(order, rows, kind, shop) if reckoned else None
    dropped = await _keep_promo(order, totals) if totals else None
    payable = totals.payable if totals else order.payable
    if changed:
        await _write(order, edit, totals, dropped)
        words = [*_moves(before, after), *(part for part in changed if part != "lines")]
        await StatusChange.create(
            order_id=order.id,
            at=clock.now(),
            field="edit",
            old=str(order.payable),
            new=str(payable),
            actor=str(actor),
            source=source,
            reason=", ".join(words)[:200],
        )
    return Edited(
        order_id=order.id,
        number=order.number,
        account_id=order.account_id,
        status=order.status,
        pay_type=order.pay_type,
        delivery_kind=kind,
        payable_before=order.payable,
        payable=payable,
        points_before=points_before,
        points=_points(rows),
        before=before,
        after=after,
        changed=changed,
        dropped=dropped,
        step=await version_of(order.id),
    )


async def exchange(number: str, old: str, new: str, quantity: int | None = None) -> Edit:
    """The edit that puts another size of the same thing in place of `quantity` pieces (None: all) of a SKU.

    The price stays the one that was promised; another product or colour is no exchange. Raises OrderUnknown,
    ProductGone, and Invalid naming what cannot be.
    """
    order = await Order.get_or_none(number=number).only("id", "lang")
    if order is None:
        raise OrderUnknown()
    version, rows = await version_of(order.id), await rows_of(order.id)
    pieces = pieces_of(rows)
    if old not in pieces or old == new:
        raise Invalid({"sku": "errors.exchange_line"})
    moved = pieces[old] if quantity is None else quantity
    if not 1 <= moved <= pieces[old]:
        raise Invalid({"quantity": "errors.exchange_quantity"})
    found = await offers([old, new])
    refuse_gone(found, [new], order.lang)
    if old not in found or (found[old].product, found[old].colour) != (found[new].product, found[new].colour):
        raise Invalid({"to": "errors.exchange_other"})
    price = next(row.unit_price for row in rows if row.sku == old)
    pieces[old] -= moved
    pieces[new] = pieces.get(new, 0) + moved
    return Edit(lines={sku: count for sku, count in pieces.items() if count}, prices={new: price}, version=version)


async def _locked(number: str, version: int | None) -> Order:
    order = await locked(Order.filter(number=number))
    # What partners and wholesalers ordered is priced by their own agreements.
    if order.status not in EDITABLE or order.channel is not Channel.RETAIL:
        raise NotEditable(number=number, status=order.status.value)
    if version is not None and version != await version_of(order.id):
        raise OrderChanged(number=number)
    return order


def _changed(order: Order, edit: Edit, before: Mapping[str, int]) -> tuple[str, ...]:
    """The parts of an order that an edit changes. Of addresses and names the history tells no more than these words,
    so that a person who is forgotten later is forgotten there too."""
    parts = {
        "lines": edit.lines is not None and dict(edit.lines) != before,
        "address": edit.delivery and _differs(order, delivery_columns(edit.delivery)),
        "contact": edit.contact and _differs(order, contact_columns(order.number, edit.contact)),
        "comment": edit.comment is not None and edit.comment != order.comment,
    }
    return tuple(name for name, differs in parts.items() if differs)


def _differs(order: Order, columns: Mapping[str, object]) -> bool:
    return any(getattr(order, name) != value for name, value in columns.items())


def _points(rows: Sequence[OrderLine]) -> int:
    return sum(row.points * row.quantity for row in rows)


def check_lines(lines: Mapping[str, int]) -> None:
    """Raises EmptyOrder for no lines, and Invalid for more than an order has, or more pieces than a line."""
    if not lines:
        raise EmptyOrder()
    if len(lines) > MOST_LINES or any(not 1 <= count <= MOST_PIECES for count in lines.values()):
        raise Invalid({"lines": "errors.order_lines"})


def _moves(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """`TC-KOLOS-TEE-COAL-M 2>1` for each SKU whose count differs."""
    codes = sorted({*before, *after})
    return [
        f"{sku} {before.get(sku, 0)}>{after.get(sku, 0)}" for sku in codes if before.get(sku, 0) != after.get(sku, 0)
    ]


async def _reckon(order: Order, rows: Sequence[OrderLine], kind: DeliveryKind, shop: ShopSettings) -> Totals:
    """The sums of the rows as they are now, with their shares of the discount stored.

    The code counts as on the day of the order, and its use is the order's already: only the goods are asked anew, not
    the calendar or how many uses are left.
    """
    found = await offers(row.sku for row in rows)
    priced = [_priced(row, found.get(row.sku)) for row in rows]
    terms = await terms_of(order.promo_code) if order.promo_code else None
    if terms:
        terms = replace(terms, active=True, valid_from=None, valid_until=None, left=None)
    # A parcel that goes the same way costs what was promised, be it the carrier's price of that day or the settings'.
    told = order.shipping if order.shipping and kind is order.delivery_kind else None
    totals = quote(priced, shop, kind, order.pay_type, terms, order.placed_at, told)
    if totals.payable <= 0:
        raise EmptyOrder()
    for row, share in zip(rows, totals.shares, strict=True):
        if row.discount != share:
            await OrderLine.filter(id=row.id).update(discount=share)
    return totals


def _priced(row: OrderLine, offer: Offer | None) -> PricedLine:
    # A code knows a product by the name that it has now.
    product, category = (offer.product, offer.category) if offer else (row.product, "")
    return PricedLine(row.sku, row.unit_price, row.quantity, product, category)


async def _keep_promo(order: Order, totals: Totals) -> str | None:
    """The use of the code takes off what it does now; the code when it takes nothing off any more and is given back."""
    if not order.promo_code:
        return None
    if totals.discount:
        await promotions.revalue(order.id, totals.discount)
        return None
    await promotions.release(order.id)
    return order.promo_code


async def _write(order: Order, edit: Edit, totals: Totals | None, dropped: str | None) -> None:
    columns: dict[str, object] = {"updated_at": clock.now()}
    if totals:
        columns |= {
            "gross": totals.goods,
            "discount": totals.discount,
            "shipping": totals.shipping,
            "payable": totals.payable,
            "due_now": totals.due_now,
        }
    if dropped:
        columns["promo_code"] = ""
    if edit.delivery:
        columns |= delivery_columns(edit.delivery)
    if edit.contact:
        columns |= contact_columns(order.number, edit.contact)
    if edit.comment is not None:
        columns["comment"] = edit.comment
    await Order.filter(id=order.id).update(**columns)
