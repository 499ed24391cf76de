"""The whole way through the stand-in: people join, hear of orders, press buttons; and what may go wrong with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import httpx2
import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.outbox.models import Delivery
from commerce_api.foundation.outbox.relay import run_due
from commerce_api.foundation.outside_settings import Telegram as TelegramSettings
from commerce_api.foundation.settings import Settings
from commerce_api.office.notifications.listening import hear_by_asking, hear_by_webhook
from commerce_api.office.notifications.models import TelegramUpdate
from commerce_api.shop.accounts import chats
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.orders.placing import PlacedOrder
from commerce_api.shop.orders.queries import order_by_number
from commerce_api.shop.orders.status import OrderStatus
from commerce_api.wiring import Adapters, adapters, handlers
from sandbox.app import emulator
from sandbox.environment import BOT_TOKEN
from sandbox.faults import Switch
from sandbox.telegram_bot import Bot
from sandbox.telegram_objects import GROUP, Message
from sandbox.world import World
from tests.commerce_api.shop.cart.builders import put_on_shelf, shopper
from tests.commerce_api.shop.customer_area.builders import come_in, somebody, whole_shop
from tests.commerce_api.shop.orders.builders import placed

pytestmark = pytest.mark.anyio

CUSTOMER, STAFF = 501, 601
SECRET = "a-secret-of-telegram-and-the-shop"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


async def at_once(_seconds: float) -> None:
    """Nothing waits in a test."""


@dataclass
class Story:
    """A shop with its sidecar and its worker, and a Telegram with people."""

    settings: Settings
    world: World
    adapters: Adapters

    @property
    def bot(self) -> Bot:
        made: Bot = self.world.state["telegram"]
        return made

    async def works(self) -> None:
        """Let everything that is owed be done, by Telegram and by the worker."""
        await self.world.settle()
        # What failed rests: in this story time passes at once.
        await Delivery.filter(done_at__isnull=True).update(available_at=LONG_AGO)
        while await run_due(handlers(self.settings, self.adapters)):
            await self.world.settle()

    def said(self, chat: int) -> list[Message]:
        return [one for one in self.bot.messages if one.chat == chat and one.sender == 0]

    async def joins(self, who: int, account_id: int) -> None:
        token = await transact(lambda: chats.invite(account_id))
        self.bot.write(who, who, f"/start {token}")
        await self.works()


@pytest.fixture
async def story(sqlite_database: Settings) -> AsyncIterator[Story]:
    async with a_story(sqlite_database) as made:
        yield made


@asynccontextmanager
async def a_story(database: Settings) -> AsyncIterator[Story]:
    told = TelegramSettings(BOT_TOKEN, "http://localhost/telegram", SECRET, GROUP)
    settings = replace(database, outside=replace(database.outside, telegram=told))
    world = World(sleep=at_once)
    api = httpx2.ASGITransport(app=emulator("telegram", world), root_path="/telegram")
    connected = adapters(settings, lambda _service: api)
    world._shop = httpx2.ASGITransport(app=whole_shop(settings, connected))
    assert connected.telegram
    await hear_by_webhook(connected.telegram, settings.site_url, SECRET)()
    yield Story(settings, world, connected)
    await world.aclose()
    await connected.aclose()


async def an_order(account_id: int | None = None) -> PlacedOrder:
    codes = await put_on_shelf()
    return await placed({codes["M"]: 1}, account_id=account_id)


async def test_a_person_joins_hears_of_their_order_and_staff_confirm_it(database: Settings) -> None:
    async with a_story(database) as story:
        await live(story)


async def live(story: Story) -> None:
    # given a customer who joined by the link of their account page
    who = await somebody()
    async with shopper(whole_shop(story.settings, story.adapters), story.settings) as client:
        await come_in(client)
        page = (await client.post("/account/notices/telegram")).text
    token = page.partition("?start=")[2].partition('"')[0]
    story.bot.write(CUSTOMER, CUSTOMER, f"/start {token}")
    await story.works()
    assert "Готово" in story.said(CUSTOMER)[-1].text
    # and a member of the staff who joined theirs
    olena = await somebody("olena@example.com", Role.ORDERS)
    await story.joins(STAFF, olena.id)
    # when an order comes in
    order = await an_order(who.id)
    await story.works()
    assert order.number in story.said(CUSTOMER)[-1].text
    card = story.said(GROUP)[-1]
    # and it is confirmed in the chat
    story.bot.press(STAFF, card.id, card.rows[0][0]["callback_data"])
    await story.works()
    # then the order moved, the card says who did it, and the customer hears of it
    assert (await order_by_number(order.number)).status is OrderStatus.CONFIRMED
    assert "Олена" in card.text
    assert "підтверджено" in story.said(CUSTOMER)[-1].text


@pytest.mark.parametrize("fault", ["duplicate", "late", "forged"])
async def test_whatever_becomes_of_an_update_it_is_answered_once(story: Story, fault: str) -> None:
    story.world.faults.arm(Switch("telegram", fault, times=1))
    story.bot.write(CUSTOMER, CUSTOMER, "/help")
    await story.works()
    assert len(story.said(CUSTOMER)) == 1
    assert await TelegramUpdate.all().count() == 1


async def test_a_flood_delays_a_notice_and_loses_none(story: Story) -> None:
    who = await somebody()
    await story.joins(CUSTOMER, who.id)
    before = len(story.said(CUSTOMER))
    order = await an_order(who.id)
    story.world.faults.arm(Switch("telegram", "flood", share=1.0))
    await story.works()
    assert story.said(GROUP) == []
    story.world.faults.clear()
    story.adapters.telegram._rests.clear()  # type: ignore[union-attr]
    await story.works()
    told = story.said(CUSTOMER)[before:]
    assert [order.number in one.text for one in told] == [True]
    assert len(story.said(GROUP)) == 1


@pytest.mark.parametrize("fault", ["500", "reset", "html_502", "truncated", "malformed", "lost_reply", "hang"])
async def test_whatever_becomes_of_a_call_the_notice_comes_and_at_most_twice(story: Story, fault: str) -> None:
    order = await an_order()
    story.world.faults.arm(Switch("telegram", fault, times=1, only="sendMessage"))
    await story.works()
    await story.works()
    told = [one for one in story.said(GROUP) if order.number in one.text]
    assert len(told) == (2 if fault in {"truncated", "malformed", "lost_reply"} else 1)


async def test_who_blocked_the_bot_gets_a_letter_instead(story: Story) -> None:
    who = await somebody()
    await story.joins(CUSTOMER, who.id)
    story.bot.blocked.add(CUSTOMER)
    await an_order(who.id)
    await story.works()
    assert await chats.chat_of(who.id) is None
    assert (story.settings.var_dir / "outbox-mail").is_dir()


async def test_a_shop_without_an_https_address_asks_for_what_was_said(story: Story) -> None:
    telegram = story.adapters.telegram
    assert telegram
    job = hear_by_asking(telegram)
    await job()
    for _ in range(2):
        story.bot.write(CUSTOMER, CUSTOMER, "/help")
        await job()
        await job()
        await story.works()
    assert len(story.said(CUSTOMER)) == 2
    assert "orders" in story.bot.commands["uk"]
