"""Who and what there is in the stand-in of Telegram, and how the Bot API tells of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.environment import BOT_TOKEN
from sandbox.telegram_markup import read_markup

NAME: Final = "twocomms_sandbox_bot"
BOT: Final = int(BOT_TOKEN.partition(":")[0])
GROUP: Final = -1001
"""The chat of the staff (sandbox/environment.py)."""
PEOPLE: Final[Mapping[int, tuple[str, str]]] = {
    501: ("Customer", "uk"),
    502: ("Customer abroad", "en"),
    601: ("Staff", "uk"),
    602: ("Somebody else in the staff's chat", "uk"),
}
"""Who talks to the bot here: number, name, language. The last two are in the group."""
IN_GROUP: Final = (601, 602)


@dataclass(slots=True)
class Message:
    """Something said in a chat; `sender` 0 is the bot. `text` is the Bot API's HTML for the bot, plain for people; with
    a file it is what stands below it. Moments are seconds since 1970."""

    id: int
    chat: int
    sender: int
    text: str
    at: int
    rows: list[list[dict[str, str]]] = field(default_factory=list)
    edited_at: int = 0
    file: str = ""

    @property
    def edited(self) -> bool:
        """Whether the bot has changed it."""
        return self.edited_at > 0


def as_user(who: int) -> dict[str, Any]:
    """The User of a number; 0 is the bot."""
    if who in {0, BOT}:
        return {"id": BOT, "is_bot": True, "first_name": "TwoComms", "username": NAME}
    name, language = PEOPLE[who]
    return {"id": who, "is_bot": False, "first_name": name, "language_code": language}


def as_chat(chat: int) -> dict[str, Any]:
    """The Chat of a number."""
    if chat > 0:
        return {"id": chat, "type": "private", "first_name": as_user(chat)["first_name"]}
    return {"id": chat, "type": "supergroup", "title": "Staff"}


def as_message(one: Message) -> dict[str, Any]:
    """The Message."""
    told: dict[str, Any] = {
        "message_id": one.id,
        "from": as_user(one.sender),
        "chat": as_chat(one.chat),
        "date": one.at,
    }
    text = one.text if one.sender else read_markup(one.text)
    if one.file:
        unique = f"sandbox{one.id}"
        told["document"] = {"file_id": f"file-{unique}", "file_unique_id": unique, "file_name": one.file}
        told |= {"caption": text} if text else {}
    else:
        told["text"] = text
    if one.sender and text.startswith("/"):
        told["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    if one.edited_at:
        told["edit_date"] = one.edited_at
    if one.rows:
        told["reply_markup"] = {"inline_keyboard": one.rows}
    return told
