"""Browsers on their way to a provider and back: who set out with which state, and what waits for a proof.

The browser carries a token of its own in a cookie; state, nonce and verifier of an attempt belong to that token, so
that neither an address somebody saw nor a row somebody read is of use in another browser. The table holds digests.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.kit import clock, ids
from commerce_api.shop.accounts.identity import Vouched
from commerce_api.shop.accounts.models import Attempt

LIVES: Final = timedelta(minutes=10)
"""From the button to the answer, and from the answer to the proof."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What belongs to one attempt of one browser: `nonce` stands in the ID token, `verifier` (PKCE) with the code."""

    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Errand:
    """An attempt that came back: where it was to lead, and in which language its person reads."""

    id: int
    onward: str
    lang: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whom a provider vouches for and whose account is not known yet; `proven_id` is the account whose
    password was right while its code is missing."""

    id: int
    provider: str
    vouched: Vouched
    onward: str
    proven_id: int | None


def browser_token(kept: str | None) -> str:
    """What the browser has as its token already, or a new one."""
    return kept if kept and _TOKEN.fullmatch(kept) else ids.token()


def secrets_of(state: str, browser: str) -> Secrets:
    """Nonce and verifier of an attempt: 64 signs each, from the browser's own token, stored nowhere."""
    return Secrets(ids.keyed_hash(f"nonce:{state}", browser), ids.keyed_hash(f"verifier:{state}", browser))


async def set_out(provider: str, state: str, browser: str, *, onward: str, lang: str) -> None:
    """Note that this browser goes to a provider. Raises NoTransaction."""
    require_transaction()
    await Attempt.create(
        provider=provider,
        state=ids.digest(state),
        browser=ids.digest(browser),
        onward=onward,
        lang=lang,
        expires_at=clock.now() + LIVES,
    )


async def come_back(provider: str, state: str, browser: str) -> Errand | None:
    """Use an attempt up. None for a state that is unknown, used, too old, of another provider or of another browser,
    which changes nothing. Raises NoTransaction."""
    require_transaction()
    now = clock.now()
    rows = Attempt.filter(
        provider=provider,
        state=ids.digest(state),
        browser=ids.digest(browser),
        used_at__isnull=True,
        expires_at__gt=now,
    )
    found = await rows.first()
    # Of two answers with one state, which arrive together, one gets on.
    if found is None or not await rows.update(used_at=now):
        return None
    return Errand(found.id, found.onward, found.lang)


async def wait_for_proof(attempt_id: int, vouched: Vouched) -> None:
    """Keep what the provider said until its person proves an account. Raises NoTransaction."""
    require_transaction()
    await Attempt.filter(id=attempt_id).update(
        issuer=vouched.issuer,
        subject=vouched.subject,
        email=vouched.email,
        expires_at=clock.now() + LIVES,
    )


async def waiting(browser: str | None) -> Waiting | None:
    """What waits in this browser for a proof: the newest, if it is not too late."""
    if not browser:
        return None
    rows = Attempt.filter(browser=ids.digest(browser), expires_at__gt=clock.now()).exclude(issuer="")
    found = await rows.order_by("-id").first()
    if found is None:
        return None
    vouched = Vouched(found.issuer, found.subject, found.email)
    return Waiting(found.id, found.provider, vouched, found.onward, found.proven_id)


async def note_proven(attempt_id: int, account_id: int) -> None:
    """The password of an account was right, its code is still missing. Raises NoTransaction."""
    require_transaction()
    await Attempt.filter(id=attempt_id).update(proven_id=account_id)


async def give_up(browser: str | None) -> None:
    """Nothing of this browser waits any more. Raises NoTransaction."""
    require_transaction()
    if browser:
        await Attempt.filter(browser=ids.digest(browser)).delete()
