"""Telling a customer once, by the way they chose: Telegram if it is linked, else a letter (rules.md 11)."""

from dataclasses import dataclass

from commerce_api.foundation import telemetry
from commerce_api.office.notifications.channels import ChatChannel, SendError
from commerce_api.office.notifications.composing import Block, Button, compose, order_table
from commerce_api.office.notifications.mail import Mail, MailChannel, deliver_mail
from commerce_api.office.notifications.service import MAIL, TELEGRAM, mark_told, was_told
from commerce_api.office.notifications.words import Notice, Words, worded
from commerce_api.shop.accounts import chats
from commerce_api.shop.accounts.choices import Choice, choice_of, is_quiet
from commerce_api.shop.accounts.queries import person
from commerce_api.shop.orders.queries import OrderView

log = telemetry.logger(__name__)


@dataclass(frozen=True, slots=True)
class Ways:
    """How the shop reaches customers. `chat` is None while no bot is connected; `key` hides guests' addresses."""

    mail: MailChannel
    chat: ChatChannel | None
    site_url: str
    key: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Where one customer can be reached for one notice; None for a way that they have not or do not want."""

    chat_id: int | None
    email: str | None


async def reach_of(order: OrderView, essential: bool, ways: Ways) -> Reach:
    """Where the customer of an order wants to hear this.

    Somebody who wants no letters still gets those that they must have. Somebody with only a telephone is served by the
    order's page.
    """
    if order.account_id is None:
        quiet = bool(order.email) and not essential and await is_quiet(order.email or "", ways.key)
        return Reach(None, None if quiet else order.email)
    choice: Choice = await choice_of(order.account_id)
    chat_id = await chats.chat_of(order.account_id) if ways.chat and choice.telegram else None
    who = await person(order.account_id)
    email = order.email or (who.email if who else None)
    return Reach(chat_id, email if choice.mail or essential else None)


async def tell_customer(ways: Ways, notice: Notice, order: OrderView) -> bool:
    """Tell the customer once; whether anything was sent now.

    A chat that is dead is remembered as such, and the letter goes out instead. Raises SendError when the way that is
    left fails; the outbox tries again.
    """
    key = f"customer:{notice.key}"
    if await was_told(key, [TELEGRAM, MAIL]):
        return False
    reach = await reach_of(order, notice.essential, ways)
    words = worded(notice, order, ways.site_url)
    if ways.chat and reach.chat_id is not None and await _said(ways.chat, reach.chat_id, words):
        await mark_told(key, TELEGRAM)
        return True
    if reach.email:
        await deliver_mail(ways.mail, letter(notice, words, order, reach.email, ways.site_url))
        await mark_told(key, MAIL)
        return True
    return False


def letter(notice: Notice, words: Words, order: OrderView, to: str, site_url: str) -> Mail:
    """A notice as a letter; the lines of the order stand in a table, with their sums."""
    said: tuple[Block, ...] = words.paragraphs
    if notice.with_lines:
        said = (*words.paragraphs[:-1], order_table(order))
    buttons = tuple(Button(link.label, link.url) for link in words.links)
    quiet = Button(words.quiet.label, words.quiet.url) if words.quiet else None
    key = f"customer:{notice.key}"
    return compose(to, order.lang, words.subject, (*said, *buttons), site_url=site_url, key=key, quiet=quiet)


async def _said(chat: ChatChannel, chat_id: int, words: Words) -> bool:
    """Whether the chat took it; one that never will is marked as dead. Raises SendError for one that may later."""
    try:
        await chat.say(chat_id, words.html())
    except SendError as error:
        if not error.permanent:
            raise
        await chats.mark_dead(chat_id)
        log.info("telegram_chat_dead")
        return False
    return True
