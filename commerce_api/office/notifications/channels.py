"""Ways of telling somebody something. Adapters say only whether a failure is permanent."""

from dataclasses import dataclass
from typing import Protocol

from commerce_api.foundation import telemetry

log = telemetry.logger("staff_notice")


class SendError(Exception):
    """A message was not delivered; a `permanent` failure will not get better by trying again."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press below a message: it sends us `data` (at most 64 bytes), or opens `url`."""

    text: str
    data: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]
"""Buttons as they lie below a message."""


class StaffChannel(Protocol):
    """Where the staff look: a chat, or a log while there is none."""

    async def tell(self, text: str, rows: Rows = ()) -> None:
        """Deliver one notice in plain text. Raises SendError."""


class ChatChannel(Protocol):
    """The shop's bot: a port. Texts are the Bot API's HTML, with everything that people wrote escaped.

    Each call raises SendError; a permanent one means that nobody can be reached in that chat.
    """

    async def say(self, chat_id: int, text: str, rows: Rows = ()) -> None:
        """Write into a chat."""

    async def edit(self, chat_id: int, message_id: int, text: str, rows: Rows = ()) -> None:
        """Put other words and buttons in place of a message's; the same ones are no failure."""

    async def note(self, press_id: str, text: str = "") -> None:
        """Answer the press of a button, with a few words that pass over the screen."""

    async def hand(self, chat_id: int, name: str, content: bytes, text: str = "") -> None:
        """Send a file."""


class LogChannel:
    """Staff notices as log lines, for shops without a chat."""

    async def tell(self, text: str, rows: Rows = ()) -> None:
        log.info("staff_notice", text=text)


class StaffChat:
    """Staff notices in a chat of the staff, with their buttons."""

    def __init__(self, chat: ChatChannel, chat_id: int) -> None:
        self.chat, self.chat_id = chat, chat_id

    async def tell(self, text: str, rows: Rows = ()) -> None:
        """Write one notice into the chat."""
        await self.chat.say(self.chat_id, escaped(text), rows)


def escaped(text: str) -> str:
    """Plain text as it stands in the Bot API's HTML, which knows four entities and no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
