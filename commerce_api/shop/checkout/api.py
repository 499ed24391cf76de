"""The till for scripts and programs, and the order that a token opens."""

from dataclasses import asdict, replace
from typing import Annotated

from starlette.requests import Request

from commerce_api.foundation import crash, metrics
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.kit import clock
from commerce_api.foundation.web.access import signed_in
from commerce_api.foundation.web.carried import carried, port_of, settings_of
from commerce_api.foundation.web.idempotency import Answer, IdempotencyKey, IdempotencyMismatch, attempt, once
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.openapi import FromHeader, Operations, Reply, api
from commerce_api.shop.cart.browser import cart_token, keep_cart
from commerce_api.shop.cart.document import cart_of
from commerce_api.shop.cart.errors import CartEmpty
from commerce_api.shop.cart.queries import pieces_of
from commerce_api.shop.catalog.errors import OutOfStock, ProductGone
from commerce_api.shop.checkout import service
from commerce_api.shop.checkout.errors import PaymentNotAllowed, PriceChanged
from commerce_api.shop.checkout.places import looked_up
from commerce_api.shop.checkout.quoting import quoted
from commerce_api.shop.checkout.schemas import (
    CheckoutIn,
    CheckoutOut,
    DeliveryIn,
    PaymentStarted,
    QuoteIn,
    QuoteOut,
)
from commerce_api.shop.orders.errors import IllegalTransition, OrderUnknown
from commerce_api.shop.orders.payment import id_of
from commerce_api.shop.orders.queries import order_by_token
from commerce_api.shop.orders.schemas import OrderOut, OrderToken
from commerce_api.shop.orders.service import cancel_by_customer
from commerce_api.shop.payments import queries
from commerce_api.shop.payments.status import AttemptStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.promotions.errors import PromoRefused
from commerce_api.shop.settlement.bank import Bank, bank_of
from commerce_api.shop.settlement.doors import start_page
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.errors import ChoiceUnknown, ParcelTooBig


async def buy(request: Request, wish: service.Wish, key: str) -> Answer:
    """Place the visitor's cart as an order, once for the key, and empty the badge; pages and programs both come here.

    Raises what `place_order` raises, and IdempotencyMismatch.
    """
    token, lang = cart_token(request), language(request)
    account = signed_in(request)
    account_id = account.id if account else None
    bank = bank_of(request)

    async def work() -> Answer:
        placed = await service.place_order(wish, token, settings_of(request), lang, account_id, bank)
        return Answer(201, CheckoutOut.of(placed, lang).model_dump(mode="json"))

    try:
        answer = await once(attempt(key, token, asdict(wish)), work)
    except ShopError as refused:
        metrics.CHECKOUTS.add(refused.code)
        raise
    metrics.CHECKOUTS.add("again" if answer.again else "placed")
    if token:
        # The order took every line; after a retry the shopper may have filled the cart anew.
        keep_cart(request, token, await pieces_of(token) if answer.again else 0)
    if bank is not None and answer.body["due_now"]:
        answer = await _with_page(request, bank, answer)
    crash.point("before_reply")
    return answer


async def _with_page(request: Request, bank: Bank, answer: Answer) -> Answer:
    """The answer with how the payment stands now: the bank is asked for its page after the commit, for as long as a
    request has patience. Asked again under the same key, it is the same page."""
    attempts = await queries.attempts_of(await id_of(answer.body["token"]))
    if not attempts:
        return answer
    newest = attempts[-1]
    shown = await start_page(request, bank, newest.id) if newest.status is AttemptStatus.STARTING else newest
    told = PaymentStarted.of(shown or newest).model_dump(mode="json", exclude_none=True)
    return replace(answer, body={**answer.body, "payment": told})


@api(
    "POST",
    "/api/v1/checkout",
    summary="Place the cart as an order",
    status=201,
    errors=(
        CartEmpty,
        ProductGone,
        OutOfStock,
        PriceChanged,
        PaymentNotAllowed,
        IdempotencyMismatch,
        PromoRefused,
        ChoiceUnknown,
        ParcelTooBig,
    ),
    tag="checkout",
)
async def check_out(
    request: Request, body: CheckoutIn, key: Annotated[IdempotencyKey, FromHeader("Idempotency-Key")]
) -> Reply[CheckoutOut]:
    """The same key with the same body gives the same answer, however often it is sent."""
    answer = await buy(request, body.wish(), key)
    return Reply(CheckoutOut.model_validate(answer.body), status=answer.status)


@api(
    "POST",
    "/api/v1/checkout/quote",
    summary="What the cart would cost",
    errors=(ChoiceUnknown, ParcelTooBig),
    tag="checkout",
)
async def quote_cart(request: Request, body: QuoteIn) -> QuoteOut:
    """Totals for a way of delivery and payment, when the parcel arrives, and which ways to pay there are.

    Of a delivery as much counts as is there: a city alone is priced too.
    """
    settings = settings_of(request)
    lang = language(request)
    view = await cart_of(cart_token(request), settings.shop, lang)
    delivery = body.delivery or DeliveryIn()
    where = await looked_up(delivery.words, delivery.choice, settings.secret_key)
    pay_type, carrier, bank = body.payment or PayType.COD, port_of(request, Carrier), bank_of(request) is not None
    background = carried(request).background
    told = await quoted(view, where, pay_type, settings.shop, bank, carrier, background, clock.now())
    return QuoteOut.of(told, lang)


@api("GET", "/api/v1/orders/{token}", summary="The order that a token opens", errors=(OrderUnknown,), tag="orders")
async def read_order(request: Request, token: OrderToken) -> OrderOut:
    """Phone and e-mail are masked: the address may have been passed on."""
    return OrderOut.of(await order_by_token(token), language(request))


@api(
    "POST",
    "/api/v1/orders/{token}/cancel",
    summary="Cancel an order that is not packed yet",
    errors=(OrderUnknown, IllegalTransition),
    tag="orders",
)
async def cancel_order(request: Request, token: OrderToken) -> OrderOut:
    """Reserved stock goes back on the shelf."""
    await transact(lambda: cancel_by_customer(token, "api"))
    return OrderOut.of(await order_by_token(token), language(request))


OPERATIONS: Operations = (check_out, quote_cart, read_order, cancel_order)
