"""A bot of the stand-in: what it says and hears, with the refusals that Telegram is known for."""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from sandbox.telegram_markup import Refused, read_markup
from sandbox.telegram_objects import BOT, GROUP, PEOPLE, Message, as_chat, as_message, as_user
from sandbox.world import World

SERVICE: Final = "telegram"
LONGEST: Final = 4096
PRESS_LIVES: Final = timedelta(seconds=60)
FAULTS: Final = ("flood", "forged", "duplicate", "late", "lost")
"""flood: 429 with Telegram's own retry_after; forged: a stranger speaks to the webhook; the others befall an update."""


@dataclass(slots=True)
class Press:
    """A press of a button that waits for its answer."""

    id: str
    at: datetime
    answer: str | None = None


class Bot:
    """One bot, its chats, and what it has yet to hear."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.messages: list[Message] = []
        self.updates: list[dict[str, Any]] = []
        self.presses: dict[str, Press] = {}
        self.started: set[int] = {GROUP}
        self.blocked: set[int] = set()
        self.webhook, self.secret = "", ""
        self.commands: dict[str, dict[str, str]] = {}
        self._number = world.first
        world.faults.offer(SERVICE, *FAULTS)

    # What the bot does

    def call(self, method: str, asked: Mapping[str, Any]) -> object:
        """The result of a method. Raises Refused."""
        known = METHODS.get(method)
        if known is None:
            raise Refused(404, "Not Found")
        return known(self, asked)

    def get_me(self, _asked: Mapping[str, Any]) -> object:
        return as_user(BOT)

    def send_message(self, asked: Mapping[str, Any]) -> object:
        chat = self._reached(asked)
        text, rows = self._text(asked), self._rows(asked)
        message = Message(self._next(), chat, 0, text, self._second(), rows)
        self.messages.append(message)
        self.world.journal.note(SERVICE, "the bot said", chat=chat, text=read_markup(text)[:80])
        return as_message(message)

    def edit_text(self, asked: Mapping[str, Any]) -> object:
        message = self._mine(asked)
        text, rows = self._text(asked), self._rows(asked)
        if (message.text, message.rows) == (text, rows):
            raise Refused(400, "Bad Request: message is not modified: specified new message content is the same")
        message.text, message.rows, message.edited_at = text, rows, self._second()
        self.world.journal.note(SERVICE, "the bot edited", chat=message.chat, text=read_markup(text)[:80])
        return as_message(message)

    def edit_rows(self, asked: Mapping[str, Any]) -> object:
        message = self._mine(asked)
        rows = self._rows(asked)
        if message.rows == rows:
            raise Refused(400, "Bad Request: message is not modified: specified new message content is the same")
        message.rows, message.edited_at = rows, self._second()
        return as_message(message)

    def answer_press(self, asked: Mapping[str, Any]) -> object:
        press = self.presses.get(str(asked.get("callback_query_id", "")))
        if press is None or self.world.clock.now() - press.at > PRESS_LIVES:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(str(asked.get("text", ""))) > 200:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        press.answer = str(asked.get("text", ""))
        self.world.journal.note(SERVICE, "the bot answered a press", text=press.answer)
        return True

    def send_document(self, asked: Mapping[str, Any]) -> object:
        chat = self._reached(asked)
        if not asked.get("document"):
            raise Refused(400, "Bad Request: there is no document in the request")
        caption = html.escape(str(asked.get("caption", "")), quote=False)
        message = Message(self._next(), chat, 0, caption, self._second(), file=str(asked["document"]))
        self.messages.append(message)
        self.world.journal.note(SERVICE, "the bot handed over a file", chat=chat, name=message.file)
        return as_message(message)

    def set_webhook(self, asked: Mapping[str, Any]) -> object:
        url, secret = str(asked.get("url", "")), str(asked.get("secret_token", ""))
        # The real one takes https alone; here the shop may be on this machine.
        if url and urlsplit(url).scheme not in {"http", "https"}:
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        self.webhook, self.secret = url, secret
        return True

    def delete_webhook(self, _asked: Mapping[str, Any]) -> object:
        self.webhook = self.secret = ""
        return True

    def get_updates(self, asked: Mapping[str, Any]) -> object:
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(asked.get("offset", 0))
        self.updates = [one for one in self.updates if one["update_id"] >= offset]
        return self.updates[:100]

    def set_commands(self, asked: Mapping[str, Any]) -> object:
        listed = asked.get("commands", [])
        if any(not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]) or not one["description"] for one in listed):
            raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
        self.commands[str(asked.get("language_code", ""))] = {one["command"]: one["description"] for one in listed}
        return True

    # What people do

    def write(self, who: int, chat: int, text: str) -> None:
        """Somebody writes, in their private chat or in the group."""
        self.started.add(chat)
        self.blocked.discard(chat)
        message = Message(self._next(), chat, who, text, self._second())
        self.messages.append(message)
        self._hears({"message": as_message(message)})

    def press(self, who: int, message_id: int, data: str) -> str:
        """Somebody presses a button, or a program of theirs sends any data; the number of the press."""
        message = next(one for one in self.messages if one.id == message_id)
        press = Press(f"{self._next()}00", self.world.clock.now())
        self.presses[press.id] = press
        told = {"id": press.id, "from": as_user(who), "message": as_message(message), "data": data}
        self._hears({"callback_query": {**told, "chat_instance": "1"}})
        return press.id

    def block(self, who: int) -> None:
        """Somebody throws the bot out of their private chat."""
        self.blocked.add(who)
        bot = as_user(BOT)
        change = {
            "chat": as_chat(who),
            "from": as_user(who),
            "date": self._second(),
            "old_chat_member": {"user": bot, "status": "member"},
            "new_chat_member": {"user": bot, "status": "kicked", "until_date": 0},
        }
        self._hears({"my_chat_member": change})

    def _hears(self, what: dict[str, Any]) -> None:
        update = {"update_id": 7000 + self._next(), **what}
        self.updates.append(update)
        self.world.journal.note(SERVICE, "somebody did something", kind=next(iter(what)))
        if self.webhook:
            self.updates.remove(update)
            self._send(update)

    def _send(self, update: dict[str, Any]) -> None:
        """Send an update to the webhook, with what was armed to go wrong."""
        strikes = partial(self.world.faults.strikes, SERVICE)
        if strikes("forged"):
            self.world.later(0, lambda: self._deliver({**update, "update_id": 1}, "not-the-secret"))
        if strikes("lost"):
            return
        late = strikes("late")
        for _ in range(2 if strikes("duplicate") else 1):
            self.world.later(late.seconds if late else 0, lambda: self._deliver(update, self.secret))

    async def _deliver(self, update: dict[str, Any], secret: str, tries: int = 5) -> None:
        headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": secret}
        status = await self.world.post(SERVICE, self.webhook, orjson.dumps(update), headers)
        if secret == self.secret and tries > 1 and not 200 <= (status or 0) < 300:
            self.world.later(1, lambda: self._deliver(update, secret, tries - 1))

    # Helpers

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _second(self) -> int:
        return int(self.world.clock.now().timestamp())

    def _reached(self, asked: Mapping[str, Any]) -> int:
        """The chat of a call, if the bot may write there. Raises Refused."""
        try:
            chat = int(asked.get("chat_id", 0))
        except ValueError:
            chat = 0
        flood = self.world.faults.strikes(SERVICE, "flood")
        if flood:
            seconds = max(1, round(flood.seconds))
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        if chat not in self.started and chat not in PEOPLE:
            raise Refused(400, "Bad Request: chat not found")
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat not in self.started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def _mine(self, asked: Mapping[str, Any]) -> Message:
        chat = self._reached(asked)
        for one in self.messages:
            # A form has no numbers.
            if (str(one.id), one.chat, one.sender) == (str(asked.get("message_id")), chat, 0):
                return one
        raise Refused(400, "Bad Request: message to edit not found")

    def _text(self, asked: Mapping[str, Any]) -> str:
        text = str(asked.get("text", ""))
        plain = read_markup(text) if asked.get("parse_mode") == "HTML" else text
        if not plain.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if len(plain.encode("utf-16-le")) // 2 > LONGEST:
            raise Refused(400, "Bad Request: message is too long")
        return text if asked.get("parse_mode") == "HTML" else html.escape(text, quote=False)

    def _rows(self, asked: Mapping[str, Any]) -> list[list[dict[str, str]]]:
        rows: list[list[dict[str, str]]] = (asked.get("reply_markup") or {}).get("inline_keyboard", [])
        for button in (button for row in rows for button in row):
            if len({"callback_data", "url"} & button.keys()) != 1 or not button.get("text"):
                raise Refused(400, "Bad Request: can't parse inline keyboard button")
            if not 1 <= len(button.get("callback_data", "x").encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        return rows


METHODS: Final[Mapping[str, Callable[[Bot, Mapping[str, Any]], object]]] = {
    "getMe": Bot.get_me,
    "sendMessage": Bot.send_message,
    "editMessageText": Bot.edit_text,
    "editMessageReplyMarkup": Bot.edit_rows,
    "answerCallbackQuery": Bot.answer_press,
    "sendDocument": Bot.send_document,
    "setWebhook": Bot.set_webhook,
    "deleteWebhook": Bot.delete_webhook,
    "getUpdates": Bot.get_updates,
    "setMyCommands": Bot.set_commands,
}
