"""What Telegram says: read strictly, stored once for each number, handed to the worker by an event."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import BaseModel, Field
from tortoise.exceptions import IntegrityError

from commerce_api.foundation.db.tx import require_transaction, savepoint
from commerce_api.foundation.events import UpdateReceived
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.service import record
from commerce_api.office.notifications.models import TelegramUpdate

LONGEST_TEXT = 200
"""Characters kept of what somebody writes: the longest command is much shorter."""
Number = Annotated[int, Field(ge=-(2**62), le=2**62)]


class _Chat(BaseModel):
    id: Number
    type: str = ""


class _User(BaseModel):
    id: Number
    language_code: str = ""


class _Message(BaseModel):
    message_id: Number
    chat: _Chat
    sender: Annotated[_User | None, Field(alias="from")] = None
    text: str = ""


class _Press(BaseModel):
    id: Annotated[str, Field(max_length=64)]
    sender: Annotated[_User, Field(alias="from")]
    message: _Message | None = None
    data: Annotated[str, Field(max_length=64)] = ""


class _Standing(BaseModel):
    status: str = ""


class _Membership(BaseModel):
    chat: _Chat
    new_chat_member: _Standing


class Update(BaseModel):
    """The parts of an update that the shop reads; it takes no offence at others, of which there are many."""

    update_id: Annotated[int, Field(ge=0, le=2**62)]
    message: _Message | None = None
    callback_query: _Press | None = None
    my_chat_member: _Membership | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody did: `kind` is text, press (of a button; `text` is its data), or blocked (threw the bot out)."""

    kind: str
    chat_id: int
    private: bool
    user_id: int = 0
    lang: str = ""
    text: str = ""
    message_id: int = 0
    press_id: str = ""


def spoken(update: Update) -> Spoken | None:
    """What of an update concerns the shop, or None."""
    if update.callback_query and update.callback_query.message:
        press, place = update.callback_query, update.callback_query.message
        return Spoken(
            kind="press",
            chat_id=place.chat.id,
            private=place.chat.type == "private",
            user_id=press.sender.id,
            lang=press.sender.language_code[:8],
            text=press.data,
            message_id=place.message_id,
            press_id=press.id,
        )
    if update.message and update.message.sender and update.message.text:
        said = update.message
        user = said.sender or _User(id=0)
        return Spoken(
            kind="text",
            chat_id=said.chat.id,
            private=said.chat.type == "private",
            user_id=user.id,
            lang=user.language_code[:8],
            text="".join(letter for letter in said.text[:LONGEST_TEXT] if letter.isprintable()),
            message_id=said.message_id,
        )
    if update.my_chat_member and update.my_chat_member.new_chat_member.status == "kicked":
        chat = update.my_chat_member.chat
        return Spoken(kind="blocked", chat_id=chat.id, private=chat.type == "private")
    return None


async def take_in(update: Update) -> bool:
    """Store an update and let the worker answer it; False for one that was told before or concerns nobody.

    Raises NoTransaction.
    """
    require_transaction()
    what = spoken(update)
    if what is None:
        return False
    content = {name: value for name, value in asdict(what).items() if value}
    try:
        async with savepoint():
            await TelegramUpdate.create(update_id=update.update_id, content=content, received_at=clock.now())
    except IntegrityError:
        return False
    await record(UpdateReceived(update_id=update.update_id))
    return True


async def waiting(update_id: int) -> Spoken | None:
    """What an update said, or None when it is answered already."""
    row = await TelegramUpdate.get_or_none(update_id=update_id, done_at__isnull=True)
    if row is None:
        return None
    values: dict[str, Any] = {"private": False, **row.content}
    return Spoken(**values)


async def mark_answered(update_id: int) -> None:
    """Forget what was said."""
    await TelegramUpdate.filter(update_id=update_id).update(content={}, done_at=clock.now())


async def next_number() -> int:
    """The number after the newest update there is; for asking Telegram for what comes next."""
    newest = await TelegramUpdate.all().order_by("-update_id").limit(1).values_list("update_id", flat=True)
    return int(str(newest[0])) + 1 if newest else 0
