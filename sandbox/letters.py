"""A letter as it arrived."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Final

_LINK: Final = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


@dataclass(frozen=True, slots=True)
class Letter:
    """What reached a mailbox; `message` is the whole of it."""

    number: int
    at: datetime
    sender: str
    to: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        """Its subject line."""
        return str(self.message["subject"] or "")

    def part(self, kind: str) -> str:
        """The body as `plain` or `html` text; empty when it has none of that kind."""
        found = self.message.get_body(preferencelist=(kind,))
        return str(found.get_content()).replace("\r\n", "\n") if found is not None else ""

    @property
    def links(self) -> list[str]:
        """Addresses in the plain text, each once."""
        return list(dict.fromkeys(_LINK.findall(self.part("plain"))))
