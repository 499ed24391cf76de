"""Online orders that nobody paid give their goods and codes back; everything that moved is in the books."""

from datetime import timedelta
from functools import partial

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog import service as catalog
from commerce_api.shop.catalog import stock
from commerce_api.shop.catalog.models import MovementReason, Sku, StockMovement
from commerce_api.shop.orders import service
from commerce_api.shop.orders.models import Order, StatusChange
from commerce_api.shop.orders.status import OrderStatus, PaymentStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.settlement.polling import expire_unpaid
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.orders.builders import STAFF, placed

pytestmark = pytest.mark.anyio


async def test_an_unpaid_online_order_expires_and_others_stay(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 0})
    await transact(lambda: catalog.set_stock(codes["M"], 4))
    online = await placed({codes["M"]: 1}, pay_type=PayType.ONLINE_FULL)
    paid = await placed({codes["M"]: 1}, pay_type=PayType.ONLINE_FULL)
    cash = await placed({codes["M"]: 1})
    await Order.filter(number=paid.number).update(payment_status=PaymentStatus.PAID, paid=paid.payable)

    with clock.frozen(clock.now() + timedelta(minutes=29)):
        early = await expire_unpaid(None, 30)
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        late = [await expire_unpaid(None, 30) for _ in range(2)]

    assert (early, late) == (0, [1, 0])
    statuses = dict(await Order.all().values_list("number", "status"))
    assert (statuses[online.number], statuses[paid.number], statuses[cash.number]) == (
        OrderStatus.CANCELLED,
        OrderStatus.NEW,
        OrderStatus.NEW,
    )
    step = await StatusChange.get(order_id=online.id, new=OrderStatus.CANCELLED.value)
    assert (step.actor, step.reason) == ("system", "expired")
    sku = await Sku.get(code=codes["M"])
    assert (sku.stock, sku.reserved) == (2, 2)
    assert await stock.broken_laws() == ()


async def test_every_change_of_a_count_is_in_the_books_with_its_reason_and_its_order(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 0})
    await transact(lambda: catalog.set_stock(codes["M"], 5))
    told = await placed({codes["M"]: 2})
    for status in (OrderStatus.CONFIRMED, OrderStatus.PACKED, OrderStatus.SHIPPED, OrderStatus.DELIVERED):
        await transact(partial(service.change_status, told.number, status, STAFF, "office"))
    await transact(
        lambda: service.change_status(told.number, OrderStatus.RETURNED, STAFF, "office", restock=[codes["M"]])
    )
    await transact(lambda: catalog.set_stock(codes["M"], None))

    rows = await StockMovement.all().order_by("id")
    assert [(row.reason, row.stock_change, row.held_change, row.cause, row.actor) for row in rows] == [
        (MovementReason.SET, 5, 0, "", ""),
        (MovementReason.RESERVE, -2, 2, told.number, "customer"),
        (MovementReason.SELL, 0, -2, told.number, "staff:7"),
        (MovementReason.RESTOCK, 2, 0, told.number, "staff:7"),
        (MovementReason.SET, -5, 0, "", ""),
    ]
    assert await stock.broken_laws() == ()
