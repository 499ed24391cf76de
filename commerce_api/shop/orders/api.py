"""Orders for staff programs. Every change is audited in the transaction in which it happens."""

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit.paging import PageRequest
from commerce_api.foundation.web.access import Audit, account_of, requires
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.openapi import Operation, Operations, api
from commerce_api.shop.orders import queries, service
from commerce_api.shop.orders.errors import (
    IllegalTransition,
    NotPaidYet,
    OrderUnknown,
    ReasonNeeded,
    ReturnTooLate,
)
from commerce_api.shop.orders.schemas import OrderNumber, OrderPageOut, OrderQuery, TransitionIn, TransitionOut
from commerce_api.shop.orders.status import Actor, Who

STAFF = ("staff_orders", "owner")
SOURCE = "staff_api"


@api("GET", "/api/v1/staff/orders", summary="Orders, newest first", tag="staff")
@requires(*STAFF)
async def list_all_orders(request: Request, query: OrderQuery) -> OrderPageOut:
    """Searched by number, phone or a part of name, number or e-mail."""
    return OrderPageOut.of(await queries.for_staff(PageRequest(query.page, query.size), query.q, query.status))


def transition_operation(audit: Audit) -> Operation:
    """The call that moves an order, writing what it did with `audit`."""

    @api(
        "POST",
        "/api/v1/staff/orders/{number}/transition",
        summary="Move an order to another status",
        errors=(OrderUnknown, IllegalTransition, NotPaidYet, ReasonNeeded, ReturnTooLate),
        tag="staff",
    )
    @requires(*STAFF)
    async def move_order(request: Request, number: OrderNumber, body: TransitionIn) -> TransitionOut:
        """Confirm, pack, ship, deliver, cancel: what the table allows to staff."""
        account = account_of(request)

        async def work() -> None:
            await service.change_status(
                number,
                body.to,
                Actor(Who.STAFF, account.id),
                SOURCE,
                reason=body.reason,
                note=body.note,
                return_days=settings_of(request).shop.return_days,
                restock=body.restock,
            )
            changes = {"status": body.to.value, "reason": body.reason.value if body.reason else None}
            await audit(account.id, "order.transition", number, changes)

        await transact(work)
        return TransitionOut(number=number, status=body.to.value)

    return move_order


def operations(audit: Audit) -> Operations:
    """The calls of this room, all of them for staff."""
    return (list_all_orders, transition_operation(audit))
