"""Trouble that nobody records as an event: a site that was not built, effects that were given up, a silent service."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.relay import backlog
from commerce_api.foundation.publishing.service import recent_receipts
from commerce_api.foundation.theming import texts
from commerce_api.office.notifications.channels import StaffChannel
from commerce_api.office.notifications.handlers import STAFF_LANGUAGE
from commerce_api.office.notifications.service import tell_staff

LONGEST = 300
"""Characters of an error that are told; the whole of it stands in the office."""
RECEIPTS = 5


class Watched(Protocol):
    """A service outside and whether it answers at present."""

    @property
    def service(self) -> str:
        """Its name."""

    @property
    def silent(self) -> bool:
        """Whether it has failed so often that nobody asks it for now."""


def watch(channel: StaffChannel, services: Iterable[Watched]) -> Callable[[], Awaitable[None]]:
    """A job that tells the staff of trouble: the same one once an hour for as long as it lasts."""
    watched = tuple(services)

    async def job() -> None:
        t, hour = texts(STAFF_LANGUAGE), f"{clock.now():%Y%m%dT%H}"
        for receipt in await recent_receipts(RECEIPTS):
            if receipt.errors:
                error = receipt.errors[0][:LONGEST]
                digest = hashlib.sha256(error.encode()).hexdigest()[:16]
                at = f"{receipt.created_at:%Y%m%dT%H}"
                await tell_staff(channel, f"build:{digest}:{at}", t("notices.staff.build_failed", error=error))
        dead = (await backlog()).dead
        if dead:
            await tell_staff(channel, f"dead:{hour}", t("notices.staff.dead", n=dead))
        for one in watched:
            if one.silent:
                text = t("notices.staff.silent", service=one.service)
                await tell_staff(channel, f"silent:{one.service}:{hour}", text)

    return job
