"""Accounts: creating, granting, signing in. Writes expect the caller's transaction."""

from collections.abc import Collection, Mapping
from typing import Final

from tortoise.exceptions import IntegrityError

from commerce_api.foundation.db.tx import require_transaction, savepoint, transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.kit.email import normalize_email
from commerce_api.foundation.web import sessions
from commerce_api.shop.accounts import bearers, passwords
from commerce_api.shop.accounts.errors import (
    BadEmail,
    EmailTaken,
    LinkUsed,
    NotVerified,
    WrongCredentials,
    WrongPassword,
)
from commerce_api.shop.accounts.models import Account, AccountRole, Consent
from commerce_api.shop.accounts.proofs import owner_of, redeem, want_letter
from commerce_api.shop.accounts.queries import Person, account_by_email, person
from commerce_api.shop.accounts.roles import Letter, ProofOf, Role

TERMS: Final = "2026-11"
"""The version of the terms and of the privacy page that a new account agrees to."""


def checked_email(email: str) -> str:
    """An address as it is stored and compared. Raises BadEmail when it cannot be one."""
    plain = normalize_email(email)
    if plain is None:
        raise BadEmail(fields={"email": "email_form"})
    return plain


async def create_staff(email: str, name: str, password: str, roles: Collection[Role]) -> Person:
    """A staff account with its rights.

    Raises BadEmail, WeakPassword, or EmailTaken when the address has an account already.
    """
    address = checked_email(email)
    passwords.check_strength(password, address)
    hashed = await passwords.hash_password(password)
    require_transaction()
    if await Account.filter(email=address).exists():
        raise EmailTaken(email=address)
    # Who makes staff accounts knows whose addresses they are.
    at = clock.now()
    account = await Account.create(email=address, name=name, password_hash=hashed, created_at=at, verified_at=at)
    await AccountRole.bulk_create([AccountRole(account_id=account.id, role=role) for role in sorted(set(roles))])
    return Person(account.id, address, name, account.language, frozenset(roles))


async def grant(email: str, role: Role) -> bool:
    """Give an account a right; returns False when it had it.

    Raises WrongCredentials when there is no such account.
    """
    require_transaction()
    account = await Account.get_or_none(email=checked_email(email))
    if account is None:
        raise WrongCredentials(email=email)
    if await AccountRole.filter(account_id=account.id, role=role).exists():
        return False
    await AccountRole.create(account_id=account.id, role=role)
    # What a shopper opened must not become a door of staff: they come in anew, by the strict one.
    await sessions.close_all(account.id)
    await bearers.revoke_all(account.id)
    return True


async def check_password(email: str, password: str) -> Person:
    """The person whose address and password these are; a hash of older strength is renewed.

    Raises WrongCredentials, the same for every cause, and NotVerified, which looks the same outside. Call it outside a
    transaction: hashing takes its time.
    """
    account = await account_by_email(email)
    right = await passwords.verify_password(account.password_hash if account else None, password)
    if account is None or not right or account.disabled_at is not None:
        raise WrongCredentials
    if account.password_hash and passwords.needs_rehash(account.password_hash):
        await Account.filter(id=account.id).update(password_hash=await passwords.hash_password(password))
    known = await person(account.id)
    if known is None:
        raise WrongCredentials
    if account.verified_at is None:
        raise NotVerified
    return known


async def checked_hash(email: str, password: str) -> str:
    """The hash of a new password for this address; outside a transaction, because it takes its time.

    Raises BadEmail, WeakPassword.
    """
    passwords.check_strength(password, checked_email(email))
    return await passwords.hash_password(password)


async def register(email: str, hashed: str, lang: str) -> None:
    """An account whose address is still to be proven, or a letter to whoever has it already: outside both look alike.

    The password of an account that waits for its proof stays what it was: only its address can change it. Raises
    BadEmail, and NoTransaction.
    """
    require_transaction()
    address = checked_email(email)
    known = await Account.get_or_none(email=address)
    if known is None:
        try:
            async with savepoint():
                at = clock.now()
                known = await Account.create(email=address, name="", password_hash=hashed, language=lang, created_at=at)
                await Consent.create(account_id=known.id, kind="terms", version=TERMS, at=at)
        except IntegrityError:
            # A rival registered it between our look and our insert.
            known = await Account.get(email=address)
    letter = Letter.VERIFY if known.verified_at is None else Letter.KNOWN
    await want_letter(known.id if known.disabled_at is None else 0, letter, lang)


async def remind(email: str, lang: str) -> None:
    """Send the letter that proves an address once more. Raises NoTransaction."""
    require_transaction()
    account = await account_by_email(email)
    if account is not None and account.verified_at is None:
        await want_letter(account.id, Letter.VERIFY, lang)


async def verify(token: str, password: str) -> Person:
    """The person whose address a letter proves and whose password this is. Opens its own transaction for the proof.

    Both are asked for: who registered somebody else's address knows the one, its owner the other. Raises LinkUsed,
    WrongPassword.
    """
    email = await owner_of(token, ProofOf.ADDRESS)
    account = await Account.get_or_none(email=email)
    if not await passwords.verify_password(account.password_hash if account else None, password):
        raise WrongPassword()
    account_id = await transact(lambda: redeem(token, ProofOf.ADDRESS))
    known = await person(account_id)
    if known is None:
        raise LinkUsed()
    return known


async def prove_password(account_id: int, password: str) -> None:
    """Asked for before what cannot be undone; outside a transaction. Raises WrongPassword."""
    account = await Account.get_or_none(id=account_id)
    if not await passwords.verify_password(account.password_hash if account else None, password):
        raise WrongPassword()


async def set_password(account_id: int, hashed: str, lang: str) -> None:
    """A new password, and a letter that says so. Other sessions are the caller's to close. Raises NoTransaction."""
    require_transaction()
    await Account.filter(id=account_id).update(password_hash=hashed)
    await want_letter(account_id, Letter.PASSWORD_CHANGED, lang)


async def change_profile(account_id: int, told: Mapping[str, str]) -> None:
    """Store what the person told of themselves, by the names of queries.Profile; what is not named stays.

    Raises NoTransaction.
    """
    require_transaction()
    if told:
        await Account.filter(id=account_id).update(**told)
