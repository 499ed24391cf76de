"""The till for scripts and programs, and the order that a token opens."""

from dataclasses import asdict
from typing import Annotated

from starlette.requests import Request

from commerce_api.foundation import crash
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import urls
from commerce_api.foundation.web.access import Identity
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.openapi import FromHeader, Operations, Reply, api
from commerce_api.shop.cart.browser import cart_token, keep_cart
from commerce_api.shop.cart.document import cart_of, priced
from commerce_api.shop.cart.errors import CartEmpty
from commerce_api.shop.cart.queries import pieces_of
from commerce_api.shop.catalog.errors import OutOfStock, ProductGone
from commerce_api.shop.checkout import service
from commerce_api.shop.checkout.errors import IdempotencyMismatch, PaymentNotAllowed, PriceChanged
from commerce_api.shop.checkout.idempotency import Answer, attempt, once
from commerce_api.shop.checkout.schemas import (
    CheckoutIn,
    CheckoutOut,
    IdempotencyKey,
    PaymentStarted,
    QuoteIn,
    QuoteOut,
)
from commerce_api.shop.orders.errors import IllegalTransition, OrderUnknown
from commerce_api.shop.orders.placing import PlacedOrder
from commerce_api.shop.orders.queries import order_by_token
from commerce_api.shop.orders.schemas import OrderOut, OrderToken
from commerce_api.shop.orders.service import cancel_by_customer
from commerce_api.shop.pricing.payments import PayType, pay_choices
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.pricing.shipping import DeliveryKind


async def buy(request: Request, wish: service.Wish, key: str) -> Answer:
    """Place the visitor's cart as an order, once for the key, and empty the badge; pages and programs both come here.

    Raises what `place_order` raises, and IdempotencyMismatch.
    """
    token, lang = cart_token(request), language(request)
    account = getattr(request.state, "account", None)
    account_id = account.id if isinstance(account, Identity) else None

    async def work() -> Answer:
        placed = await service.place_order(wish, token, settings_of(request).shop, lang, account_id)
        return Answer(201, _placed(placed, lang).model_dump(mode="json"))

    answer = await once(attempt(key, token, asdict(wish)), work)
    if token:
        # The order took every line; after a retry the shopper may have filled the cart anew.
        keep_cart(request, token, await pieces_of(token) if answer.again else 0)
    crash.point("before_reply")
    return answer


def _placed(placed: PlacedOrder, lang: str) -> CheckoutOut:
    return CheckoutOut(
        number=placed.number,
        token=placed.token,
        url=urls.order(placed.token, lang),
        payable=placed.payable,
        due_now=placed.due_now,
        payment=PaymentStarted(status=placed.payment_status.value),
    )


@api(
    "POST",
    "/api/v1/checkout",
    summary="Place the cart as an order",
    status=201,
    errors=(CartEmpty, ProductGone, OutOfStock, PriceChanged, PaymentNotAllowed, IdempotencyMismatch),
    tag="checkout",
)
async def check_out(
    request: Request, body: CheckoutIn, key: Annotated[IdempotencyKey, FromHeader("Idempotency-Key")]
) -> Reply[CheckoutOut]:
    """The same key with the same body gives the same answer, however often it is sent."""
    answer = await buy(request, body.wish(), key)
    return Reply(CheckoutOut.model_validate(answer.body), status=answer.status)


@api("POST", "/api/v1/checkout/quote", summary="What the cart would cost", tag="checkout")
async def quote_cart(request: Request, body: QuoteIn) -> QuoteOut:
    """Totals for a way of delivery and payment, and which ways to pay there are. Changes nothing."""
    shop = settings_of(request).shop
    view = await cart_of(cart_token(request), shop, language(request))
    delivery = body.delivery.kind if body.delivery else DeliveryKind.BRANCH
    totals = quote(priced(view.lines), shop, delivery, body.payment or PayType.COD)
    return QuoteOut.of(totals, pay_choices(totals.payable, delivery, shop, service.BANK))


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
