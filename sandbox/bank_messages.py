"""The bank's messages to a shop, signed with a key of this process; switches make them come twice, out of order, late,
not at all or forged."""

import base64
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from sandbox.faults import Switch
from sandbox.world import World

SERVICE: Final = "monobank"
FAULTS: Final = ("duplicate", "reordered", "late", "lost", "forged", "key_rotation")
PAUSES: Final = (60.0, 600.0)
"""Seconds before a message that was not taken comes again; after the third time the bank gives up."""


@dataclass(frozen=True)
class Message:
    """A message on its way to the shop."""

    url: str
    body: bytes
    signature: str


class Messages:
    """The key, and what waits to be sent.

    With `by_itself` messages go out on their own; without it they wait for `deliver`, as tests like it.
    """

    def __init__(self, world: World, *, by_itself: bool) -> None:
        self.world, self.by_itself = world, by_itself
        self.waiting: list[Message] = []
        self._held: list[Message] = []
        self._key = ec.generate_private_key(ec.SECP256R1())

    def _take(self, name: str) -> Switch | None:
        return self.world.faults.strikes(SERVICE, name)

    def dump_key(self) -> str:
        """The key, to be kept."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def load_key(self, kept: str) -> None:
        """Sign with a key that was kept. Raises TypeError for one of another kind."""
        key = load_pem_private_key(kept.encode(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("the key is of another kind")
        self._key = key

    def clear(self) -> None:
        """Forget what waits."""
        self.waiting.clear()
        self._held.clear()

    @property
    def public_key(self) -> str:
        """The key as `pubkey` tells it."""
        pem = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(pem).decode()

    def rotate(self) -> None:
        """A new key from now on."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.world.journal.note(SERVICE, "key rotated")

    def signed(self, body: bytes) -> str:
        """`X-Sign` of a body."""
        return base64.b64encode(self._key.sign(body, ec.ECDSA(SHA256()))).decode()

    def send(self, url: str, body: bytes) -> None:
        """Put a message on its way, as the switches say."""
        if self._take("key_rotation"):
            self.rotate()
        signature = self.signed(body)
        if self._take("forged"):
            stranger = ec.generate_private_key(ec.SECP256R1())
            signature = base64.b64encode(stranger.sign(body, ec.ECDSA(SHA256()))).decode()
        message = Message(url, body, signature)
        if self._take("reordered"):
            # It goes after the next one.
            self._held.append(message)
            return
        self.waiting += [message] * (3 if self._take("duplicate") else 1) + self._held
        self._held.clear()
        late = self._take("late")
        if self.by_itself:
            self.world.later(late.seconds if late else 0, self.deliver)

    async def deliver(self) -> list[int | None]:
        """Send what waits; the statuses of the answers. A message that was not taken comes again, twice at most."""
        sent, self.waiting = self.waiting, []
        return [await self._post(message, 1) for message in sent]

    async def _post(self, message: Message, attempt: int) -> int | None:
        headers = {"x-sign": message.signature, "content-type": "application/json"}
        status = await self.world.post(SERVICE, message.url, message.body, headers)
        if status != 200 and attempt <= len(PAUSES) and self.by_itself:
            self.world.later(PAUSES[attempt - 1], lambda: self._post(message, attempt + 1))
        return status
