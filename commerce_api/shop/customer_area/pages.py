"""The pages of whoever is signed in: overview, orders, profile, sessions, points, personal data."""

import json
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, NotFound, ShopError
from commerce_api.foundation.kit import ids, urls
from commerce_api.foundation.kit.paging import PageRequest
from commerce_api.foundation.kit.urls import DEFAULT_LANGUAGE
from commerce_api.foundation.web import sessions
from commerce_api.foundation.web.access import account_of
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.flash import flash
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_form, read_query, validated
from commerce_api.foundation.web.redirects import see_other
from commerce_api.shop.accounts import joining, service
from commerce_api.shop.accounts.factors import has_factor
from commerce_api.shop.accounts.queries import Person, person, profile_of
from commerce_api.shop.accounts.throttles import count_guess
from commerce_api.shop.customer_area import privacy
from commerce_api.shop.customer_area.entering import part
from commerce_api.shop.customer_area.guard import members
from commerce_api.shop.customer_area.schemas import (
    KeyForm,
    PageQuery,
    PasswordForm,
    ProfileIn,
    ProfilePatch,
    SessionForm,
)
from commerce_api.shop.customer_area.showing import show
from commerce_api.shop.favourites.queries import liked_by
from commerce_api.shop.loyalty import service as loyalty
from commerce_api.shop.loyalty.queries import movements, points_of, rewards_of
from commerce_api.shop.orders import queries as orders
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.points import REWARD_PERCENT, REWARD_POINTS

PER_PAGE: Final = 20
NEWEST: Final = 3


async def whoever(request: Request) -> Person:
    """The person of the session. Raises NotFound when the account has gone meanwhile."""
    who = await person(account_of(request).id)
    if who is None:
        raise NotFound()
    return who


@page("GET", "/account/")
@members
async def show_account(request: Request) -> Response:
    """The newest orders, the points, and the way to everything else."""
    who = await whoever(request)
    return show(
        request,
        "account.html",
        "overview",
        person=who,
        orders=await orders.of_account(who.id, PageRequest(1, NEWEST)),
        points=await points_of(who.id),
        liked=len(await liked_by(who.id)),
        bare_staff=who.is_staff and not await has_factor(who.id),
    )


@page("GET", "/account/orders/")
@members
async def show_orders(request: Request) -> Response:
    """Every order of the account, newest first."""
    query = read_query(request, PageQuery)
    found = await orders.of_account(account_of(request).id, PageRequest(query.page, PER_PAGE))
    return show(request, "account_orders.html", "orders", orders=found)


@page("GET", "/account/orders/{number}/")
@members
async def open_order(request: Request, number: str) -> Response:
    """To the page of an own order. Anybody else's does not exist."""
    token = await orders.token_of(account_of(request).id, number)
    return see_other(urls.order(token, language(request)))


@page("GET", "/account/profile/")
@members
async def show_profile(request: Request) -> Response:
    """What the checkout may fill in."""
    profile = await profile_of(account_of(request).id)
    values = {name: str(getattr(profile, name)) for name in ProfileIn.model_fields}
    return _profile(request, values, None)


@page("POST", "/account/profile/")
@members
async def post_profile(request: Request) -> Response:
    """Store it."""
    values = await read_form(request)
    try:
        form = validated(ProfileIn, values)
        told = told_of(request, form)
        await transact(lambda: service.change_profile(account_of(request).id, told))
    except ShopError as refused:
        return _profile(request, values, refused)
    flash(request, "account.profile.saved")
    return see_other(urls.account_page("profile", form.language))


def told_of(request: Request, form: ProfileIn | ProfilePatch) -> dict[str, str]:
    """What a person tells of themselves, as the accounts room stores it: only what is named. Raises Invalid for a
    language that the shop does not speak."""
    told: dict[str, str] = form.model_dump(exclude_none=True, mode="json")
    if told.get("language", DEFAULT_LANGUAGE) not in settings_of(request).shop.languages:
        raise Invalid({"language": "choice"})
    return told


