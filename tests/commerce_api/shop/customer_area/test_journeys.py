"""The way to Google or Telegram and back: what it can be used for once, and what attackers get."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.shop.accounts.models import Account, Attempt, LinkedIdentity
from sandbox.id_tokens import Twist
from tests.commerce_api.shop.cart.builders import shopper
from tests.commerce_api.shop.customer_area.builders import (
    EMAIL,
    come_in,
    somebody,
    whole_shop,
)
from tests.commerce_api.shop.customer_area.street import signed_in, street, trouble

pytestmark = pytest.mark.anyio
T = texts("uk")


@pytest.mark.parametrize("twist", list(Twist))
async def test_a_spoilt_token_leads_back_to_the_door(sqlite_database: Settings, twist: Twist) -> None:
    async with street(sqlite_database) as s:
        s.world.spoil(twist)
        assert trouble(await s.arrive()) == "failed"
        assert not await signed_in(s.client)
    assert await Account.all().count() == 0


async def test_an_answer_works_once(sqlite_database: Settings) -> None:
    async with street(sqlite_database) as s:
        back = await s.bring()
        await s.client.get(back)
        again = await s.client.get(back)
        assert again.headers["location"] == "/account/"  # in already: nothing is undone
        await s.client.post("/account/sign-out")
        assert trouble(await s.client.get(back)) == "stale"
        assert not await signed_in(s.client)


async def test_of_two_answers_that_arrive_together_one_opens_and_none_undoes_it(database: Settings) -> None:
    async with street(database) as s:
        back = await s.bring()
        both = await asyncio.gather(*(s.client.get(back) for _ in range(2)))
        assert await signed_in(s.client)
    late = [answer for answer in both if "stale" in answer.headers["location"]]
    assert all("set-cookie" not in answer.headers for answer in late)
    assert await Account.all().count() == 1
    assert await LinkedIdentity.all().count() == 1


async def test_the_state_of_one_browser_opens_nothing_in_another(sqlite_database: Settings) -> None:
    async with street(sqlite_database) as s:
        attackers = await s.bring(email="attacker@example.com")
        async with shopper(s.app, sqlite_database) as victim:
            # a browser that never set out, and one that has set out itself
            assert trouble(await victim.get(attackers)) == "stale"
            await victim.get("/auth/google")
            assert trouble(await victim.get(attackers)) == "stale"
            assert not await signed_in(victim)
        # the attempt is not burnt: its own browser still gets in
        await s.client.get(attackers)
        assert await signed_in(s.client)


async def test_an_answer_is_too_late_after_ten_minutes(sqlite_database: Settings) -> None:
    async with street(sqlite_database) as s:
        back = await s.bring()
        with clock.frozen(clock.now() + timedelta(minutes=10, seconds=1)):
            assert trouble(await s.client.get(back)) == "stale"
        back = await s.bring()
        with clock.frozen(clock.now() + timedelta(seconds=50)):
            await s.client.get(back)
        assert await signed_in(s.client)


async def test_the_state_of_one_provider_is_none_of_another(sqlite_database: Settings) -> None:
    async with street(sqlite_database) as s:
        back = await s.bring()
        assert trouble(await s.client.get(back.replace("/auth/google/", "/auth/telegram/"))) == "stale"


async def test_two_tabs_get_in_one_after_the_other(sqlite_database: Settings) -> None:
    async with street(sqlite_database) as s:
        first, second = await s.set_out(), await s.set_out()
        back = await s.world.press(second, email=EMAIL, verified="1")
        await s.client.get(back.removeprefix(sqlite_database.site_url))
        assert await signed_in(s.client)
        late = await s.world.press(first, email=EMAIL, verified="1")
        assert (await s.client.get(late.removeprefix(sqlite_database.site_url))).status_code == 303
        assert await signed_in(s.client)


async def test_whoever_changes_their_mind_reads_so_in_their_language(sqlite_database: Settings) -> None:
    async with street(sqlite_database) as s:
        answer = await s.client.get(await s.bring(act="deny", lang="/en", onward="/en/cart/"))
        assert trouble(answer) == "cancelled"
        page = await s.client.get(answer.headers["location"])
    assert answer.headers["location"].startswith("/en/account/sign-in/?next=/en/cart/")
    assert texts("en")("account.ways.cancelled", way="Google") in unescape(page.text)
    assert 'name="next" value="/en/cart/"' in page.text


@pytest.mark.parametrize("end", ["/openid-configuration", "/token", "/jwks.json"])
async def test_a_provider_that_is_down_says_so_and_the_password_works(sqlite_database: Settings, end: str) -> None:
    await somebody()
    async with street(sqlite_database) as s:
        s.world.spoil("500", times=None, only=end)
        answer = await s.client.get("/auth/google")
        if end != "/openid-configuration":
            back = await s.world.press(answer.headers["location"], email=EMAIL, verified="1")
            answer = await s.client.get(back.removeprefix(sqlite_database.site_url))
        assert trouble(answer) == "down"
        page = await s.client.get(answer.headers["location"])
        assert T("account.ways.down", way="Google") in unescape(page.text)
        assert (await come_in(s.client)).status_code == 303


@pytest.mark.parametrize("word", ["<script>", "unknown", ""])
async def test_no_words_of_strangers_stand_on_the_door(sqlite_database: Settings, word: str) -> None:
    async with street(sqlite_database) as s:
        page = await s.client.get(f"/account/sign-in/?trouble={word}&by=google")
    assert page.status_code == 200
    assert 'class="notices"' not in page.text


@pytest.mark.parametrize(
    "onward", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
async def test_nobody_is_led_to_a_foreign_place_afterwards(sqlite_database: Settings, onward: str) -> None:
    async with street(sqlite_database) as s:
        assert (await s.arrive(onward=onward)).headers["location"] == "/account/"


async def test_a_link_on_somebody_elses_page_starts_nothing(sqlite_database: Settings) -> None:
    async with street(sqlite_database) as s:
        answer = await s.client.get("/auth/google", headers={"sec-fetch-site": "cross-site"})
    assert answer.headers["location"] == "/account/sign-in/"
    assert await Attempt.all().count() == 0


async def test_buttons_are_links_and_stand_only_where_a_provider_is_connected(sqlite_database: Settings) -> None:
    async with street(sqlite_database) as s, shopper(whole_shop(sqlite_database), sqlite_database) as elsewhere:
        for path in ("/account/sign-in/?next=/cart/", "/account/register/"):
            page, bare = await s.client.get(path), await elsewhere.get(path)
            assert 'href="/auth/google' in page.text
            assert 'href="/auth/telegram' in page.text
            assert "/auth/" not in bare.text
        assert (await elsewhere.get("/auth/google")).status_code == 404
        assert (await s.client.get("/auth/facebook")).status_code == 404
    assert await Attempt.all().count() == 0


async def test_no_table_holds_what_would_bring_an_attempt_back(sqlite_database: Settings) -> None:
    async with street(sqlite_database) as s:
        address = await s.set_out()
        state = parse_qs(urlsplit(address).query)["state"][0]
        row = await Attempt.get()
        kept = " ".join(str(getattr(row, name)) for name in Attempt._meta.db_fields)
        assert state not in kept
        assert s.client.cookies["way"] not in kept
        assert row.subject == row.email == ""


async def test_journeys_are_counted(sqlite_database: Settings) -> None:
    async with street(replace(sqlite_database, limits=True)) as s:
        answers = [(await s.client.get("/auth/google/callback?state=x")).status_code for _ in range(121)]
    assert answers == [303] * 120 + [429]
