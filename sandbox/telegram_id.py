"""A stand-in of Telegram's sign-in: a number and, to whoever asks for more, a name; never an e-mail address."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.types import ASGIApp

from sandbox.environment import environment
from sandbox.issuer import Issuer, Kind, Typed
from sandbox.world import World

SERVICE: Final = "telegram-id"


def _claims(typed: Mapping[str, str]) -> dict[str, Any]:
    number = typed.get("subject") or "100200300"
    claims: dict[str, Any] = {"sub": number}
    if "profile" in typed["scope"].split():
        claims |= {"id": int(number) if number.isdecimal() else 0, "name": "Sandbox", "preferred_username": "sandbox"}
    return claims


KIND: Final = Kind(
    SERVICE,
    "Telegram",
    ("openid", "profile", "phone", "telegram:bot_access"),
    (Typed("subject", "Telegram number", "100200300"),),
    _claims,
)


def app(world: World) -> ASGIApp:
    """The issuer; `world.state["telegram-id"]` is the Issuer itself."""
    given = environment("", 0, [SERVICE])[SERVICE]
    issuer = Issuer(KIND, world, {given["TELEGRAM_CLIENT_ID"]: given["TELEGRAM_CLIENT_SECRET"]})
    world.state[SERVICE] = issuer
    return issuer.app()
