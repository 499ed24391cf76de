"""A code from the cart to the order: the total that was seen is the total that is kept, and uses are counted right."""

import asyncio
from dataclasses import replace
from html import unescape

import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.shop.orders.models import Order, OrderLine
from commerce_api.shop.promotions.models import PromoCode, PromoUse, UseState
from tests.commerce_api.shop.cart.builders import promo, put_on_shelf, shop_front, shopper
from tests.commerce_api.shop.checkout.builders import FORM, buy, fill, hidden
from tests.commerce_api.shop.customer_area.builders import come_in, somebody, whole_shop

pytestmark = pytest.mark.anyio

PATH = "/api/v1/cart/promo"
T = texts("uk")


async def test_cart_quote_order_and_lines_all_say_the_same_discount(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": 5})
    other = await put_on_shelf("maky-tee", price=66_600)
    await promo(value=15, max_uses=5)
    async with shopper(shop_front(database), database) as client:
        await fill(client, {codes["M"]: 1, codes["L"]: 2, other["M"]: 1})
        cart = (await client.post(PATH, json={"code": "DROP10"})).json()
        quote = (await client.post("/api/v1/checkout/quote", json={})).json()
        told = (await buy(client, cart["total"])).json()
        order = (await client.get(f"/api/v1/orders/{told['token']}")).json()
        page = unescape((await client.get(told["url"])).text)

    stored = await Order.get()
    shares = [line.discount for line in await OrderLine.all().order_by("position")]
    assert cart["total"] == quote["payable"] == told["payable"] == order["payable"] == stored.payable
    assert cart["discount"] == quote["discount"] == stored.discount == sum(shares) == 50_040
    assert shares == [13_350, 26_700, 9_990]
    assert (order["promo"], [line["discount"] for line in order["lines"]]) == ("DROP10", shares)
    assert quote["day_from"] <= quote["day_to"]
    assert T("promo.discount", code="DROP10") in page
    use = await PromoUse.get()
    assert (use.state, use.discount, (await PromoCode.get()).uses) == (UseState.CONFIRMED, 50_040, 1)


async def test_a_cancelled_order_gives_its_use_back(database: Settings) -> None:
    codes = await put_on_shelf()
    await promo(max_uses=1, once_per_customer=True)
    async with shopper(shop_front(database), database) as client:
        for key in ("first", "second"):
            await fill(client, {codes["M"]: 1})
            given = await client.post(PATH, json={"code": "DROP10"})
            told = (await buy(client, given.json()["total"], key)).json()
            await client.post(f"/order/{told['token']}/cancel", data={"reason": "mistake"})
    assert (await PromoCode.get()).uses == 0
    assert await PromoUse.filter(state=UseState.RELEASED).count() == 2


async def test_who_used_a_code_reads_why_and_orders_without_it_with_nothing_typed_lost(database: Settings) -> None:
    codes = await put_on_shelf()
    await promo(once_per_customer=True)
    async with shopper(shop_front(database), database) as client:
        await fill(client, {codes["M"]: 1})
        await buy(client, (await client.post(PATH, json={"code": "DROP10"})).json()["total"], "before")
        await fill(client, {codes["M"]: 1})
        await client.post(PATH, json={"code": "DROP10"})
        page = (await client.get("/checkout/")).text
        form = {**FORM, "key": hidden(page, "key"), "expected_total": hidden(page, "expected_total")}
        refused = await client.post("/checkout/", data=form)
        without = await client.post("/checkout/", data={**form, "act": "drop"})
        again = {"key": hidden(without.text, "key"), "expected_total": hidden(without.text, "expected_total")}
        bought = await client.post("/checkout/", data={**form, **again})

    assert refused.status_code == 422
    assert T("errors.promo_already_used", promo="DROP10") in unescape(refused.text)
    assert without.status_code == 200
    assert FORM["name"] in unescape(without.text)
    assert "promo-chip" not in without.text
    assert (bought.status_code, again["expected_total"]) == (303, "97000")
    assert await Order.all().count() == 2


async def test_an_account_uses_a_code_once_whatever_phone_and_address_it_types(database: Settings) -> None:
    codes = await put_on_shelf()
    await promo(once_per_customer=True)
    await somebody()
    answers = []
    async with shopper(whole_shop(database), database) as client:
        await come_in(client)
        for number in (1, 2):
            await fill(client, {codes["M"]: 1})
            total = (await client.post(PATH, json={"code": "DROP10"})).json()["total"]
            contact = {"name": "Шевченко Оксана", "phone": f"067 111 22 0{number}", "email": f"{number}@example.com"}
            answers.append(await buy(client, total, f"key-{number}", contact=contact))

    assert [answer.status_code for answer in answers] == [201, 422]
    assert answers[1].json()["code"] == "promo_already_used"
    assert (await PromoCode.get()).uses == await Order.all().count() == 1


async def test_a_code_is_given_on_the_checkout_page_and_a_wrong_one_keeps_its_text(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    await promo()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        await fill(client, {codes["M"]: 1})
        wrong = await client.post("/checkout/", data={**FORM, "promo": "nope22", "act": "promo"})
        empty = await client.post("/checkout/", data={**FORM, "act": "promo"})
        given = await client.post("/checkout/", data={**FORM, "promo": "drop10", "act": "promo"})

    assert [answer.status_code for answer in (wrong, empty, given)] == [422, 422, 200]
    assert 'value="nope22"' in wrong.text
    assert T("errors.promo_unknown", promo="NOPE22") in unescape(wrong.text)
    assert hidden(given.text, "expected_total") == str(89_000 - 8_900 + 8_000)
    assert all(FORM["branch"] in answer.text and FORM["phone"] in answer.text for answer in (wrong, given))
    assert await Order.all().count() == 0


async def test_a_code_left_in_its_field_is_counted_before_anything_is_ordered(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    await promo()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        await fill(client, {codes["M"]: 1})
        form = {**FORM, "key": "first-key", "expected_total": "97000"}
        wrong = await client.post("/checkout/", data={**form, "promo": "nope22"})
        told = await client.post("/checkout/", data={**form, "promo": "drop10"})
        form |= {"key": hidden(told.text, "key"), "expected_total": hidden(told.text, "expected_total")}
        bought = await client.post("/checkout/", data=form)

    assert [answer.status_code for answer in (wrong, told, bought)] == [422, 200, 303]
    assert T("errors.promo_unknown", promo="NOPE22") in unescape(wrong.text)
    assert T("promo.counted", code="DROP10") in unescape(told.text)
    assert form["expected_total"] == str(89_000 - 8_900 + 8_000)
    assert (await Order.get()).payable == 88_100


@pytest.mark.parametrize("path", ["/cart/", "/checkout/"])
async def test_a_code_that_comes_by_a_link_stands_in_its_field_and_is_given_by_nobody_but_the_shopper(
    sqlite_database: Settings, path: str
) -> None:
    codes = await put_on_shelf()
    await promo()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        await fill(client, {codes["M"]: 1})
        good = await client.get(path, params={"promo": "drop10", "utm_source": "letter"})
        wrong = await client.get(path, params={"promo": "nope22"})
        untouched = (await client.get("/api/v1/cart")).json()

    assert [answer.status_code for answer in (good, wrong)] == [200, 200]
    assert ('value="drop10"' in good.text, 'id="promo-error"' in good.text) == (True, False)
    assert 'value="nope22"' in wrong.text
    assert T("errors.promo_unknown", promo="NOPE22") in unescape(wrong.text)
    assert (untouched.get("promo"), untouched["discount"]) == (None, 0)


async def test_a_link_to_the_checkout_changes_no_code_that_was_given(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    await promo()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        await fill(client, {codes["M"]: 1})
        await client.post(PATH, json={"code": "DROP10"})
        page = (await client.get("/checkout/", params={"promo": "nope22"})).text

    assert ("<strong>DROP10</strong>" in page, "error-summary" in page) == (True, False)


async def test_a_link_to_the_checkout_of_an_empty_cart_keeps_its_code_for_the_cart(sqlite_database: Settings) -> None:
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        led = await client.get("/en/checkout/", params={"promo": "drop10"})

    assert (led.status_code, led.headers["location"]) == (303, "/en/cart/?promo=drop10")


async def test_codes_cannot_be_guessed_by_looking_at_the_checkout(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    counting = replace(sqlite_database, limits=True)
    async with shopper(shop_front(counting), counting) as client:
        await fill(client, {codes["M"]: 1})
        pages = [unescape((await client.get("/checkout/", params={"promo": f"GUESS{n}"})).text) for n in range(11)]

    told = [T("errors.promo_unknown", promo=f"GUESS{n}") in page for n, page in enumerate(pages)]
    assert told == [True] * 10 + [False]
    assert T("errors.too_many") in pages[10]


async def test_a_code_that_ends_between_cart_and_order_is_told_by_its_reason(database: Settings) -> None:
    codes = await put_on_shelf()
    await promo()
    async with shopper(shop_front(database), database) as client:
        await fill(client, {codes["M"]: 1})
        seen = (await client.post(PATH, json={"code": "DROP10"})).json()["total"]
        await PromoCode.all().update(active=False)
        refused = await buy(client, seen)
        without = await buy(client, 97_000)

    assert (refused.status_code, refused.json()["code"]) == (422, "promo_unknown")
    assert (without.status_code, without.json()["payable"]) == (201, 97_000)
    assert await PromoUse.all().count() == 0


async def test_of_many_carts_with_one_code_only_as_many_are_ordered_as_it_has_uses(database: Settings) -> None:
    codes = await put_on_shelf()
    await promo(max_uses=3)
    app = shop_front(database)

    async def filled(n: int) -> tuple[str, int]:
        async with shopper(app, database) as client:
            await fill(client, {codes["M"]: 1})
            total = (await client.post(PATH, json={"code": "DROP10"})).json()["total"]
            return client.cookies["cart"], total

    async def order(cart: str, total: int, n: int) -> int:
        async with shopper(app, database) as client:
            client.cookies.set("cart", cart)
            return (await buy(client, total, f"key-{n}")).status_code

    carts = [await filled(n) for n in range(8)]
    answers = await asyncio.gather(*(order(cart, total, n) for n, (cart, total) in enumerate(carts)))

    assert sorted(answers) == [201] * 3 + [422] * 5
    assert ((await PromoCode.get()).uses, await PromoUse.all().count(), await Order.all().count()) == (3, 3, 3)
