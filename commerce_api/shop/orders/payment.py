"""Money of an order: the one place where `paid`, `refunded` and the payment status change (rules.md 1, 5).

Only a verified answer of the bank, the carrier's codes or a staff member with a reason may call this: from settlement
and dispatch, under the lock of the order's row. An order that has its money is confirmed by the system at once, and
its use of a code with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commerce_api.foundation.events import PaymentChanged
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.service import record
from commerce_api.shop.orders.errors import IllegalTransition, MoneyMissing, OrderUnknown
from commerce_api.shop.orders.locking import locked
from commerce_api.shop.orders.models import Order, StatusChange
from commerce_api.shop.orders.queries import TOKEN
from commerce_api.shop.orders.service import MONEY_HERE, change_status
from commerce_api.shop.orders.status import Actor, OrderStatus, PaymentStatus, Who
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.promotions import service as promotions

P = PaymentStatus

BEFORE_MONEY: Final[Mapping[PaymentStatus, frozenset[PaymentStatus]]] = {
    P.UNPAID: frozenset({P.PENDING, P.FAILED}),
    P.PENDING: frozenset({P.UNPAID, P.FAILED}),
    P.FAILED: frozenset({P.UNPAID, P.PENDING}),
}
"""How the payment of an order moves while no money has come; whatever comes later is reckoned from the sums."""
TAKES_MONEY: Final = frozenset({OrderStatus.NEW, OrderStatus.CONFIRMED})
"""Before the parcel is packed a payment still counts for the order; afterwards the carrier collects what is due."""


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """What an order owes and has; amounts in kopiyky."""

    id: int
    number: str
    status: OrderStatus
    payable: int
    due_now: int
    paid: int
    refunded: int
    placed_at: datetime

    @property
    def kept(self) -> int:
        """What was paid and not given back."""
        return self.paid - self.refunded

    @property
    def given_back(self) -> int:
        """What was given back of its price. A surplus that went back, as after an edit, was none of it."""
        return max(self.refunded - max(self.paid - self.payable, 0), 0)

    @property
    def owed(self) -> int:
        """What is still to be paid in all."""
        return max(self.payable - self.kept, 0)

    @property
    def owed_now(self) -> int:
        """What is still to be paid before the parcel leaves."""
        return max(self.due_now - self.kept, 0)

    @property
    def takes_money(self) -> bool:
        """Whether a payment still counts for it."""
        return self.status in TAKES_MONEY


async def hold(order_id: int) -> OrderMoney:
    """The order's money, with its row locked until the transaction ends. Raises OrderUnknown and NoTransaction."""
    return _money(await locked(Order.filter(id=order_id)))


async def id_of(token: str) -> int:
    """The id of the order that a token opens. Raises OrderUnknown."""
    order = await Order.get_or_none(token=token).only("id") if TOKEN.fullmatch(token) else None
    if order is None:
        raise OrderUnknown()
    return order.id


async def add_money(order_id: int, amount: int, *, channel: str, source: str, reason: str = "") -> None:
    """`amount` kopiyky came in by `channel` (bank, carrier, staff): counted, written into the history and told.

    Less than due never becomes paid. Raises OrderUnknown, NoTransaction, and ValueError for an amount of 0 or less.
    """
    if amount <= 0:
        raise ValueError(f"money that comes is more than 0: {amount}")
    order = await locked(Order.filter(id=order_id))
    order.paid += amount
    await _write(order, amount, channel=channel, source=source, reason=reason)
    if order.payment_status in MONEY_HERE:
        await promotions.confirm(order.id)
        if order.status is OrderStatus.NEW:
            await change_status(order.number, OrderStatus.CONFIRMED, Actor(Who.SYSTEM), source)


async def take_money(order_id: int, amount: int, *, channel: str, source: str, reason: str = "") -> None:
    """`amount` kopiyky went back to the customer. Raises MoneyMissing when the order has less, OrderUnknown,
    NoTransaction, and ValueError for an amount of 0 or less."""
    if amount <= 0:
        raise ValueError(f"money that goes back is more than 0: {amount}")
    order = await locked(Order.filter(id=order_id))
    if amount > order.paid - order.refunded:
        raise MoneyMissing(number=order.number, left=order.paid - order.refunded)
    order.refunded += amount
    await _write(order, -amount, channel=channel, source=source, reason=reason)


