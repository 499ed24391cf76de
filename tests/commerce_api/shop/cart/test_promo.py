"""A promo code in the cart: given, seen, explained, forgotten, with scripts and without."""

from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from commerce_api.foundation.kit import clock
from commerce_api.foundation.kit.money import hryvnias
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.shop.promotions.models import PromoCode
from tests.commerce_api.shop.cart.builders import everything, promo, put_on_shelf, shop_front, shopper
from tests.commerce_api.shop.checkout.builders import fill

pytestmark = pytest.mark.anyio

PATH = "/api/v1/cart/promo"
T = texts("uk")


async def test_a_code_takes_its_share_off_and_is_forgotten_again(database: Settings) -> None:
    codes = await put_on_shelf()
    await promo()
    async with shopper(shop_front(database), database) as client:
        await fill(client, {codes["M"]: 2})
        given = (await client.post(PATH, json={"code": " drop10 "})).json()
        seen = (await client.get("/api/v1/cart")).json()
        gone = (await client.delete(PATH)).json()

    assert (given["promo"], given["goods"], given["discount"]) == ("DROP10", 178_000, 17_800)
    assert given["total"] == 178_000 - 17_800 + given["shipping"]
    assert seen == given
    assert "promo_note" not in given
    assert ("promo" in gone, gone["discount"], gone["total"]) == (False, 0, 186_000)


@pytest.mark.parametrize(
    ("terms", "code", "sentence"),
    [
        ({}, "promo_unknown", T("errors.promo_unknown", promo="NOPE2222")),
        ({"active": False}, "promo_unknown", T("errors.promo_unknown", promo="DROP10")),
        ({"valid_until": clock.now() - timedelta(days=1)}, "promo_expired", T("errors.promo_expired", promo="DROP10")),
        (
            {"valid_from": clock.now() + timedelta(days=400)},
            "promo_not_yet",
            T(
                "errors.promo_not_yet",
                promo="DROP10",
                starts=f"{(clock.now() + timedelta(days=400)).astimezone(clock.KYIV):%d.%m}",
            ),
        ),
        ({"max_uses": 1, "uses": 1}, "promo_used_up", T("errors.promo_used_up", promo="DROP10")),
        ({"categories": ("hoodies",)}, "promo_other_goods", T("errors.promo_other_goods", promo="DROP10")),
        ({"minimum": hryvnias(979)}, "promo_minimum", "Ще 89\u00a0₴, і DROP10 спрацює."),
    ],
)
async def test_a_refused_code_says_why_in_words_and_changes_nothing(
    sqlite_database: Settings, terms: dict[str, Any], code: str, sentence: str
) -> None:
    codes = await put_on_shelf()
    stored = {name: terms.pop(name) for name in ("active", "uses") if name in terms}
    await promo(**terms)
    await PromoCode.all().update(**stored) if stored else None
    typed = "nope2222" if not terms and not stored else "drop10"
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        await fill(client, {codes["M"]: 1})
        before = await everything()
        answer = await client.post(PATH, json={"code": typed})
        page = await client.post("/cart/promo", data={"code": typed})
        after = await everything()

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (answer.json()["detail"], answer.json()["fields"]["code"]["detail"]) == (sentence, sentence)
    assert page.status_code == 422
    assert sentence in unescape(page.text)
    assert f'value="{typed}"' in page.text, "the text stays in its field"
    assert after == before


