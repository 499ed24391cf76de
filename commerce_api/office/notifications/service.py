"""Sending a notice and marking it as sent."""

from commerce_api.foundation import crash
from commerce_api.foundation.kit import clock
from commerce_api.office.notifications.channels import StaffChannel
from commerce_api.office.notifications.models import Notice


async def tell_staff(channel: StaffChannel, key: str, text: str) -> bool:
    """Tell the staff once; returns whether anything was sent now.

    `key` names the occasion. Raises SendError when the channel fails; the outbox tries again.
    """
    if await Notice.filter(key=key, channel="staff").exists():
        return False
    await channel.tell(text)
    crash.point("worker_after_call")
    await Notice.create(key=key, channel="staff", sent_at=clock.now())
    return True
