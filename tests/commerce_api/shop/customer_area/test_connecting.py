"""One more way into an account that is there already, and closing one."""

import asyncio
from datetime import timedelta
from html import unescape

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.shop.accounts import factors, totp
from commerce_api.shop.accounts.models import Account, LinkedIdentity
from commerce_api.shop.accounts.queries import Person
from sandbox.google import subject_of
from tests.commerce_api.shop.cart.builders import shopper
from tests.commerce_api.shop.customer_area.builders import (
    EMAIL,
    PASSWORD,
    come_in,
    letters,
    link_in,
    somebody,
)
from tests.commerce_api.shop.customer_area.street import linked, signed_in, street

pytestmark = pytest.mark.anyio
T = texts("uk")


async def test_one_more_way_in_asks_for_the_password_again(sqlite_database: Settings) -> None:
    await somebody()
    async with street(sqlite_database) as s:
        await come_in(s.client)
        page = await s.client.get("/account/security/")
        assert T("account.ways.connect", way="Google") in unescape(page.text)
        arrived = await s.arrive(email="other@example.com", onward="/account/security/")
        assert arrived.headers["location"] == "/account/join/"
        assert await Account.all().count() == 1  # the other address opens no account of its own
        wrong = await s.client.post("/account/join/", data={"password": "not this one"})
        assert wrong.status_code == 422
        assert await LinkedIdentity.all().count() == 0
        await s.client.post("/account/join/", data={"password": PASSWORD})
        page = await s.client.get("/account/security/")
        assert T("account.ways.joined", way="Google") in unescape(page.text)
        again = await s.arrive(email="other@example.com")
        assert again.headers["location"] == "/account/security/"
    assert (await LinkedIdentity.get()).subject == subject_of("other@example.com")


async def test_a_way_that_opens_another_account_is_not_taken_from_it(sqlite_database: Settings) -> None:
    owner = await somebody("owner@example.com")
    await linked(owner)
    await somebody()
    async with street(sqlite_database) as s:
        await come_in(s.client)
        await s.arrive(email=owner.email)
        page = await s.client.get("/account/security/")
        assert (await s.client.get("/api/v1/account")).json()["email"] == EMAIL
    assert T("account.ways.taken", way="Google") in unescape(page.text)
    assert (await LinkedIdentity.get()).account_id == owner.id


async def test_what_waits_for_a_proof_waits_ten_minutes_and_in_its_browser_alone(sqlite_database: Settings) -> None:
    await somebody()
    async with street(sqlite_database) as s:
        await s.arrive()
        async with shopper(s.app, sqlite_database) as other:
            answer = await other.post("/account/join/", data={"email": EMAIL, "password": PASSWORD})
            assert answer.headers["location"] == "/account/sign-in/"
        with clock.frozen(clock.now() + timedelta(minutes=11)):
            late = await s.client.post("/account/join/", data={"email": EMAIL, "password": PASSWORD})
        assert late.headers["location"] == "/account/sign-in/"
    assert await LinkedIdentity.all().count() == 0


async def test_a_password_typed_at_the_door_connects_nothing_that_waits(sqlite_database: Settings) -> None:
    # One person leaves in the middle, another signs in at the same machine.
    await somebody("second@example.com")
    async with street(sqlite_database) as s:
        await s.arrive("telegram", subject="777")
        await come_in(s.client, "second@example.com")
        assert await signed_in(s.client)
    assert await LinkedIdentity.all().count() == 0


async def test_a_code_typed_at_the_door_connects_nothing_that_waits(sqlite_database: Settings) -> None:
    who = await somebody("second@example.com")
    offer = await transact(lambda: factors.begin(who.id, sqlite_database.data_keys))
    step = totp.step_at(clock.now().timestamp())
    first = totp.code_at(offer.secret, step - 1)
    await transact(lambda: factors.confirm(who.id, first, sqlite_database.data_keys))
    async with street(sqlite_database) as s:
        await s.arrive("telegram", subject="777")
        await come_in(s.client, "second@example.com")
        await s.client.post("/account/code/", data={"code": totp.code_at(offer.secret, step)})
        assert await signed_in(s.client)
    assert await LinkedIdentity.all().count() == 0


async def test_the_last_way_in_cannot_be_closed(database: Settings) -> None:
    async with street(database) as s:
        await s.arrive()
        way = (await LinkedIdentity.get()).id
        await s.client.post("/account/security/disconnect", data={"way": str(way)})
        page = await s.client.get("/account/security/")
        assert T("account.ways.last") in unescape(page.text)
        assert await LinkedIdentity.all().count() == 1
        # with a password it can
        await s.client.post("/account/reset/", data={"email": EMAIL})
        link = link_in((await letters(database))[-1], database.site_url)
        await s.client.post(link, data={"password": PASSWORD})
        await come_in(s.client)
        await s.client.post("/account/security/disconnect", data={"way": str(way)})
        assert await LinkedIdentity.all().count() == 0
        await s.client.post("/account/sign-out")
        assert (await s.arrive()).headers["location"] == "/account/join/"


async def test_of_two_ways_closed_at_once_one_stays(database: Settings) -> None:
    async with street(database) as s:
        await s.arrive()
        account = await Account.get()
        who = Person(account.id, account.email, "", "uk", frozenset())
        await linked(who, "telegram", "777")
        both = await LinkedIdentity.all().values_list("id", flat=True)
        tries = (s.client.post("/account/security/disconnect", data={"way": str(one)}) for one in both)
        await asyncio.gather(*tries)
    assert await LinkedIdentity.all().count() == 1


async def test_nobody_closes_the_way_of_somebody_else(database: Settings) -> None:
    await linked(await somebody("owner@example.com"))
    await somebody()
    async with street(database) as s:
        await come_in(s.client)
        way = (await LinkedIdentity.get()).id
        answer = await s.client.post("/account/security/disconnect", data={"way": str(way)})
        no_number = await s.client.post("/account/security/disconnect", data={"way": str(2**31)})
    assert (answer.status_code, no_number.status_code) == (404, 422)
    assert await LinkedIdentity.all().count() == 1


async def test_an_account_without_a_password_is_shown_how_to_get_one(sqlite_database: Settings) -> None:
    async with street(sqlite_database) as s:
        await s.arrive()
        security, data = await s.client.get("/account/security/"), await s.client.get("/account/data/")
        await s.arrive("telegram", subject="777")
        join = await s.client.get("/account/join/")
        guess = await come_in(s.client, EMAIL, "")
    assert T("account.ways.no_password") in unescape(security.text)
    assert T("account.ways.for_this") in unescape(data.text)
    assert T("account.ways.no_password") in unescape(join.text)
    assert 'name="password"' not in join.text
    assert 'name="current"' not in security.text
    assert guess.status_code == 422


async def test_the_way_in_goes_with_the_data_and_with_the_account(sqlite_database: Settings) -> None:
    who = await somebody()
    await linked(who)
    async with street(sqlite_database) as s:
        await come_in(s.client)
        told = (await s.client.get("/account/data/export.json")).json()
        await s.client.post("/account/data/", data={"password": PASSWORD})
        assert await LinkedIdentity.all().count() == 0
        # whoever comes by the same button afterwards is somebody new
        await s.arrive()
        assert (await s.client.get("/api/v1/account/orders")).json()["total"] == 0
    assert told["account"]["ways_in"][0]["provider"] == "google"
    assert told["account"]["ways_in"][0]["subject"] == subject_of(EMAIL)
