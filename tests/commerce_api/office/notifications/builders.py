"""Somebody to tell, ways to tell them, and a chat that remembers what it was told."""

from dataclasses import dataclass, field

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import Settings
from commerce_api.office.notifications.channels import Rows, SendError
from commerce_api.office.notifications.customers import Ways
from commerce_api.office.notifications.mail import Mail
from commerce_api.shop.accounts import chats
from commerce_api.shop.accounts.queries import Person
from tests.commerce_api.shop.customer_area.builders import somebody

CHAT = 700_100


@dataclass
class Chat:
    """A bot that writes down what it says; `dead` chats are closed to it, `busy` ones open later."""

    said: list[tuple[int, str]] = field(default_factory=list)
    rows: list[Rows] = field(default_factory=list)
    edited: list[tuple[int, str, Rows]] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    dead: set[int] = field(default_factory=set)
    busy: set[int] = field(default_factory=set)

    def _open(self, chat_id: int) -> None:
        if chat_id in self.dead:
            raise SendError("blocked", permanent=True)
        if chat_id in self.busy:
            raise SendError("too many", permanent=False)

    async def say(self, chat_id: int, text: str, rows: Rows = ()) -> None:
        self._open(chat_id)
        self.said.append((chat_id, text))
        self.rows.append(rows)

    async def edit(self, chat_id: int, message_id: int, text: str, rows: Rows = ()) -> None:
        self._open(chat_id)
        self.edited.append((message_id, text, rows))

    async def note(self, press_id: str, text: str = "") -> None:
        self.noted.append(text)

    async def hand(self, chat_id: int, name: str, content: bytes, text: str = "") -> None:
        self._open(chat_id)
        self.said.append((chat_id, name))


@dataclass
class Letters:
    """Letters that went out; it can be broken."""

    sent: list[Mail] = field(default_factory=list)
    broken: bool = False

    async def send(self, mail: Mail) -> None:
        if self.broken:
            raise SendError("the server is down", permanent=False)
        self.sent.append(mail)


@dataclass
class World:
    """Both ways, as handlers get them."""

    settings: Settings
    chat: Chat = field(default_factory=Chat)
    letters: Letters = field(default_factory=Letters)

    @property
    def ways(self) -> Ways:
        return Ways(self.letters, self.chat, self.settings.site_url, self.settings.secret_key)


async def linked(chat_id: int = CHAT, email: str = "oksana@example.com") -> Person:
    """Somebody whose Telegram is joined to their account."""
    who = await somebody(email)
    token = await transact(lambda: chats.invite(who.id))
    await transact(lambda: chats.join(token, chat_id))
    return who
