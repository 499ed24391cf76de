"""Password hashing: argon2id as OWASP advises (19 MiB, two passes), in a thread and a few at a time.

Hashing costs memory and CPU on purpose; without the limit a burst of sign-ins could starve the shop of both.
"""

from functools import lru_cache

import anyio
import anyio.to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from commerce_api.shop.accounts.errors import WeakPassword

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE = 2
SHORTEST, LONGEST = 10, 128


@lru_cache(maxsize=1)
def _limiter() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(AT_ONCE)


@lru_cache(maxsize=1)
def _decoy() -> str:
    return HASHER.hash("nobody has this password")


def check_strength(password: str, email: str) -> None:
    """Refuse what is guessed first; any characters are welcome, none is demanded.

    Raises WeakPassword with the reason's text key.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(fields={"password": "password_length"}, shortest=SHORTEST, longest=LONGEST)
    if len(set(password)) < 5 or password.casefold() in {email.casefold(), email.split("@")[0].casefold()}:
        raise WeakPassword(fields={"password": "password_simple"})


async def hash_password(password: str) -> str:
    """An argon2id hash, with its parameters and salt inside."""
    return await anyio.to_thread.run_sync(HASHER.hash, password, limiter=_limiter())


def _matches(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def verify_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one of this hash.

    An account without a password is compared with a decoy, so that the time taken never tells which accounts exist.
    """
    matches = await anyio.to_thread.run_sync(_matches, stored or _decoy(), password, limiter=_limiter())
    return matches and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(stored)
