"""Placing and editing orders for staff programs. Every deed is audited in the transaction in which it happens."""

from dataclasses import replace
from typing import Annotated, Any

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid
from commerce_api.foundation.web.access import Audit, account_of, requires
from commerce_api.foundation.web.carried import carried, port_of, settings_of
from commerce_api.foundation.web.idempotency import Answer, IdempotencyKey, IdempotencyMismatch, attempt, once
from commerce_api.foundation.web.openapi import FromHeader, Operations, Reply, api
from commerce_api.shop.catalog.errors import OutOfStock, ProductGone
from commerce_api.shop.checkout import desk
from commerce_api.shop.checkout.desk_schemas import DeskOrderOut, DictatedIn, EditIn, ExchangeIn
from commerce_api.shop.checkout.errors import PaymentNotAllowed, PriceChanged
from commerce_api.shop.checkout.places import looked_up
from commerce_api.shop.checkout.schemas import CheckoutOut
from commerce_api.shop.orders.api import SOURCE, STAFF
from commerce_api.shop.orders.editing import Edit, Edited, exchange
from commerce_api.shop.orders.errors import NotEditable, OrderChanged, OrderUnknown, WaybillExists
from commerce_api.shop.orders.queries import order_by_number
from commerce_api.shop.orders.schemas import OrderNumber
from commerce_api.shop.orders.status import Actor, Who
from commerce_api.shop.promotions.errors import PromoRefused
from commerce_api.shop.settlement.bank import bank_of
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.directory import Point
from commerce_api.shop.shipping.errors import ChoiceUnknown, ParcelTooBig


async def place_noted(
    said: desk.Dictated, account_id: int, key: str, source: str, request: Request, audit: Audit
) -> Answer:
    """Place an order for a customer, once for the key of this staff member, with its note in the audit log.

    An edge: the carrier is asked for its price first, with the little patience of the till.
    """
    settings = settings_of(request)
    await desk.ask_carrier(said, settings.shop, port_of(request, Carrier), carried(request).background)

    async def work() -> Answer:
        placed = await desk.place_for(said, Actor(Who.STAFF, account_id), source, settings, bank_of(request))
        await audit(account_id, "order.place", placed.number, {"lines": said.lines, "payable": placed.payable})
        return Answer(201, CheckoutOut.of(placed, said.lang).model_dump(mode="json"))

    asked = {"lines": said.lines, "to": str(said.contact), "where": str(said.delivery), "how": said.pay_type.value}
    rest = {"promo": said.promo, "comment": said.comment, "lang": said.lang, "told": said.expected_total}
    return await once(attempt(key, f"staff:{account_id}", {**asked, **rest}), work, whole=False)


async def edit_noted(
    number: str,
    wanted: Edit,
    account_id: int,
    source: str,
    request: Request,
    audit: Audit,
    point: Point | None = None,
) -> Edited:
    """Edit an order with its note in the audit log; an edit that changes nothing is not noted."""

    async def work() -> Edited:
        shop = settings_of(request).shop
        edited = await desk.edit(number, wanted, Actor(Who.STAFF, account_id), source, shop, point)
        if edited.changed:
            await audit(account_id, "order.edit", number, told_of(edited))
        return edited

    return await transact(work)


async def exchange_noted(
    number: str, body: ExchangeIn, account_id: int, key: str, source: str, request: Request, audit: Audit
) -> None:
    """Exchange a size once for the key of this staff member, with its note in the audit log.

    Of a line of many pieces the same wish could be done again and again. What is kept is that it was done: the order
    itself, with its customer, is read anew. Raises what `exchange` and `desk.edit` raise, and IdempotencyMismatch.
    """

    async def work() -> Answer:
        wanted = await exchange(number, body.sku, body.to_sku, body.quantity)
        await edit_noted(number, wanted, account_id, source, request, audit)
        return Answer(200, {})

    asked = {"exchange": number, **body.model_dump(mode="json")}
    await once(attempt(key, f"staff:{account_id}", asked), work, whole=False)


