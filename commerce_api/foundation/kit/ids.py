"""Identifiers that nobody can guess, and codes that people can read to each other."""

import hashlib
import hmac
import secrets
from typing import Final

READABLE: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals without those that look alike (0 O, 1 I L)."""


def token() -> str:
    """An unguessable address or session id: 192 bits, safe in a URL."""
    return secrets.token_urlsafe(24)


def readable_code(length: int = 8) -> str:
    """A code for people, from a cryptographic generator (rules.md 4)."""
    return "".join(secrets.choice(READABLE) for _ in range(length))


def digest(secret: str) -> str:
    """What is stored instead of a token, so that a stolen table opens nothing. Tokens have full entropy: no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sign(value: str, key: str, purpose: str) -> str:
    """`value.signature`: only our own answers come back; `purpose` keeps one kind of value from passing as another."""
    mac = hmac.new(key.encode(), f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()[:32]
    return f"{value}.{mac}"


def unsign(signed: str, key: str, purpose: str) -> str | None:
    """The value of a signed text, or None when the signature is not ours."""
    value, _, _ = signed.rpartition(".")
    if not value or not hmac.compare_digest(sign(value, key, purpose).encode(), signed.encode()):
        return None
    return value


def keyed_hash(value: str, key: str) -> str:
    """A person's phone or address as something that can be compared but not read back (rules.md 4)."""
    return hmac.digest(key.encode(), value.encode(), "sha256").hex()
