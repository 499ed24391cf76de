"""Coming in: by letter, by password, by code; and never learning who else has an account."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.models import Session
from commerce_api.shop.accounts import factors, totp
from commerce_api.shop.accounts.models import Account, Consent
from commerce_api.shop.accounts.roles import Role
from tests.commerce_api.shop.cart.builders import everything, put_on_shelf, shopper
from tests.commerce_api.shop.checkout.builders import buy, fill
from tests.commerce_api.shop.customer_area.builders import (
    EMAIL,
    PASSWORD,
    come_in,
    letters,
    link_in,
    somebody,
    whole_shop,
)

pytestmark = pytest.mark.anyio
T = texts("uk")
NEW = "інший довгий пароль 5"


async def test_a_new_account_opens_by_its_letter_and_takes_the_guests_orders_along(database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(whole_shop(database), database) as client:
        # given an order placed as a guest, and something in the cart
        total = await fill(client, {codes["M"]: 1})
        assert (await buy(client, total)).status_code == 201
        await fill(client, {codes["M"]: 2})
        # when the guest registers
        sent = await client.post("/account/register/", data={"email": " Oksana@Example.com", "password": PASSWORD})
        assert sent.status_code == 200
        assert EMAIL in sent.text
        before = await come_in(client)
        link = link_in((await letters(database))[-1], database.site_url)
        shown = await client.get(link)
        wrong = await client.post(link, data={"password": "not this one"})
        opened = await client.post(link, data={"password": PASSWORD})
        history = await client.get("/account/orders/")
        cart = await client.get("/api/v1/cart")
        again = await client.post(link, data={"password": PASSWORD})

    assert before.status_code == 401  # nobody comes in before the address is proven
    assert shown.status_code == 200
    assert wrong.status_code == 422
    assert (opened.status_code, opened.headers["location"]) == (303, "/account/")
    assert "TWC" in history.text
    assert cart.json()["lines"][0]["quantity"] == 2
    assert again.status_code == 409
    assert client.cookies["u"] == "1"
    assert await Consent.all().count() == 1


async def test_registering_a_known_address_answers_alike_and_changes_nothing(sqlite_database: Settings) -> None:
    await somebody()
    kept = (await Account.get()).password_hash
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        known = await client.post("/account/register/", data={"email": EMAIL, "password": NEW})
        fresh = await client.post("/account/register/", data={"email": "new@example.com", "password": NEW})
    assert known.status_code == fresh.status_code == 200
    assert known.text == fresh.text.replace("new@example.com", EMAIL)
    assert (await Account.get(email=EMAIL)).password_hash == kept
    mails = await letters(sqlite_database)
    assert T("letters.known.subject") in mails[0]


async def test_whoever_registers_somebody_elses_address_cannot_come_in(sqlite_database: Settings) -> None:
    # given a stranger who registered the address first
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await client.post("/account/register/", data={"email": EMAIL, "password": NEW})
        link = link_in((await letters(sqlite_database))[-1], sqlite_database.site_url)
        # when the owner of the address follows the letter with a password of their own
        refused = await client.post(link, data={"password": PASSWORD})
        # then nothing is proven, and the owner takes the account by a new password
        await client.post("/account/reset/", data={"email": EMAIL})
        reset = link_in((await letters(sqlite_database))[-1], sqlite_database.site_url)
        await client.post(reset, data={"password": PASSWORD})
        stranger = await come_in(client, EMAIL, NEW)
        owner = await come_in(client)
    assert refused.status_code == 422
    assert (stranger.status_code, owner.status_code) == (401, 303)


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong"), ("nobody@example.com", PASSWORD)])
async def test_a_wrong_password_and_an_unknown_address_get_one_answer(
    sqlite_database: Settings, email: str, password: str
) -> None:
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        answer = await come_in(client, email, password)
    assert answer.status_code == 401
    assert T("errors.wrong_credentials") in unescape(answer.text)
    assert password not in answer.text
    assert "sid" not in client.cookies


async def test_guesses_at_one_account_are_counted_wherever_they_come_from(sqlite_database: Settings) -> None:
    await somebody()
    app = whole_shop(replace(sqlite_database, limits=True))
    async with shopper(app, sqlite_database) as client:
        tries = [await come_in(client, EMAIL, f"guess {number}") for number in range(11)]
        right = await come_in(client)
    assert [answer.status_code for answer in tries] == [401] * 10 + [429]
    assert right.status_code == 429


async def test_a_reset_link_works_once_and_ends_every_session(database: Settings) -> None:
    await somebody()
    app = whole_shop(database)
    async with shopper(app, database) as thief, shopper(app, database) as owner:
        await come_in(thief)
        await owner.post("/account/reset/", data={"email": EMAIL})
        link = link_in((await letters(database))[-1], database.site_url)
        weak = await owner.post(link, data={"password": "password123"})
        twice = await asyncio.gather(*(owner.post(link, data={"password": NEW}) for _ in range(2)))
        gone = await thief.get("/api/v1/account")
        back = await come_in(owner, EMAIL, NEW)
    assert weak.status_code == 422
    assert sorted(answer.status_code for answer in twice) == [303, 409]
    assert gone.status_code == 401
    assert back.status_code == 303


async def test_a_reset_ends_the_tokens_of_programs_too(sqlite_database: Settings) -> None:
    # given somebody who got in and left with a token
    await somebody()
    app = whole_shop(sqlite_database)
    async with shopper(app, sqlite_database) as thief, shopper(app, sqlite_database) as owner:
        await come_in(thief)
        made = await thief.post("/api/v1/auth/tokens", json={"name": "a program", "password": PASSWORD})
        # when the owner sets a new password by letter
        await owner.post("/account/reset/", data={"email": EMAIL})
        link = link_in((await letters(sqlite_database))[-1], sqlite_database.site_url)
        await owner.post(link, data={"password": NEW})
        # then the token opens nothing
        bearer = {"authorization": f"Bearer {made.json()['token']}"}
        gone = await owner.get("/api/v1/account", headers=bearer)
    assert (made.status_code, gone.status_code) == (201, 401)


async def test_a_reset_link_is_too_old_after_half_an_hour_as_page_and_letter_say(sqlite_database: Settings) -> None:
    await somebody()
    asked = clock.now()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        with clock.frozen(asked):
            page = await client.get("/account/reset/")
            refused = await client.post("/account/reset/", data={"email": "x"})
            await client.post("/account/reset/", data={"email": EMAIL})
            letter = (await letters(sqlite_database))[-1]
        link = link_in(letter, sqlite_database.site_url)
        with clock.frozen(asked + timedelta(minutes=29, seconds=59)):
            open_yet = await client.get(link)
        with clock.frozen(asked + timedelta(minutes=30)):
            seen = await client.get(link)
            late = await client.post(link, data={"password": NEW})

    assert (open_yet.status_code, seen.status_code, late.status_code) == (200, 409, 409)
    assert all("30 хвилин" in unescape(text).replace("\u00a0", " ") for text in (page.text, refused.text, letter))


async def test_asking_for_an_unknown_address_looks_the_same_and_writes_to_nobody(sqlite_database: Settings) -> None:
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        known = await client.post("/account/reset/", data={"email": EMAIL})
        unknown = await client.post("/account/reset/", data={"email": "nobody@example.com"})
    assert known.text == unknown.text.replace("nobody@example.com", EMAIL)
    assert len(await letters(sqlite_database)) == 1


async def test_no_token_of_a_letter_is_stored(sqlite_database: Settings) -> None:
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await client.post("/account/reset/", data={"email": EMAIL})
    token = link_in((await letters(sqlite_database))[-1], sqlite_database.site_url).split("/")[3]
    assert len(token) == 32
    assert token not in str(await everything())


async def test_the_second_factor_asks_for_a_code_and_takes_none_twice(database: Settings) -> None:
    who = await somebody()
    offer = await transact(lambda: factors.begin(who.id, database.data_keys))
    first = totp.code_at(offer.secret, totp.step_at(clock.now().timestamp()) - 1)
    spare = await transact(lambda: factors.confirm(who.id, first, database.data_keys))
    code = totp.code_at(offer.secret, totp.step_at(clock.now().timestamp()))
    app = whole_shop(database)
    async with shopper(app, database) as one, shopper(app, database) as other, shopper(app, database) as third:
        for client in (one, other, third):
            held = await come_in(client)
            assert held.headers["location"] == "/account/code/"
            assert (await client.get("/api/v1/account")).status_code == 401
        taken = await one.post("/account/code/", data={"code": code})
        replayed = await other.post("/account/code/", data={"code": code})
        by_paper = await third.post("/account/code/", data={"code": spare[0].lower()})
        again = await other.post("/account/code/", data={"code": spare[0]})
    assert (taken.status_code, replayed.status_code) == (303, 422)
    assert (by_paper.status_code, again.status_code) == (303, 422)


async def test_staff_of_a_real_shop_come_in_once_without_a_code(sqlite_database: Settings) -> None:
    await somebody("staff@example.com", Role.ORDERS)
    real = replace(sqlite_database, env="production")
    async with shopper(whole_shop(real), real) as client:
        first = await come_in(client, "staff@example.com")
        await client.post("/account/sign-out")
        second = await come_in(client, "staff@example.com")
        page = await client.get(second.headers["location"])
    assert first.headers["location"] == "/account/"
    assert second.headers["location"] == "/account/code/"
    assert T("account.enrol.title") in unescape(page.text)


async def test_staff_sessions_of_the_shops_door_live_by_the_strict_terms(sqlite_database: Settings) -> None:
    await somebody("staff@example.com", Role.ORDERS)
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await come_in(client, "staff@example.com")
    assert (await Session.get()).staff is True


async def test_leaving_ends_the_session_and_empties_the_browser(sqlite_database: Settings) -> None:
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await come_in(client)
        left = await client.post("/account/sign-out")
        after = await client.get("/account/")
    assert left.headers["clear-site-data"] == '"storage"'
    assert after.headers["location"] == "/account/sign-in/?next=/account/"
    assert "u" not in client.cookies


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example", "/%2f/evil.example"])
async def test_nobody_is_sent_elsewhere_after_signing_in(sqlite_database: Settings, path: str) -> None:
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        data = {"email": EMAIL, "password": PASSWORD, "next": path}
        answer = await client.post("/account/sign-in/", data=data)
    assert answer.headers["location"] == "/account/"
