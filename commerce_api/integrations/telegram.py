"""The Telegram Bot API, as much of it as the shop needs (integrations.md 3).

A client of our own: the usual library costs a hundred times the memory and the start of everything else here. The token
stands in every address, so that addresses are never logged (http.py keeps them to itself).
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
import orjson

from commerce_api.foundation import telemetry
from commerce_api.foundation.errors import Unavailable
from commerce_api.foundation.outside_settings import TELEGRAM_API
from commerce_api.integrations.http import Outcome, Outside, OutsideFailed
from commerce_api.office.notifications.channels import Button, Rows, SendError

LINKS: Final = "https://t.me"
LONGEST: Final = 4096
"""Characters of a message, counted as Telegram does: in units of UTF-16."""
LONGEST_NOTE: Final = 200
NOBODY_THERE: Final = re.compile(r"chat not found|user is deactivated|PEER_ID_INVALID|bot was (?:blocked|kicked)", re.I)
"""Refusals that will not change by trying again."""
NOTHING_TO_EDIT: Final = re.compile(r"message is not modified|message to edit not found|message can't be edited", re.I)
"""An edit that changes nothing: the message says it already, or somebody took it away."""
_TOKEN: Final = re.compile(r"<[^>]*>|&\w+;|.")
HEARD: Final = ("message", "callback_query", "my_chat_member")

log = telemetry.logger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What Telegram said against a call."""

    status: int
    words: str
    retry_after: float | None = None
    moved_to: int | None = None


@dataclass
class Telegram:
    """The shop's bot. It writes, edits, answers presses, sends files, and asks for what was said to it.

    `now` gives seconds; a chat that Telegram wants left alone is left alone until then, by this process.
    """

    token: str = field(repr=False)
    url: str = TELEGRAM_API
    transport: httpx2.AsyncBaseTransport | None = None
    now: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self.outside = Outside("telegram", self.url, secrets=(self.token,), transport=self.transport)
        self._rests: dict[int, float] = {}
        self._moved: dict[int, int] = {}
        self._name = ""

    async def say(self, chat_id: int, text: str, rows: Rows = ()) -> None:
        """Write into a chat, in as many messages as it takes; the buttons lie below the last.

        Raises SendError, permanent when nobody can be reached there.
        """
        parts = split(text)
        for place, part in enumerate(parts, start=1):
            await self._write("sendMessage", chat_id, {**_words(part), **(_keys(rows) if place == len(parts) else {})})

    async def edit(self, chat_id: int, message_id: int, text: str, rows: Rows = ()) -> None:
        """Put other words and buttons in a message's place. Raises SendError."""
        body = {"message_id": message_id, **_words(split(text)[0]), **_keys(rows)}
        try:
            await self._write("editMessageText", chat_id, body)
        except _Unchanged:
            return

    async def note(self, press_id: str, text: str = "") -> None:
        """Answer the press of a button, so that it stops turning. Raises SendError."""
        await self._write("answerCallbackQuery", None, {"callback_query_id": press_id, "text": text[:LONGEST_NOTE]})

    async def hand(self, chat_id: int, name: str, content: bytes, text: str = "") -> None:
        """Send a file (up to 50 MB). Raises SendError."""
        fields = {"chat_id": str(self._moved.get(chat_id, chat_id)), "caption": text}
        form = httpx2.Request("POST", TELEGRAM_API, data=fields, files={"document": (name, content)})
        headers = {"content-type": form.headers["content-type"]}
        await self._call("sendDocument", chat_id, content=form.read(), headers=headers)

    async def address(self) -> str:
        """Where the bot is talked to; a stand-in has its own place for it. Raises Unavailable."""
        if not self._name:
            try:
                me = await self._call("getMe", None, {}, repeat=True)
            except SendError as error:
                raise Unavailable(what="telegram", retry_after=10) from error
            self._name = str(me.get("username", ""))
        return f"{LINKS if self.url == TELEGRAM_API else self.url}/{self._name}"

    async def updates(self, offset: int, seconds: int) -> Sequence[Mapping[str, Any]]:
        """What was said since, waiting up to `seconds` for the first of it. Raises SendError."""
        body = {"offset": offset, "timeout": seconds, "allowed_updates": HEARD}
        found = await self._call("getUpdates", None, body, repeat=True)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    async def listen_at(self, address: str, secret: str) -> None:
        """Have updates sent to our webhook, with the secret that proves where they come from. Raises SendError."""
        body = {"url": address, "secret_token": secret, "allowed_updates": HEARD, "max_connections": 10}
        await self._call("setWebhook", None, body, repeat=True)

    async def stop_listening(self) -> None:
        """Have no updates sent, so that they can be asked for. Raises SendError."""
        await self._call("deleteWebhook", None, {}, repeat=True)

    async def offer(self, commands: Mapping[str, str], lang: str) -> None:
        """The menu of commands for Telegrams in a language, "" for all others. Raises SendError."""
        listed = [{"command": name, "description": words} for name, words in commands.items()]
        await self._call("setMyCommands", None, {"commands": listed, "language_code": lang}, repeat=True)

    async def _write(self, method: str, chat_id: int | None, body: Mapping[str, object]) -> None:
        there = {} if chat_id is None else {"chat_id": self._moved.get(chat_id, chat_id)}
        await self._call(method, chat_id, {**there, **body})

    async def _call(
        self,
        method: str,
        chat_id: int | None,
        body: Mapping[str, object] | None = None,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        repeat: bool = False,
    ) -> Any:
        if chat_id is not None and self._rests.get(chat_id, 0.0) > self.now():
            raise SendError(f"telegram {method}: this chat is to be left alone for now", permanent=False)
        try:
            told = await self.outside.ask(
                "POST",
                f"/bot{self.token}/{method}",
                label=method,
                json=body,
                content=content,
                headers=headers,
                repeat=repeat,
            )
        except OutsideFailed as error:
            raise self._failed(method, chat_id, error) from error
        return told.get("result") if isinstance(told, dict) else None

    def _failed(self, method: str, chat_id: int | None, error: OutsideFailed) -> SendError:
        if error.outcome is not Outcome.STATUS:
            return SendError(str(error), permanent=False)
        refusal = read_refusal(error)
        if refusal.status == 429 and chat_id is not None:
            self._rests[chat_id] = self.now() + (refusal.retry_after or 1.0)
        if refusal.moved_to is not None and chat_id is not None:
            # The group has become a larger one; the next try goes there. The settings should say so too.
            self._moved[chat_id] = refusal.moved_to
            log.error("telegram_chat_moved", to=refusal.moved_to)
        if refusal.status == 400 and NOTHING_TO_EDIT.search(refusal.words):
            return _Unchanged(f"telegram {method}: unchanged", permanent=False)
        gone = chat_id is not None and refusal.moved_to is None and _nobody_there(refusal)
        return SendError(f"telegram {method}: {refusal.status}", permanent=gone or _too_late(method, refusal))