def told_of(edited: Edited) -> dict[str, Any]:
    """What the audit log keeps of an edit: goods and sums whole, of people only that something changed."""
    told: dict[str, Any] = {"changed": list(edited.changed), "payable": [edited.payable_before, edited.payable]}
    if "lines" in edited.changed:
        told["lines"] = [dict(edited.before), dict(edited.after)]
    if edited.dropped:
        told["promo_dropped"] = edited.dropped
    return told


EDIT_ERRORS = (
    OrderUnknown,
    NotEditable,
    OrderChanged,
    WaybillExists,
    ProductGone,
    OutOfStock,
    PaymentNotAllowed,
    ChoiceUnknown,
    ParcelTooBig,
    Invalid,
)


def operations(audit: Audit) -> Operations:
    """The calls of the desk, all of them for staff; what they do is written down with `audit`."""

    @api(
        "POST",
        "/api/v1/staff/orders",
        summary="Place an order for a customer",
        status=201,
        errors=(
            ProductGone,
            OutOfStock,
            PriceChanged,
            PaymentNotAllowed,
            IdempotencyMismatch,
            PromoRefused,
            ChoiceUnknown,
            ParcelTooBig,
        ),
        tag="staff",
    )
    @requires(*STAFF)
    async def place_by_staff(
        request: Request, body: DictatedIn, key: Annotated[IdempotencyKey, FromHeader("Idempotency-Key")]
    ) -> Reply[CheckoutOut]:
        """By the prices, codes, stock and rules of the till; the same key places once."""
        said = body.dictated()
        where = await looked_up(said.delivery, body.delivery.choice, settings_of(request).secret_key)
        said = replace(said, delivery=where.delivery, point=where.point)
        answer = await place_noted(said, account_of(request).id, key, SOURCE, request, audit)
        return Reply(CheckoutOut.model_validate(answer.body), status=answer.status)

    @api("GET", "/api/v1/staff/orders/{number}", summary="One order", errors=(OrderUnknown,), tag="staff")
    @requires(*STAFF)
    async def read_as_staff(request: Request, number: OrderNumber) -> DeskOrderOut:
        """With its customer, its history and the version that an edit refers to."""
        return DeskOrderOut.of(await order_by_number(number))

    @api("PATCH", "/api/v1/staff/orders/{number}", summary="Edit an order", errors=EDIT_ERRORS, tag="staff")
    @requires(*STAFF)
    async def edit_order(request: Request, number: OrderNumber, body: EditIn) -> DeskOrderOut:
        """Before it ships. Kept lines keep their prices, new ones come at today's; sums are reckoned anew."""
        wanted, point = body.edit(), None
        if body.delivery and wanted.delivery:
            where = await looked_up(wanted.delivery, body.delivery.choice, settings_of(request).secret_key)
            wanted, point = replace(wanted, delivery=where.delivery), where.point
        await edit_noted(number, wanted, account_of(request).id, SOURCE, request, audit, point)
        return DeskOrderOut.of(await order_by_number(number))

    @api(
        "POST",
        "/api/v1/staff/orders/{number}/exchange",
        summary="Another size in place of one",
        errors=(*EDIT_ERRORS, IdempotencyMismatch),
        tag="staff",
    )
    @requires(*STAFF)
    async def exchange_size(
        request: Request,
        number: OrderNumber,
        body: ExchangeIn,
        key: Annotated[IdempotencyKey, FromHeader("Idempotency-Key")],
    ) -> DeskOrderOut:
        """Before it ships, of the same product and colour, at the price that was promised.

        The same key exchanges once, and tells again of the order, as it stands.
        """
        await exchange_noted(number, body, account_of(request).id, key, SOURCE, request, audit)
        return DeskOrderOut.of(await order_by_number(number))

    return (place_by_staff, read_as_staff, edit_order, exchange_size)
