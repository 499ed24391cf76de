"""Customers hear of their orders once, in their language, by the way they chose (rules.md 11)."""

from dataclasses import replace
from functools import partial

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.events import OrderPlaced, OrderStatusChanged, ParcelMoved, PaymentChanged, WaybillMade
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.office.notifications.channels import SendError, escaped
from commerce_api.office.notifications.customer_handlers import (
    on_order_placed,
    on_order_status_changed,
    on_parcel_moved,
    on_payment_changed,
    on_waybill_made,
    payment_notice,
    status_kind,
)
from commerce_api.office.notifications.messages import order_placed
from commerce_api.office.notifications.models import Notice as Mark
from commerce_api.office.notifications.words import Notice, worded
from commerce_api.shop.accounts import chats, choices
from commerce_api.shop.accounts.choices import Choice
from commerce_api.shop.orders import service
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.placing import PlacedOrder
from commerce_api.shop.orders.queries import order_by_number
from commerce_api.shop.orders.status import CancelReason, OrderStatus
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping import shipments
from commerce_api.shop.shipping.carrier import Waybill
from tests.commerce_api.office.notifications.builders import CHAT, World, linked
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.orders.builders import CUSTOMER, placed

pytestmark = pytest.mark.anyio


async def an_order(**details: object) -> PlacedOrder:
    codes = await put_on_shelf()
    return await placed({codes["M"]: 1}, **details)


async def placing(order: PlacedOrder) -> OrderPlaced:
    stored = await order_by_number(order.number)
    return OrderPlaced(stored.id, order.number, "retail", stored.pay_type.value, stored.payable)


async def moving(order: PlacedOrder, new: str, actor: str = "staff") -> OrderStatusChanged:
    """The order stands there now, whatever way led it."""
    await Order.filter(number=order.number).update(status=OrderStatus(new))
    stored = await order_by_number(order.number)
    return OrderStatusChanged(stored.id, order.number, "old", new, actor)


async def test_a_guest_gets_one_letter_with_goods_sum_and_the_orders_own_link(database: Settings) -> None:
    world, order = World(database), await an_order()
    for _ in range(3):
        await on_order_placed(world.ways)(await placing(order))
    (letter,) = world.letters.sent
    assert letter.to == "oksana@example.com"
    assert order.number in letter.subject
    assert f"{database.site_url}/order/{order.token}/" in letter.text
    assert "× 1" in letter.text
    assert "₴" in letter.text
    assert await Mark.filter(key=f"customer:placed:{order.number}", channel="mail").count() == 1


async def test_somebody_with_only_a_telephone_is_served_by_the_orders_page(sqlite_database: Settings) -> None:
    world, order = World(sqlite_database), await an_order(email=None)
    await on_order_placed(world.ways)(await placing(order))
    assert world.letters.sent == []


async def test_telegram_takes_the_place_of_the_letter_where_it_is_joined(database: Settings) -> None:
    world, who = World(database), await linked()
    order = await an_order(account_id=who.id)
    for _ in range(2):
        await on_order_placed(world.ways)(await placing(order))
    assert [chat for chat, _ in world.chat.said] == [CHAT]
    assert world.letters.sent == []
    assert f'<a href="{database.site_url}/order/{order.token}/">' in world.chat.said[0][1]


async def test_a_dead_chat_is_remembered_and_the_letter_goes_out_instead(database: Settings) -> None:
    world, who = World(database), await linked()
    world.chat.dead.add(CHAT)
    order = await an_order(account_id=who.id)
    await on_order_placed(world.ways)(await placing(order))
    assert len(world.letters.sent) == 1
    assert await chats.chat_of(who.id) is None
    assert await chats.is_joined(who.id)


async def test_a_chat_that_is_busy_is_tried_again_and_no_letter_doubles_it(sqlite_database: Settings) -> None:
    world, who = World(sqlite_database), await linked()
    order = await an_order(account_id=who.id)
    world.chat.busy.add(CHAT)
    with pytest.raises(SendError):
        await on_order_placed(world.ways)(await placing(order))
    world.chat.busy.clear()
    await on_order_placed(world.ways)(await placing(order))
    assert len(world.chat.said) == 1
    assert world.letters.sent == []


async def test_a_letter_that_could_not_be_sent_leaves_no_mark(sqlite_database: Settings) -> None:
    world, order = World(sqlite_database), await an_order()
    world.letters.broken = True
    with pytest.raises(SendError):
        await on_order_placed(world.ways)(await placing(order))
    assert await Mark.all().count() == 0


