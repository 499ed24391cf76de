"""How the payment of an order stands, as its page and its readers are told."""

from dataclasses import dataclass
from typing import Final

from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.orders.payment import TAKES_MONEY
from commerce_api.shop.orders.queries import OrderView
from commerce_api.shop.orders.status import OrderStatus
from commerce_api.shop.payments import queries
from commerce_api.shop.payments.status import AttemptStatus
from commerce_api.shop.settlement.bank import Bank
from commerce_api.shop.settlement.changes import may_pay_on_receipt

WAITING: Final = frozenset({AttemptStatus.STARTING, AttemptStatus.UNKNOWN, AttemptStatus.PROCESSING})
"""The bank is at it: the page looks again by itself."""


@dataclass(frozen=True, slots=True)
class PayState:
    """`status` is that of the newest attempt, "" without one; `page` is the bank's page while it can be paid on;
    `amount` is what is due now (kopiyky). `can_pay`, `can_switch` and `can_return` are what the customer may do."""

    status: str
    page: str
    amount: int
    failure: str
    receipt: str
    waits: bool
    can_pay: bool
    can_switch: bool
    can_return: bool
    refunded: int
    refund_waits: int

    @property
    def shown(self) -> bool:
        """Whether there is anything to say of it beside the payment status."""
        return bool(self.page or self.waits or self.can_pay or self.can_switch or self.receipt or self.refund_waits)


async def pay_state(order: OrderView, bank: Bank | None, shop: ShopSettings) -> PayState:
    """The payment of an order for whoever holds its token."""
    attempts = await queries.attempts_of(order.id)
    newest = attempts[-1] if attempts else None
    # What was given back is not asked for again: such an order takes no more money online.
    due = 0 if order.refunded else max(order.due_now - order.paid, 0)
    takes = order.status in TAKES_MONEY and due > 0
    waits = takes and newest is not None and newest.status in WAITING
    page = newest.page if takes and newest and not waits else ""
    refunds = [one for one in await queries.refunds_of(order.id) if one.owed]
    return PayState(
        status=newest.status.value if newest else "",
        page=page,
        amount=due,
        failure=newest.failure if newest and newest.invoice_id and newest.status is AttemptStatus.FAILURE else "",
        receipt=next((one.receipt_url for one in reversed(attempts) if one.receipt_url), ""),
        waits=waits,
        can_pay=takes and bank is not None and not page and not waits,
        can_switch=await may_pay_on_receipt(order, shop),
        can_return=bool(attempts) and not order.paid and order.status is OrderStatus.NEW,
        refunded=order.refunded,
        refund_waits=sum(one.amount for one in refunds),
    )
