"""What a guest likes without scripts: a cookie of words, put in, taken out, capped, and moved into the account."""

from http.cookies import SimpleCookie
from itertools import pairwise

import httpx2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.shop.accounts.queries import Person
from commerce_api.shop.catalog.errors import ProductUnknown
from commerce_api.shop.catalog.renaming import rename_slug
from commerce_api.shop.favourites import browser, service
from commerce_api.shop.favourites.browser import LIKED, MOST_BYTES, MOST_WORDS, packed, unpacked
from commerce_api.shop.favourites.queries import liked_by, liked_in, list_of, sold_as
from tests.commerce_api.shop.cart.builders import shopper, take_off_shelf
from tests.commerce_api.shop.catalog.builders import a_product, add
from tests.commerce_api.shop.customer_area.builders import come_in, somebody, whole_shop

T = texts("uk")
PATH = "/account/favourites/"
SLUGS = st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
MOMENTS = st.integers(-(10**15) + 1, 10**15 - 1).filter(bool)
WORDS = st.dictionaries(SLUGS, MOMENTS, max_size=2 * MOST_WORDS)


@given(WORDS)
@example({f"{'long-' * 7}{number:05}": -(10**14) - number for number in range(MOST_WORDS)})
def test_a_cookie_keeps_the_latest_words_and_never_grows_too_long(words: dict[str, int]) -> None:
    value = packed(words)
    kept = unpacked(value)
    assert len(value) <= MOST_BYTES
    assert len(kept) <= MOST_WORDS
    assert kept.items() <= words.items()
    oldest = min((abs(changed) for changed in kept.values()), default=0)
    assert all(abs(words[product]) <= oldest for product in words.keys() - kept.keys())


@given(st.dictionaries(SLUGS, MOMENTS, max_size=MOST_BYTES // 60))
def test_a_short_list_comes_back_whole(words: dict[str, int]) -> None:
    assert unpacked(packed(words)) == words


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "kolos-tee",
        "kolos-tee.",
        "kolos-tee.0",
        "kolos-tee.-",
        "kolos-tee.1e3",
        "kolos-tee.٣",
        "kolos-tee.9999999999999999",
        "Kolos_Tee.5",
        "-kolos-.5",
        f"{'a' * 41}.5",
        "__proto__.5",
    ],
)
def test_garbage_is_no_word(garbage: str) -> None:
    assert unpacked(garbage) == {}


@given(st.text())
def test_whatever_a_cookie_holds_only_words_are_read_of_it(text: str) -> None:
    words = unpacked(text)
    assert unpacked(packed(words)) == words


def test_garbage_beside_words_is_passed_over() -> None:
    assert unpacked("kolos-tee.5~~;.~maky-tee.-7~kolos-tee.4~x.0") == {"kolos-tee": 5, "maky-tee": -7}


def test_the_last_one_put_in_is_the_first_of_the_list() -> None:
    assert liked_in({"old": 3, "gone": -9, "new": 5}) == ["new", "old"]


async def put(client: httpx2.AsyncClient, product: str) -> httpx2.Response:
    """Press the heart of a product."""
    return await client.post(PATH, data={"product": product, "on": "1"})


async def take(client: httpx2.AsyncClient, product: str) -> httpx2.Response:
    """Press the button beside it in the list."""
    return await client.post(PATH, data={"product": product})


def cards(page: httpx2.Response) -> list[str | None]:
    """The products on a page of favourites."""
    found = LexborHTMLParser(page.text).css("favourites-list product-card")
    return [card.attributes["data-slug"] for card in found]


def cookie_of(answer: httpx2.Response) -> str:
    """What an answer makes of the cookie, attributes included."""
    (found,) = [told for told in answer.headers.get_list("set-cookie") if told.startswith(f"{LIKED}=")]
    return found


