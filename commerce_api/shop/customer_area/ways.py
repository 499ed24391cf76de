"""Coming in by Google or Telegram: to the provider, back, and the proof of an account where one is needed.

Nothing opens silently: a link elsewhere leads to the door, the provider asks whom to vouch for, and an account that
was there before opens to its own password and code (ADR 0013).
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from commerce_api.foundation import telemetry
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import NotFound, ShopError
from commerce_api.foundation.kit import ids, urls
from commerce_api.foundation.web.access import account_of, signed_in
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.flash import flash
from commerce_api.foundation.web.language import language, preferred
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_form, validated
from commerce_api.foundation.web.redirects import own_path, see_other
from commerce_api.shop.accounts import attempts, joining, service, sign_in
from commerce_api.shop.accounts.attempts import Errand, Waiting
from commerce_api.shop.accounts.errors import LastWayIn, NotVouched, ProviderDown, WrongCredentials
from commerce_api.shop.accounts.identity import Vouched
from commerce_api.shop.accounts.throttles import count_guess, count_journey
from commerce_api.shop.customer_area.doors import DOOR, admit, check
from commerce_api.shop.customer_area.entering import take_over_by_address, welcome
from commerce_api.shop.customer_area.guard import members
from commerce_api.shop.customer_area.pages import whoever
from commerce_api.shop.customer_area.schemas import PasswordForm, SignInForm, WayForm
from commerce_api.shop.customer_area.showing import show
from commerce_api.shop.customer_area.vouching import (
    NAMES,
    browser_of,
    door_with,
    forget_journeys,
    join,
    know_browser,
    provider_of,
    waiting_for,
)

log = telemetry.logger(__name__)


@page("GET", "/auth/{provider}")
async def set_out(request: Request, provider: str) -> Response:
    """To the provider's page, with a state that only this browser can bring back."""
    known, lang = provider_of(request, provider), language(request)
    onward = own_path(request.query_params.get("next"), "")[:500]
    if request.headers.get("sec-fetch-site") == "cross-site":
        # Somebody else's page must not start what signs a person in: they choose the button themselves.
        return see_other(urls.sign_in(lang, onward))
    await count_journey(request)
    state, browser = ids.token(), know_browser(request)
    secrets = attempts.secrets_of(state, browser)
    try:
        address = await known.start(state, secrets.nonce, secrets.verifier)
    except ProviderDown:
        return see_other(door_with("down", provider, lang, onward))
    await transact(lambda: attempts.set_out(provider, state, browser, onward=onward, lang=lang))
    return RedirectResponse(address, 303)


@page("GET", "/auth/{provider}/callback")
async def come_back(request: Request, provider: str) -> Response:
    """What the provider sent: in, on to a proof, or to the door with a word of what went wrong."""
    provider_of(request, provider)
    await count_journey(request)
    state, browser = request.query_params.get("state", ""), browser_of(request) or ""
    errand = await transact(lambda: attempts.come_back(provider, state, browser))
    if errand is None:
        return _nothing_known(request, provider)
    refused = request.query_params.get("error")
    if refused:
        trouble = "cancelled" if refused == "access_denied" else "failed"
        return see_other(door_with(trouble, provider, errand.lang, errand.onward))
    try:
        vouched = await _ask(request, provider, state, browser)
        if signed_in(request):
            return await _connect(request, provider, errand, vouched)
        arrival = await transact(lambda: joining.arrive(provider, vouched, errand.lang))
    except ProviderDown:
        return see_other(door_with("down", provider, errand.lang, errand.onward))
    except (NotVouched, WrongCredentials) as failed:
        log.warning("not_vouched", provider=provider, why=getattr(failed, "why", failed.code))
        return see_other(door_with("failed", provider, errand.lang, errand.onward))
    if arrival is None:
        return await _ask_for_proof(errand, vouched)
    return await _enter(request, errand, arrival)


async def _ask(request: Request, provider: str, state: str, browser: str) -> Vouched:
    code = request.query_params.get("code")
    if not code or len(code) > 2048:
        raise NotVouched("no code")
    secrets = attempts.secrets_of(state, browser)
    known = provider_of(request, provider)
    return await known.finish(code, secrets.nonce, secrets.verifier, request.query_params.get("iss"))


