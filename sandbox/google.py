"""A stand-in of Google's sign-in: whoever types an address is its owner, and it is proven or not as they wish."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from starlette.types import ASGIApp

from sandbox.environment import environment
from sandbox.issuer import Issuer, Kind, Typed
from sandbox.world import World

SERVICE: Final = "google"


def subject_of(email: str) -> str:
    """The number that an address has here: always the same, 21 digits."""
    return str(10**20 + int(hashlib.sha256(email.lower().encode()).hexdigest()[:16], 16))


def _claims(typed: Mapping[str, str]) -> dict[str, Any]:
    email = typed.get("email") or "buyer@example.com"
    claims: dict[str, Any] = {"sub": typed.get("subject") or subject_of(email)}
    if "email" in typed["scope"].split():
        claims |= {"email": email, "email_verified": typed.get("verified") == "1"}
    return claims


KIND: Final = Kind(
    SERVICE,
    "Google",
    ("openid", "email", "profile"),
    (Typed("email", "E-mail", "buyer@example.com"), Typed("verified", "Google has proven this address", None)),
    _claims,
)


def app(world: World) -> ASGIApp:
    """The issuer; `world.state["google"]` is the Issuer itself."""
    given = environment("", 0, [SERVICE])[SERVICE]
    issuer = Issuer(KIND, world, {given["GOOGLE_CLIENT_ID"]: given["GOOGLE_CLIENT_SECRET"]})
    world.state[SERVICE] = issuer
    return issuer.app()
