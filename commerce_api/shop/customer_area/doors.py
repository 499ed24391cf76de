"""Coming in and going out, page by page: sign-in, second step, registration, lost password. All of it by plain forms.

No page tells whether an address has an account: who asks for a letter is told that one is on its way, and a wrong
password looks like a wrong address.
"""

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import ShopError, SignInNeeded, TooMany
from commerce_api.foundation.kit import urls
from commerce_api.foundation.web.access import signed_in
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.flash import flash
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_form, validated
from commerce_api.foundation.web.redirects import own_path, see_other
from commerce_api.shop.accounts import factors, passwords, proofs, service, sign_in
from commerce_api.shop.accounts.errors import LinkUsed, NotVerified
from commerce_api.shop.accounts.queries import Person
from commerce_api.shop.accounts.roles import ProofOf
from commerce_api.shop.accounts.throttles import count_code, count_guess, count_letter
from commerce_api.shop.customer_area.entering import part, take_over_by_address, welcome
from commerce_api.shop.customer_area.schemas import CodeForm, EmailForm, PasswordForm, RegisterIn, SignInForm
from commerce_api.shop.customer_area.showing import authenticator, show
from commerce_api.shop.customer_area.vouching import connected, join_proven, trouble_told

DOOR = "account_door.html"
GOOD = proofs.minutes_of(ProofOf.RESET)
"""Minutes that a link for a new password works."""
NOTHING_SENT = {"Clear-Site-Data": '"storage"'}
"""What a browser kept for somebody (favourites, products seen) goes when they leave: the next one may be a stranger."""


@page("GET", "/account/sign-in/")
async def show_sign_in(request: Request) -> Response:
    """The door; whoever is in already goes on."""
    if signed_in(request):
        return see_other(_onward(request, request.query_params.get("next")))
    back = own_path(request.query_params.get("next"), "")
    return show(request, DOOR, "sign_in", said=trouble_told(request), next=back, ways=connected(request))


@page("POST", "/account/sign-in/")
async def post_sign_in(request: Request) -> Response:
    """Check address and password; then in, or on to the code."""
    values = await read_form(request)
    back = own_path(values.get("next"), "")
    try:
        form = validated(SignInForm, values)
        who = await check(request, form.email, form.password)
    except ShopError as refused:
        return show(request, DOOR, "sign_in", values=values, refused=refused, next=back, ways=connected(request))
    return await admit(request, who, back, language(request))


async def admit(request: Request, who: Person, back: str, lang: str) -> Response:
    """Whoever has proven who they are: in, or on to the code where there is one. `back` is a path of ours or empty."""
    step = await sign_in.next_step(who, settings_of(request))
    if step is not sign_in.Step.NONE:
        await sign_in.hold(request, who, step)
        return see_other(urls.account_code(lang, back))
    await welcome(request, who)
    return see_other(back or urls.account(lang))


async def check(request: Request, email: str, password: str) -> Person:
    """The person, after counting the guess. Whoever forgot to prove their address is written to once more, in silence.

    Raises WrongCredentials, TooMany.
    """
    await count_guess(request, email)
    try:
        return await service.check_password(email, password)
    except NotVerified:
        # Too many letters must not show either: who registered a strange address would learn that it was free.
        with suppress(TooMany):
            await count_letter(request, email)
            await transact(lambda: service.remind(email, language(request)))
        raise


@page("POST", "/account/sign-out")
async def post_sign_out(request: Request) -> Response:
    """Leave, here and now; the browser forgets what it kept."""
    await part(request)
    answer = see_other(urls.home(language(request)))
    answer.headers.update(NOTHING_SENT)
    return answer


@page("GET", "/account/code/")
async def show_code(request: Request) -> Response:
    """The second step: a code, or the first setting up of codes where the shop asks for it."""
    return await _code_page(request, own_path(request.query_params.get("next"), ""))


@page("POST", "/account/code/")
async def post_code(request: Request) -> Response:
    """Take the code and open the session."""
    values = await read_form(request)
    back = own_path(values.get("next"), "")
    held = await _held(request)
    keys = settings_of(request).data_keys
    try:
        form = validated(CodeForm, values)
        await count_code(request, held.person.id)
        if held.step is sign_in.Step.ENROL:
            codes = await transact(lambda: factors.confirm(held.person.id, form.code, keys))
            await welcome(request, held.person)
            await join_proven(request, held.person)
            return show(request, "account_codes.html", "codes", codes=codes, onward=_onward(request, back))
        await transact(lambda: factors.check(held.person.id, form.code, keys))
    except ShopError as refused:
        return await _code_page(request, back, refused)
    await welcome(request, held.person)
    await join_proven(request, held.person)
    return see_other(_onward(request, back))


@page("GET", "/account/register/")
async def show_register(request: Request) -> Response:
    """Two fields and a button."""
    return show(request, DOOR, "register", shortest=passwords.SHORTEST, ways=connected(request))


