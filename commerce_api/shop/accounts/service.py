"""Accounts: creating, granting, signing in. Writes expect the caller's transaction."""

import re
from collections.abc import Collection

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.kit import clock
from commerce_api.shop.accounts import passwords
from commerce_api.shop.accounts.errors import BadEmail, EmailTaken, WrongCredentials
from commerce_api.shop.accounts.models import Account, AccountRole
from commerce_api.shop.accounts.queries import Person, person
from commerce_api.shop.accounts.roles import Role


def normalize_email(email: str) -> str:
    """An address as it is stored and compared: trimmed, in lower case.

    Raises BadEmail when it cannot be one.
    """
    plain = email.strip().lower()
    if len(plain) > 254 or not re.fullmatch(r"[^@\s<>\x00-\x1f]+@[^@\s<>\x00-\x1f]+\.[^@\s<>\x00-\x1f.]+", plain):
        raise BadEmail(fields={"email": "email_form"})
    return plain


async def create_staff(email: str, name: str, password: str, roles: Collection[Role]) -> Person:
    """A staff account with its rights.

    Raises BadEmail, WeakPassword, or EmailTaken when the address has an account already.
    """
    address = normalize_email(email)
    passwords.check_strength(password, address)
    hashed = await passwords.hash_password(password)
    require_transaction()
    if await Account.filter(email=address).exists():
        raise EmailTaken(email=address)
    account = await Account.create(email=address, name=name, password_hash=hashed, created_at=clock.now())
    await AccountRole.bulk_create([AccountRole(account_id=account.id, role=role) for role in sorted(set(roles))])
    return Person(account.id, address, name, account.language, frozenset(roles))


async def grant(email: str, role: Role) -> bool:
    """Give an account a right; returns False when it had it.

    Raises WrongCredentials when there is no such account.
    """
    require_transaction()
    account = await Account.get_or_none(email=normalize_email(email))
    if account is None:
        raise WrongCredentials(email=email)
    if await AccountRole.filter(account_id=account.id, role=role).exists():
        return False
    await AccountRole.create(account_id=account.id, role=role)
    return True


async def check_password(email: str, password: str) -> Person:
    """The person whose address and password these are; a hash of older strength is renewed.

    Raises WrongCredentials, the same for every cause. Call it outside a transaction: hashing takes its time.
    """
    # PostgreSQL fails on a zero byte; nobody has an address with one.
    account = None if "\x00" in email else await Account.get_or_none(email=email.strip().lower())
    right = await passwords.verify_password(account.password_hash if account else None, password)
    if account is None or not right or account.disabled_at is not None:
        raise WrongCredentials
    if account.password_hash and passwords.needs_rehash(account.password_hash):
        await Account.filter(id=account.id).update(password_hash=await passwords.hash_password(password))
    known = await person(account.id)
    if known is None:
        raise WrongCredentials
    return known