@pytest.mark.anyio
async def test_a_guest_puts_in_takes_out_and_puts_in_again(sqlite_database: Settings) -> None:
    await add(a_product("kolos-tee"))
    await add(a_product("maky-tee"))
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        # given two hearts pressed
        first = await put(client, "kolos-tee")
        await put(client, "maky-tee")
        both = await client.get(PATH)
        # when one is taken out by the form of the list, and put in again
        taken = await take(client, "kolos-tee")
        one = await client.get(first.headers["location"])
        await put(client, "kolos-tee")
        again = await client.get(PATH)
    # then the list follows, and says what was done
    assert (first.status_code, first.headers["location"]) == (303, PATH)
    assert taken.status_code == 303
    assert cards(both) == ["maky-tee", "kolos-tee"]
    assert T("account.favourites.put") in both.text
    rows = LexborHTMLParser(both.text).css(".account-rows input[name=product]")
    assert [row.attributes["value"] for row in rows] == ["maky-tee", "kolos-tee"]
    assert cards(one) == ["maky-tee"]
    assert T("account.favourites.taken") in one.text
    assert cards(again) == ["kolos-tee", "maky-tee"]


@pytest.mark.anyio
async def test_scripts_may_read_the_cookie_and_only_this_site_gets_it(sqlite_database: Settings) -> None:
    await add(a_product("kolos-tee"))
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        told = cookie_of(await put(client, "kolos-tee"))
        seen = await client.get(PATH)
    crumb = SimpleCookie(told)[LIKED]
    assert unpacked(crumb.value).keys() == {"kolos-tee"}
    assert (crumb["path"], crumb["samesite"], crumb["max-age"]) == ("/", "Lax", str(browser.SECONDS))
    assert bool(crumb["secure"]) is sqlite_database.secure
    assert not crumb["httponly"]
    assert LIKED not in str(seen.headers.get_list("set-cookie"))


@pytest.mark.anyio
@pytest.mark.parametrize(
    "value", ["", "~", "garbage", "kolos-tee.x", "a" * 5_000, "%00.1", "kolos-tee.99999999999999999999"]
)
async def test_garbage_in_the_cookie_breaks_nothing(sqlite_database: Settings, value: str) -> None:
    await add(a_product("kolos-tee"))
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        shown = await client.get(PATH, headers={"cookie": f"{LIKED}={value}"})
        told = await client.post(PATH, data={"product": "kolos-tee", "on": "1"}, headers={"cookie": f"{LIKED}={value}"})
    assert (shown.status_code, cards(shown)) == (200, [])
    assert unpacked(SimpleCookie(cookie_of(told))[LIKED].value).keys() == {"kolos-tee"}


@pytest.mark.anyio
async def test_a_full_cookie_forgets_the_oldest_word(sqlite_database: Settings) -> None:
    await add(a_product("kolos-tee"))
    full = packed({f"tee-{number}": number for number in range(1, MOST_WORDS + 1)})
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        client.cookies.set(LIKED, full)
        kept = unpacked(SimpleCookie(cookie_of(await put(client, "kolos-tee")))[LIKED].value)
    assert "kolos-tee" in kept
    assert "tee-1" not in kept
    assert f"tee-{MOST_WORDS}" in kept


@pytest.mark.anyio
async def test_a_moment_of_the_future_does_not_have_the_last_word(sqlite_database: Settings) -> None:
    await add(a_product("kolos-tee"))
    ahead = int(clock.now().timestamp() * 1000) + 10**9
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        client.cookies.set(LIKED, packed({"kolos-tee": ahead, "maky-tee": ahead}))
        kept = unpacked(SimpleCookie(cookie_of(await take(client, "kolos-tee")))[LIKED].value)
    assert -ahead < kept["kolos-tee"] < 0
    assert 0 < kept["maky-tee"] < ahead


@pytest.mark.anyio
@pytest.mark.parametrize("signed_in", [False, True])
async def test_what_the_shop_does_not_sell_is_not_put_in_but_can_be_taken_out(
    sqlite_database: Settings, signed_in: bool
) -> None:
    await add(a_product("kolos-tee"))
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        if signed_in:
            await come_in(client)
        unknown = await put(client, "never-was")
        unfit = await put(client, "Never Was")
        await put(client, "kolos-tee")
        await take_off_shelf("kolos-tee")
        archived, taken = await put(client, "kolos-tee"), await take(client, "kolos-tee")
    assert (unknown.status_code, archived.status_code, unfit.status_code) == (404, 404, 422)
    assert T("errors.product_unknown") in unknown.text
    assert LIKED not in str(unknown.headers.get_list("set-cookie"))
    assert taken.status_code == 303


