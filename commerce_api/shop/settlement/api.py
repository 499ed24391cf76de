"""Payments for programs: paying an order once more, and for staff the refunds. Every deed of staff is audited."""

from functools import partial
from typing import Annotated

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.web.access import Audit, account_of, requires
from commerce_api.foundation.web.idempotency import (
    Answer,
    IdempotencyKey,
    IdempotencyMismatch,
    attempt,
    keep,
    kept,
    once,
)
from commerce_api.foundation.web.openapi import FromHeader, Operation, Operations, Reply, api
from commerce_api.foundation.web.parsing import RowId
from commerce_api.shop.orders.errors import OrderUnknown
from commerce_api.shop.orders.queries import order_by_number
from commerce_api.shop.orders.schemas import OrderNumber, OrderToken
from commerce_api.shop.orders.status import Actor, Who
from commerce_api.shop.payments import queries
from commerce_api.shop.payments.errors import (
    BankNotConnected,
    NothingToPay,
    PaymentUnderWay,
    PayTooLate,
    RefundMoved,
    RefundTooBig,
    RefundUnknown,
)
from commerce_api.shop.settlement import doors, refunds
from commerce_api.shop.settlement.bank import bank_of, connected
from commerce_api.shop.settlement.schemas import (
    AttemptOut,
    OrderPaymentsOut,
    PaymentStateOut,
    RefundIn,
    RefundOut,
    RefundQueueOut,
)

STAFF = ("staff_orders", "owner")
SOURCE = "staff_api"
KEY = FromHeader("Idempotency-Key")


@api(
    "POST",
    "/api/v1/orders/{token}/pay",
    summary="Pay an order online, once more",
    errors=(OrderUnknown, NothingToPay, PayTooLate, PaymentUnderWay, BankNotConnected),
    tag="orders",
)
async def pay_order(request: Request, token: OrderToken) -> PaymentStateOut:
    """The page that is still good, or a new one; `starting` without an address while the bank is slow."""
    return PaymentStateOut.of(await doors.pay_order(request, token))


@api(
    "GET",
    "/api/v1/staff/orders/{number}/payments",
    summary="The money of an order",
    errors=(OrderUnknown,),
    tag="staff",
)
@requires(*STAFF)
async def read_payments(request: Request, number: OrderNumber) -> OrderPaymentsOut:
    """Attempts and refunds, the first one first."""
    order = await order_by_number(number)
    return OrderPaymentsOut(
        attempts=[AttemptOut.of(one) for one in await queries.attempts_of(order.id)],
        refunds=[RefundOut.of(one) for one in await queries.refunds_of(order.id)],
    )


@api("GET", "/api/v1/staff/refunds", summary="The refund queue", tag="staff")
@requires(*STAFF)
async def list_refunds(request: Request) -> RefundQueueOut:
    """Money that is still to go back, the longest waiting first."""
    return RefundQueueOut(items=[RefundOut.of(one) for one in await queries.refund_queue()])


def refund_operation(audit: Audit) -> Operation:
    """The call that gives money of an order back."""

    @api(
        "POST",
        "/api/v1/staff/orders/{number}/refunds",
        summary="Give money of an order back",
        status=201,
        errors=(OrderUnknown, RefundTooBig, IdempotencyMismatch),
        tag="staff",
    )
    @requires(*STAFF)
    async def refund_order(
        request: Request, number: OrderNumber, body: RefundIn, key: Annotated[IdempotencyKey, KEY]
    ) -> Reply[RefundQueueOut]:
        """In full or in part, with a reason. The bank is asked at once; what it does not do waits in the queue.

        The same key gives money back once, and tells again of the same refunds, as they stand.
        """
        account = account_of(request)
        order = await order_by_number(number)

        async def work() -> Answer:
            actor = str(Actor(Who.STAFF, account.id))
            made = await refunds.order_refund(order.id, body.amount, body.reason, actor, body.skus)
            await audit(account.id, "order.refund", number, {"amount": body.amount})
            return Answer(201, {"refunds": made})

        asked = {"refund": number, **body.model_dump(mode="json")}
        answer = await once(attempt(key, f"staff:{account.id}", asked), work, whole=False)
        made, bank = answer.body["refunds"], bank_of(request)
        if bank is not None and not answer.again:
            await refunds.send_all(bank.gateway, made, SOURCE)
        shown = [one for one in await queries.refunds_of(order.id) if one.id in made]
        return Reply(RefundQueueOut(items=[RefundOut.of(one) for one in shown]))

    return refund_order


def send_operation(audit: Audit) -> Operation:
    """The call that sends a refund of the queue to the bank."""

    @api(
        "POST",
        "/api/v1/staff/refunds/{refund}/send",
        summary="Ask the bank for a refund of the queue",
        errors=(RefundUnknown, RefundMoved, BankNotConnected, IdempotencyMismatch),
        tag="staff",
    )
    @requires(*STAFF)
    async def send_refund(request: Request, refund: RowId, key: Annotated[IdempotencyKey, KEY]) -> RefundOut:
        """Asked once: what the bank's answer was is looked up when it is lost. The same key gives the same answer."""
        account = account_of(request)
        tried = attempt(key, f"staff:{account.id}", {"send": refund})
        told = await kept(tried)
        if told is not None:
            return RefundOut.model_validate(told.body)
        known = await queries.refund(refund)
        if known is None:
            raise RefundUnknown()
        bank = connected(bank_of(request))
        await transact(partial(audit, account.id, "refund.send", known.reference, {"amount": known.amount}))
        await refunds.send(bank.gateway, refund, SOURCE)
        sent = RefundOut.of(await queries.refund(refund) or known)
        return RefundOut.model_validate((await keep(tried, Answer(200, sent.model_dump(mode="json")))).body)

    return send_refund


def operations(audit: Audit) -> Operations:
    """The calls of this room."""
    return (pay_order, read_payments, list_refunds, refund_operation(audit), send_operation(audit))
