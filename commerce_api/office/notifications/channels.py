"""Ways of telling somebody something. Adapters say only whether a failure is permanent."""

from typing import Protocol

import structlog

log = structlog.get_logger("staff_notice")


class SendError(Exception):
    """A message was not delivered; a `permanent` failure will not get better by trying again."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class StaffChannel(Protocol):
    """Where the staff look: a chat, or a log while there is none."""

    async def tell(self, text: str) -> None:
        """Deliver one notice. Raises SendError."""


class LogChannel:
    """Staff notices as log lines, for shops without a chat."""

    async def tell(self, text: str) -> None:
        log.info("staff_notice", text=text)
