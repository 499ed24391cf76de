"""What Telegram answers fits what it documents: every answer and every refusal, no more and no less."""

import itertools
from typing import Any

import httpx2
import orjson
import pytest

from sandbox.environment import BOT_TOKEN
from sandbox.faults import Switch
from sandbox.telegram_objects import GROUP
from sandbox.world import World
from tests.sandbox import shapes
from tests.sandbox.shapes.held import fits

pytestmark = pytest.mark.anyio


async def call(web: httpx2.AsyncClient, method: str, token: str = BOT_TOKEN, **values: Any) -> httpx2.Response:
    return await web.post(f"/telegram/bot{token}/{method}", json=values)


async def result(web: httpx2.AsyncClient, method: str, **values: Any) -> Any:
    answer = await call(web, method, **values)
    told = orjson.loads(answer.content)
    assert (answer.status_code, sorted(told), told["ok"]) == (200, ["ok", "result"], True), told
    return told["result"]


async def test_what_the_bot_says_and_hears_is_told_as_documented(web: httpx2.AsyncClient) -> None:
    shapes.bot.User.model_validate(await result(web, "getMe"))
    buttons = {"inline_keyboard": [[{"text": "так", "callback_data": "ok:1"}]]}
    said = await result(web, "sendMessage", chat_id=GROUP, text="<b>x</b>", parse_mode="HTML", reply_markup=buttons)
    paper = {"chat_id": str(GROUP), "caption": "ТТН"}
    sent = await web.post(f"/telegram/bot{BOT_TOKEN}/sendDocument", data=paper, files={"document": ("a.pdf", b"%PDF")})
    edited = await result(web, "editMessageText", chat_id=GROUP, message_id=said["message_id"], text="y")
    for message in (said, orjson.loads(sent.content)["result"], edited):
        shapes.bot.BotMessage.model_validate(message)
    await web.post("/telegram/act", data={"who": "601", "chat": str(GROUP), "text": "/orders x"})
    await result(web, "editMessageReplyMarkup", chat_id=GROUP, message_id=said["message_id"], reply_markup=buttons)
    await web.post("/telegram/act", data={"who": "601", "message": str(said["message_id"]), "press": "ok:1"})
    await web.post("/telegram/act", data={"who": "501", "block": "1"})

    heard = await result(web, "getUpdates")

    for update in heard:
        shapes.bot.Update.model_validate(update)
    assert [[name for name in update if name != "update_id"] for update in heard] == [
        ["message"],
        ["callback_query"],
        ["my_chat_member"],
    ]
    answered = {"callback_query_id": heard[1]["callback_query"]["id"]}
    assert await result(web, "answerCallbackQuery", **answered) is True
    assert await result(web, "setMyCommands", commands=[{"command": "orders", "description": "x"}]) is True
    assert await result(web, "setWebhook", url="https://shop.example/hook", secret_token="s" * 24) is True
    assert await result(web, "deleteWebhook") is True


async def test_telegram_refuses_in_its_own_words(world: World, web: httpx2.AsyncClient) -> None:
    world.faults.arm(Switch("telegram", "flood", seconds=9))
    refusals = [
        (await call(web, "sendMessage", chat_id=GROUP, text="x"), 429),
        (await call(web, "sendMessage", chat_id=GROUP, text=""), 400),
        (await call(web, "sendMessage", chat_id=GROUP, text="<b>x", parse_mode="HTML"), 400),
        (await call(web, "sendMessage", chat_id=501, text="x"), 403),
        (await call(web, "sendMessage", chat_id="nobody", text="x"), 400),
        (await call(web, "sendDocument", chat_id=GROUP), 400),
        (await call(web, "editMessageText", chat_id=GROUP, message_id=1, text="x"), 400),
        (await call(web, "answerCallbackQuery", callback_query_id="1"), 400),
        (await call(web, "setWebhook", url="ftp://x"), 400),
        (await call(web, "noSuchMethod"), 404),
        (await call(web, "getMe", token="1000001:another"), 401),
        (await web.post(f"/telegram/bot{BOT_TOKEN}/sendMessage", content=b"["), 400),
        (await web.post(f"/telegram/bot{BOT_TOKEN}/sendMessage", data={"chat_id": "1", "reply_markup": "{"}), 400),
    ]
    for answer, status in refusals:
        told = fits(shapes.bot.BotError, answer, status)
        assert told["error_code"] == status
    assert orjson.loads(refusals[0][0].content)["parameters"] == {"retry_after": 9}


ODD: tuple[object, ...] = ("x", -1, [], [7], {}, {"inline_keyboard": 7}, {"inline_keyboard": [[7]]}, None)


@pytest.mark.parametrize(
    "method", ["sendMessage", "editMessageText", "sendDocument", "setMyCommands", "getUpdates", "setWebhook"]
)
async def test_telegram_refuses_what_it_cannot_read(web: httpx2.AsyncClient, method: str) -> None:
    names = ("chat_id", "text", "message_id", "reply_markup", "commands", "offset", "timeout", "document", "url")
    for name, value in itertools.product(names, ODD):
        values: dict[str, Any] = {"chat_id": GROUP, "text": "x", name: value}
        answer = await call(web, method, **values)
        assert answer.status_code in {200, 400}, (name, value)
        if answer.status_code == 400:
            fits(shapes.bot.BotError, answer, 400)
