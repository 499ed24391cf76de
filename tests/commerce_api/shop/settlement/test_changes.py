"""Orders that change after their payment began: edited, cancelled, paid otherwise, or taken back into the cart."""

from datetime import timedelta
from functools import partial

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.cart.models import CartLine
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.checkout import desk as staff_desk
from commerce_api.shop.orders import service as orders
from commerce_api.shop.orders.editing import Edit
from commerce_api.shop.orders.models import Order, StatusChange
from commerce_api.shop.orders.queries import order_by_id
from commerce_api.shop.orders.status import CancelReason
from commerce_api.shop.payments.errors import NothingToPay
from commerce_api.shop.payments.models import Payment, Refund
from commerce_api.shop.payments.status import AttemptStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.promotions.models import PromoUse, UseState
from commerce_api.shop.settlement import changes, refunds
from commerce_api.shop.settlement.service import ask
from commerce_api.shop.settlement.state import pay_state
from commerce_api.shop.shipping.states import PointKind
from tests.commerce_api.shop.cart.builders import promo, put_on_shelf, shop_front, shopper
from tests.commerce_api.shop.checkout.builders import buy, fill
from tests.commerce_api.shop.orders.builders import CUSTOMER, STAFF
from tests.commerce_api.shop.pricing.builders import SHOP
from tests.commerce_api.shop.settlement.builders import (
    attempt_for,
    desk,
    laws_hold,
    newest,
    order_to_pay,
    paid_order,
    pay_again,
)
from tests.commerce_api.shop.shipping.builders import a_point, mirrored

pytestmark = pytest.mark.anyio

A = AttemptStatus


async def edit(number: str, sku: str, quantity: int) -> None:
    """Staff change how many pieces there are."""
    await transact(partial(staff_desk.edit, number, Edit(lines={sku: quantity}), STAFF, "test", SHOP))


async def money() -> tuple[str, int, int]:
    order = await Order.get()
    return order.payment_status.value, order.paid, order.payable


async def test_the_page_of_an_edited_order_cannot_pay_it(database: Settings) -> None:
    here = desk()
    told = await order_to_pay(quantity=1)
    old = await attempt_for(here, told)

    await edit(told.number, old.lines[0].code, 2)
    await here.outbox()

    assert here.there.invoices[old.invoice_id or ""].removed
    assert (await newest(told.id)).status is A.REMOVED
    new = await pay_again(here, told.id)
    order = await Order.get()
    assert new.amount == order.payable > told.payable
    assert order.payment_status.value == "pending"


async def test_money_on_the_page_of_before_an_edit_does_not_pay_the_dearer_order(database: Settings) -> None:
    here = desk()
    told = await order_to_pay(quantity=1)
    old = await attempt_for(here, told)
    here.there.pay(old.invoice_id or "", "pay")

    await edit(told.number, old.lines[0].code, 2)
    await here.outbox()

    assert (await money())[:2] == ("unpaid", 0)
    assert [(one.reason.value, one.amount) for one in await Refund.all()] == [("wrong_amount", told.payable)]
    await laws_hold()


async def test_a_paid_order_that_gets_dearer_is_paid_the_rest(database: Settings) -> None:
    here = desk()
    told, first = await paid_order(here, quantity=1)
    await edit(told.number, first.lines[0].code, 2)
    assert (await money())[0] == "pending"

    rest = await pay_again(here, told.id)
    here.there.pay(rest.invoice_id or "", "pay")
    await ask(here.gateway, rest, "test")

    status, paid, payable = await money()
    assert (status, paid) == ("paid", payable)
    assert (rest.amount, [line.code for line in rest.lines]) == (payable - told.payable, ["REST"])
    await laws_hold()


async def test_what_an_edit_leaves_over_goes_to_the_refund_queue(database: Settings) -> None:
    here = desk()
    told, first = await paid_order(here, quantity=2)

    await edit(told.number, first.lines[0].code, 1)
    await transact(partial(changes.order_changed, told.id))

    order = await Order.get()
    (owed,) = await Refund.all()
    assert (owed.reason.value, owed.amount) == ("edited", told.payable - order.payable)
    await refunds.send(here.gateway, owed.id, "test")
    assert (await Order.get()).refunded == owed.amount
    await laws_hold()


@pytest.mark.parametrize("times", [1, 2])
async def test_a_cancelled_order_gives_back_what_it_has(database: Settings, times: int) -> None:
    here = desk()
    told, _ = await paid_order(here)
    await transact(partial(orders.cancel, told.number, CancelReason.CUSTOMER, CUSTOMER, "test"))

    for _ in range(times):
        await transact(partial(changes.order_ended, told.id))

    assert [(one.reason.value, one.amount) for one in await Refund.all()] == [("cancelled", told.payable)]
    await laws_hold()


