"""Answering what was said to the bot, in the worker: the webhook only stores it (integrations 3.2)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from commerce_api.foundation import crash, telemetry
from commerce_api.foundation.events import UpdateReceived
from commerce_api.office.notifications import bot
from commerce_api.office.notifications.channels import ChatChannel, SendError, escaped
from commerce_api.office.notifications.pressing import Hands, press
from commerce_api.office.notifications.updates import Spoken, mark_answered, waiting
from commerce_api.shop.accounts import chats

log = telemetry.logger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the bot needs to answer: where it writes, the shop's address, and the hands that buttons have."""

    chat: ChatChannel
    site_url: str
    hands: Hands


def on_update_received(desk: Desk) -> Callable[[UpdateReceived], Awaitable[None]]:
    """Answer one update. What it does is done once; its answer may come twice after a crash."""

    async def handle(event: UpdateReceived) -> None:
        said = await waiting(event.update_id)
        if said is None:
            return
        try:
            await _answer(said, desk)
        except SendError as error:
            if not error.permanent:
                raise
            # Whoever asked cannot be reached any more; what they asked for is done.
            await chats.mark_dead(said.chat_id)
            log.info("telegram_chat_dead")
        crash.point("worker_after_call")
        await mark_answered(event.update_id)

    return handle


async def _answer(said: Spoken, desk: Desk) -> None:
    if said.kind == "blocked":
        await chats.mark_dead(said.chat_id)
        return
    if said.kind == "press":
        pressed = await press(said, desk.hands)
        await _note(desk.chat, said.press_id, pressed.note)
        if pressed.text:
            await desk.chat.edit(said.chat_id, said.message_id, escaped(pressed.text), pressed.rows)
        if pressed.file:
            name, content, words = pressed.file
            await desk.chat.hand(said.chat_id, name, content, words)
        return
    if said.private:
        await chats.mark_alive(said.chat_id)
    text = await bot.answer(said, desk.site_url)
    if text:
        await desk.chat.say(said.chat_id, text)


async def _note(chat: ChatChannel, press_id: str, text: str) -> None:
    """A press that is too old to be answered is no reason to leave its message as it was."""
    try:
        await chat.note(press_id, text)
    except SendError as error:
        if not error.permanent:
            raise
        log.info("press_too_old")