async def test_a_code_that_stops_applying_stays_and_says_what_is_missing(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": None})
    await promo(minimum=hryvnias(1_500))
    async with shopper(shop_front(database), database) as client:
        await fill(client, {codes["M"]: 2})
        await client.post(PATH, json={"code": "DROP10"})
        line = (await client.get("/api/v1/cart")).json()["lines"][0]["id"]
        fewer = (await client.patch(f"/api/v1/cart/lines/{line}", json={"quantity": 1})).json()
        page = unescape((await client.get("/cart/")).text)
        more = (await client.patch(f"/api/v1/cart/lines/{line}", json={"quantity": 2})).json()

    assert (fewer["promo"], fewer["discount"], fewer["promo_note"]) == (
        "DROP10", 0, "Ще 610\u00a0₴, і DROP10 спрацює.",
    )  # fmt: skip
    assert fewer["promo_note"] in page
    assert (more["discount"], "promo_note" in more) == (17_800, False)


async def test_a_code_needs_something_to_take_a_share_of(sqlite_database: Settings) -> None:
    await promo()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        answer = await client.post(PATH, json={"code": "DROP10"})
    assert (answer.status_code, answer.json()["code"]) == (409, "cart_empty")


async def test_a_new_cart_for_every_ten_tries_does_not_make_them_endless(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    app = shop_front(replace(sqlite_database, limits=True))
    statuses: list[int] = []
    for _ in range(7):
        async with shopper(app, sqlite_database) as client:
            await fill(client, {codes["M"]: 1})
            statuses += [(await client.post(PATH, json={"code": f"NOPE{n:04}"})).status_code for n in range(10)]

    assert statuses == [422] * 60 + [429] * 10


async def test_ten_tries_a_minute_and_no_more(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    await promo()
    counting = replace(sqlite_database, limits=True)
    async with shopper(shop_front(counting), counting) as client:
        await fill(client, {codes["M"]: 1})
        answers = [await client.post(PATH, json={"code": f"GUESS{n}"}) for n in range(10)]
        stopped = await client.post(PATH, json={"code": "DROP10"})
        page = await client.post("/cart/promo", data={"code": "DROP10"})

    assert {answer.status_code for answer in answers} == {422}
    assert (stopped.status_code, page.status_code) == (429, 429)
    assert 0 < int(stopped.headers["retry-after"]) <= 60


async def test_codes_cannot_be_guessed_by_looking_at_the_cart(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    await promo(valid_from=clock.now() + timedelta(days=400))
    counting = replace(sqlite_database, limits=True)
    async with shopper(shop_front(counting), counting) as client:
        await fill(client, {codes["M"]: 1})
        told = unescape((await client.get("/cart/", params={"promo": "DROP10"})).text)
        for n in range(9):
            await client.get("/cart/", params={"promo": f"GUESS{n}"})
        silent = unescape((await client.get("/cart/", params={"promo": "DROP10"})).text)
        link = {"add": f"{codes['M']}:1", "promo": "DROP10"}
        taken = await client.post("/cart/add", data=link)

    assert ("запрацює" in told, "запрацює" in silent) == (True, False)
    assert T("errors.too_many") in silent
    assert taken.headers["location"].endswith("promo=DROP10")


async def test_the_code_has_done_its_work_when_the_next_cart_begins(database: Settings) -> None:
    codes = await put_on_shelf()
    await promo()
    async with shopper(shop_front(database), database) as client:
        await fill(client, {codes["M"]: 1})
        total = (await client.post(PATH, json={"code": "DROP10"})).json()["total"]
        body = {
            "contact": {"name": "Шевченко Оксана", "phone": "0671234567"},
            "delivery": {"city": "Харків", "branch": "12"},
            "payment": "cod",
            "expected_total": total,
        }
        bought = await client.post("/api/v1/checkout", json=body, headers={"idempotency-key": "k"})
        await fill(client, {codes["M"]: 1})
        cart = (await client.get("/api/v1/cart")).json()

    assert bought.status_code == 201, bought.text
    assert (cart["discount"], "promo" in cart) == (0, False)


async def test_the_form_gives_and_forgets_a_code_without_scripts(database: Settings) -> None:
    codes = await put_on_shelf()
    await promo()
    async with shopper(shop_front(database), database) as client:
        await fill(client, {codes["M"]: 1})
        given = await client.post("/cart/promo", data={"code": "drop10"})
        chip = (await client.get("/cart/")).text
        dropped = await client.post("/cart/promo", data={"drop": "drop"})
        plain = (await client.get("/cart/")).text
        empty = await client.post("/cart/promo", data={"code": ""})

    assert (given.status_code, dropped.status_code, empty.status_code) == (303, 303, 422)
    assert "promo-chip" in chip
    assert "promo-chip" not in plain
    assert T("errors.promo_missing") in unescape(empty.text)
