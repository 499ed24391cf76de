"""Who wants to hear by which way. What a person must be told is told whatever they chose (office/notifications)."""

from dataclasses import dataclass

from tortoise.exceptions import IntegrityError

from commerce_api.foundation.db.tx import lock_rows, require_transaction, savepoint
from commerce_api.foundation.kit import clock, ids
from commerce_api.shop.accounts.models import Account, NoticeChoice, QuietAddress


@dataclass(frozen=True, slots=True)
class Choice:
    """The ways by which somebody wants to hear of their orders."""

    mail: bool = True
    telegram: bool = True


async def choice_of(account_id: int) -> Choice:
    """What an account chose; everything until it chooses."""
    row = await NoticeChoice.get_or_none(account_id=account_id)
    return Choice(row.mail, row.telegram) if row else Choice()


async def choose(account_id: int, *, mail: bool | None = None, telegram: bool | None = None) -> None:
    """Store by which ways an account wants to hear; one that is None stays as it was. Raises NoTransaction."""
    # Of two first choices at once the second finds the row of the first.
    await lock_rows(Account.filter(id=account_id))
    row = await NoticeChoice.get_or_none(account_id=account_id) or NoticeChoice(account_id=account_id)
    row.mail = row.mail if mail is None else mail
    row.telegram = row.telegram if telegram is None else telegram
    await row.save()


def _digest(email: str, key: str) -> str:
    return ids.keyed_hash(f"quiet:{email.strip().lower()}", key)


async def is_quiet(email: str, key: str) -> bool:
    """Whether a guest's address asked for quiet; `key` is the shop's secret."""
    return await QuietAddress.filter(digest=_digest(email, key)).exists()


async def set_quiet(email: str, quiet: bool, key: str) -> None:
    """Write to a guest's address only what it must be told, or everything again. Raises NoTransaction."""
    require_transaction()
    rows = QuietAddress.filter(digest=_digest(email, key))
    if not quiet:
        await rows.delete()
        return
    try:
        async with savepoint():
            await QuietAddress.create(digest=_digest(email, key), since=clock.now())
    except IntegrityError:
        # Quiet already.
        return
