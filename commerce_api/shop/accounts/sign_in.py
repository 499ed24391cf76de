"""Getting in: after the password comes a code where the account has a second factor, and only then a session.

Between the two steps the browser's session knows whose password was right, and nothing else (`hold`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import sessions
from commerce_api.foundation.web.access import Identity
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.cookies import show_scripts
from commerce_api.shop.accounts.factors import begin, has_factor
from commerce_api.shop.accounts.models import Account
from commerce_api.shop.accounts.queries import Person, person

HELD: Final = "held"
PATIENCE: Final = 600
"""Seconds between password and code."""
HINT: Final = "u"
"""The one cookie that scripts of static pages read to greet somebody: it opens nothing."""
HINT_SECONDS: Final = 30 * 24 * 3600


class Step(StrEnum):
    """What is still missing when the password was right."""

    NONE = "none"
    CODE = "code"
    ENROL = "enrol"


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody between password and code."""

    person: Person
    step: Step


async def next_step(who: Person, settings: Settings) -> Step:
    """What the shop asks of this person after the password.

    Staff need a second factor from their second sign-in in production; in development they may do without (rules.md 7).
    """
    if await has_factor(who.id):
        return Step.CODE
    if not who.is_staff or settings.env != "production":
        return Step.NONE
    before = await Account.filter(id=who.id, signed_in_at__isnull=False).exists()
    return Step.ENROL if before else Step.NONE


async def hold(request: Request, who: Person, step: Step) -> None:
    """Remember for a few minutes whose password was right; who has to set up codes gets a secret for them."""
    if step is Step.ENROL:
        await transact(lambda: begin(who.id, settings_of(request).data_keys))
    await sessions.close_session(request)
    await sessions.remember(request, HELD, f"{who.id}:{step.value}:{int(clock.now().timestamp())}")


async def held(request: Request) -> Held | None:
    """Who stands between password and code in this browser, if anybody still does."""
    kept = sessions.recall(request, HELD)
    if not isinstance(kept, str):
        return None
    account_id, step, since = kept.split(":")
    who = await person(int(account_id))
    if who is None or clock.now().timestamp() - int(since) > PATIENCE:
        return None
    return Held(who, Step(step))


async def enter(request: Request, who: Person) -> None:
    """Open the session: a new token, and for staff the strict terms. The browser may greet from now on."""
    await sessions.remember(request, HELD, None)

    async def work() -> None:
        await sessions.open_session(request, who.id, staff=who.is_staff)
        await Account.filter(id=who.id).update(signed_in_at=clock.now())

    await transact(work)
    request.state.account = Identity(who.id, frozenset(role.value for role in who.roles))
    show_scripts(request, HINT, "1", max_age=HINT_SECONDS)


async def leave(request: Request) -> None:
    """Close the session of this browser."""
    await sessions.close_session(request)
    show_scripts(request, HINT, "", max_age=0)
