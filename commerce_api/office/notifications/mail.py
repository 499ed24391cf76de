"""Ways of sending a letter. Letters to accounts carry links that open them, so that no log ever holds one."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import anyio

from commerce_api.foundation import telemetry
from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.kit.email import mask_email
from commerce_api.foundation.outbox.relay import GivenUp
from commerce_api.office.notifications.channels import SendError

log = telemetry.logger("letters")

MAIL_FOLDER: Final = "outbox-mail"
"""Below the var folder: letters that a shop in development would send."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter: `text` for everybody, `html` for mail programs that show it.

    `key` names the occasion, so that a letter that is sent again is known to be the same; `unsubscribe` is the address
    where such letters are switched off.
    """

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    key: str = ""
    unsubscribe: str = field(default="", repr=False)


class MailChannel(Protocol):
    """How letters leave the shop."""

    async def send(self, mail: Mail) -> None:
        """Deliver one letter. Raises SendError."""


async def deliver_mail(channel: MailChannel, mail: Mail) -> None:
    """Send a letter from a handler of the outbox.

    Raises SendError for what may go well later, and GivenUp for a letter that nobody will ever take: it is set aside
    at once, for staff to see.
    """
    try:
        await channel.send(mail)
    except SendError as error:
        if not error.permanent:
            raise
        raise GivenUp(str(error)) from error


class FolderMail:
    """Letters as files of a folder, for development: whoever works on the shop follows their links from there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def send(self, mail: Mail) -> None:
        """Write the letter; the newest has the last name."""
        folder = anyio.Path(self.folder)
        await folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{clock.now():%Y%m%d-%H%M%S-%f}-{ids.readable_code(4)}.txt"
        await (folder / name).write_text(f"To: {mail.to}\nSubject: {mail.subject}\n\n{mail.text}\n", "utf-8")


class NoMail:
    """A shop that can send no letters: says that one was owed, and to whom in part; never what stood in it."""

    async def send(self, mail: Mail) -> None:
        """Note the letter that nobody gets."""
        log.warning("letter_not_sent", to=mask_email(mail.to), about=mail.subject)