async def rebalance(order_id: int, *, source: str) -> None:
    """Say anew whether the order is paid: an edit has changed what it costs. Raises OrderUnknown and NoTransaction."""
    order = await locked(Order.filter(id=order_id))
    if order.paid:
        await _write(order, 0, channel="staff", source=source, reason="")


async def note_payment(order_id: int, new: PaymentStatus, *, source: str, reason: str = "") -> bool:
    """The payment of an order without money is on its way, failed, or is as open as before; False when that was known
    or money has come. Raises OrderUnknown, NoTransaction, and IllegalTransition for a status that only money makes."""
    order = await locked(Order.filter(id=order_id))
    if order.paid or order.payment_status is new:
        return False
    if new not in BEFORE_MONEY.get(order.payment_status, frozenset()):
        raise IllegalTransition(number=order.number, old=order.payment_status.value, new=new.value)
    await _step(order, new, 0, channel="bank", source=source, reason=reason, told=new is PaymentStatus.FAILED)
    return True


async def pay_otherwise(order_id: int, pay_type: PayType, due_now: int, *, source: str) -> None:
    """An order that nobody has paid for is to be paid in another way. Raises OrderUnknown, NoTransaction, and
    IllegalTransition when money has come or the order has moved on."""
    order = await locked(Order.filter(id=order_id))
    if order.paid or order.status is not OrderStatus.NEW:
        raise IllegalTransition(number=order.number, old=order.pay_type.value, new=pay_type.value)
    at = clock.now()
    await Order.filter(id=order.id).update(pay_type=pay_type, due_now=due_now, updated_at=at)
    await StatusChange.create(
        order_id=order.id,
        at=at,
        field="pay_type",
        old=order.pay_type.value,
        new=pay_type.value,
        actor=Who.CUSTOMER.value,
        source=source,
    )
    if pay_type is PayType.COD:
        await promotions.confirm(order.id)


def status_of(payable: int, due_now: int, paid: int, refunded: int) -> PaymentStatus | None:
    """The payment status that the sums (kopiyky) make; None while they say nothing: no money, or less than is due."""
    if not paid:
        return None
    if refunded:
        return P.REFUNDED if refunded == paid else P.PARTIALLY_REFUNDED
    if paid >= payable:
        return P.PAID
    return P.PREPAID if paid >= due_now else None


async def _write(order: Order, amount: int, *, channel: str, source: str, reason: str) -> None:
    made = status_of(order.payable, order.due_now, order.paid, order.refunded)
    new = made or (P.PENDING if order.payment_status in {*MONEY_HERE, P.PENDING} else order.payment_status)
    await Order.filter(id=order.id).update(paid=order.paid, refunded=order.refunded)
    if amount or new is not order.payment_status:
        await _step(order, new, amount, channel=channel, source=source, reason=reason, told=bool(amount))


async def _step(
    order: Order, new: PaymentStatus, amount: int, *, channel: str, source: str, reason: str, told: bool
) -> None:
    old, order.payment_status = order.payment_status, new
    at = clock.now()
    await Order.filter(id=order.id).update(payment_status=new, updated_at=at)
    actor = {"carrier": Who.CARRIER, "staff": Who.STAFF}.get(channel, Who.SYSTEM)
    row = await StatusChange.create(
        order_id=order.id,
        at=at,
        field="payment",
        old=old.value,
        new=new.value,
        actor=actor.value,
        source=source,
        reason=reason[:200],
    )
    if told:
        await record(
            PaymentChanged(
                order_id=order.id,
                number=order.number,
                old=old.value,
                new=new.value,
                amount=amount,
                channel=channel,
                step=row.id,
            )
        )


def _money(order: Order) -> OrderMoney:
    return OrderMoney(
        id=order.id,
        number=order.number,
        status=order.status,
        payable=order.payable,
        due_now=order.due_now,
        paid=order.paid,
        refunded=order.refunded,
        placed_at=order.placed_at,
    )
