"""Buttons in the staff's chat: who may press them, what they do, and that it is written down once."""

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.events import OrderPlaced
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.office.admin.audit import record as audit
from commerce_api.office.admin.models import AuditEntry
from commerce_api.office.notifications.cards import card_rows, card_text, data_of, read_data, reason_rows
from commerce_api.office.notifications.channels import StaffChat
from commerce_api.office.notifications.handlers import on_order_placed
from commerce_api.office.notifications.pressing import Hands, press
from commerce_api.office.notifications.updates import Spoken
from commerce_api.shop.accounts import chats
from commerce_api.shop.accounts.models import AccountRole
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.orders.payment import add_money
from commerce_api.shop.orders.placing import PlacedOrder
from commerce_api.shop.orders.queries import order_by_number
from commerce_api.shop.orders.status import STAFF_CANCEL_REASONS, OrderStatus
from commerce_api.shop.payments.queries import refunds_of
from commerce_api.shop.pricing.payments import PayType
from tests.commerce_api.office.notifications.builders import Chat
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.customer_area.builders import somebody
from tests.commerce_api.shop.dispatch.builders import an_order as a_confirmed_order
from tests.commerce_api.shop.orders.builders import placed
from tests.commerce_api.shop.shipping.builders import mirrored

pytestmark = pytest.mark.anyio

STAFF_CHAT = -100_200
OLENA = 800_800


async def staff(*roles: Role, telegram: int = OLENA, email: str = "olena@example.com") -> int:
    """A member of the staff whose Telegram is joined; without roles a shopper."""
    who = await somebody(email, *roles)
    token = await transact(lambda: chats.invite(who.id))
    await transact(lambda: chats.join(token, telegram))
    return who.id


async def an_order(pay_type: PayType = PayType.COD) -> PlacedOrder:
    codes = await put_on_shelf()
    return await placed({codes["M"]: 1}, pay_type=pay_type)


def pressed(data: str, user: int = OLENA) -> Spoken:
    return Spoken(kind="press", chat_id=STAFF_CHAT, private=False, user_id=user, text=data, message_id=9, press_id="p")


async def status_of(order: PlacedOrder) -> OrderStatus:
    return (await order_by_number(order.number)).status


async def test_a_new_order_comes_with_its_buttons_and_without_the_persons_name_and_phone(database: Settings) -> None:
    chat, order = Chat(), await an_order()
    stored = await order_by_number(order.number)
    handle = on_order_placed(StaffChat(chat, STAFF_CHAT), database.secret_key)
    for _ in range(2):
        await handle(OrderPlaced(stored.id, order.number, "retail", "cod", stored.payable))
    ((where, text),) = chat.said
    assert where == STAFF_CHAT
    assert order.number in text
    assert stored.phone[-7:] not in text
    assert stored.name not in text
    assert [button.text for button in chat.rows[0][0]] == ["Підтвердити", "Скасувати…"]


async def test_a_press_confirms_the_order_once_and_the_message_says_who_did_it(database: Settings) -> None:
    account_id, order = await staff(Role.ORDERS), await an_order()
    stored = await order_by_number(order.number)
    data = data_of("ok", stored.id, database.secret_key)
    first = await press(pressed(data), Hands(audit, database.secret_key))
    again = await press(pressed(data), Hands(audit, database.secret_key))
    assert await status_of(order) is OrderStatus.CONFIRMED
    assert "підтверджено: Олена" in first.text
    assert [button.text for button in first.rows[0]] == ["Накладна і друк", "Скасувати…"]
    assert again.note != first.note
    assert again.text == first.text
    (deed,) = await AuditEntry.all()
    assert (deed.account_id, deed.action, deed.subject) == (account_id, "order.confirm", order.number)


async def test_a_cancellation_asks_for_its_reason_and_can_be_thought_better_of(sqlite_database: Settings) -> None:
    await staff(Role.ORDERS)
    order, key = await an_order(), sqlite_database.secret_key
    stored = await order_by_number(order.number)
    asked = await press(pressed(data_of("no", stored.id, key)), Hands(audit, key))
    assert len(asked.rows) == len(STAFF_CANCEL_REASONS) + 1
    assert await status_of(order) is OrderStatus.NEW
    back = await press(pressed(asked.rows[-1][0].data), Hands(audit, key))
    assert len(back.rows) == 1
    await press(pressed(asked.rows[1][0].data), Hands(audit, key))
    assert await status_of(order) is OrderStatus.CANCELLED
    last = (await order_by_number(order.number)).history[-1]
    assert (last.reason, last.source) == ("out_of_stock", "telegram")


@pytest.mark.parametrize("role", [None, *Role])
async def test_only_those_who_look_after_orders_act_by_buttons(sqlite_database: Settings, role: Role | None) -> None:
    await staff(*([role] if role else []))
    order, key = await an_order(), sqlite_database.secret_key
    stored = await order_by_number(order.number)
    answered = await press(pressed(data_of("ok", stored.id, key)), Hands(audit, key))
    allowed = role in {Role.ORDERS, Role.OWNER}
    assert (await status_of(order) is OrderStatus.CONFIRMED) is allowed
    assert bool(answered.text) is allowed
    assert await AuditEntry.all().count() == int(allowed)


