"""Password, second factor and programs: what guards an account, and the orders that are proven to be one's own."""

from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, ShopError
from commerce_api.foundation.kit import urls
from commerce_api.foundation.web import sessions
from commerce_api.foundation.web.access import account_of
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.error_texts import error_sentence
from commerce_api.foundation.web.flash import flash
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_form, validated
from commerce_api.foundation.web.redirects import see_other
from commerce_api.shop.accounts import bearers, factors, joining, passwords, service
from commerce_api.shop.accounts.errors import WrongPassword
from commerce_api.shop.accounts.queries import Person
from commerce_api.shop.accounts.throttles import count_claim, count_code, count_guess
from commerce_api.shop.customer_area.doors import register
from commerce_api.shop.customer_area.entering import take_over_by_link
from commerce_api.shop.customer_area.guard import members
from commerce_api.shop.customer_area.pages import whoever
from commerce_api.shop.customer_area.schemas import ClaimForm, CodeForm, NewPasswordForm, PasswordForm
from commerce_api.shop.customer_area.showing import authenticator, sentences, show
from commerce_api.shop.customer_area.vouching import NAMES, connected
from commerce_api.shop.orders.errors import OrderUnknown
from commerce_api.shop.orders.queries import order_by_token

PAGE = "account_security.html"


@page("GET", "/account/security/")
@members
async def show_security(request: Request) -> Response:
    """Password, second factor, programs."""
    return await _page(request, await whoever(request))


@page("POST", "/account/security/password")
@members
async def post_password(request: Request) -> Response:
    """A new password, after the old one; every other session ends."""
    who = await whoever(request)
    try:
        form = validated(NewPasswordForm, await read_form(request))
        await count_guess(request, who.email)
        try:
            await service.prove_password(who.id, form.current)
        except WrongPassword as refused:
            raise Invalid({"current": "password_wrong"}) from refused
        hashed = await service.checked_hash(who.email, form.password)
        await transact(lambda: service.set_password(who.id, hashed, language(request)))
    except ShopError as refused:
        return await _page(request, who, refused, "password")
    await sessions.close_all(who.id, keep=request)
    flash(request, "account.security.password_changed")
    return see_other(urls.account_security(language(request)))


@page("POST", "/account/security/factor")
@members
async def post_factor(request: Request) -> Response:
    """Without a code: make the secret and show it. With its first code: put the second factor in force, and show the
    recovery codes this once."""
    who = await whoever(request)
    keys = settings_of(request).data_keys
    values = await read_form(request)
    try:
        if "begin" in values:
            await transact(lambda: factors.begin(who.id, keys))
            return see_other(urls.account_security(language(request)))
        form = validated(CodeForm, values)
        await count_code(request, who.id)
        codes = await transact(lambda: factors.confirm(who.id, form.code, keys))
    except ShopError as refused:
        return await _page(request, who, refused, "factor")
    await sessions.close_all(who.id, keep=request)
    return show(request, "account_codes.html", "codes", codes=codes, onward=urls.account_security(language(request)))


@page("POST", "/account/security/factor-off")
@members
async def drop_factor(request: Request) -> Response:
    """Sign in by password alone again, after that password."""
    who = await whoever(request)
    try:
        form = validated(PasswordForm, await read_form(request))
        await count_guess(request, who.email)
        await service.prove_password(who.id, form.password)
        await transact(lambda: factors.drop(who.id))
    except ShopError as refused:
        return await _page(request, who, refused, "factor")
    flash(request, "account.security.factor_dropped")
    return see_other(urls.account_security(language(request)))


async def _page(request: Request, who: Person, refused: ShopError | None = None, at: str = "") -> Response:
    on = await factors.has_factor(who.id)
    keys = settings_of(request).data_keys
    offer = await factors.offered(who.id, keys)
    return show(
        request,
        PAGE,
        "security",
        refused=refused,
        at=at,
        shortest=passwords.SHORTEST,
        factor=on,
        left=await factors.codes_left(who.id),
        **(authenticator(offer.secret, who.email) if offer else {"secret": ""}),
        tokens=await bearers.tokens_of(who.id),
        address=who.email,
        has_password=await joining.has_password(who.id),
        ways=await joining.ways_of(who.id),
        names=NAMES,
        connectable=connected(request),
    )


@page("POST", "/order/{token}/claim")
@members
async def claim_order(request: Request, token: str) -> Response:
    """Take a guest's order into the account: the secret link and the order's phone prove that it is the same person."""
    lang = language(request)
    account = account_of(request)
    try:
        form = validated(ClaimForm, await read_form(request))
        await count_claim(request, account.id)
        await transact(lambda: take_over_by_link(account.id, token, form.phone))
    except ShopError as refused:
        _say(request, refused)
    else:
        flash(request, "account.claimed", n=1)
    return see_other(urls.order(token, lang))


@page("POST", "/order/{token}/account")
async def open_account(request: Request, token: str) -> Response:
    """An account with the order's own address: one password and a letter; the order comes along when it is proven."""
    lang = language(request)
    order = await order_by_token(token)
    if not order.email:
        raise OrderUnknown()
    try:
        form = validated(PasswordForm, await read_form(request))
        await register(request, order.email, form.password, lang)
    except ShopError as refused:
        _say(request, refused)
    else:
        flash(request, "account.letter_sent")
    return see_other(urls.order(token, lang))


def _say(request: Request, refused: ShopError) -> None:
    """A refusal on the next page, in the words of the field it is about."""
    said = next(iter(sentences(refused, language(request)).values()), error_sentence(refused, language(request)))
    flash(request, "account.said", words=said)


PAGES: Pages = (show_security, post_password, post_factor, drop_factor, claim_order, open_account)
