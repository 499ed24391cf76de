"""When an order changes after its payment began: edited, cancelled, or to be paid in another way (lessons.md 11)."""

from collections import Counter
from typing import Final

from commerce_api.foundation.db.tx import require_transaction, savepoint
from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.cart import service as carts
from commerce_api.shop.orders import payment as orders
from commerce_api.shop.orders.payment import OrderMoney
from commerce_api.shop.orders.queries import OrderView, order_by_id
from commerce_api.shop.orders.service import cancel_by_customer
from commerce_api.shop.orders.status import OrderStatus, PaymentStatus
from commerce_api.shop.payments import queries
from commerce_api.shop.payments.errors import NothingToPay
from commerce_api.shop.payments.status import AttemptStatus, RefundReason
from commerce_api.shop.pricing.payments import PayType, pay_choices
from commerce_api.shop.settlement.refunds import queue_surplus
from commerce_api.shop.settlement.service import drop
from commerce_api.shop.shipping import directory

PAYABLE: Final = frozenset({AttemptStatus.CREATED, AttemptStatus.PROCESSING, AttemptStatus.FAILURE})
"""Attempts with a page on which money may still come."""


async def order_changed(order_id: int, *, source: str = "edit") -> None:
    """An order was edited: its old page cannot pay it any more, and what it has too much goes to the refund queue.

    For whoever edits orders, in the transaction of the edit. More that is due is collected by a new attempt, begun by
    the customer on the order's page, or by the carrier. Raises OrderUnknown and NoTransaction.
    """
    order = await orders.hold(order_id)
    await drop_pages(order)
    await orders.rebalance(order_id, source=source)
    await queue_surplus(order, order.payable, RefundReason.EDITED)


async def cash_came(order_id: int) -> None:
    """Money came that no bank told of, the carrier's or by staff's hands: what the order has too much now goes to the
    refund queue. Told twice it queues nothing more. Raises OrderUnknown and NoTransaction."""
    order = await orders.hold(order_id)
    await queue_surplus(order, order.payable, RefundReason.TOO_MUCH)


async def order_ended(order_id: int) -> None:
    """An order was cancelled: its pages go, and all that was paid for it goes to the refund queue. Told twice it queues
    nothing more. Raises OrderUnknown and NoTransaction."""
    order = await orders.hold(order_id)
    if order.status is not OrderStatus.CANCELLED:
        return
    await drop_pages(order)
    await queue_surplus(order, 0, RefundReason.CANCELLED)


async def drop_pages(order: OrderMoney) -> None:
    """Close every attempt on which money could still come. Runs under the order's lock."""
    for attempt in await queries.attempts_of(order.id):
        if attempt.open or attempt.status in PAYABLE:
            await drop(attempt)
    await orders.note_payment(order.id, PaymentStatus.UNPAID, source="shop")


async def may_pay_on_receipt(order: OrderView, shop: ShopSettings) -> bool:
    """Whether an order that waits for online payment may be paid to the carrier instead, at the point it goes to."""
    if order.paid or order.status is not OrderStatus.NEW or order.pay_type is PayType.COD:
        return False
    point = await directory.point_by_ref(order.branch_ref) if order.branch_ref else None
    choices = pay_choices(order.payable, order.delivery_kind, shop, bank=True, cash=point is None or point.cash)
    return any(choice.kind is PayType.COD and choice.allowed for choice in choices)


async def pay_on_receipt(order_id: int, shop: ShopSettings, source: str) -> None:
    """Let the carrier collect what was to be paid online. Money that still comes from the old page counts while the
    parcel is not packed.

    Raises OrderUnknown, NoTransaction, and NothingToPay for an order that was paid or may not be paid so.
    """
    require_transaction()
    order = await orders.hold(order_id)
    if not await may_pay_on_receipt(await order_by_id(order_id), shop):
        raise NothingToPay(number=order.number)
    await drop_pages(order)
    await orders.pay_otherwise(order_id, PayType.COD, 0, source=source)


async def _refill(token: str | None, order: OrderView) -> tuple[str | None, list[str]]:
    """Put the lines of an order into a cart: the cart's token, and the names of what could not be put in."""
    wanted: Counter[str] = Counter()
    for line in order.lines:
        wanted[line.sku] += line.quantity
    try:
        async with savepoint():
            return await carts.add_all(token, wanted, order.lang), []
    except ShopError:
        # Something is sold no more, or does not fit in: the rest goes in one by one.
        missing = []
    for line in order.lines:
        try:
            async with savepoint():
                token = (await carts.add(token, line.sku, line.quantity, order.lang)).token
        except ShopError:
            missing.append(line.name)
    return token, missing


async def back_to_cart(order_id: int, cart_token: str | None, source: str) -> tuple[str | None, tuple[str, ...]]:
    """Cancel an unpaid order and put its goods back into the visitor's cart; the cart's token, and the names of things
    that could not be put back.

    Raises OrderUnknown, IllegalTransition, NoTransaction, and NothingToPay for an order that has money.
    """
    require_transaction()
    money = await orders.hold(order_id)
    if money.paid:
        raise NothingToPay(number=money.number)
    order = await order_by_id(order_id)
    await drop_pages(money)
    await cancel_by_customer(order.token, source)
    token, missing = await _refill(cart_token, order)
    if order.promo_code and token:
        try:
            async with savepoint():
                await carts.give_promo(token, order.promo_code)
        except ShopError:
            # A code that does not fit any more: the cart shows its price without it.
            pass
    return token, tuple(missing)