async def test_somebody_whose_telegram_is_joined_to_no_account_does_nothing(sqlite_database: Settings) -> None:
    order, key = await an_order(), sqlite_database.secret_key
    stored = await order_by_number(order.number)
    answered = await press(pressed(data_of("ok", stored.id, key), user=666), Hands(audit, key))
    assert "підключіть" in answered.note
    assert await status_of(order) is OrderStatus.NEW


async def test_rights_that_were_taken_away_are_gone_at_once(sqlite_database: Settings) -> None:
    account_id = await staff(Role.ORDERS)
    order, key = await an_order(), sqlite_database.secret_key
    stored = await order_by_number(order.number)
    await AccountRole.filter(account_id=account_id).delete()
    await press(pressed(data_of("ok", stored.id, key)), Hands(audit, key))
    assert await status_of(order) is OrderStatus.NEW


@pytest.mark.parametrize("data", ["", "ok:1", "ok:1." + "0" * 32, "no.other:1.", "rm -rf", "ok:99999999999"])
async def test_a_button_that_is_not_ours_does_nothing(sqlite_database: Settings, data: str) -> None:
    await staff(Role.OWNER)
    answered = await press(pressed(data), Hands(audit, sqlite_database.secret_key))
    assert answered.text == ""
    assert answered.note


async def test_an_order_that_waits_for_its_money_cannot_be_confirmed_by_hand(sqlite_database: Settings) -> None:
    await staff(Role.ORDERS)
    order, key = await an_order(PayType.ONLINE_FULL), sqlite_database.secret_key
    stored = await order_by_number(order.number)
    assert [button.text for button in (await card_rows(stored, texts("uk"), key))[0]] == ["Скасувати…"]
    answered = await press(pressed(data_of("ok", stored.id, key)), Hands(audit, key))
    assert answered.note != texts("uk")("notices.staff.done")
    assert await status_of(order) is OrderStatus.NEW


async def test_every_button_fits_into_what_telegram_allows(sqlite_database: Settings) -> None:
    stored = await order_by_number((await an_order()).number)
    assert "{" not in await card_text(stored, texts("uk"))
    for lang in ("uk", "en"):
        for row in reason_rows(stored, texts(lang), "key"):
            assert len(row[0].data) <= 64 - 9 + len(str(stored.id)), "order numbers may have ten digits"
            assert read_data(row[0].data, "key")
            assert read_data(row[0].data, "another key") is None


async def test_a_refund_is_said_once_more_and_given_once(database: Settings) -> None:
    account_id, key = await staff(Role.ORDERS), database.secret_key
    order = await an_order(PayType.ONLINE_FULL)
    stored = await order_by_number(order.number)
    await transact(lambda: add_money(stored.id, stored.payable, channel="staff", source="test"))
    asked = await press(pressed(data_of("refund", stored.id, key)), Hands(audit, key))
    (again, _) = asked.rows
    assert "Повернути" in again[0].text
    assert len(again[0].data) <= 64
    first = await press(pressed(again[0].data), Hands(audit, key))
    second = await press(pressed(again[0].data), Hands(audit, key))
    assert first.note == texts("uk")("notices.staff.done")
    assert second.note != first.note
    assert "Повернути гроші" not in str(second.rows)
    (refund,) = await refunds_of(stored.id)
    assert (refund.amount, refund.actor) == (stored.payable, f"staff:{account_id}")
    assert await AuditEntry.filter(action="order.refund").count() == 1


async def test_an_order_without_money_offers_no_refund(sqlite_database: Settings) -> None:
    await staff(Role.ORDERS)
    stored, key = await order_by_number((await an_order()).number), sqlite_database.secret_key
    assert "Повернути гроші" not in str(await card_rows(stored, texts("uk"), key))
    answered = await press(pressed(data_of("refund.500", stored.id, key)), Hands(audit, key))
    assert answered.note != texts("uk")("notices.staff.done")
    assert await refunds_of(stored.id) == []


async def test_a_waybill_is_made_once_and_its_label_handed_over(database: Settings) -> None:
    line, key = await mirrored(), database.secret_key
    account_id, order = await staff(Role.ORDERS), await a_confirmed_order()
    hands = Hands(audit, key, database.shop, carrier=line.carrier())
    for _ in range(2):
        answered = await press(pressed(data_of("waybill", order.id, key)), hands)
        assert answered.file
        name, content, words = answered.file
        assert content.startswith(b"%PDF")
        assert name.removesuffix(".pdf") in words
    assert len(line.depot.documents) == 1
    assert {deed.account_id for deed in await AuditEntry.filter(action="waybill.make")} == {account_id}


async def test_without_a_carrier_no_waybill_is_made_and_the_chat_says_why(sqlite_database: Settings) -> None:
    await mirrored()
    await staff(Role.ORDERS)
    order, key = await a_confirmed_order(), sqlite_database.secret_key
    answered = await press(pressed(data_of("waybill", order.id, key)), Hands(audit, key))
    assert answered.file is None
    assert answered.note != texts("uk")("notices.staff.done")