def _nothing_known(request: Request, provider: str) -> Response:
    """An answer that nobody here waits for: used already, too late, or of another browser. It sets no cookie, because
    a second copy of an answer must not undo what the first one has just opened."""
    lang = preferred(request.headers.get("accept-language", ""), settings_of(request).shop.languages)
    if signed_in(request):
        return see_other(urls.account(lang))
    return see_other(door_with("stale", provider, lang))


async def _ask_for_proof(errand: Errand, vouched: Vouched) -> Response:
    await transact(lambda: attempts.wait_for_proof(errand.id, vouched))
    return see_other(urls.account_page("join", errand.lang))


async def _connect(request: Request, provider: str, errand: Errand, vouched: Vouched) -> Response:
    """Somebody who is in already wants one more way in."""
    owner, inside = await joining.owner_of(vouched), account_of(request)
    if owner is None:
        return await _ask_for_proof(errand, vouched)
    flash(request, "account.ways.had" if owner == inside.id else "account.ways.taken", way=NAMES[provider])
    return see_other(urls.account_security(errand.lang))


async def _enter(request: Request, errand: Errand, arrival: joining.Arrival) -> Response:
    who = arrival.person
    claimed = await transact(lambda: take_over_by_address(who)) if arrival.proven else 0
    await forget_journeys(request)
    answer = await admit(request, who, errand.onward, errand.lang)
    if arrival.proven:
        flash(request, "account.ways.welcome")
    if claimed:
        flash(request, "account.claimed", n=claimed)
    return answer


@page("GET", "/account/join/")
async def show_join(request: Request) -> Response:
    """Which account is yours: its password connects the provider to it."""
    waits = await waiting_for(request)
    if waits is None:
        return see_other(urls.sign_in(language(request)))
    return await _join_page(request, waits)


@page("POST", "/account/join/")
async def post_join(request: Request) -> Response:
    """Check the password, then the code where there is one, and connect."""
    waits, lang = await waiting_for(request), language(request)
    values = await read_form(request)
    if waits is None:
        return see_other(urls.sign_in(lang))
    try:
        if signed_in(request):
            return await _join_inside(request, waits, values)
        form = validated(SignInForm, values)
        who = await check(request, form.email, form.password)
        step = await sign_in.next_step(who, settings_of(request))
        if step is sign_in.Step.NONE:
            await join(request, who, waits)
            await welcome(request, who)
            return see_other(waits.onward or urls.account(lang))
    except ShopError as refused:
        return await _join_page(request, waits, values, refused)
    await transact(lambda: attempts.note_proven(waits.id, who.id))
    await sign_in.hold(request, who, step)
    return see_other(urls.account_code(lang, waits.onward))


async def _join_inside(request: Request, waits: Waiting, values: dict[str, str]) -> Response:
    # A session that somebody left open must not get a second key: the password is asked for again.
    form, who = validated(PasswordForm, values), await whoever(request)
    await count_guess(request, who.email)
    await service.prove_password(who.id, form.password)
    await join(request, who, waits)
    return see_other(urls.account_security(language(request)))


async def _join_page(
    request: Request, waits: Waiting, values: dict[str, str] | None = None, refused: ShopError | None = None
) -> Response:
    inside = signed_in(request)
    part = "join_inside" if inside else "join_known" if waits.vouched.email else "join_new"
    return show(
        request,
        DOOR,
        part,
        values=values or {"email": waits.vouched.email},
        refused=refused,
        way=NAMES[waits.provider],
        address=(await whoever(request)).email if inside else waits.vouched.email,
        has_password=not inside or await joining.has_password(inside.id),
    )


@page("POST", "/account/security/disconnect")
@members
async def post_disconnect(request: Request) -> Response:
    """Close one way in; never the last one."""
    form = validated(WayForm, await read_form(request))
    account = account_of(request)
    try:
        if not await transact(lambda: joining.disconnect(account.id, form.way)):
            raise NotFound()
        flash(request, "account.ways.disconnected")
    except LastWayIn:
        flash(request, "account.ways.last")
    return see_other(urls.account_security(language(request)))


PAGES: Pages = (set_out, come_back, show_join, post_join, post_disconnect)