async def test_a_notice_marked_on_one_way_is_not_told_again_on_another(sqlite_database: Settings) -> None:
    world, who = World(sqlite_database), await linked()
    order = await an_order(account_id=who.id)
    await on_order_placed(world.ways)(await placing(order))
    await chats.mark_dead(CHAT)
    await on_order_placed(world.ways)(await placing(order))
    assert world.letters.sent == []


@pytest.mark.parametrize(
    ("choice", "telegram", "mail"),
    [
        (Choice(True, True), 2, 0),
        (Choice(True, False), 0, 2),
        (Choice(False, True), 2, 0),
        (Choice(False, False), 0, 1),
    ],
    ids=["both", "mail", "telegram", "neither"],
)
async def test_who_mutes_a_way_is_told_by_the_other_and_always_of_what_matters(
    database: Settings, choice: Choice, telegram: int, mail: int
) -> None:
    world, who = World(database), await linked()
    await transact(lambda: choices.choose(who.id, mail=choice.mail, telegram=choice.telegram))
    order = await an_order(account_id=who.id)
    await on_order_placed(world.ways)(await placing(order))  # a confirmation: essential
    await on_order_status_changed(world.ways)(await moving(order, "packed"))  # nice to know
    assert (len(world.chat.said), len(world.letters.sent)) == (telegram, mail)


async def test_a_guest_who_asked_for_quiet_hears_only_what_they_must(database: Settings) -> None:
    world, order = World(database), await an_order()
    for _ in range(2):
        await transact(lambda: choices.set_quiet("Oksana@example.com ", True, database.secret_key))
    await on_order_status_changed(world.ways)(await moving(order, "packed"))
    assert world.letters.sent == []
    await on_order_status_changed(world.ways)(await moving(order, "cancelled"))
    assert len(world.letters.sent) == 1
    await transact(lambda: choices.set_quiet("oksana@example.com", False, database.secret_key))
    await on_order_status_changed(world.ways)(await moving(order, "shipped"))
    assert len(world.letters.sent) == 2


async def test_a_letter_that_may_be_muted_says_where_and_one_that_may_not_does_not(sqlite_database: Settings) -> None:
    world, order = World(sqlite_database), await an_order()
    await on_order_placed(world.ways)(await placing(order))
    await on_order_status_changed(world.ways)(await moving(order, "shipped"))
    told, shipped = world.letters.sent
    assert f"/order/{order.token}/notices/" not in told.text
    assert f"/order/{order.token}/notices/" in shipped.text


async def test_a_confirmation_by_the_system_is_said_by_the_payment_alone(sqlite_database: Settings) -> None:
    world, order = World(sqlite_database), await an_order()
    await on_order_status_changed(world.ways)(await moving(order, "confirmed", actor="system"))
    assert world.letters.sent == []
    await on_order_status_changed(world.ways)(await moving(order, "confirmed", actor="staff"))
    assert len(world.letters.sent) == 1


async def test_of_several_steps_at_once_the_last_is_told(sqlite_database: Settings) -> None:
    world, order = World(sqlite_database), await an_order()
    steps = [await moving(order, new) for new in ("confirmed", "packed", "shipped")]
    for event in steps:
        await on_order_status_changed(world.ways)(event)
    assert ["у дорозі" in letter.subject for letter in world.letters.sent] == [True]


async def test_each_change_of_money_is_told_once(sqlite_database: Settings) -> None:
    world, order = World(sqlite_database), await an_order(pay_type=PayType.ONLINE_FULL)
    stored = await order_by_number(order.number)
    for _ in range(2):
        for step, (new, amount) in enumerate((("failed", 0), ("paid", stored.payable), ("refunded", -stored.payable))):
            event = PaymentChanged(stored.id, order.number, "x", new, amount, "bank", step)
            await on_payment_changed(world.ways)(event)
    assert len(world.letters.sent) == 3
    assert "не пройшла" in world.letters.sent[0].subject


async def test_two_parts_of_a_refund_are_two_notices(sqlite_database: Settings) -> None:
    order = await order_by_number((await an_order()).number)
    part = PaymentChanged(order.id, order.number, "paid", "partially_refunded", -100, "bank", step=7)
    first, second = payment_notice(part, order), payment_notice(replace(part, step=8), order)
    assert first
    assert second
    assert first.key != second.key


