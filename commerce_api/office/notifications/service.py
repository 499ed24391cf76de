"""Sending a notice and marking it as sent."""

from collections.abc import Collection

from commerce_api.foundation import crash
from commerce_api.foundation.kit import clock
from commerce_api.office.notifications.channels import Rows, StaffChannel
from commerce_api.office.notifications.models import Notice

STAFF = "staff"
MAIL = "mail"
TELEGRAM = "telegram"


async def was_told(key: str, channels: Collection[str]) -> bool:
    """Whether the notice went out on one of these channels."""
    return await Notice.filter(key=key, channel__in=list(channels)).exists()


async def mark_told(key: str, channel: str) -> None:
    """Store the mark of a notice that has just gone out (rules.md 11)."""
    crash.point("worker_after_call")
    await Notice.create(key=key, channel=channel, sent_at=clock.now())


async def tell_staff(channel: StaffChannel, key: str, text: str, rows: Rows = ()) -> bool:
    """Tell the staff once, with buttons where they can do something about it; whether anything was sent now.

    `key` names the occasion. Raises SendError when the channel fails; the outbox tries again.
    """
    if await was_told(key, [STAFF]):
        return False
    await channel.tell(text, rows)
    await mark_told(key, STAFF)
    return True
