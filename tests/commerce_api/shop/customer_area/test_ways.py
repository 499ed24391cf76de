"""Coming in by Google and Telegram: who gets in, and who is asked for a proof."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.models import Session
from commerce_api.shop.accounts import bearers, factors, service, totp
from commerce_api.shop.accounts.models import AccessToken, Account, Attempt, Consent, LinkedIdentity
from commerce_api.shop.accounts.roles import Role
from sandbox.google import subject_of
from tests.commerce_api.shop.cart.builders import put_on_shelf, shopper
from tests.commerce_api.shop.checkout.builders import buy, fill
from tests.commerce_api.shop.customer_area.builders import (
    EMAIL,
    PASSWORD,
    come_in,
    letters,
    link_in,
    somebody,
)
from tests.commerce_api.shop.customer_area.street import linked, signed_in, street, trouble

pytestmark = pytest.mark.anyio
T = texts("uk")


async def test_a_first_visit_opens_an_account_and_takes_cart_and_orders_along(database: Settings) -> None:
    codes = await put_on_shelf()
    async with street(database) as s:
        total = await fill(s.client, {codes["M"]: 1})
        assert (await buy(s.client, total)).status_code == 201
        await fill(s.client, {codes["M"]: 2})
        arrived = await s.arrive(onward="/account/orders/", email="Oksana@Example.com")
        history = await s.client.get("/account/orders/")
        cart = await s.client.get("/api/v1/cart")
    assert (arrived.status_code, arrived.headers["location"]) == (303, "/account/orders/")
    assert "TWC" in history.text
    assert T("account.ways.welcome") in unescape(history.text)
    assert cart.json()["lines"][0]["quantity"] == 2
    account = await Account.get(email=EMAIL)
    assert account.verified_at is not None
    assert account.password_hash is None
    assert await Consent.filter(account_id=account.id, kind="terms").count() == 1
    assert await Attempt.all().count() == 0


async def test_the_second_visit_opens_the_same_account_whatever_its_address_is_by_then(database: Settings) -> None:
    async with street(database) as s:
        await s.arrive()
        await s.client.post("/account/sign-out")
        await s.arrive(email="renamed@example.com", subject=subject_of(EMAIL))
        assert (await s.client.get("/api/v1/account")).json()["email"] == EMAIL
    assert await Account.all().count() == 1


async def test_the_session_is_a_new_one_and_a_planted_one_stays_outside(sqlite_database: Settings) -> None:
    await linked(await somebody())
    now, planted = clock.now(), "planted"
    await Session.create(
        digest=ids.digest(planted),
        account_id=None,
        staff=False,
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(days=1),
        user_agent="",
        data={},
    )
    async with street(sqlite_database) as s, shopper(s.app, sqlite_database) as thief:
        s.client.cookies.set("sid", planted)
        thief.cookies.set("sid", planted)
        await s.arrive()
        assert await signed_in(s.client)
        assert not await signed_in(thief)
    assert await Session.filter(digest=ids.digest(planted)).count() == 0


async def test_an_account_that_was_proven_opens_only_to_its_password(sqlite_database: Settings) -> None:
    who = await somebody()
    async with street(sqlite_database) as s:
        arrived = await s.arrive(onward="/account/points/")
        assert arrived.headers["location"] == "/account/join/"
        assert not await signed_in(s.client)
        page = await s.client.get("/account/join/")
        assert EMAIL in page.text
        wrong = await s.client.post("/account/join/", data={"email": EMAIL, "password": "not this one"})
        assert wrong.status_code == 401
        assert await LinkedIdentity.all().count() == 0
        right = await s.client.post("/account/join/", data={"email": EMAIL, "password": PASSWORD})
        assert (right.status_code, right.headers["location"]) == (303, "/account/points/")
        assert await signed_in(s.client)
        # from now on the button is enough
        await s.client.post("/account/sign-out")
        await s.arrive()
        assert await signed_in(s.client)
    assert (await LinkedIdentity.get()).account_id == who.id
    mails = await letters(sqlite_database)
    assert T("letters.way_added.subject") in mails[-1]


async def test_an_address_that_the_provider_did_not_prove_is_never_merged(sqlite_database: Settings) -> None:
    await somebody()
    async with street(sqlite_database) as s:
        known = await s.arrive(verified="")
        unknown = await s.arrive(verified="", email="new@example.com")
        page = await s.client.get("/account/join/")
        assert not await signed_in(s.client)
    assert known.headers["location"] == unknown.headers["location"] == "/account/join/"
    assert "new@example.com" not in page.text
    assert await Account.all().count() == 1
    assert await LinkedIdentity.all().count() == 0


async def test_who_registered_an_address_before_its_owner_keeps_nothing(database: Settings) -> None:
    # given a stranger who registered the address, and whatever could be prepared in it
    stranger = await somebody(verified=False)
    await transact(lambda: bearers.make(stranger.id, "a program"))
    await transact(lambda: factors.begin(stranger.id, database.data_keys))
    await Session.create(
        digest="d" * 64, account_id=stranger.id, staff=False, created_at=clock.now(), seen_at=clock.now(),
        expires_at=clock.now() + timedelta(days=1), user_agent="", data={},
    )  # fmt: skip
    async with street(database) as s:
        await s.client.post("/account/register/", data={"email": EMAIL, "password": PASSWORD})
        letter = link_in((await letters(database))[-1], database.site_url)
        # when the owner comes in by Google
        await s.arrive()
        assert await signed_in(s.client)
        # then neither password nor letter of the stranger opens anything
        assert (await come_in(s.client)).status_code == 401
        assert (await s.client.post(letter, data={"password": PASSWORD})).status_code in {409, 422}
    account = await Account.get(email=EMAIL)
    assert account.id == stranger.id
    assert account.password_hash is None
    assert await AccessToken.all().count() == 0
    assert not await factors.has_factor(account.id)
    assert await Session.filter(account_id=account.id).count() == 1


async def test_an_unproven_account_with_rights_is_nobodys_prize(sqlite_database: Settings) -> None:
    await somebody(verified=False)
    await transact(lambda: service.grant(EMAIL, Role.OWNER))
    async with street(sqlite_database) as s:
        assert (await s.arrive()).headers["location"] == "/account/join/"
        assert not await signed_in(s.client)
    assert await LinkedIdentity.all().count() == 0


async def test_telegram_proves_no_address_so_an_account_is_asked_for(sqlite_database: Settings) -> None:
    who = await somebody()
    async with street(sqlite_database) as s:
        arrived = await s.arrive("telegram", subject="777")
        page = await s.client.get(arrived.headers["location"])
        joined = await s.client.post("/account/join/", data={"email": EMAIL, "password": PASSWORD})
        await s.client.post("/account/sign-out")
        await s.arrive("telegram", subject="777")
        assert await signed_in(s.client)
    assert "Telegram" in page.text
    assert joined.status_code == 303
    assert (await LinkedIdentity.get()).account_id == who.id


async def test_the_second_factor_is_asked_for_whoever_vouches(database: Settings) -> None:
    who = await somebody("owner@example.com", Role.OWNER)
    offer = await transact(lambda: factors.begin(who.id, database.data_keys))
    now = clock.now()
    with clock.frozen(now - timedelta(minutes=5)):
        first = totp.code_at(offer.secret, totp.step_at(clock.now().timestamp()))
        await transact(lambda: factors.confirm(who.id, first, database.data_keys))
    async with street(database) as s:
        # joining: the password alone connects nothing
        await s.arrive(email=who.email)
        half = await s.client.post("/account/join/", data={"email": who.email, "password": PASSWORD})
        assert half.headers["location"].startswith("/account/code/")
        assert await LinkedIdentity.all().count() == 0
        assert not await signed_in(s.client)
        code = totp.code_at(offer.secret, totp.step_at(now.timestamp()))
        with clock.frozen(now):
            await s.client.post("/account/code/", data={"code": code})
        assert await signed_in(s.client)
        assert (await LinkedIdentity.get()).account_id == who.id
        # and the button alone opens nothing either
        await s.client.post("/account/sign-out")
        again = await s.arrive(email=who.email)
        assert again.headers["location"].startswith("/account/code/")
        assert not await signed_in(s.client)
        with clock.frozen(now + timedelta(seconds=60)):
            later = totp.code_at(offer.secret, totp.step_at(clock.now().timestamp()))
            await s.client.post("/account/code/", data={"code": later})
        assert (await s.client.get("/api/v1/staff/orders")).status_code == 200


async def test_staff_set_up_codes_before_a_button_opens_the_office(sqlite_database: Settings) -> None:
    who = await somebody("owner@example.com", Role.OWNER)
    await Account.filter(id=who.id).update(signed_in_at=clock.now())
    await linked(who)
    async with street(replace(sqlite_database, env="production")) as s:
        arrived = await s.arrive(email=who.email)
        page = await s.client.get(arrived.headers["location"])
        assert not await signed_in(s.client)
    assert arrived.headers["location"].startswith("/account/code/")
    assert T("account.enrol.title") in unescape(page.text)


async def test_a_closed_account_stays_closed(sqlite_database: Settings) -> None:
    who = await somebody()
    await linked(who)
    await Account.filter(id=who.id).update(disabled_at=clock.now())
    async with street(sqlite_database) as s:
        assert trouble(await s.arrive()) == "failed"
        assert not await signed_in(s.client)