async def test_cash_that_was_just_handed_over_needs_no_word(sqlite_database: Settings) -> None:
    world, order = World(sqlite_database), await an_order()
    stored = await order_by_number(order.number)
    event = PaymentChanged(stored.id, order.number, "unpaid", "paid", 5, "carrier", step=7)
    await on_payment_changed(world.ways)(event)
    assert world.letters.sent == []


async def test_an_order_that_ran_out_of_time_is_told_in_other_words(sqlite_database: Settings) -> None:
    order = await an_order(pay_type=PayType.ONLINE_FULL)
    await transact(lambda: service.cancel(order.number, CancelReason.EXPIRED, replace(CUSTOMER), "calendar"))
    stored = await order_by_number(order.number)
    event = await moving(order, "cancelled", "system")
    assert status_kind(event, stored) == "cancelled_expired"
    assert status_kind(event, replace(stored, paid=5)) == "cancelled_paid"


@pytest.mark.parametrize("lang", ["uk", "en"])
async def test_every_notice_has_words_in_the_orders_language(sqlite_database: Settings, lang: str) -> None:
    order = replace(await order_by_number((await an_order()).number), lang=lang)
    kinds = [f"placed_{kind.value}" for kind in PayType]
    kinds += [f"status_{status.value}" for status in OrderStatus if status is not OrderStatus.NEW]
    kinds += ["cancelled_paid", "cancelled_expired", "payment_paid", "payment_prepaid", "payment_failed", "refunded"]
    facts = {"amount": "1 ₴", "left": "2 ₴"}
    for kind in kinds:
        words = worded(Notice(kind, kind, facts=facts), order, "https://shop.example")
        assert order.number in words.subject
        assert "{" not in words.html()
        assert ("/en/" in words.html()) is (lang == "en")


def test_what_people_wrote_stays_text_in_a_message() -> None:
    assert escaped('<b>&"') == "&lt;b&gt;&amp;&quot;"
    assert texts("uk")("bot.help")


async def a_parcel(order: PlacedOrder, cash: int) -> int:
    """The order's parcel, as the carrier made it."""
    stored = await order_by_number(order.number)
    want = partial(shipments.want, stored.id, order.number, 100_000, cash, "staff:7")
    parcel, _ = await transact(want)
    await transact(partial(shipments.made, parcel.id, Waybill("ref", "20450000000001", 8_000, None)))
    return parcel.id


@pytest.mark.parametrize("cash", [0, 99_900])
async def test_a_parcels_number_and_its_arrival_are_told_once_with_the_way_to_follow_it(
    database: Settings, cash: int
) -> None:
    world, order = World(database), await an_order()
    parcel = await a_parcel(order, cash)
    stored = await order_by_number(order.number)
    for _ in range(2):
        await on_waybill_made(world.ways)(WaybillMade(stored.id, order.number, parcel))
        for old, new in (("made", "moving"), ("moving", "arrived"), ("arrived", "received")):
            await on_parcel_moved(world.ways)(ParcelMoved(stored.id, order.number, parcel, old, new, "7"))
    made, arrived = world.letters.sent
    for letter in (made, arrived):
        assert "https://novaposhta.ua/tracking/20450000000001" in letter.text
    assert "Відділення 12" in arrived.text
    assert ("999" in arrived.text) is bool(cash)


async def test_a_courier_is_announced_as_one_to_the_customer_and_with_the_door_to_staff(database: Settings) -> None:
    world, order = World(database), await an_order()
    door = {"delivery_kind": DeliveryKind.COURIER, "city": "Львів", "branch": "вул. Франка, 5а, 12"}
    await Order.filter(number=order.number).update(**door)
    parcel, stored = await a_parcel(order, 0), await order_by_number(order.number)

    await on_order_status_changed(world.ways)(await moving(order, "shipped"))
    await on_parcel_moved(world.ways)(ParcelMoved(stored.id, order.number, parcel, "moving", "arrived", "7"))

    (shipped,) = world.letters.sent
    assert "Кур’єр зателефонує" in shipped.text
    assert "Доставка кур’єром: Львів, вул. Франка, 5а, кв. 12" in order_placed(stored, texts("uk"))


async def test_a_waybill_that_was_taken_back_meanwhile_is_no_news(sqlite_database: Settings) -> None:
    world, order = World(sqlite_database), await an_order()
    parcel = await a_parcel(order, 0)
    stored = await order_by_number(order.number)
    await transact(partial(shipments.void, parcel, "staff"))
    await on_waybill_made(world.ways)(WaybillMade(stored.id, order.number, parcel))
    assert world.letters.sent == []