async def test_the_page_of_a_cancelled_order_goes(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    attempt = await attempt_for(here, told)
    await transact(partial(orders.cancel, told.number, CancelReason.CUSTOMER, CUSTOMER, "test"))

    await here.outbox()

    assert here.there.invoices[attempt.invoice_id or ""].removed
    assert (await newest(told.id)).status is A.REMOVED


async def test_an_order_may_be_paid_on_receipt_instead(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    attempt = await attempt_for(here, told)

    await transact(partial(changes.pay_on_receipt, told.id, SHOP, "test"))
    await here.outbox()

    order = await Order.get()
    assert (order.pay_type, order.due_now, order.payment_status.value) == (PayType.COD, 0, "unpaid")
    assert here.there.invoices[attempt.invoice_id or ""].removed
    assert await StatusChange.filter(field="pay_type").values_list("old", "new") == [("online_full", "cod")]
    with clock.frozen(clock.now() + timedelta(hours=1)):
        await transact(partial(orders.confirm, told.number, STAFF, "test"))


async def test_an_order_to_a_point_that_takes_no_cash_is_not_switched(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    await attempt_for(here, told)
    await mirrored()
    cashless = await a_point(kind=PointKind.LOCKER, cash=False)
    await Order.all().update(delivery_kind=cashless.delivery, branch_ref=cashless.ref)

    state = await pay_state(await order_by_id(told.id), here.bank, SHOP)
    with pytest.raises(NothingToPay):
        await transact(partial(changes.pay_on_receipt, told.id, SHOP, "test"))

    assert not state.can_switch
    assert (await Order.get()).pay_type is PayType.ONLINE_FULL


async def test_money_that_still_comes_pays_an_order_that_was_switched(database: Settings) -> None:
    here = desk()
    told = await order_to_pay()
    attempt = await attempt_for(here, told)
    here.there.pay(attempt.invoice_id or "", "pay")

    await transact(partial(changes.pay_on_receipt, told.id, SHOP, "test"))
    await here.outbox()

    assert (await money())[:2] == ("paid", told.payable)
    await laws_hold()


async def test_a_paid_order_is_not_switched_nor_taken_back(database: Settings) -> None:
    told, _ = await paid_order(desk())

    with pytest.raises(NothingToPay):
        await transact(partial(changes.pay_on_receipt, told.id, SHOP, "test"))
    with pytest.raises(NothingToPay):
        await transact(partial(changes.back_to_cart, told.id, None, "test"))


async def test_an_unpaid_order_goes_back_into_the_cart(database: Settings) -> None:
    here = desk()
    app = shop_front(database, ports=here.ports)
    codes = await put_on_shelf(stock={"M": 5, "L": 5})
    async with shopper(app, database) as client:
        total = await fill(client, {codes["M"]: 2, codes["L"]: 1})
        token = (await buy(client, total, payment="online_full")).json()["token"]
        await Sku.filter(code=codes["L"]).update(stock=0)
        before = await Sku.get(code=codes["L"])

        answer = await client.post(f"/order/{token}/back-to-cart")
        cart = await client.get("/cart/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/cart/")
    assert (await Order.get()).status.value == "cancelled"
    # what the order held is free again and can be put back
    assert before.reserved == 1
    assert sorted(await CartLine.all().values_list("sku", "quantity")) == [(codes["L"], 1), (codes["M"], 2)]
    assert "речі знову в кошику" in cart.text
    assert (await Payment.get()).status is A.REMOVED


async def test_a_promo_code_is_confirmed_by_the_payment(database: Settings) -> None:
    here = desk()
    app = shop_front(database, ports=here.ports)
    codes = await put_on_shelf(stock={"M": 5})
    code = await promo()
    async with shopper(app, database) as client:
        await fill(client, {codes["M"]: 2})
        cart = await client.post("/api/v1/cart/promo", json={"code": code})
        answer = await buy(client, cart.json()["total"], payment="online_full")
        assert answer.status_code == 201, answer.text
    assert (await PromoUse.get()).state is UseState.RESERVED
    attempt = await newest((await Order.get()).id)
    assert sum(line.total for line in attempt.lines) == attempt.amount

    here.there.pay(attempt.invoice_id or "", "pay")
    await ask(here.gateway, attempt, "test")

    assert (await PromoUse.get()).state is UseState.CONFIRMED
    await laws_hold()
