"""Money that the bank holds and has not taken yet: for shops that take it when the parcel is ready."""

from commerce_api.shop.orders.payment import TAKES_MONEY
from commerce_api.shop.orders.queries import order_by_id
from commerce_api.shop.payments import queries
from commerce_api.shop.payments.errors import NothingHeld
from commerce_api.shop.payments.service import Moved
from commerce_api.shop.payments.status import AttemptStatus
from commerce_api.shop.settlement.bank import Bank
from commerce_api.shop.settlement.service import ask


async def capture(bank: Bank, order_id: int, number: str, source: str) -> Moved | None:
    """Take what is held for an order, all of it; what that changed. This is an edge: the bank is called, then asked.

    Raises OrderUnknown, NothingHeld, also for an order that takes no money any more, and GatewayError: then the poller
    hears how it ended.
    """
    if (await order_by_id(order_id)).status not in TAKES_MONEY:
        raise NothingHeld(number=number)
    for attempt in await queries.attempts_of(order_id):
        if attempt.status is AttemptStatus.HOLD and attempt.invoice_id:
            await bank.gateway.finalize(attempt.invoice_id, attempt.amount)
            return await ask(bank.gateway, attempt, source)
    raise NothingHeld(number=number)
