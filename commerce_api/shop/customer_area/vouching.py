"""Between the pages of an account and the providers that vouch for people: which are connected, what this browser
waits for, and what is told when it went wrong."""

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import NotFound
from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.carried import port_of
from commerce_api.foundation.web.cookies import clear_cookie, read_cookie, set_cookie
from commerce_api.foundation.web.flash import flash
from commerce_api.foundation.web.language import language
from commerce_api.shop.accounts import attempts, joining
from commerce_api.shop.accounts.attempts import Waiting
from commerce_api.shop.accounts.errors import WayTaken
from commerce_api.shop.accounts.identity import IdentityProvider, IdentityProviders
from commerce_api.shop.accounts.queries import Person

COOKIE: Final = "way"
NAMES: Final = {"google": "Google", "telegram": "Telegram"}
"""What people call the providers."""
TROUBLES: Final = frozenset({"cancelled", "failed", "down", "stale"})
"""Why somebody is back at the door, as it stands in its address."""


def connected(request: Request) -> dict[str, str]:
    """The providers whose buttons are shown: the name in their addresses, and what people call them."""
    found = port_of(request, IdentityProviders)
    return {name: called for name, called in NAMES.items() if found and name in found.by_name}


def provider_of(request: Request, name: str) -> IdentityProvider:
    """A provider by the name in its addresses. Raises NotFound for one that is not connected."""
    found = port_of(request, IdentityProviders)
    provider = found.by_name.get(name) if found else None
    if provider is None:
        raise NotFound()
    return provider


def browser_of(request: Request) -> str | None:
    """The token by which this browser is known on its way to a provider and back."""
    return read_cookie(request, COOKIE)


def know_browser(request: Request) -> str:
    """As `browser_of`; a browser without one gets it, for as long as an attempt and its proof may take."""
    token = attempts.browser_token(browser_of(request))
    set_cookie(request, COOKIE, token, max_age=2 * int(attempts.LIVES.total_seconds()))
    return token


async def waiting_for(request: Request) -> Waiting | None:
    """Whom a provider has vouched for in this browser, and whose account is still to be proven."""
    return await attempts.waiting(browser_of(request))


async def forget_journeys(request: Request) -> None:
    """Nothing waits in this browser any more."""
    if browser := browser_of(request):
        await transact(lambda: attempts.give_up(browser))
        clear_cookie(request, COOKIE)


async def join(request: Request, who: Person, waits: Waiting) -> None:
    """Connect what waits to the account that was just proven, and say so. Raises WayTaken."""
    lang = language(request)
    await transact(lambda: joining.join(who.id, waits.provider, waits.vouched, lang))
    await forget_journeys(request)
    flash(request, "account.ways.joined", way=NAMES[waits.provider])


async def join_proven(request: Request, who: Person) -> None:
    """After the code: connect what waited for this very account, if anything did."""
    waits = await waiting_for(request)
    if waits is None or waits.proven_id != who.id:
        return
    try:
        await join(request, who, waits)
    except WayTaken:
        flash(request, "account.ways.taken", way=NAMES[waits.provider])


def door_with(trouble: str, provider: str, lang: str, onward: str = "") -> str:
    """The sign-in page, saying what happened."""
    door = urls.sign_in(lang, onward)
    return f"{door}{'&' if '?' in door else '?'}trouble={trouble}&by={provider}"


def trouble_told(request: Request) -> Sequence[str]:
    """The sentence that belongs to the trouble in the address, in a list; none for words that are not ours."""
    trouble, provider = request.query_params.get("trouble"), request.query_params.get("by")
    if trouble not in TROUBLES or provider not in NAMES:
        return ()
    return (texts(language(request))(f"account.ways.{trouble}", way=NAMES[provider]),)
