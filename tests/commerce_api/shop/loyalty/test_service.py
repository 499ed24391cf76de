"""Points follow their order and are spent once."""

import asyncio
from functools import partial

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.relay import run_due
from commerce_api.foundation.settings import Settings
from commerce_api.shop.ledger.errors import NotEnough
from commerce_api.shop.ledger.queries import broken_laws
from commerce_api.shop.ledger.service import post
from commerce_api.shop.loyalty import personal, service
from commerce_api.shop.loyalty.accounts import SHOP, spendable
from commerce_api.shop.loyalty.models import Reward
from commerce_api.shop.loyalty.queries import Points, points_of, rewards_of
from commerce_api.shop.orders.claiming import claim_by_address
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.payment import add_money, take_money
from commerce_api.shop.orders.status import OrderStatus
from commerce_api.shop.promotions.models import PromoCode
from commerce_api.shop.promotions.queries import terms_of
from commerce_api.wiring import Adapters, handlers
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.orders.builders import placed

pytestmark = pytest.mark.anyio
ME = 7
S = OrderStatus


async def settled(order_id: int, status: OrderStatus) -> Points:
    """The order stands at `status`, which is told twice, as events are."""
    await Order.filter(id=order_id).update(status=status)
    for _ in range(2):
        await transact(lambda: service.settle(order_id))
    return await points_of(ME)


async def order_of(quantity: int = 1, account_id: int | None = ME) -> int:
    codes = await put_on_shelf()
    return (await placed({codes["M"]: quantity}, account_id=account_id)).id


@pytest.mark.parametrize(
    ("course", "points"),
    [
        ((S.NEW,), Points(0, 0)),
        ((S.CONFIRMED,), Points(0, 88)),
        ((S.CONFIRMED, S.PACKED, S.SHIPPED), Points(0, 88)),
        ((S.CONFIRMED, S.SHIPPED, S.DELIVERED), Points(88, 0)),
        ((S.CONFIRMED, S.CANCELLED), Points(0, 0)),
        ((S.CONFIRMED, S.SHIPPED, S.REFUSED), Points(0, 0)),
        ((S.CONFIRMED, S.SHIPPED, S.REFUSED, S.RETURNED), Points(0, 0)),
        ((S.CONFIRMED, S.DELIVERED, S.RETURNED), Points(0, 0)),
        ((S.CANCELLED,), Points(0, 0)),
        ((S.DELIVERED,), Points(88, 0)),  # claimed after its delivery
        ((S.RETURNED,), Points(0, 0)),
    ],
)
async def test_points_stand_where_their_order_stands(
    sqlite_database: Settings, course: tuple[OrderStatus, ...], points: Points
) -> None:
    order = await order_of(2)
    for status in course:
        found = await settled(order, status)
    assert found == points
    assert await broken_laws() == ()


async def test_a_return_after_spending_leaves_less_than_nothing(sqlite_database: Settings) -> None:
    order = await order_of(3)
    await settled(order, S.DELIVERED)
    await transact(lambda: service.buy_code(ME, "key-0001"))
    assert await settled(order, S.RETURNED) == Points(-100, 0)


async def money(order_id: int, *moves: int) -> None:
    """Kopiyky that came in (or went back, below zero), one after the other, each told as events are."""
    for amount in moves:
        move = add_money if amount > 0 else take_money
        await transact(partial(move, order_id, abs(amount), channel="staff", source="test"))
        for _ in range(2):
            await transact(lambda: service.settle(order_id))


