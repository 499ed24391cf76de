"""Keys for secrets at rest, as settings name them: 32 bytes in base64. What seals with them is sealing.py."""

import base64
import hashlib
import secrets


def new_key() -> str:
    """A key as it stands in TWOCOMMS_DATA_KEYS."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def derived_key(secret: str) -> str:
    """The key of a shop that named none, from its other secret; for development."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"data:{secret}".encode()).digest()).decode()


def is_key(text: str) -> bool:
    """Whether a text can be a key."""
    try:
        return len(base64.urlsafe_b64decode(text)) == 32
    except ValueError:
        return False
