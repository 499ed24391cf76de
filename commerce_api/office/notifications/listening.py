"""Hearing what is said to the bot: by the webhook where the shop has an https address, else by asking for it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from pydantic import ValidationError

from commerce_api.foundation import telemetry
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import urls
from commerce_api.foundation.schedule.service import Job
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.office.notifications.bot import MENU
from commerce_api.office.notifications.updates import Update, next_number, take_in

WAIT: Final = 2
"""Seconds that one question waits for an answer: a worker that is told to stop must not sit longer than that."""

log = telemetry.logger(__name__)


class Ear(Protocol):
    """How the bot hears; a port. Each call raises SendError."""

    async def updates(self, offset: int, seconds: int) -> Sequence[Mapping[str, Any]]:
        """What was said since `offset`, waiting up to `seconds` for it."""

    async def listen_at(self, address: str, secret: str) -> None:
        """Have everything sent to an address, with a secret."""

    async def stop_listening(self) -> None:
        """Have nothing sent."""

    async def offer(self, commands: Mapping[str, str], lang: str) -> None:
        """Show a menu of commands to people whose Telegram speaks a language, "" for all others."""


async def _show_menu(ear: Ear) -> None:
    for lang, shown_to in (("uk", ""), ("uk", "uk"), ("en", "en")):
        t = texts(lang)
        await ear.offer({name: t(f"bot.menu.{name}") for name in MENU}, shown_to)


def hear_by_webhook(ear: Ear, site_url: str, secret: str) -> Callable[[], Awaitable[None]]:
    """A job that says where to send updates; saying it again changes nothing."""

    async def job() -> None:
        await ear.listen_at(site_url + urls.WEBHOOK_TELEGRAM, secret)
        await _show_menu(ear)

    return job


def hear_by_asking(ear: Ear) -> Callable[[], Awaitable[None]]:
    """A job that asks what was said. It remembers how far it came; after a start the stored updates know it."""
    offset: int | None = None

    async def job() -> None:
        nonlocal offset
        if offset is None:
            # Telegram answers no questions while it sends to a webhook.
            await ear.stop_listening()
            await _show_menu(ear)
            offset = await next_number()
        for raw in await ear.updates(offset, WAIT):
            await _take(raw)
            number = raw.get("update_id")
            offset = max(offset, number + 1) if isinstance(number, int) else offset

    return job


def hearing(ear: Ear | None, settings: Settings) -> tuple[Job, ...]:
    """The jobs by which the bot hears, for the calendar: Telegram sends only to https addresses."""
    if ear is None:
        return ()
    secret = settings.outside.telegram.webhook_secret
    if settings.secure and secret:
        return (Job("telegram_webhook", 21_600.0, hear_by_webhook(ear, settings.site_url, secret)),)
    return (Job("telegram_updates", 0.5, hear_by_asking(ear)),)


async def _take(raw: Mapping[str, Any]) -> None:
    try:
        update = Update.model_validate(raw)
    except ValidationError:
        log.warning("update_unreadable")
        return
    await transact(lambda: take_in(update))
