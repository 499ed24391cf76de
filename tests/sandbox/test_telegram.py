"""The stand-in of Telegram refuses what Telegram refuses, and people's windows work."""

from datetime import UTC, datetime

import httpx2
import pytest

from commerce_api.integrations.telegram import Telegram
from commerce_api.office.notifications.channels import Button, SendError
from sandbox.app import create, emulator
from sandbox.clock import Clock
from sandbox.environment import BOT_TOKEN as TOKEN
from sandbox.faults import Switch
from sandbox.nova_poshta_office import Office
from sandbox.serve import new_world
from sandbox.telegram_bot import Bot
from sandbox.telegram_objects import GROUP, NAME
from sandbox.world import World

pytestmark = pytest.mark.anyio

CUSTOMER, ABROAD, STAFF = 501, 502, 601


async def at_once(_seconds: float) -> None:
    """Nothing waits in a test."""


@pytest.fixture
def world() -> World:
    return World(clock=Clock(datetime(2026, 11, 29, 12, tzinfo=UTC), speed=0), sleep=at_once)


@pytest.fixture
def bot(world: World) -> Telegram:
    return Telegram(TOKEN, "http://localhost", httpx2.ASGITransport(app=emulator("telegram", world)))


def stand_in(world: World) -> Bot:
    made: Bot = world.state["telegram"]
    return made


async def failure(of: object) -> SendError:
    with pytest.raises(SendError) as failed:
        await of  # type: ignore[misc]
    return failed.value


async def test_nobody_is_written_to_who_has_not_written_first(bot: Telegram, world: World) -> None:
    assert (await failure(bot.say(CUSTOMER, "x"))).permanent
    assert (await failure(bot.say(999, "x"))).permanent
    stand_in(world).write(CUSTOMER, CUSTOMER, "/start")
    await bot.say(CUSTOMER, "<b>Вітаємо</b> &amp; дякуємо")
    assert stand_in(world).messages[-1].text == "<b>Вітаємо</b> &amp; дякуємо"


async def test_who_throws_the_bot_out_is_a_dead_chat_until_they_write_again(bot: Telegram, world: World) -> None:
    stand_in(world).write(CUSTOMER, CUSTOMER, "/start")
    stand_in(world).block(CUSTOMER)
    assert (await failure(bot.say(CUSTOMER, "x"))).permanent
    stand_in(world).write(CUSTOMER, CUSTOMER, "/help")
    await bot.say(CUSTOMER, "x")


@pytest.mark.parametrize("text", ["<h1>x</h1>", "<b>x", "x</b>", "<b>  </b>", "<b><i>x</b></i>"])
async def test_markup_that_telegram_cannot_read_is_refused(bot: Telegram, text: str) -> None:
    assert not (await failure(bot.say(GROUP, text))).permanent


async def test_a_button_holds_no_more_than_64_bytes(bot: Telegram) -> None:
    await bot.say(GROUP, "x", ((Button("так", data="x" * 64),),))
    await failure(bot.say(GROUP, "x", ((Button("так", data="x" * 65),),)))


async def test_a_flood_names_the_seconds_and_the_client_keeps_still(bot: Telegram, world: World) -> None:
    world.faults.arm(Switch("telegram", "flood", times=1, seconds=30))
    await failure(bot.say(GROUP, "x"))
    await failure(bot.say(GROUP, "x"))
    assert stand_in(world).messages == []
    assert len([entry for entry in world.journal if "flood" in entry.what and "fault" in entry.what]) == 1


async def test_a_press_is_heard_answered_and_its_message_edited(bot: Telegram, world: World) -> None:
    await bot.say(GROUP, "замовлення", ((Button("так", data="ok:1"),),))
    (message,) = stand_in(world).messages
    press = stand_in(world).press(STAFF, message.id, "ok:1")
    (update,) = await bot.updates(0, 0)
    assert update["callback_query"]["data"] == "ok:1"
    await bot.note(press, "Готово")
    await bot.edit(GROUP, message.id, "зроблено")
    await bot.edit(GROUP, message.id, "зроблено")
    assert (message.text, message.rows, message.edited) == ("зроблено", [], True)
    world.clock.advance(hours=1)
    assert (await failure(bot.note(press, "пізно"))).permanent


async def test_updates_are_asked_for_or_sent_never_both(bot: Telegram, world: World) -> None:
    stand_in(world).write(CUSTOMER, CUSTOMER, "/start")
    (first,) = await bot.updates(0, 0)
    assert await bot.updates(first["update_id"] + 1, 1) == []
    await bot.listen_at("https://shop.example/webhooks/telegram", "s" * 24)
    await failure(bot.updates(0, 0))
    await bot.stop_listening()
    assert await bot.updates(0, 0) == []


async def test_a_sandbox_that_is_opened_again_gives_no_number_twice() -> None:
    numbers: list[int] = []
    for first in (100, 200):
        fresh = World(sleep=at_once, first=first)
        bot = Telegram(TOKEN, "http://localhost", httpx2.ASGITransport(app=emulator("telegram", fresh)))
        stand_in(fresh).write(CUSTOMER, CUSTOMER, "/start")
        # A shop asks for what came after the newest update that it knows.
        (update,) = await bot.updates(max(numbers, default=-1) + 1, 0)
        numbers.append(update["update_id"])
        waybill = Office(fresh.clock.now, fresh.first).depot.make({}, locker=False, cash=False)
        assert waybill.number == f"20450{first + 1:09d}"
    assert numbers == sorted(set(numbers))
    assert 0 < new_world(8001, "http://localhost:8000").first < 10**9


async def test_people_read_write_and_press_in_their_windows(bot: Telegram, world: World) -> None:
    sandbox = create(world)
    transport = httpx2.ASGITransport(app=sandbox)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8001") as person:
        invited = await person.get(f"/telegram/{NAME}?start=abc", follow_redirects=True)
        assert 'value="/start abc"' in invited.text
        await person.post("/telegram/act", data={"who": "501", "chat": "501", "text": "/start abc"})
        client = Telegram(TOKEN, "http://localhost:8001/telegram", transport)
        await client.say(CUSTOMER, "<b>Готово</b>\nДалі", ((Button("так", data="ok:1"),),))
        window = (await person.get("/telegram/chats?who=501")).text
        assert "<b>Готово</b><br>Далі" in window
        assert "The staff" not in window.partition("<main")[2].partition("card")[2]
        told = (await person.get("/telegram/messages.json?chat=501")).json()
        pressed = {"who": "501", "message": str(told[-1]["id"]), "press": "ok:1"}
        assert (await person.post("/telegram/act", data=pressed)).status_code == 303
        foreign = await person.post("/telegram/act", data=pressed, headers={"origin": "https://elsewhere.example"})
        assert foreign.status_code == 403
        assert [next(iter(one.keys() - {"update_id"})) for one in await client.updates(0, 0)] == [
            "message",
            "callback_query",
        ]
