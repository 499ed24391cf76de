"""E-mail addresses as people type them, in the one spelling that is stored and compared."""

import re
from typing import Final

LONGEST: Final = 254

_SHAPE: Final = re.compile(r"[^@\s,;<>()\x00-\x1f]+@[^@\s,;<>()\x00-\x1f]+\.[^@\s,;<>().\x00-\x1f]{2,}")


def normalize_email(text: str) -> str | None:
    """`Olena@Example.COM ` as `olena@example.com`; None when it is no address."""
    plain = text.strip().lower()
    return plain if len(plain) <= LONGEST and _SHAPE.fullmatch(plain) else None


def mask_email(address: str) -> str:
    """`o•••@example.com`: enough for its owner, nothing for a stranger."""
    name, _, host = address.partition("@")
    return f"{name[:1]}•••@{host}"
