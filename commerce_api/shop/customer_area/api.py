"""The account for scripts and programs."""

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import NotFound
from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.paging import PageRequest
from commerce_api.foundation.web import sessions
from commerce_api.foundation.web.access import account_of, requires
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.openapi import Operations, api
from commerce_api.shop.accounts import bearers, factors, proofs, service, sign_in
from commerce_api.shop.accounts.bearers import TooManyTokens
from commerce_api.shop.accounts.errors import (
    BadEmail,
    CodeNeeded,
    LinkUsed,
    WeakPassword,
    WrongCode,
    WrongCredentials,
    WrongPassword,
)
from commerce_api.shop.accounts.queries import profile_of
from commerce_api.shop.accounts.throttles import count_code, count_guess, count_letter
from commerce_api.shop.customer_area import doors
from commerce_api.shop.customer_area.entering import part, welcome
from commerce_api.shop.customer_area.pages import PER_PAGE, forget, told_of, whoever
from commerce_api.shop.customer_area.schemas import (
    AccountOut,
    MovementOut,
    OwnOrderOut,
    OwnOrdersOut,
    PageQuery,
    PasswordForm,
    PointsOut,
    ProfilePatch,
    RegisterIn,
    ResetIn,
    Said,
    SessionOut,
    SignInIn,
    TokenIn,
    TokenOut,
    TokenQuery,
)
from commerce_api.shop.loyalty.queries import movements, points_of
from commerce_api.shop.orders import queries as orders
from commerce_api.shop.orders.personal import OrdersOpen

ACCOUNT = "account"


@api(
    "POST",
    "/api/v1/auth/register",
    summary="Open an account",
    status=202,
    errors=(BadEmail, WeakPassword),
    tag=ACCOUNT,
)
async def register(request: Request, body: RegisterIn) -> Said:
    """A letter with a link follows; the answer is the same for an address that has an account."""
    await doors.register(request, body.email, body.password, language(request))
    return Said(sent=True)


@api("POST", "/api/v1/auth/login", summary="Sign in", errors=(WrongCredentials, CodeNeeded, WrongCode), tag=ACCOUNT)
async def log_in(request: Request, body: SignInIn) -> AccountOut:
    """Opens a session by cookie. `code_needed` asks for the same call again, with the code of the second factor."""
    who = await doors.check(request, body.email, body.password)
    step = await sign_in.next_step(who, settings_of(request))
    if step is not sign_in.Step.NONE:
        if step is sign_in.Step.ENROL or not body.code:
            raise CodeNeeded()
        await count_code(request, who.id)
        await transact(lambda: factors.check(who.id, body.code, settings_of(request).data_keys))
    await welcome(request, who)
    return await _account(request)


@api("POST", "/api/v1/auth/logout", summary="Sign out", tag=ACCOUNT)
async def log_out(request: Request) -> None:
    """Ends the session of this browser, if there is one."""
    await part(request)


@api("POST", "/api/v1/auth/reset", summary="Set a lost password anew", errors=(LinkUsed, WeakPassword), tag=ACCOUNT)
async def reset(request: Request, body: ResetIn) -> Said:
    """With `email` a link is sent there, if it has an account; with the link's `token` and `password` that is set."""
    lang = language(request)
    if body.token:
        await doors.reset(body.token, body.password, lang)
        return Said(sent=False)
    email = body.email or ""
    await count_letter(request, email)
    await transact(lambda: proofs.ask_reset(email, lang))
    return Said(sent=True)


@api("GET", "/api/v1/account", summary="The account that is signed in", tag=ACCOUNT)
@requires()
async def read_account(request: Request) -> AccountOut:
    """Who it is, and what they told of themselves."""
    return await _account(request)


@api("PATCH", "/api/v1/account", summary="Change the profile", tag=ACCOUNT)
@requires()
async def change_account(request: Request, body: ProfilePatch) -> AccountOut:
    """Only what is named changes."""
    account = account_of(request)
    told = told_of(request, body)
    await transact(lambda: service.change_profile(account.id, told))
    return await _account(request)


@api("DELETE", "/api/v1/account", summary="Delete the account", errors=(WrongPassword, OrdersOpen), tag=ACCOUNT)
@requires()
async def delete_account(request: Request, body: PasswordForm) -> None:
    """Orders stay without the person. Refused while a parcel is on its way."""
    await forget(request, await whoever(request), body.password)


@api("GET", "/api/v1/account/orders", summary="Orders of the account, newest first", tag=ACCOUNT)
@requires()
async def list_orders(request: Request, query: PageQuery) -> OwnOrdersOut:
    """Twenty a page."""
    found = await orders.of_account(account_of(request).id, PageRequest(query.page, PER_PAGE))
    lang = language(request)
    items = [
        OwnOrderOut(
            number=row.number,
            url=urls.account_page(f"orders/{row.number}", lang),
            status=row.status.value,
            payment_status=row.payment_status.value,
            payable=row.payable,
            placed_at=row.placed_at,
        )
        for row in found.items
    ]
    return OwnOrdersOut(items=items, page=query.page, pages=found.pages, total=found.total)


@api("GET", "/api/v1/account/points", summary="Points of the account", tag=ACCOUNT)
@requires()
async def read_points(request: Request) -> PointsOut:
    """Balances and the newest fifty movements."""
    account = account_of(request)
    points = await points_of(account.id)
    moved = await movements(account.id, PageRequest(1, 50))
    listed = [MovementOut(at=one.at, kind=one.kind, amount=one.amount) for one in moved.items]
    return PointsOut(spendable=points.spendable, pending=points.pending, movements=listed)


@api("GET", "/api/v1/account/sessions", summary="Where the account is signed in", tag=ACCOUNT)
@requires()
async def list_sessions(request: Request) -> list[SessionOut]:
    """The one seen last first."""
    return [
        SessionOut(id=one.id, device=one.user_agent, since=one.created_at, seen=one.seen_at, current=one.current)
        for one in await sessions.list_sessions(account_of(request).id, request)
    ]


@api(
    "POST",
    "/api/v1/auth/tokens",
    summary="A token for a program",
    status=201,
    errors=(WrongPassword, TooManyTokens),
    tag=ACCOUNT,
)
@requires()
async def make_token(request: Request, body: TokenIn) -> TokenOut:
    """It may what the account may, until it is revoked; shown this once."""
    who = await whoever(request)
    await count_guess(request, who.email)
    await service.prove_password(who.id, body.password)
    id_, token = await transact(lambda: bearers.make(who.id, body.name))
    return TokenOut(id=id_, name=body.name, token=token)


@api("DELETE", "/api/v1/auth/tokens", summary="Revoke a token", errors=(NotFound,), tag=ACCOUNT)
@requires()
async def revoke_token(request: Request, query: TokenQuery) -> None:
    """It opens nothing from now on."""
    if not await bearers.revoke(account_of(request).id, query.id):
        raise NotFound()


async def _account(request: Request) -> AccountOut:
    who = await whoever(request)
    profile = await profile_of(who.id)
    return AccountOut(
        email=who.email,
        name=profile.name,
        phone=profile.phone,
        language=profile.language,
        city=profile.city,
        branch=profile.branch,
        payment=profile.payment,
        roles=sorted(role.value for role in who.roles),
        second_factor=await factors.has_factor(who.id),
    )


OPERATIONS: Operations = (
    register,
    log_in,
    log_out,
    reset,
    read_account,
    change_account,
    delete_account,
    list_orders,
    read_points,
    list_sessions,
    make_token,
    revoke_token,
)
