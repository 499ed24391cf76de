"""Password hashing: argon2id as OWASP advises (19 MiB, two passes), in a thread and a few at a time.

Hashing costs memory and CPU on purpose; without the limit a burst of sign-ins could starve the shop of both.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

import anyio
import anyio.to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from commerce_api.shop.accounts.errors import WeakPassword

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE = 2
SHORTEST, LONGEST = 8, 128
COMMON: Final = Path(__file__).with_name("common_passwords.txt")
"""Words that passwords are made of most often, keyboard walks, first names, and the words of this shop."""
_TAIL: Final = re.compile(r"[\d\W_]{0,6}$")
_LOOKALIKES: Final = str.maketrans("@0135$!", "aoiessi")


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
    plain, name = password.casefold(), email.casefold()
    if len(set(plain)) < 5 or plain in {name, name.split("@")[0]} or _is_row(plain) or is_common(plain):
        raise WeakPassword(fields={"password": "password_simple"})


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text("utf-8").split())


def is_common(plain: str) -> bool:
    """Whether a casefolded password is a common word, also with a few figures or signs behind it, written twice, or
    with figures in the place of letters: what guessing programs try within the first minutes."""
    bare = {plain, _TAIL.sub("", plain)}
    bare |= {word.translate(_LOOKALIKES) for word in bare}
    bare |= {word[: len(word) // 2] for word in bare if len(word) > 3 and word == word[: len(word) // 2] * 2}
    return bool(bare & _common())


def _is_row(plain: str) -> bool:
    """`12345678`, `hgfedcba`: each sign follows the one before it."""
    steps = {ord(after) - ord(before) for before, after in zip(plain, plain[1:], strict=False)}
    return steps in ({1}, {-1})


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
