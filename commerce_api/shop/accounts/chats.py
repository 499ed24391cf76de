"""The Telegram chat of an account: joined by a one-time link, never by a name that somebody typed (lessons.md 32)."""

from typing import Protocol

from tortoise.expressions import Q

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.kit import clock
from commerce_api.shop.accounts.errors import LinkUsed
from commerce_api.shop.accounts.models import TelegramChat
from commerce_api.shop.accounts.proofs import issue, use_up, want_letter
from commerce_api.shop.accounts.queries import Person, person
from commerce_api.shop.accounts.roles import Letter, ProofOf


class ChatBot(Protocol):
    """The shop's bot as the account sees it; a port."""

    async def address(self) -> str:
        """Where the bot is talked to; with `?start=<token>` it is handed that. Raises Unavailable."""


async def invite(account_id: int) -> str:
    """A token that lets one chat join the account, once and within fifteen minutes; only its digest is kept.

    Raises NoTransaction.
    """
    return await issue(account_id, ProofOf.CHAT)


async def join(token: str, chat_id: int) -> Person:
    """Make the chat the account's, and write its owner a letter about it; whatever either was joined with before is
    left. Returns whose account it is.

    Raises LinkUsed, and NoTransaction.
    """
    account_id = await use_up(token, ProofOf.CHAT)
    who = await person(account_id)
    if who is None:
        raise LinkUsed()
    await TelegramChat.filter(Q(account_id=account_id) | Q(chat_id=chat_id)).delete()
    await TelegramChat.create(account_id=account_id, chat_id=chat_id, joined_at=clock.now())
    await want_letter(account_id, Letter.CHAT_JOINED, who.language)
    return who


async def leave(account_id: int) -> bool:
    """Forget the chat of an account; whether there was one. Raises NoTransaction."""
    require_transaction()
    return bool(await TelegramChat.filter(account_id=account_id).delete())


async def chat_of(account_id: int) -> int | None:
    """The chat in which an account can be reached, or None without one and when it is dead."""
    row = await TelegramChat.get_or_none(account_id=account_id, dead_at__isnull=True)
    return row.chat_id if row else None


async def is_joined(account_id: int) -> bool:
    """Whether the account has a chat, dead or not."""
    return await TelegramChat.filter(account_id=account_id).exists()


async def owner_of_chat(chat_id: int) -> Person | None:
    """Who talks in a private chat, or as which Telegram user; None for everybody we do not know."""
    row = await TelegramChat.get_or_none(chat_id=chat_id)
    return await person(row.account_id) if row else None


async def mark_dead(chat_id: int) -> None:
    """The bot was thrown out of a chat: nothing is tried there until its owner writes again."""
    await TelegramChat.filter(chat_id=chat_id, dead_at__isnull=True).update(dead_at=clock.now())


async def mark_alive(chat_id: int) -> None:
    """Somebody wrote in a chat, so it can be written to."""
    await TelegramChat.filter(chat_id=chat_id, dead_at__isnull=False).update(dead_at=None)
