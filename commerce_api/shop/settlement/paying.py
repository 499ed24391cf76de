"""Paying: an attempt is written down, then the bank is asked for its page, once (rules.md 5, lessons.md 10).

first_attempt   in the transaction of a new order
pay_again       for an order that stands: the page that is still good, or a new attempt
ask_for_page    the call; may outlive the request that began it, and is made by exactly one process
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from commerce_api.foundation import telemetry
from commerce_api.foundation.db.tx import require_transaction, transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.theming import texts
from commerce_api.shop.orders import payment as orders
from commerce_api.shop.orders.payment import OrderMoney
from commerce_api.shop.orders.placing import PlacedOrder
from commerce_api.shop.orders.queries import OrderView, order_by_id
from commerce_api.shop.orders.status import OrderStatus
from commerce_api.shop.payments import queries
from commerce_api.shop.payments import service as payments
from commerce_api.shop.payments.errors import (
    BankAway,
    BankRefused,
    BankUnsure,
    GatewayError,
    NothingToPay,
    PaymentUnderWay,
    PayTooLate,
)
from commerce_api.shop.payments.gateway import BasketLine, Bill, PaymentGateway, PayPage
from commerce_api.shop.payments.queries import Attempt
from commerce_api.shop.payments.status import AttemptStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.settlement.bank import Bank
from commerce_api.shop.settlement.bills import PREPAYMENT, REST, SoldLine, one_line, whole_bill
from commerce_api.shop.settlement.service import ask, drop, tell_order

log = telemetry.logger(__name__)

SHORTEST: Final = timedelta(seconds=60)
"""Nobody can type a card number in less: such a page is not begun."""
REST_TIME: Final = timedelta(hours=24)
"""How long the page for the rest of an edited order is good: its goods do not run away."""
RETRIES: Final = (timedelta(seconds=5), timedelta(seconds=20), timedelta(minutes=1))
"""Waits before a bank that was not reached is called again; the last one from then on."""
MARGIN: Final = timedelta(hours=1)
"""How far the clocks of shop and bank may differ when the statement is searched."""


async def first_attempt(
    placed: PlacedOrder,
    lines: Sequence[tuple[SoldLine, int]],
    shipping: int,
    pay_type: PayType,
    lang: str,
    bank: Bank,
) -> int | None:
    """Write down the payment of a new order, in its transaction; the attempt's id, None when nothing is due now.

    `lines` come with their shares of the discount (kopiyky). The page is good for as long as the goods are held.
    """
    if not placed.due_now:
        return None
    if pay_type is PayType.PREPAY_200:
        bill = one_line(PREPAYMENT, placed.due_now, placed.number, lang)
    else:
        bill = whole_bill(lines, shipping, lang)
    until = clock.now() + timedelta(minutes=bank.minutes)
    return await payments.begin(placed.id, placed.number, placed.due_now, bill, bank.gateway.name, until, first=True)


async def clear_way(gateway: PaymentGateway, order_id: int) -> None:
    """Look into what stands in the way of a new attempt: a lost call in the bank's statement, an old page by asking.

    This is an edge. Raises OrderUnknown and GatewayError.
    """
    for attempt in await queries.attempts_of(order_id):
        if attempt.status is AttemptStatus.UNKNOWN:
            await look_up(gateway, attempt)
        elif attempt.open and attempt.invoice_id and not attempt.page:
            await ask(gateway, attempt, "pay")


async def reuse_or_begin(bank: Bank, order_id: int) -> int:
    """An attempt on which the order can be paid now: the one whose page is still good, or a new one; its id.

    Runs in the caller's transaction: two who ask at once get the same. Raises OrderUnknown, NothingToPay, PayTooLate,
    and PaymentUnderWay while nobody knows how the last attempt ended.
    """
    order = await orders.hold(order_id)
    for attempt in await queries.attempts_of(order_id):
        if attempt.page and attempt.amount == order.owed_now or attempt.status is AttemptStatus.STARTING:
            return attempt.id
        if attempt.status in {AttemptStatus.UNKNOWN, AttemptStatus.PROCESSING, AttemptStatus.HOLD}:
            raise PaymentUnderWay(number=order.number)
        if attempt.status in {AttemptStatus.CREATED, AttemptStatus.FAILURE}:
            await drop(attempt)
    return await begin_for(bank, order)


async def begin_for(bank: Bank, order: OrderMoney) -> int:
    """A new attempt for what an order owes now; its id. Runs under the order's lock.

    Raises NothingToPay, and PayTooLate when the goods are not held for long enough.
    """
    require_transaction()
    if not order.takes_money or not order.owed_now or order.refunded:
        raise NothingToPay(number=order.number)
    now = clock.now()
    until = order.placed_at + timedelta(minutes=bank.minutes) if order.status is OrderStatus.NEW else now + REST_TIME
    if until - now < SHORTEST:
        raise PayTooLate(number=order.number)
    view = await order_by_id(order.id)
    return await payments.begin(
        order.id, order.number, order.owed_now, bill_of(view, order.owed_now), bank.gateway.name, until
    )


def bill_of(order: OrderView, amount: int) -> tuple[BasketLine, ...]:
    """The lines of a bill over `amount`: the goods when it is the whole order, else one line."""
    if amount == order.payable:
        return whole_bill([(line, line.discount) for line in order.lines], order.shipping, order.lang)
    prepaid = order.pay_type is PayType.PREPAY_200 and not order.paid
    return one_line(PREPAYMENT if prepaid else REST, amount, order.number, order.lang)


async def ask_for_page(bank: Bank, payment_id: int, source: str) -> None:
    """Ask the bank for the page of an attempt, unless somebody else does or did; what came of it is written down.

    This is an edge: three steps, and the call between two transactions. Never raises for what the bank does.
    """
    if not await transact(partial(payments.claim_call, payment_id)):
        return
    attempt = await queries.attempt(payment_id)
    if attempt is None:
        return
    order = await order_by_id(attempt.order_id)
    seconds = int((attempt.expires_at - clock.now()).total_seconds())
    if seconds <= 0:
        await transact(partial(_closed, attempt, AttemptStatus.EXPIRED, "", source))
        return
    try:
        page = await bank.gateway.start(_bill(bank, attempt, order, seconds))
    except BankAway:
        wait = RETRIES[min(attempt.checks, len(RETRIES) - 1)]
        await transact(partial(payments.not_called, payment_id, wait))
    except BankUnsure:
        await transact(partial(payments.lost, payment_id))
    except BankRefused as refused:
        log.error("bank_refused_bill", reference=attempt.reference, bank_code=refused.bank_code)
        await transact(partial(_closed, attempt, AttemptStatus.FAILURE, refused.bank_code, source))
    else:
        await _keep_page(bank.gateway, attempt, page, source)


async def _keep_page(gateway: PaymentGateway, attempt: Attempt, page: PayPage, source: str) -> None:
    async def keep() -> bool:
        await orders.hold(attempt.order_id)
        wanted = await payments.page_made(attempt.id, page)
        if wanted:
            await tell_order(attempt.order_id, AttemptStatus.CREATED, "", source)
        return wanted

    if await transact(keep):
        return
    try:
        await remove_page(gateway, attempt.id)
    except GatewayError as error:
        log.warning("page_left_to_expire", reference=attempt.reference, outcome=type(error).__name__)


def _bill(bank: Bank, attempt: Attempt, order: OrderView, seconds: int) -> Bill:
    return Bill(
        reference=attempt.reference,
        amount=attempt.amount,
        purpose=texts(order.lang)("payments.bill.purpose", number=order.number),
        lines=attempt.lines,
        seconds=seconds,
        return_url=bank.return_url(order.token, order.lang),
        webhook_url=bank.webhook_url,
        hold=bank.hold,
    )


async def _closed(attempt: Attempt, status: AttemptStatus, failure: str, source: str) -> None:
    await orders.hold(attempt.order_id)
    await payments.close(attempt.id, status, failure)
    await tell_order(attempt.order_id, status, failure, source)


async def look_up(gateway: PaymentGateway, attempt: Attempt) -> None:
    """Find out what became of a call whose answer was lost: by our reference in the bank's statement.

    What is not there was not paid, and nobody has seen its page, so that nobody can pay it: the attempt is closed and
    another may begin. This is an edge. Raises GatewayError, and then nothing is known yet.
    """
    since = attempt.called_at or attempt.created_at
    for line in await gateway.statement(since - MARGIN):
        if line.reference == attempt.reference:
            await transact(partial(payments.found, attempt.id, line.invoice_id))
            known = await queries.attempt(attempt.id)
            if known is not None:
                await ask(gateway, known, "statement")
            return
    await transact(partial(_closed, attempt, AttemptStatus.REMOVED, "", "statement"))


async def remove_page(gateway: PaymentGateway, payment_id: int) -> None:
    """Make the page of a closed attempt worthless; if it was paid meanwhile, the money is counted. This is an edge.

    Raises BankAway or BankUnsure: to be tried again.
    """
    attempt = await queries.attempt(payment_id)
    if attempt is None or attempt.invoice_id is None or attempt.open or attempt.received:
        return
    try:
        await gateway.remove(attempt.invoice_id)
    except BankRefused:
        try:
            await ask(gateway, attempt, "remove")
        except BankRefused as refused:
            log.warning("page_not_removed", reference=attempt.reference, bank_code=refused.bank_code)