@page("POST", "/account/register/")
async def post_register(request: Request) -> Response:
    """The same answer for a new address and for one that has an account: look into your letters."""
    values = await read_form(request)
    lang = language(request)
    try:
        form = validated(RegisterIn, values)
        await register(request, form.email, form.password, lang)
    except ShopError as refused:
        shortest, ways = passwords.SHORTEST, connected(request)
        return show(request, DOOR, "register", values=values, refused=refused, shortest=shortest, ways=ways)
    return show(request, DOOR, "sent", address=form.email)


async def register(request: Request, email: str, password: str, lang: str) -> None:
    """Register an address or write to its owner; pages and programs both come here.

    Raises BadEmail, WeakPassword, TooMany.
    """
    await count_letter(request, email)
    hashed = await service.checked_hash(email, password)
    await transact(lambda: service.register(email, hashed, lang))


@page("GET", "/account/verify/{token}/")
async def show_verify(request: Request, token: str) -> Response:
    """Where the letter leads: the password once more, so that nobody proves an account that a stranger opened."""
    if not await proofs.is_open(token, ProofOf.ADDRESS):
        return show(request, DOOR, "link_used", refused=LinkUsed())
    return show(request, DOOR, "verify")


@page("POST", "/account/verify/{token}/")
async def post_verify(request: Request, token: str) -> Response:
    """The address is proven; guests' orders placed with it are the account's now."""
    values = await read_form(request)
    try:
        form = validated(PasswordForm, values)
        await count_guess(request, await proofs.owner_of(token, ProofOf.ADDRESS))
        who = await service.verify(token, form.password)
    except LinkUsed as refused:
        return show(request, DOOR, "link_used", refused=refused)
    except ShopError as refused:
        return show(request, DOOR, "verify", values=values, refused=refused)
    claimed = await transact(lambda: take_over_by_address(who))
    await welcome(request, who)
    flash(request, "account.welcome")
    if claimed:
        flash(request, "account.claimed", n=claimed)
    return see_other(urls.account(language(request)))


@page("GET", "/account/reset/")
async def show_reset(request: Request) -> Response:
    """Where to send the link to."""
    return show(request, DOOR, "reset", minutes=GOOD)


@page("POST", "/account/reset/")
async def post_reset(request: Request) -> Response:
    """The same answer whether or not the address has an account."""
    values = await read_form(request)
    lang = language(request)
    try:
        form = validated(EmailForm, values)
        await count_letter(request, form.email)
    except ShopError as refused:
        return show(request, DOOR, "reset", minutes=GOOD, values=values, refused=refused)
    await transact(lambda: proofs.ask_reset(form.email, lang))
    return show(request, DOOR, "sent", address=form.email)


@page("GET", "/account/reset/{token}/")
async def show_new_password(request: Request, token: str) -> Response:
    """Where the letter about a lost password leads."""
    if not await proofs.is_open(token, ProofOf.RESET):
        return show(request, DOOR, "link_used", refused=LinkUsed())
    return show(request, DOOR, "new_password", shortest=passwords.SHORTEST)


@page("POST", "/account/reset/{token}/")
async def post_new_password(request: Request, token: str) -> Response:
    """A new password; every session of the account ends, and its owner comes in anew."""
    values = await read_form(request)
    try:
        form = validated(PasswordForm, values)
        await reset(token, form.password, language(request))
    except LinkUsed as refused:
        return show(request, DOOR, "link_used", refused=refused)
    except ShopError as refused:
        return show(request, DOOR, "new_password", values=values, refused=refused, shortest=passwords.SHORTEST)
    await part(request)
    flash(request, "account.password_new")
    return see_other(urls.sign_in(language(request)))


async def reset(token: str, password: str, lang: str) -> None:
    """A new password by the link of a letter; the address is proven by it too. Raises LinkUsed, WeakPassword."""
    email = await proofs.owner_of(token, ProofOf.RESET)
    hashed = await service.checked_hash(email, password)

    async def work() -> None:
        who = await proofs.reset(token, hashed, lang)
        await take_over_by_address(who)

    await transact(work)


async def _held(request: Request) -> sign_in.Held:
    held = await sign_in.held(request)
    if held is None:
        raise SignInNeeded()
    return held


async def _code_page(request: Request, back: str, refused: ShopError | None = None) -> Response:
    held = await sign_in.held(request)
    if held is None:
        return see_other(urls.sign_in(language(request), back))
    if held.step is sign_in.Step.CODE:
        return show(request, DOOR, "code", refused=refused, next=back)
    keys = settings_of(request).data_keys
    offer = await factors.offered(held.person.id, keys)
    if offer is None:
        return see_other(urls.sign_in(language(request), back))
    ways = authenticator(offer.secret, held.person.email)
    return show(request, DOOR, "enrol", refused=refused, next=back, **ways)


def _onward(request: Request, back: str | None) -> str:
    return own_path(back, urls.account(language(request)))


PAGES: Pages = (
    show_sign_in,
    post_sign_in,
    post_sign_out,
    show_code,
    post_code,
    show_register,
    post_register,
    show_verify,
    post_verify,
    show_reset,
    post_reset,
    show_new_password,
    post_new_password,
)
