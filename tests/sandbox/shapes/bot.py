"""Telegram's bots."""

from typing import Literal

from pydantic import ConfigDict, Field

from tests.sandbox.shapes.base import Shape


class Advice(Shape):
    retry_after: int = 0
    migrate_to_chat_id: int = 0


class BotError(Shape):
    ok: Literal[False]
    error_code: int
    description: str
    parameters: Advice | None = Field(default=None)


class User(Shape):
    id: int
    is_bot: bool
    first_name: str
    username: str = ""
    language_code: str = ""


class Chat(Shape):
    id: int
    type: Literal["private", "group", "supergroup", "channel"]
    title: str = ""
    first_name: str = ""


class Entity(Shape):
    type: str
    offset: int
    length: int


class File(Shape):
    file_id: str
    file_unique_id: str
    file_name: str = ""


class InlineButton(Shape):
    text: str
    callback_data: str = ""
    url: str = ""


class Keyboard(Shape):
    inline_keyboard: list[list[InlineButton]]


class Sent(Shape):
    """What somebody said or did."""

    sender: User = Field(alias="from")


class BotMessage(Sent):
    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)
    message_id: int
    chat: Chat
    date: int
    edit_date: int = 0
    text: str = ""
    entities: list[Entity] = Field(default=[])
    document: File | None = Field(default=None)
    caption: str = ""
    reply_markup: Keyboard | None = Field(default=None)


class Press(Sent):
    id: str
    message: BotMessage
    chat_instance: str
    data: str


class Member(Shape):
    user: User
    status: Literal["member", "kicked"]
    until_date: int = 0


class Membership(Sent):
    chat: Chat
    date: int
    old_chat_member: Member
    new_chat_member: Member


class Update(Shape):
    update_id: int
    message: BotMessage | None = Field(default=None)
    callback_query: Press | None = Field(default=None)
    my_chat_member: Membership | None = Field(default=None)