@pytest.mark.anyio
async def test_another_site_puts_nothing_in(sqlite_database: Settings) -> None:
    await add(a_product("kolos-tee"))
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        data = {"product": "kolos-tee", "on": "1"}
        strange = await client.post(PATH, data=data, headers={"origin": "https://evil.example"})
    assert strange.status_code == 403
    assert "set-cookie" not in strange.headers


@pytest.mark.anyio
async def test_a_renamed_product_is_one_product(sqlite_database: Settings) -> None:
    await add(a_product("kolos-tee"))
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        # given a guest who liked it by the name it had
        await put(client, "kolos-tee")
        await transact(lambda: rename_slug("kolos-tee", "wheat-tee"))
        shown = await client.get(PATH)
        # when it is taken out by the name it has, and put in from a page that still says the old one
        await take(client, "wheat-tee")
        empty = await client.get(PATH)
        kept = unpacked(SimpleCookie(cookie_of(await put(client, "kolos-tee")))[LIKED].value)
        # then it is out, and in, once
    assert cards(shown) == ["wheat-tee"]
    assert cards(empty) == []
    assert list(kept) == ["wheat-tee"]
    assert kept["wheat-tee"] > 0
    assert await sold_as("kolos-tee") == "wheat-tee"
    await take_off_shelf("wheat-tee")
    with pytest.raises(ProductUnknown):
        await sold_as("kolos-tee")


async def an_account_with(words: dict[str, int]) -> Person:
    """Somebody whose account has words already."""
    who = await somebody()
    await transact(lambda: service.merge(who.id, words))
    return who


@pytest.mark.anyio
@pytest.mark.parametrize("door", ["form", "program"])
async def test_who_signs_in_brings_along_what_they_liked(sqlite_database: Settings, door: str) -> None:
    await add(a_product("kolos-tee"))
    await add(a_product("maky-tee"))
    who = await an_account_with({"maky-tee": 5, "sova-tee": 6})
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        # given a guest who liked one thing and is tired of another
        await put(client, "kolos-tee")
        await take(client, "maky-tee")
        # when they sign in
        if door == "form":
            came = await come_in(client)
        else:
            json = {"email": "oksana@example.com", "password": "вітер над очеретом 7"}
            came = await client.post("/api/v1/auth/login", json=json)
        shown = await client.get(PATH)
        # then the account has all of it, and the browser nothing
        assert LIKED not in client.cookies
    assert await liked_by(who.id) == ["kolos-tee", "sova-tee"]
    assert "Max-Age=0" in cookie_of(came)
    assert cards(shown) == ["kolos-tee"]


@pytest.mark.anyio
async def test_a_wrong_password_leaves_the_list_in_the_browser(sqlite_database: Settings) -> None:
    await add(a_product("kolos-tee"))
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await put(client, "kolos-tee")
        await come_in(client, password="не той пароль 12")
        assert unpacked(client.cookies[LIKED]).keys() == {"kolos-tee"}
        assert cards(await client.get(PATH)) == ["kolos-tee"]


@pytest.mark.anyio
async def test_an_account_writes_into_the_shop_and_leaves_nothing_behind(sqlite_database: Settings) -> None:
    await add(a_product("kolos-tee"))
    who = await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await come_in(client)
        told = await put(client, "kolos-tee")
        assert LIKED not in str(told.headers.get_list("set-cookie"))
        # what a page of before the sign-in may have left goes with whoever leaves
        client.cookies.set(LIKED, "maky-tee.5")
        left = await client.post("/account/sign-out")
        after = await client.get(PATH)
    assert (await list_of(who.id)).keys() == {"kolos-tee"}
    assert "Max-Age=0" in cookie_of(left)
    assert left.headers["clear-site-data"] == '"storage"'
    assert cards(after) == []


@pytest.mark.anyio
async def test_the_browser_that_names_its_products_is_answered_by_them(sqlite_database: Settings) -> None:
    await add(a_product("kolos-tee"))
    await add(a_product("maky-tee"))
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await put(client, "kolos-tee")
        assert cards(await client.get(f"{PATH}?products=maky-tee")) == ["maky-tee"]


def test_words_leave_in_the_order_of_their_moments() -> None:
    moments = [
        abs(changed) for changed in unpacked(packed({f"tee-{n}": n * (-1) ** n for n in range(1, 200)})).values()
    ]
    assert all(one > other for one, other in pairwise(moments))
