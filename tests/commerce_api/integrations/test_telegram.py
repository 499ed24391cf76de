"""The bot's client against an application that answers as the Bot API does."""

import json
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from structlog.testing import capture_logs

from commerce_api.foundation.errors import Unavailable
from commerce_api.foundation.outside_settings import TELEGRAM_API as API
from commerce_api.integrations.telegram import LONGEST, Telegram, split
from commerce_api.office.notifications.channels import Button, SendError

pytestmark = pytest.mark.anyio

TOKEN = "123456:very-secret-token"
CHAT = 42


def refused(status: int, words: str, **parameters: object) -> Response:
    told = {"ok": False, "error_code": status, "description": words, "parameters": parameters}
    return JSONResponse(told, status_code=status)


class BotApi:
    """Answers each method with what it is told to, else with success; writes down what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Response]] = {}
        self.asked: list[tuple[str, Any]] = []
        self.now = 1000.0
        app = Starlette(routes=[Route("/bot{token}/{method}", self.answer, methods=["POST"])])
        self.bot = Telegram(TOKEN, "http://telegram.test", httpx2.ASGITransport(app=app), now=lambda: self.now)

    async def answer(self, request: Request) -> Response:
        assert request.path_params["token"] == TOKEN
        method, body = request.path_params["method"], await request.body()
        is_json = request.headers["content-type"] == "application/json"
        self.asked.append((method, json.loads(body) if is_json else body))
        waiting = self.answers.get(method)
        if waiting:
            return waiting.pop(0)
        result: object = {"username": "twocomms_bot"} if method == "getMe" else {"message_id": 1}
        return JSONResponse({"ok": True, "result": [] if method == "getUpdates" else result})


async def test_a_message_is_sent_as_html_with_its_buttons_below() -> None:
    api = BotApi()
    await api.bot.say(CHAT, "<b>Так</b>", ((Button("Так", data="ok:1"), Button("Сайт", url="https://shop.example")),))
    ((method, body),) = api.asked
    assert (method, body["chat_id"], body["text"], body["parse_mode"]) == ("sendMessage", CHAT, "<b>Так</b>", "HTML")
    assert body["reply_markup"]["inline_keyboard"] == [
        [{"text": "Так", "callback_data": "ok:1"}, {"text": "Сайт", "url": "https://shop.example"}]
    ]


async def test_a_long_message_goes_out_in_pieces_with_the_buttons_below_the_last() -> None:
    api = BotApi()
    await api.bot.say(CHAT, "\n".join(["рядок 👕"] * 1200), ((Button("Так", data="ok:1"),),))
    assert len(api.asked) > 1
    keyboards = [body["reply_markup"]["inline_keyboard"] for _, body in api.asked if "reply_markup" in body]
    assert len(keyboards) == 1
    assert all(len(body["text"].encode("utf-16-le")) <= 2 * LONGEST for _, body in api.asked)


def test_a_line_without_end_is_never_cut_within_an_entity_or_a_tag() -> None:
    text = "<b>" + "&amp;" * 3000 + "</b>"
    parts = split(text)
    assert "".join(parts) == text
    assert all(len(part) <= LONGEST and part.count("&") == part.count(";") for part in parts)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (400, "Bad Request: chat not found"),
        (403, "Forbidden: user is deactivated"),
    ],
)
async def test_a_chat_in_which_nobody_can_be_reached_is_a_failure_for_good(status: int, words: str) -> None:
    api = BotApi()
    api.answers["sendMessage"] = [refused(status, words)]
    with pytest.raises(SendError) as failed:
        await api.bot.say(CHAT, "x")
    assert failed.value.permanent


@pytest.mark.parametrize(
    "answer",
    [
        refused(400, "Bad Request: can't parse entities"),
        refused(401, "Unauthorized"),
        refused(500, "x"),
        PlainTextResponse("<html>bad gateway", status_code=502),
        PlainTextResponse("<html>fine", status_code=200),
    ],
)
async def test_any_other_failure_is_tried_again_later_and_never_at_once(answer: Response) -> None:
    api = BotApi()
    api.answers["sendMessage"] = [answer]
    with pytest.raises(SendError) as failed:
        await api.bot.say(CHAT, "x")
    assert not failed.value.permanent
    assert len(api.asked) == 1


async def test_a_chat_that_is_to_be_left_alone_is_left_alone_for_that_long_and_others_are_not() -> None:
    api = BotApi()
    api.answers["sendMessage"] = [refused(429, "Too Many Requests: retry after 7", retry_after=7)]
    for seconds in (0.0, 6.9):
        api.now = 1000.0 + seconds
        with pytest.raises(SendError) as failed:
            await api.bot.say(CHAT, "x")
        assert not failed.value.permanent
    assert len(api.asked) == 1
    await api.bot.say(CHAT + 1, "x")
    api.now = 1007.1
    await api.bot.say(CHAT, "x")
    assert [body["chat_id"] for _, body in api.asked] == [CHAT, CHAT + 1, CHAT]


async def test_a_group_that_became_larger_is_written_to_under_its_new_number() -> None:
    api = BotApi()
    api.answers["sendMessage"] = [refused(400, "group chat was upgraded", migrate_to_chat_id=-100500)]
    with pytest.raises(SendError) as failed:
        await api.bot.say(CHAT, "x")
    assert not failed.value.permanent
    await api.bot.say(CHAT, "x")
    assert api.asked[-1][1]["chat_id"] == -100500


@pytest.mark.parametrize("words", ["message is not modified: same", "message to edit not found"])
async def test_an_edit_that_changes_nothing_is_no_failure(words: str) -> None:
    api = BotApi()
    api.answers["editMessageText"] = [refused(400, f"Bad Request: {words}")]
    await api.bot.edit(CHAT, 7, "x")
    assert api.asked[0][1]["message_id"] == 7


async def test_a_press_that_is_too_old_cannot_be_answered_any_more() -> None:
    api = BotApi()
    api.answers["answerCallbackQuery"] = [refused(400, "Bad Request: query is too old")]
    with pytest.raises(SendError) as failed:
        await api.bot.note("1", "так" * 200)
    assert failed.value.permanent
    assert len(api.asked[0][1]["text"]) == 200


async def test_a_file_is_handed_over() -> None:
    api = BotApi()
    await api.bot.hand(CHAT, "label.pdf", b"%PDF-1.7", "ТТН")
    ((method, body),) = api.asked
    assert method == "sendDocument"
    assert b"%PDF-1.7" in body
    assert b"label.pdf" in body


async def test_the_bots_address_is_asked_for_once() -> None:
    api = BotApi()
    assert await api.bot.address() == await api.bot.address() == "http://telegram.test/twocomms_bot"
    assert len(api.asked) == 1
    api.bot.url = API
    assert await api.bot.address() == "https://t.me/twocomms_bot"


async def test_an_address_that_nobody_knows_is_unavailable() -> None:
    api = BotApi()
    api.answers["getMe"] = [refused(401, "Unauthorized")]
    with pytest.raises(Unavailable):
        await api.bot.address()


async def test_the_token_and_what_was_written_stand_in_no_log_and_no_error() -> None:
    api = BotApi()
    api.answers["sendMessage"] = [
        refused(500, f"bot{TOKEN} +380671234567"),
        refused(403, "bot was blocked by the user"),
    ]
    with capture_logs() as lines:
        for _ in range(2):
            with pytest.raises(SendError) as failed:
                await api.bot.say(CHAT, "Оксана +380671234567")
            told = str(failed.value) + str(failed.value.__cause__)
            assert TOKEN not in told
            assert "0671234567" not in told
    assert lines
    assert TOKEN not in str(lines)
    assert "0671234567" not in str(lines)
    assert TOKEN not in repr(api.bot)


async def test_it_asks_for_what_was_said_and_says_where_to_send_it() -> None:
    api = BotApi()
    api.answers["getUpdates"] = [JSONResponse({"ok": True, "result": [{"update_id": 3}, "junk"]})]
    assert await api.bot.updates(3, 2) == [{"update_id": 3}]
    await api.bot.listen_at("https://shop.example/webhooks/telegram", "s" * 24)
    await api.bot.stop_listening()
    await api.bot.offer({"orders": "Мої замовлення"}, "uk")
    assert [method for method, _ in api.asked] == ["getUpdates", "setWebhook", "deleteWebhook", "setMyCommands"]
    assert api.asked[1][1]["secret_token"] == "s" * 24