def _profile(request: Request, values: dict[str, str], refused: ShopError | None) -> Response:
    payments = [kind.value for kind in PayType]
    return show(
        request,
        "account_profile.html",
        "profile",
        values=values,
        refused=refused,
        payments=payments,
        languages=settings_of(request).shop.languages,
    )


@page("GET", "/account/sessions/")
@members
async def show_sessions(request: Request) -> Response:
    """Where the account is signed in."""
    found = await sessions.list_sessions(account_of(request).id, request)
    return show(request, "account_sessions.html", "sessions", sessions=found)


@page("POST", "/account/sessions/")
@members
async def end_session(request: Request) -> Response:
    """End one session, or all others."""
    form = validated(SessionForm, await read_form(request))
    account = account_of(request)
    if form.session:
        if not await sessions.close_one(account.id, form.session):
            raise NotFound()
    else:
        await sessions.close_all(account.id, keep=request)
    flash(request, "account.sessions.ended")
    return see_other(urls.account_page("sessions", language(request)))


@page("GET", "/account/points/")
@members
async def show_points(request: Request) -> Response:
    """What there is, what is coming, what became of it."""
    return await _points(request)


@page("POST", "/account/points/")
@members
async def spend_points(request: Request) -> Response:
    """Turn points into a code, or give some away."""
    account = account_of(request)
    try:
        form = validated(KeyForm, await read_form(request))
        if form.points is None:
            await transact(lambda: loyalty.buy_code(account.id, form.key))
            flash(request, "account.points.bought")
        else:
            given = form.points
            await transact(lambda: loyalty.donate(account.id, given, form.key))
            flash(request, "account.points.given", n=given)
    except ShopError as refused:
        return await _points(request, refused)
    return see_other(urls.account_page("points", language(request)))


async def _points(request: Request, refused: ShopError | None = None) -> Response:
    account = account_of(request)
    return show(
        request,
        "account_points.html",
        "points",
        refused=refused,
        points=await points_of(account.id),
        movements=(await movements(account.id, PageRequest(1, 50))).items,
        rewards=await rewards_of(account.id),
        price=REWARD_POINTS,
        percent=REWARD_PERCENT,
        key=ids.token(),
    )


@page("GET", "/account/data/")
@members
async def show_data(request: Request) -> Response:
    """What the shop knows, to take along or to be forgotten."""
    return await _data(request, await whoever(request))


@page("GET", "/account/data/export.json")
@members
async def download_data(request: Request) -> Response:
    """All of it as one file."""
    account = account_of(request)
    found = await privacy.export(account.id, await sessions.list_sessions(account.id, request))
    return Response(
        json.dumps(found, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"content-disposition": 'attachment; filename="twocomms-data.json"', "cache-control": "no-store"},
    )


@page("POST", "/account/data/")
@members
async def delete_account(request: Request) -> Response:
    """Forget the person, after their password."""
    who = await whoever(request)
    try:
        form = validated(PasswordForm, await read_form(request))
        await forget(request, who, form.password)
    except ShopError as refused:
        return await _data(request, who, refused)
    flash(request, "account.data.deleted")
    return see_other(urls.home(language(request)))


async def _data(request: Request, who: Person, refused: ShopError | None = None) -> Response:
    has_password = await joining.has_password(who.id)
    return show(request, "account_data.html", "data", refused=refused, has_password=has_password, address=who.email)


async def forget(request: Request, who: Person, password: str) -> None:
    """Delete the account of the session; pages and programs both come here.

    Raises WrongPassword, TooMany, OrdersOpen, Forbidden.
    """
    await count_guess(request, who.email)
    await service.prove_password(who.id, password)
    await transact(lambda: privacy.erase(who.id))
    await part(request)


PAGES: Pages = (
    show_account,
    show_orders,
    open_order,
    show_profile,
    post_profile,
    show_sessions,
    end_session,
    show_points,
    spend_points,
    show_data,
    download_data,
    delete_account,
)
