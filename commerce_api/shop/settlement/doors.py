"""What a visitor's request may do about a payment: begin one, or look how it went, within the request's patience."""

from functools import partial

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.web.carried import carried
from commerce_api.shop.orders.payment import id_of
from commerce_api.shop.payments import queries
from commerce_api.shop.payments.errors import NothingToPay
from commerce_api.shop.payments.queries import Attempt
from commerce_api.shop.settlement.bank import Bank, bank_of, connected, unless_silent
from commerce_api.shop.settlement.paying import ask_for_page, clear_way, reuse_or_begin
from commerce_api.shop.settlement.service import ask


async def start_page(request: Request, bank: Bank, payment_id: int) -> Attempt | None:
    """Ask the bank for the page of an attempt and wait for it as long as patience lasts; the attempt as it then is.

    The call goes on afterwards, and the order's page shows what came of it.
    """
    await carried(request).background.within(ask_for_page(bank, payment_id, "request"))
    return await queries.attempt(payment_id)


async def pay_order(request: Request, token: str) -> Attempt:
    """Let the order of a token be paid now: on the page that is still good, or on a new one.

    Raises OrderUnknown, NothingToPay, PayTooLate, PaymentUnderWay while the bank has not said how the last try ended,
    and BankNotConnected.
    """
    order_id = await id_of(token)
    bank = connected(bank_of(request))
    await carried(request).background.within(unless_silent(clear_way(bank.gateway, order_id), None))
    payment_id = await transact(partial(reuse_or_begin, bank, order_id))
    attempt = await start_page(request, bank, payment_id)
    if attempt is None:
        raise NothingToPay(number="")
    return attempt


async def look(request: Request, token: str) -> None:
    """Somebody comes back from the bank's page: ask how it went. Coming back proves nothing (lessons.md 2), and when
    the bank does not answer in time, the order's page says that we wait. Raises OrderUnknown."""
    order_id, bank = await id_of(token), bank_of(request)
    if bank is None:
        return
    for attempt in await queries.attempts_of(order_id):
        if attempt.open and attempt.invoice_id:
            await carried(request).background.within(_looked(bank, attempt))


async def _looked(bank: Bank, attempt: Attempt) -> None:
    await unless_silent(ask(bank.gateway, attempt, "return"), None, attempt.reference)