@pytest.mark.parametrize(
    ("course", "points"),
    [
        ((S.CONFIRMED,), Points(0, 66)),
        ((S.CONFIRMED, S.DELIVERED), Points(66, 0)),
        ((S.DELIVERED,), Points(66, 0)),
        ((S.CONFIRMED, S.CANCELLED), Points(0, 0)),
        ((S.CONFIRMED, S.DELIVERED, S.RETURNED), Points(0, 0)),
    ],
)
@pytest.mark.parametrize("refund_at", [0, 1, 2])
async def test_a_quarter_of_the_money_takes_a_quarter_of_the_points_along(
    sqlite_database: Settings, course: tuple[OrderStatus, ...], points: Points, refund_at: int
) -> None:
    order = await order_of(2)
    payable = (await Order.get(id=order)).payable
    await money(order, payable)
    for place, status in enumerate(course):
        if place == refund_at:
            await money(order, -payable // 4)
        found = await settled(order, status)
    if refund_at >= len(course):
        await money(order, -payable // 4)
        found = await points_of(ME)
    assert found == points
    assert await broken_laws() == ()


async def test_money_given_back_in_parts_takes_no_point_twice_and_leaves_none(database: Settings) -> None:
    order = await order_of(3)
    payable = (await Order.get(id=order)).payable
    await money(order, payable)
    await settled(order, S.DELIVERED)
    await money(order, -1, -payable // 3, -payable // 3)
    kept = await points_of(ME)
    order_row = await Order.get(id=order)
    await money(order, order_row.refunded - payable)

    assert kept == Points(132 - 132 * order_row.refunded // payable, 0)
    assert await points_of(ME) == Points(0, 0)
    assert await settled(order, S.RETURNED) == Points(0, 0)
    assert await broken_laws() == ()


async def test_the_worker_lets_points_follow_a_refund(sqlite_database: Settings) -> None:
    order = await order_of(2)
    payable = (await Order.get(id=order)).payable
    heard = handlers(sqlite_database, Adapters())
    for move, amount in ((add_money, payable), (take_money, payable // 2)):
        await transact(partial(move, order, amount, channel="staff", source="test"))
        while await run_due(heard):
            pass
    assert await points_of(ME) == Points(0, 44)


async def test_a_surplus_that_goes_back_costs_no_points(sqlite_database: Settings) -> None:
    order = await order_of(2)
    payable = (await Order.get(id=order)).payable
    await settled(order, S.DELIVERED)
    await money(order, payable + 5_000, -5_000)
    assert await points_of(ME) == Points(88, 0)


async def test_points_spent_before_money_goes_back_are_owed(sqlite_database: Settings) -> None:
    order = await order_of(3)
    payable = (await Order.get(id=order)).payable
    await settled(order, S.DELIVERED)
    await transact(lambda: service.buy_code(ME, "key-0001"))
    await money(order, payable, -payable)
    assert await points_of(ME) == Points(-100, 0)


async def test_a_guests_order_earns_when_it_is_claimed(sqlite_database: Settings) -> None:
    order = await order_of(1, None)
    assert await settled(order, S.DELIVERED) == Points(0, 0)
    assert await transact(lambda: claim_by_address(ME, "oksana@example.com")) == [order]
    assert await settled(order, S.DELIVERED) == Points(44, 0)


async def test_points_are_spent_once_however_many_press_at_once(database: Settings) -> None:
    order = await order_of(3)  # 132 points, enough for one code
    await settled(order, S.DELIVERED)
    presses = [transact(partial(service.buy_code, ME, f"key-000{key}")) for key in range(4)]
    done = await asyncio.gather(*presses, return_exceptions=True)
    assert sum(isinstance(one, NotEnough) for one in done) == 3
    codes = await rewards_of(ME)
    assert len(codes) == 1
    terms = await terms_of(codes[0].code)
    assert terms is not None
    assert terms.value == 10
    assert (await PromoCode.get()).max_uses == 1
    assert await points_of(ME) == Points(32, 0)
    assert await broken_laws() == ()


async def test_one_form_pressed_twice_buys_one_code(database: Settings) -> None:
    order = await order_of(5)
    await settled(order, S.DELIVERED)
    bought = [await transact(lambda: service.buy_code(ME, "key-0001")) for _ in range(2)]
    assert bought[0] == bought[1]
    assert await points_of(ME) == Points(120, 0)


async def test_points_are_given_away_down_to_nothing_and_no_further(sqlite_database: Settings) -> None:
    order = await order_of()
    await settled(order, S.DELIVERED)
    await transact(lambda: service.donate(ME, 44, "gift-001"))
    with pytest.raises(NotEnough):
        await transact(lambda: service.donate(ME, 1, "gift-002"))
    assert await points_of(ME) == Points(0, 0)


async def test_all_that_happened_to_points_is_handed_out(sqlite_database: Settings) -> None:
    # given more movements than a page of them has, and more codes
    async def happened() -> None:
        for number in range(105):
            await post(f"test:{number}", "points_earned", {SHOP: -1, spendable(ME): 1})
            await Reward.create(account_id=ME, cause=f"test:{number}", code=f"C{number}", points=1, at=clock.now())

    await transact(happened)

    # when the person takes their data along
    told = await personal.export(ME)

    # then nothing is missing
    movements, codes = told["movements"], told["codes"]
    assert isinstance(movements, list)
    assert isinstance(codes, list)
    assert (told["spendable"], len(movements), len(codes)) == (105, 105, 105)
