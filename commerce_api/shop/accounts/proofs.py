"""Links that work once: made when they are handed out, stored as digests (security.md, row 45)."""

from datetime import timedelta
from typing import Final

from tortoise.queryset import QuerySet

from commerce_api.foundation.db.tx import lock_rows, require_transaction
from commerce_api.foundation.events import LetterWanted
from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.outbox.service import record
from commerce_api.foundation.web import sessions
from commerce_api.shop.accounts import bearers
from commerce_api.shop.accounts.errors import LinkUsed, WrongCredentials
from commerce_api.shop.accounts.models import Account, Proof
from commerce_api.shop.accounts.queries import Person, account_by_email, person
from commerce_api.shop.accounts.roles import Letter, ProofOf

LIVES: Final = {
    ProofOf.RESET: timedelta(minutes=30),
    ProofOf.ADDRESS: timedelta(days=3),
    ProofOf.CHAT: timedelta(minutes=15),
}
"""How long each kind is good."""


def minutes_of(purpose: ProofOf) -> int:
    """How long a link is good, in whole minutes, for the words beside it."""
    return LIVES[purpose] // timedelta(minutes=1)


async def want_letter(account_id: int, letter: Letter, lang: str) -> None:
    """Let the worker write to an account; 0 for nobody. Joins the caller's transaction."""
    await record(LetterWanted(account_id=account_id, letter=letter.value, lang=lang, key=ids.token()))


async def issue(account_id: int, purpose: ProofOf) -> str:
    """A fresh token for a letter that is about to go out; what was issued before stays good until it is used or old.

    Only its digest is stored, so it can be sent and never read again. Raises NoTransaction.
    """
    require_transaction()
    token = ids.token()
    expires_at = clock.now() + LIVES[purpose]
    await Proof.create(account_id=account_id, purpose=purpose, digest=ids.digest(token), expires_at=expires_at)
    return token


def _open(token: str, purpose: ProofOf) -> QuerySet[Proof]:
    """The link of a token, if it was not used and is not too old."""
    return Proof.filter(digest=ids.digest(token), purpose=purpose, used_at__isnull=True, expires_at__gt=clock.now())


async def is_open(token: str, purpose: ProofOf) -> bool:
    """Whether the link would still work; changes nothing."""
    return await _open(token, purpose).exists()


async def owner_of(token: str, purpose: ProofOf) -> str:
    """The e-mail address that an open link belongs to. Raises LinkUsed."""
    proof = await _open(token, purpose).first().select_related("account")
    if proof is None:
        raise LinkUsed()
    return proof.account.email


async def redeem(token: str, purpose: ProofOf) -> int:
    """Use the link up; the account whose address it proves. Of two who follow it at once one gets in.

    Raises LinkUsed, and NoTransaction outside a transaction.
    """
    account_id = await use_up(token, purpose)
    await Account.filter(id=account_id, verified_at__isnull=True).update(verified_at=clock.now())
    return account_id


async def use_up(token: str, purpose: ProofOf) -> int:
    """Use a link up that proves nothing about the address; whose it is. Raises LinkUsed, and NoTransaction."""
    require_transaction()
    now = clock.now()
    rows = await lock_rows(Proof.filter(digest=ids.digest(token), purpose=purpose))
    if not rows or not await _open(token, purpose).update(used_at=now):
        raise LinkUsed()
    # One proof is enough: whatever else was handed out for this purpose opens nothing any more.
    await Proof.filter(account_id=rows[0].account_id, purpose=purpose, used_at__isnull=True).update(used_at=now)
    return rows[0].account_id


async def ask_reset(email: str, lang: str) -> None:
    """Send a link for a new password, if there is such an account; nobody can tell from outside.

    Raises NoTransaction.
    """
    require_transaction()
    account = await account_by_email(email)
    known = account is not None and account.disabled_at is None
    await want_letter(account.id if account and known else 0, Letter.RESET, lang)


async def reset(token: str, hashed: str, lang: str) -> Person:
    """A new password (its hash) for the owner of a link; every session and every program's token of the account ends.

    Raises LinkUsed, WrongCredentials when the account is closed, and NoTransaction.
    """
    account_id = await redeem(token, ProofOf.RESET)
    await Account.filter(id=account_id).update(password_hash=hashed)
    await sessions.close_all(account_id)
    await bearers.revoke_all(account_id)
    known = await person(account_id)
    if known is None:
        raise WrongCredentials
    await want_letter(account_id, Letter.PASSWORD_CHANGED, lang)
    return known


async def forget_proofs() -> int:
    """Delete links that are too old to be asked about; for the calendar."""
    return await Proof.filter(expires_at__lt=clock.now() - timedelta(days=7)).delete()
