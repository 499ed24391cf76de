"""Ways in that somebody else vouches for: what the shop asks of a provider (Google, Telegram) and what it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a provider vouches for: `subject` is its own unchanging number of the person, meaningless without `issuer`.

    `email` is "" unless the provider itself has proven the address: an address that anybody may have typed is no
    ground for anything here (lessons.md 47).
    """

    issuer: str
    subject: str = field(repr=False)
    email: str = field(default="", repr=False)


class IdentityProvider(Protocol):
    """One provider of OpenID Connect, authorization code with PKCE."""

    async def start(self, state: str, nonce: str, verifier: str) -> str:
        """Where to send the browser. Raises ProviderDown when nobody knows where that is just now."""
        ...

    async def finish(self, code: str, nonce: str, verifier: str, issuer: str | None) -> Vouched:
        """Whom the provider vouches for, its answer checked claim by claim; `issuer` is what the callback named as one.

        Raises ProviderDown when it does not answer, NotVouched when its answer proves nothing. Waits for the network:
        never inside a transaction.
        """
        ...


@dataclass(frozen=True, slots=True)
class IdentityProviders:
    """The providers that are connected, by the name their addresses carry: google, telegram."""

    by_name: Mapping[str, IdentityProvider]
