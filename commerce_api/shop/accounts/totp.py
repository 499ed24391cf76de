"""Codes of an authenticator application: TOTP as in RFC 6238 with SHA-1, six digits, thirty seconds. No tables here."""

import base64
import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import quote

import segno

SECONDS: Final = 30
DIGITS: Final = 6
ASIDE: Final = 1
"""Steps that a telephone's clock may be wrong, before and after."""
MODULE: Final = 4
"""Pixels of a square of the QR code; whole ones stay sharp."""


def new_secret() -> str:
    """160 random bits in base32, as applications take them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_at(seconds: float) -> int:
    """The time step of a moment in seconds since 1970."""
    return int(seconds) // SECONDS


def code_at(secret: str, step: int) -> str:
    """The code of a time step."""
    # SHA-1 is what authenticator applications know; as an HMAC it is sound.
    mac = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: str, code: str, now: float, after: int) -> int | None:
    """The time step that the code belongs to, or None. Steps up to `after` were used before and count no more."""
    middle, found = step_at(now), None
    for step in range(middle - ASIDE, middle + ASIDE + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


def address(secret: str, email: str, shop: str) -> str:
    """The `otpauth:` link that an application on the same telephone opens."""
    label = quote(f"{shop}:{email}", safe="")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(shop, safe='')}"


def drawing(link: str) -> str:
    """The link as a QR code for a telephone's camera: an SVG without styles and scripts.

    Cameras read black on white, so it is that in any colour scheme.
    """
    code = segno.make(link, error="m", micro=False)
    return code.svg_inline(scale=MODULE, light="#fff", svgclass=None, lineclass=None)
