"""A mail server that keeps every letter to itself, and its faults."""

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.letters import Letter
from sandbox.world import World

SERVICE: Final = "smtp"
FAULTS: Final = ("4xx", "5xx", "drop", "lost_reply", "slow")
MOST: Final = 500
"""Letters that are kept."""
LARGEST: Final = 10 * 1024 * 1024


class Mailbox:
    """What happens with a letter; the names are those that aiosmtpd calls."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._count = 0

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        """Take one letter, unless a switch is on."""
        switch = self.world.faults.strikes(SERVICE, *FAULTS)
        fault = switch.fault if switch else ""
        if switch and fault == "slow":
            await self.world.sleep(switch.seconds)
        if fault == "4xx":
            return "451 4.7.1 Try again later"
        if fault == "5xx":
            return "550 5.1.1 No such mailbox here"
        if fault != "drop":
            self._keep(envelope)
        if fault in {"drop", "lost_reply"}:
            server.transport.abort()
        return "250 2.0.0 Kept"

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        message = message_from_bytes(content, EmailMessage, policy=policy.default)
        self._count += 1
        for to in envelope.rcpt_tos:
            letter = Letter(self._count, self.world.clock.now(), envelope.mail_from or "", to, message)
            self.world.letters.append(letter)
            shown = f"{self.world.public_url}/inbox/{letter.number}"
            self.world.journal.note(SERVICE, letter.subject or "a letter", to=to, letter=shown)
        del self.world.letters[:-MOST]


async def listen(world: World, port: int = 0) -> asyncio.Server:
    """The mail server at 127.0.0.1; port 0 lets the system choose. Close what is returned."""
    world.faults.offer(SERVICE, *FAULTS)
    mailbox = Mailbox(world)

    def connection() -> SMTP:
        return SMTP(mailbox, hostname="sandbox.example", enable_SMTPUTF8=True, data_size_limit=LARGEST)

    return await asyncio.get_running_loop().create_server(connection, "127.0.0.1", port)


def port_of(server: asyncio.Server) -> int:
    """Where a server listens."""
    port: int = server.sockets[0].getsockname()[1]
    return port
