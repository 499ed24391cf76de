"""Secrets at rest: sealed under keys that are not in the database. The first key writes, all of them read."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CannotOpen(Exception):
    """None of the keys opens what was sealed: a key was taken out of TWOCOMMS_DATA_KEYS too early."""


def seal(text: str, keys: Sequence[str]) -> str:
    """`text` under the first key."""
    return _box(keys).encrypt(text.encode()).decode()


def unseal(sealed: str, keys: Sequence[str]) -> str:
    """What was sealed under any of the keys. Raises CannotOpen."""
    try:
        return _box(keys).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotOpen("no key of TWOCOMMS_DATA_KEYS opens it") from error


def renew(sealed: str, keys: Sequence[str]) -> str:
    """The same secret under the first key. Raises CannotOpen."""
    return seal(unseal(sealed, keys), keys)


def _box(keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
