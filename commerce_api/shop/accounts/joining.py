"""Whom a provider vouches for, and which account that opens (ADR 0013). Writes expect the caller's transaction.

The key is issuer and subject. An address joins nothing by itself: an account that its owner has proven asks for a proof
of its own, and one that nobody ever proved loses what was prepared for whoever comes after (security.md 1.2).
"""

from dataclasses import dataclass
from datetime import datetime

from tortoise.exceptions import IntegrityError

from commerce_api.foundation.db.tx import lock_rows, require_transaction, savepoint
from commerce_api.foundation.kit import clock
from commerce_api.foundation.kit.email import normalize_email
from commerce_api.foundation.web import sessions
from commerce_api.shop.accounts import bearers, factors
from commerce_api.shop.accounts.errors import LastWayIn, WayTaken, WrongCredentials
from commerce_api.shop.accounts.identity import Vouched
from commerce_api.shop.accounts.models import Account, AccountRole, Consent, LinkedIdentity, Proof
from commerce_api.shop.accounts.proofs import want_letter
from commerce_api.shop.accounts.queries import Person, person
from commerce_api.shop.accounts.roles import Letter
from commerce_api.shop.accounts.service import TERMS


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who comes in; `proven` says that their address was proven just now, by the provider."""

    person: Person
    proven: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A way into an account, as its owner sees it."""

    id: int
    provider: str
    joined_at: datetime


async def owner_of(vouched: Vouched) -> int | None:
    """The account that somebody opens already."""
    row = await LinkedIdentity.get_or_none(issuer=vouched.issuer, subject=vouched.subject)
    return row.account_id if row else None


async def arrive(provider: str, vouched: Vouched, lang: str) -> Arrival | None:
    """The account that a provider's word opens; a new one for a proven address that nobody has.

    None where a proof is needed: the address has an account that was proven before, or the provider proves none. What
    comes after the password (a code, the strict terms of staff) is still to be asked. Raises WrongCredentials for a
    closed account, and NoTransaction.
    """
    require_transaction()
    known = await owner_of(vouched)
    if known is not None:
        return Arrival(await _somebody(known), proven=False)
    address = _address(vouched)
    if not address:
        return None
    # Held, so that nobody proves the address by a letter while its account is taken back.
    rows = await lock_rows(Account.filter(email=address))
    account = rows[0] if rows else None
    try:
        if account is None:
            async with savepoint():
                account_id = await _open(provider, vouched, address, lang)
        elif await _is_unproven(account):
            async with savepoint():
                account_id = await _take_back(provider, vouched, account)
        else:
            return None
    except IntegrityError:
        # A rival, most likely the same person pressing twice, was quicker: look again.
        return await arrive(provider, vouched, lang)
    return Arrival(await _somebody(account_id), proven=True)


async def join(account_id: int, provider: str, vouched: Vouched, lang: str) -> None:
    """Let a provider's word open an account whose owner has just proven that it is theirs; they are written to.

    Raises WayTaken when it opens another account, and NoTransaction.
    """
    require_transaction()
    try:
        async with savepoint():
            await _link(account_id, provider, vouched)
    except IntegrityError as error:
        if await owner_of(vouched) != account_id:
            raise WayTaken() from error
        return
    await want_letter(account_id, Letter.WAY_ADDED, lang)


async def ways_of(account_id: int) -> list[Way]:
    """Whose word opens an account, in the order they were connected."""
    rows = await LinkedIdentity.filter(account_id=account_id).order_by("id")
    return [Way(row.id, row.provider, row.joined_at) for row in rows]


async def has_password(account_id: int) -> bool:
    """Whether the account can be opened, and its owner asked, by a password."""
    return await Account.filter(id=account_id, password_hash__isnull=False).exists()


async def disconnect(account_id: int, way_id: int) -> bool:
    """Whether the account had this way in; it opens nothing from now on.

    Raises LastWayIn when nobody could come in without it, and NoTransaction.
    """
    require_transaction()
    # Two that are dropped at once must not both find the other one still there.
    await lock_rows(Account.filter(id=account_id))
    mine = LinkedIdentity.filter(account_id=account_id)
    if not await mine.filter(id=way_id).exists():
        return False
    if await mine.count() == 1 and not await has_password(account_id):
        raise LastWayIn()
    return bool(await mine.filter(id=way_id).delete())


def _address(vouched: Vouched) -> str:
    return normalize_email(vouched.email) or ""


async def _somebody(account_id: int) -> Person:
    who = await person(account_id)
    if who is None:
        raise WrongCredentials
    return who


async def _is_unproven(account: Account) -> bool:
    # An account with rights is never taken by a provider's word, whatever its address.
    has_rights = await AccountRole.filter(account_id=account.id).exists()
    return account.verified_at is None and account.disabled_at is None and not has_rights


async def _open(provider: str, vouched: Vouched, address: str, lang: str) -> int:
    at = clock.now()
    account = await Account.create(email=address, name="", language=lang, created_at=at, verified_at=at)
    await Consent.create(account_id=account.id, kind="terms", version=TERMS, at=at)
    await _link(account.id, provider, vouched)
    return account.id


async def _take_back(provider: str, vouched: Vouched, account: Account) -> int:
    """Whoever registered the address without owning it keeps nothing: no password, no session, no letter, no token."""
    now = clock.now()
    await Account.filter(id=account.id).update(password_hash=None, verified_at=now)
    await factors.drop(account.id)
    await bearers.revoke_all(account.id)
    await Proof.filter(account_id=account.id, used_at__isnull=True).update(used_at=now)
    await sessions.close_all(account.id)
    await _link(account.id, provider, vouched)
    return account.id


async def _link(account_id: int, provider: str, vouched: Vouched) -> None:
    await LinkedIdentity.create(
        account_id=account_id,
        provider=provider,
        issuer=vouched.issuer,
        subject=vouched.subject,
        joined_at=clock.now(),
    )
