"""What becomes of an order: by the table only, each change with its history, its stock and its event."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
import structlog

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.orders import service
from commerce_api.shop.orders.errors import IllegalTransition, NotPaidYet, OrderUnknown, ReasonNeeded, ReturnTooLate
from commerce_api.shop.orders.models import Order, StatusChange
from commerce_api.shop.orders.queries import order_by_number
from commerce_api.shop.orders.status import Actor, CancelReason, OrderStatus, PaymentStatus, Who
from commerce_api.shop.pricing.payments import PayType
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.orders.builders import CUSTOMER, STAFF, placed

pytestmark = pytest.mark.anyio

S = OrderStatus
WAY = (S.CONFIRMED, S.PACKED, S.SHIPPED, S.DELIVERED)


async def move(number: str, new: OrderStatus, actor: Actor = STAFF, reason: CancelReason | None = None) -> None:
    await transact(lambda: service.change_status(number, new, actor, "test", reason=reason))


async def order_at(status: OrderStatus, wanted: dict[str, int]) -> str:
    """The number of an order that staff have brought to a status of the usual way."""
    told = await placed(wanted)
    for step in WAY[: WAY.index(status) + 1] if status in WAY else ():
        await move(told.number, step)
    return told.number


async def test_staff_bring_an_order_all_the_way_and_every_step_is_kept(database: Settings) -> None:
    codes = await put_on_shelf()

    number = await order_at(S.DELIVERED, {codes["M"]: 1})

    order = await order_by_number(number)
    assert order.status is S.DELIVERED
    assert [(step.old, step.new, step.actor) for step in order.history] == [
        (None, "new", "customer"),
        ("new", "confirmed", "staff:7"),
        ("confirmed", "packed", "staff:7"),
        ("packed", "shipped", "staff:7"),
        ("shipped", "delivered", "staff:7"),
    ]
    events = await OutboxEvent.filter(name="OrderStatusChanged").order_by("id")
    assert [(event.payload["old"], event.payload["new"], event.payload["actor"]) for event in events] == [
        ("new", "confirmed", "staff"),
        ("confirmed", "packed", "staff"),
        ("packed", "shipped", "staff"),
        ("shipped", "delivered", "staff"),
    ]


@pytest.mark.parametrize(
    ("stands", "new", "actor"),
    [
        (S.NEW, S.SHIPPED, STAFF),
        (S.NEW, S.CONFIRMED, CUSTOMER),
        (S.PACKED, S.CANCELLED, CUSTOMER),
        (S.SHIPPED, S.CANCELLED, STAFF),
        (S.DELIVERED, S.NEW, STAFF),
        (S.CONFIRMED, S.CONFIRMED, STAFF),
    ],
)
async def test_an_illegal_move_is_refused_logged_and_changes_nothing(
    sqlite_database: Settings, stands: OrderStatus, new: OrderStatus, actor: Actor
) -> None:
    codes = await put_on_shelf()
    number = await order_at(stands, {codes["M"]: 1})
    before = await order_by_number(number)

    with structlog.testing.capture_logs() as logged, pytest.raises(IllegalTransition) as refused:
        await move(number, new, actor, CancelReason.OTHER)

    assert refused.value.details == {"number": number, "old": stands.value, "new": new.value}
    assert await order_by_number(number) == before
    assert [(entry["log_level"], entry["event"], entry["order"], entry["actor"]) for entry in logged] == [
        ("warning", "illegal_transition", number, str(actor))
    ]


async def test_cancelling_gives_the_reserved_stock_back_once(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 5, "L": None})
    told = await placed({codes["M"]: 3, codes["L"]: 1})

    await transact(lambda: service.cancel_by_customer(told.token, "page"))

    sku = await Sku.get(code=codes["M"])
    assert (sku.stock, sku.reserved) == (5, 0)
    with pytest.raises(IllegalTransition):
        await transact(lambda: service.cancel_by_customer(told.token, "page"))
    assert (await Sku.get(code=codes["M"])).stock == 5
    last = await StatusChange.all().order_by("-id").first()
    assert last
    assert (last.actor, last.source, last.reason) == ("customer", "page", "customer")


async def test_shipped_goods_are_sold_and_no_longer_reserved(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 5})

    await order_at(S.SHIPPED, {codes["M"]: 3})

    sku = await Sku.get(code=codes["M"])
    assert (sku.stock, sku.reserved) == (2, 0)


async def test_staff_cancel_with_a_reason_of_the_list(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    told = await placed({codes["M"]: 1})

    for reason in (None, CancelReason.CUSTOMER, CancelReason.EXPIRED):
        with pytest.raises(ReasonNeeded):
            await move(told.number, S.CANCELLED, STAFF, reason)
    await transact(
        lambda: service.cancel(told.number, CancelReason.UNREACHABLE, STAFF, "office", note=" тричі дзвонили ")
    )

    assert (await order_by_number(told.number)).history[-1].reason == "unreachable: тричі дзвонили"


async def test_an_order_to_be_paid_online_is_confirmed_by_its_money_only(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    told = await placed({codes["M"]: 1}, pay_type=PayType.ONLINE_FULL)

    for actor in (STAFF, Actor(Who.SYSTEM)):
        with pytest.raises(NotPaidYet):
            await move(told.number, S.CONFIRMED, actor)
    await Order.filter(number=told.number).update(payment_status=PaymentStatus.PAID)
    await move(told.number, S.CONFIRMED, Actor(Who.SYSTEM))

    assert (await order_by_number(told.number)).status is S.CONFIRMED


async def test_the_system_does_not_confirm_cash_on_delivery_by_itself(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    told = await placed({codes["M"]: 1})
    with pytest.raises(NotPaidYet):
        await move(told.number, S.CONFIRMED, Actor(Who.SYSTEM))


async def test_delivered_goods_come_back_within_fourteen_days(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    in_time, late = [await order_at(S.DELIVERED, {codes["M"]: 1}) for _ in range(2)]
    now = clock.now()

    with clock.frozen(now + timedelta(days=13, hours=23)):
        await move(in_time, S.RETURNED)
    with clock.frozen(now + timedelta(days=14, minutes=5)), pytest.raises(ReturnTooLate):
        await move(late, S.RETURNED)


async def test_an_unknown_order_is_unknown(sqlite_database: Settings) -> None:
    with pytest.raises(OrderUnknown):
        await move("TWC23112026N01", S.CONFIRMED)
    with pytest.raises(OrderUnknown):
        await transact(lambda: service.cancel_by_customer("x" * 32, "page"))


@pytest.mark.parametrize("token", ["\x00" * 20, "", "x" * 5000])
async def test_what_cannot_be_a_token_opens_no_order(database: Settings, token: str) -> None:
    with pytest.raises(OrderUnknown):
        await transact(lambda: service.cancel_by_customer(token, "page"))


async def test_of_confirming_and_cancelling_at_once_exactly_one_order_of_events_is_kept(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 20})
    for _ in range(5):
        told = await placed({codes["M"]: 1})
        outcomes = await asyncio.gather(
            move(told.number, S.PACKED),
            move(told.number, S.CONFIRMED),
            transact(partial(service.cancel_by_customer, told.token, "page")),
            transact(partial(service.cancel_by_customer, told.token, "page")),
            return_exceptions=True,
        )
        assert all(outcome is None or isinstance(outcome, IllegalTransition) for outcome in outcomes)
        steps = [(step.old, step.new) for step in (await order_by_number(told.number)).history]
        assert all(before[1] == after[0] for before, after in zip(steps, steps[1:], strict=False)), steps
    sku = await Sku.get(code=codes["M"])
    kept = await Order.exclude(status=S.CANCELLED).count()
    assert (sku.stock, sku.reserved) == (20 - kept, kept)
