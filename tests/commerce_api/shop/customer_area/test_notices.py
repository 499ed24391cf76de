"""What people choose to hear: in their account, and guests by the link of their order."""

import asyncio

import httpx2
import pytest
from starlette.applications import Starlette

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import Settings
from commerce_api.shop.accounts import chats, choices
from commerce_api.shop.accounts.choices import Choice
from commerce_api.shop.accounts.models import NoticeChoice, TelegramChat
from commerce_api.shop.accounts.personal import erase, export
from commerce_api.wiring import Adapters
from tests.commerce_api.integrations.test_telegram import BotApi
from tests.commerce_api.shop.cart.builders import put_on_shelf, shopper
from tests.commerce_api.shop.customer_area.builders import EMAIL, come_in, somebody, whole_shop
from tests.commerce_api.shop.orders.builders import placed

pytestmark = pytest.mark.anyio


def shop_with_bot(settings: Settings) -> Starlette:
    return whole_shop(settings, Adapters(telegram=BotApi().bot))


async def test_a_box_without_its_tick_is_a_way_that_is_not_wanted(database: Settings) -> None:
    who = await somebody()
    async with shopper(whole_shop(database), database) as client:
        await come_in(client)
        assert (await client.get("/account/notices/")).text.count(" checked") == 2
        for form, choice in (({"mail": "true"}, Choice(True, False)), ({}, Choice(False, False))):
            assert (await client.post("/account/notices/", data=form)).status_code == 303
            assert await choices.choice_of(who.id) == choice
    assert await NoticeChoice.all().count() == 1


async def test_two_first_choices_at_once_are_both_kept(database: Settings) -> None:
    who = await somebody()
    await asyncio.gather(
        transact(lambda: choices.choose(who.id, mail=False)), transact(lambda: choices.choose(who.id, telegram=False))
    )
    assert await choices.choice_of(who.id) == Choice(False, False)


async def test_a_link_into_the_bot_is_shown_once_and_joins(database: Settings) -> None:
    who = await somebody()
    async with shopper(shop_with_bot(database), database) as client:
        await come_in(client)
        shown = (await client.post("/account/notices/telegram")).text
        token = shown.partition("http://telegram.test/twocomms_bot?start=")[2].partition('"')[0]
        assert token not in (await client.get("/account/notices/")).text
        await transact(lambda: chats.join(token, 5))
        assert "telegram-off" in (await client.get("/account/notices/")).text
        await client.post("/account/notices/telegram-off")
    assert not await chats.is_joined(who.id)


async def test_without_a_bot_the_page_and_the_call_say_so(sqlite_database: Settings) -> None:
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await come_in(client)
        assert "account/notices/telegram" not in (await client.get("/account/notices/")).text
        assert (await client.post("/account/notices/telegram")).status_code == 409
        refused = await client.post("/api/v1/account/telegram")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_bot")


async def test_programs_choose_join_and_leave(sqlite_database: Settings) -> None:
    await somebody()
    async with shopper(shop_with_bot(sqlite_database), sqlite_database) as client:
        await come_in(client)
        changed = await client.patch("/api/v1/account/notices", json={"mail": False})
        assert changed.json() == {"mail": False, "telegram": True, "telegram_joined": False}
        made = await client.post("/api/v1/account/telegram")
        assert made.status_code == 201
        await transact(lambda: chats.join(made.json()["url"].partition("=")[2], 5))
        assert (await client.get("/api/v1/account/notices")).json()["telegram_joined"] is True
        assert (await client.delete("/api/v1/account/telegram")).status_code == 204
        assert (await client.delete("/api/v1/account/telegram")).status_code == 404


async def test_a_guest_chooses_by_the_link_of_their_order_and_looking_changes_nothing(database: Settings) -> None:
    codes = await put_on_shelf()
    order = await placed({codes["M"]: 1})
    path = f"/order/{order.token}/notices/"
    async with shopper(whole_shop(database), database) as client:
        for _ in range(2):
            assert (await client.get(path)).status_code == 200
        assert not await choices.is_quiet(EMAIL, database.secret_key)
        for quiet in (True, False):
            assert (await client.post(path, data={"quiet": str(quiet).lower()})).status_code == 303
            assert await choices.is_quiet(EMAIL, database.secret_key) is quiet


async def test_an_order_of_an_account_or_without_an_address_has_no_such_page(sqlite_database: Settings) -> None:
    who, codes = await somebody(), await put_on_shelf()
    with_account = await placed({codes["M"]: 1}, account_id=who.id)
    by_phone = await placed({codes["M"]: 1}, email=None)
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        for token in (with_account.token, by_phone.token, "A" * 32):
            answer: httpx2.Response = await client.get(f"/order/{token}/notices/")
            assert answer.status_code == 404


async def test_the_chat_and_the_choice_are_handed_out_and_forgotten(sqlite_database: Settings) -> None:
    who = await somebody()
    token = await transact(lambda: chats.invite(who.id))
    await transact(lambda: chats.join(token, 12_345))
    await transact(lambda: choices.choose(who.id, mail=False))
    told = await export(who.id)
    assert "12345" in str(told["telegram"])
    assert told["notices"] == {"mail": False, "telegram": True}
    await transact(lambda: erase(who.id))
    assert await TelegramChat.all().count() + await NoticeChoice.all().count() == 0
