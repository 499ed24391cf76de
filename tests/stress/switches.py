"""Everything that goes wrong with the services of a town, all of it at once."""

from collections.abc import Mapping, Sequence
from typing import Final

from sandbox import openai, smtp
from sandbox.faults import Switch, Wire
from sandbox.id_tokens import Twist
from sandbox.issuer import NEW_KEY
from sandbox.world import World

SERVICES: Final = ("monobank", "nova-poshta", "telegram", "smtp", "google", "telegram-id", "openai")
PROVIDERS: Final = ("google", "telegram-id")
"""Who vouches for people."""
ANSWERS: Final = (*(twist.value for twist in Twist), NEW_KEY)
"""How their answer is wrong, or is signed by a new key."""
OWN: Final[Mapping[str, Sequence[str]]] = {
    "monobank": ("duplicate", "reordered", "late", "lost", "forged"),
    **dict.fromkeys(PROVIDERS, ANSWERS),
    "openai": openai.OWN,
}
"""What goes wrong with one service alone: what becomes of the bank's messages, and what answers say."""
SHARE: Final = 0.05
SLOW: Final = 1.0
"""Seconds by which a slow answer is late, and after which somebody who asks too often may come again."""
HANGS: Final = 3.0
"""Seconds that a call which hangs is kept: the shop's own patience is fifteen."""


def arm(world: World, share: float) -> None:
    """Let every fault of the wire strike that share of calls to each service, and every fault of letters and messages
    that share of them."""
    for service in SERVICES:
        kinds: Sequence[str] = smtp.FAULTS if service == smtp.SERVICE else [fault.value for fault in Wire]
        for fault in (*kinds, *OWN.get(service, ())):
            world.faults.arm(Switch(service, fault, None, share, seconds=SLOW, ends=HANGS))
