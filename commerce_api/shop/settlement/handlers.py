"""What settlement hears from the hall: bank calls that are owed, orders that were cancelled, money that came."""

from functools import partial

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.events import OrderStatusChanged, PaymentChanged, PaymentDue
from commerce_api.shop.orders.status import OrderStatus
from commerce_api.shop.payments import queries
from commerce_api.shop.payments import service as payments
from commerce_api.shop.payments.status import AttemptStatus
from commerce_api.shop.settlement.bank import Bank
from commerce_api.shop.settlement.changes import cash_came, order_ended
from commerce_api.shop.settlement.paying import ask_for_page, remove_page


async def on_payment_due(bank: Bank | None, event: PaymentDue) -> None:
    """Make the call that an attempt is owed: for its page, or to make a page worthless. Raises GatewayError to be
    tried again; without a bank there is nobody to call."""
    attempt = await queries.attempt(event.attempt_id)
    if bank is None or attempt is None:
        return
    if attempt.status is AttemptStatus.STARTING:
        await ask_for_page(bank, attempt.id, "outbox")
    else:
        await remove_page(bank.gateway, attempt.id)


async def on_order_status_changed(event: OrderStatusChanged) -> None:
    """A cancelled order takes no money, and gives back what it has."""
    if event.new == OrderStatus.CANCELLED.value:
        await transact(partial(order_ended, event.order_id))


async def on_payment_changed(bank: Bank | None, event: PaymentChanged) -> None:
    """Keep where the bank's receipts are read, and let no cash be kept that was paid already. Raises GatewayError to
    be tried again."""
    if event.amount <= 0:
        return
    if event.channel != "bank":
        await transact(partial(cash_came, event.order_id))
        return
    if bank is None:
        return
    for attempt in await queries.attempts_of(event.order_id):
        if attempt.received and attempt.invoice_id and not attempt.receipt_url:
            url = await bank.gateway.receipt(attempt.invoice_id)
            if url:
                await transact(partial(payments.keep_receipt, attempt.id, url))
