"""The bot: who may join which account, what it answers, and that nothing is done twice (lessons.md 32)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.events import LetterWanted, UpdateReceived
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.office.admin.audit import record as audit
from commerce_api.office.notifications.models import TelegramUpdate
from commerce_api.office.notifications.pressing import Hands
from commerce_api.office.notifications.talking import Desk, on_update_received
from commerce_api.office.notifications.updates import Update, next_number, take_in
from commerce_api.shop.accounts import chats
from commerce_api.shop.accounts.models import Account, Proof, TelegramChat
from commerce_api.shop.pricing.payments import PayType
from tests.commerce_api.office.notifications.builders import CHAT, Chat, linked
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.customer_area.builders import somebody
from tests.commerce_api.shop.orders.builders import placed

pytestmark = pytest.mark.anyio

STRANGER = 900_900


class Talk:
    """A person at their telephone, and the bot at the other end."""

    def __init__(self, settings: Settings) -> None:
        self.chat = Chat()
        self.number = 0
        self.desk = Desk(self.chat, settings.site_url, Hands(audit, settings.secret_key))
        self.handle: Callable[[UpdateReceived], Awaitable[None]] = on_update_received(self.desk)

    async def writes(self, text: str, chat_id: int = CHAT, kind: str = "private", language: str = "uk") -> str:
        """What the bot answers; "" when it keeps silent."""
        self.number += 1
        before = len(self.chat.said)
        raw = {
            "update_id": self.number,
            "message": {
                "message_id": 5,
                "from": {"id": chat_id, "language_code": language},
                "chat": {"id": chat_id, "type": kind},
                "text": text,
            },
        }
        await transact(lambda: take_in(Update.model_validate(raw)))
        await self.handle(UpdateReceived(self.number))
        return self.chat.said[-1][1] if len(self.chat.said) > before else ""


async def invited(email: str = "oksana@example.com") -> tuple[int, str]:
    who = await somebody(email)
    return who.id, await transact(lambda: chats.invite(who.id))


async def test_a_link_joins_one_chat_once_and_its_token_is_stored_nowhere(database: Settings) -> None:
    talk = Talk(database)
    account_id, token = await invited()
    assert "Готово" in await talk.writes(f"/start {token}")
    assert await chats.chat_of(account_id) == CHAT
    # when somebody else finds the link
    assert "вже не діє" in await talk.writes(f"/start {token}", chat_id=STRANGER)
    # then nothing has changed, and no table knows the token
    assert await chats.chat_of(account_id) == CHAT
    assert await chats.owner_of_chat(STRANGER) is None
    assert token not in str(await Proof.all().values()) + str(await TelegramUpdate.all().values())


async def test_a_link_that_is_older_than_a_quarter_of_an_hour_joins_nothing(sqlite_database: Settings) -> None:
    talk = Talk(sqlite_database)
    account_id, token = await invited()
    with clock.frozen(clock.now() + timedelta(minutes=15, seconds=1)):
        assert "вже не діє" in await talk.writes(f"/start {token}")
    assert await chats.chat_of(account_id) is None


async def test_nobody_joins_an_account_by_a_name_an_address_or_a_guess(database: Settings) -> None:
    talk = Talk(database)
    account_id, _ = await invited()
    for guess in ("oksana@example.com", "@oksana", str(account_id), "1", "A" * 32, "'; --", "нуль\x00"):
        await talk.writes(f"/start {guess}", chat_id=STRANGER)
    assert await TelegramChat.all().count() == 0


async def test_a_group_cannot_be_joined_and_is_not_answered(sqlite_database: Settings) -> None:
    talk = Talk(sqlite_database)
    account_id, token = await invited()
    assert await talk.writes(f"/start {token}", chat_id=-100_500, kind="supergroup") == ""
    assert await chats.chat_of(account_id) is None


async def test_a_chat_belongs_to_one_account_and_an_account_to_one_chat(database: Settings) -> None:
    talk = Talk(database)
    first, token = await invited("first@example.com")
    await talk.writes(f"/start {token}")
    second, token = await invited("second@example.com")
    await talk.writes(f"/start {token}")
    assert (await chats.chat_of(first), await chats.chat_of(second)) == (None, CHAT)
    again = await transact(lambda: chats.invite(second))
    await talk.writes(f"/start {again}", chat_id=STRANGER)
    assert await chats.chat_of(second) == STRANGER
    assert await TelegramChat.all().count() == 1


async def test_a_closed_account_is_not_joined(sqlite_database: Settings) -> None:
    talk = Talk(sqlite_database)
    account_id, token = await invited()
    await Account.filter(id=account_id).update(disabled_at=clock.now())
    assert "вже не діє" in await talk.writes(f"/start {token}")
    assert await TelegramChat.all().count() == 0


async def test_whoever_joins_a_chat_gets_a_letter_that_says_so(sqlite_database: Settings) -> None:
    await linked()
    (event,) = await OutboxEvent.filter(name=LetterWanted.__name__)
    assert event.payload["letter"] == "chat_joined"


async def test_joining_proves_no_address(sqlite_database: Settings) -> None:
    who = await somebody(verified=False)
    token = await transact(lambda: chats.invite(who.id))
    await transact(lambda: chats.join(token, CHAT))
    assert (await Account.get(id=who.id)).verified_at is None


async def test_an_update_is_answered_once_however_often_it_comes(database: Settings) -> None:
    talk = Talk(database)
    await talk.writes("/help")
    raw = Update.model_validate(
        {
            "update_id": talk.number,
            "message": {
                "message_id": 5,
                "from": {"id": CHAT},
                "chat": {"id": CHAT, "type": "private"},
                "text": "/help",
            },
        }
    )
    assert await transact(lambda: take_in(raw)) is False
    await talk.handle(UpdateReceived(talk.number))
    assert len(talk.chat.said) == 1
    assert await OutboxEvent.filter(name=UpdateReceived.__name__).count() == 1


async def test_what_people_wrote_is_forgotten_when_it_is_answered(sqlite_database: Settings) -> None:
    talk = Talk(sqlite_database)
    await talk.writes("мій телефон 0671234567")
    (row,) = await TelegramUpdate.all()
    assert row.content == {}
    assert row.done_at is not None
    assert await next_number() == talk.number + 1


async def test_the_bot_shows_a_person_their_orders_and_nobody_elses(database: Settings) -> None:
    talk, who, codes = Talk(database), await linked(), await put_on_shelf()
    mine = await placed({codes["M"]: 1}, account_id=who.id)
    others = await placed({codes["M"]: 1})
    told = await talk.writes("/orders")
    assert mine.number in told
    assert others.number not in told
    assert mine.number in await talk.writes(f"/track {mine.number.lower()}")
    assert others.number not in await talk.writes(f"/track {others.number}")


async def test_an_order_that_waits_for_money_is_confirmed_by_it(sqlite_database: Settings) -> None:
    talk, who, codes = Talk(sqlite_database), await linked(), await put_on_shelf()
    t = texts("uk")
    waiting = await placed({codes["M"]: 1}, account_id=who.id, pay_type=PayType.ONLINE_FULL)
    in_cash = await placed({codes["M"]: 1}, account_id=who.id)
    assert t("order.unpaid") in await talk.writes(f"/track {waiting.number}")
    assert t("order.next.new") in await talk.writes(f"/track {in_cash.number}")


async def test_a_stranger_is_told_how_to_join_and_nothing_else(sqlite_database: Settings) -> None:
    talk, codes = Talk(sqlite_database), await put_on_shelf()
    order = await placed({codes["M"]: 1})
    for text in ("/orders", f"/track {order.number}", "/start"):
        told = await talk.writes(text, chat_id=STRANGER)
        assert order.number not in told
        assert "/account/notices/" in told


async def test_a_stranger_is_spoken_to_in_the_language_of_their_telegram(sqlite_database: Settings) -> None:
    talk = Talk(sqlite_database)
    assert "Hello" in await talk.writes("/start", chat_id=STRANGER, language="en-GB")
    assert "Вітаємо" in await talk.writes("/start", chat_id=STRANGER, language="pl")


@pytest.mark.parametrize("command", ["/stop", "/unlink"])
async def test_a_person_leaves_by_the_bot(sqlite_database: Settings, command: str) -> None:
    talk, who = Talk(sqlite_database), await linked()
    assert "Від’єднано" in await talk.writes(command)
    assert not await chats.is_joined(who.id)
    assert "Від’єднано" in await talk.writes(command)


async def test_who_throws_the_bot_out_is_not_written_to_until_they_write_again(sqlite_database: Settings) -> None:
    talk, who = Talk(sqlite_database), await linked()
    kicked = {"chat": {"id": CHAT, "type": "private"}, "new_chat_member": {"status": "kicked"}}
    raw = Update.model_validate({"update_id": 77, "my_chat_member": kicked})
    await transact(lambda: take_in(raw))
    await talk.handle(UpdateReceived(77))
    assert await chats.chat_of(who.id) is None
    talk.number = 100
    await talk.writes("/orders")
    assert await chats.chat_of(who.id) == CHAT


async def test_updates_that_concern_nobody_are_not_kept(sqlite_database: Settings) -> None:
    for raw in (
        {"update_id": 1},
        {"update_id": 2, "message": {"message_id": 1, "chat": {"id": 1, "type": "channel"}, "text": "x"}},
        {"update_id": 3, "edited_message": {"anything": True}},
    ):
        update = Update.model_validate(raw)
        assert await transact(partial(take_in, update)) is False
    assert await TelegramUpdate.all().count() == 0