class _Unchanged(SendError):
    """The message says already what it was to say, or is not there to say it."""


def _nobody_there(refusal: Refusal) -> bool:
    return refusal.status == 403 or (refusal.status == 400 and bool(NOBODY_THERE.search(refusal.words)))


def _too_late(method: str, refusal: Refusal) -> bool:
    """A press is to be answered within a minute; later nobody waits for it."""
    return method == "answerCallbackQuery" and refusal.status == 400


def read_refusal(error: OutsideFailed) -> Refusal:
    """What the body of a refusal says; gateways may answer anything."""
    status = error.status or 0
    try:
        body = orjson.loads(error.body)
    except orjson.JSONDecodeError:
        return Refusal(status, "", error.retry_after)
    if not isinstance(body, dict):
        return Refusal(status, "", error.retry_after)
    more = body.get("parameters")
    told = more if isinstance(more, dict) else {}
    wait, moved = told.get("retry_after"), told.get("migrate_to_chat_id")
    return Refusal(
        status,
        str(body.get("description", "")),
        float(wait) if isinstance(wait, int | float) else error.retry_after,
        moved if isinstance(moved, int) else None,
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def split(text: str) -> list[str]:
    """The text in pieces that Telegram takes, cut between lines where it can be; our markup never reaches over one."""
    parts: list[str] = []
    for line in [piece for whole in (text or "…").split("\n") for piece in _short(whole)]:
        if parts and _units(parts[-1]) + 1 + _units(line) <= LONGEST:
            parts[-1] += "\n" + line
        else:
            parts.append(line)
    return parts


def _short(line: str) -> list[str]:
    """A line in pieces, none of them cut within a tag or an entity."""
    if _units(line) <= LONGEST:
        return [line]
    pieces = [""]
    for token in _TOKEN.findall(line):
        if _units(pieces[-1]) + _units(token) > LONGEST:
            pieces.append("")
        pieces[-1] += token
    return pieces


def _words(text: str) -> dict[str, object]:
    return {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def _key(button: Button) -> dict[str, str]:
    return {"text": button.text, **({"url": button.url} if button.url else {"callback_data": button.data})}


def _keys(rows: Rows) -> dict[str, object]:
    return {"reply_markup": {"inline_keyboard": [[_key(button) for button in row] for row in rows]}}
