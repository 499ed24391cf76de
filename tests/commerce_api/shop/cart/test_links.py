"""Carts by a link, undo, another size in place, and carts of programs: nothing changes by looking."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.shop.cart.links import Wanted, parse, written
from commerce_api.shop.catalog.models import Sku
from tests.commerce_api.shop.cart.builders import everything, promo, put_on_shelf, shop_front, shopper
from tests.commerce_api.shop.checkout.builders import fill

pytestmark = pytest.mark.anyio

T = texts("uk")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("TC-A-M:2,TC-B-L", (Wanted("TC-A-M", 2), Wanted("TC-B-L", 1))),
        ("TC-A-M:2, TC-A-M:3", (Wanted("TC-A-M", 5),)),
        ("TC-A-M:999", (Wanted("TC-A-M", 50),)),
        ("TC-A-M:0,TC-A-M:-1,TC-A-M:x,:3,,TC-A-M:1000", ()),
    ],
)
def test_a_link_says_skus_and_quantities_and_nonsense_is_left_out(text: str, wanted: tuple[Wanted, ...]) -> None:
    assert parse(text) == wanted


@given(st.text(max_size=200))
def test_whatever_stands_in_a_link_what_is_read_of_it_can_be_written_again(text: str) -> None:
    assert parse(written(parse(text))) == parse(text)


async def test_a_link_shows_its_lines_and_one_button_puts_them_into_the_cart(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": 1})
    gone = await put_on_shelf("maky-tee", name="Футболка «Маки»", stock={"M": 0})
    await promo()
    path = f"/cart/?add={codes['M']}:2,{codes['L']}:1,{gone['M']}:1,TC-NEVER-M:1&promo=drop10"
    async with shopper(shop_front(database), database) as client:
        before = await everything()
        page = await client.get(path)
        untouched = await everything() == before
        form = {"add": f"{codes['M']}:2,{codes['L']}:1", "promo": "drop10"}
        posted = await client.post("/cart/add", data=form)
        cart = (await client.get("/api/v1/cart")).json()

    shown = unescape(page.text)
    assert untouched
    assert (page.status_code, f'name="add" value="{form["add"]}"' in shown) == (200, True)
    assert T("notice.out_of_stock", name="Футболка «Маки»") in shown
    assert posted.status_code == 303
    assert [(line["sku"], line["quantity"]) for line in cart["lines"]] == [(codes["M"], 2), (codes["L"], 1)]
    assert (cart["promo"], cart["discount"]) == ("DROP10", 26_700)


async def test_what_was_taken_out_comes_back_by_the_button_that_stands_there_instead(database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(database), database) as client:
        await fill(client, {codes["M"]: 3})
        line = (await client.get("/api/v1/cart")).json()["lines"][0]["id"]
        removed = await client.post("/cart/change", data={"line": line, "remove": "1"})
        page = unescape((await client.get(removed.headers["location"])).text)
        back = await client.post("/cart/add", data={"sku": codes["M"], "quantity": "3"})
        cart = (await client.get("/api/v1/cart")).json()

    assert removed.headers["location"] == f"/cart/?undo={codes['M']}:3"
    assert T("cart.removed", name="Футболка «Колос»") in page
    assert 'name="quantity" value="3"' in page
    assert (back.status_code, cart["lines"][0]["quantity"]) == (303, 3)


@pytest.mark.parametrize(
    "query", ["add=%00", "add=" + "x" * 7_000, "utm_source=mail", "undo=<script>", "add=,,,", "add="]
)
async def test_a_damaged_link_still_opens_the_cart(sqlite_database: Settings, query: str) -> None:
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        page = await client.get(f"/cart/?{query}")
    assert page.status_code == 200
    assert "<script>" not in page.text.split("<main")[1]


async def test_fewer_and_more_count_from_the_number_in_the_field(database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(database), database) as client:
        await fill(client, {codes["M"]: 1})
        line = (await client.get("/api/v1/cart")).json()["lines"][0]["id"]
        found = []
        for step in ("1", "1", "-1"):
            quantity = (await client.get("/api/v1/cart")).json()["lines"][0]["quantity"]
            await client.post("/cart/change", data={"line": line, "quantity": str(quantity), "step": step})
            found.append((await client.get("/api/v1/cart")).json()["lines"][0]["quantity"])
        gone = await client.post("/cart/change", data={"line": line, "quantity": "1", "step": "-1"})

    assert found == [2, 3, 2]
    assert "undo=" in gone.headers["location"]


async def test_another_size_takes_the_place_of_a_line_and_joins_one_that_has_it(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": 5, "S": 0})
    other = await put_on_shelf("maky-tee")
    async with shopper(shop_front(database), database) as client:
        await fill(client, {codes["M"]: 2})
        line = (await client.get("/api/v1/cart")).json()["lines"][0]["id"]
        page = (await client.get("/cart/")).text
        changed = await client.post("/cart/change", data={"line": line, "quantity": "2", "sku": codes["L"]})
        after = (await client.get("/api/v1/cart")).json()["lines"]
        joined = (await client.post("/api/v1/cart/lines", json={"sku": codes["M"], "quantity": 1})).json()["lines"]
        merged = await client.patch(f"/api/v1/cart/lines/{joined[1]['id']}", json={"sku": codes["L"]})
        refused = [
            await client.patch(f"/api/v1/cart/lines/{line}", json={"sku": sku})
            for sku in (codes["S"], other["M"], "TC-NEVER")
        ]
        nothing = await client.patch(f"/api/v1/cart/lines/{line}", json={})

    assert page.count("<option") == 3
    assert f'value="{codes["S"]}" disabled' in page
    assert changed.status_code == 303
    assert [(one["id"], one["sku"], one["quantity"]) for one in after] == [(line, codes["L"], 2)]
    assert [(one["sku"], one["quantity"]) for one in merged.json()["lines"]] == [(codes["L"], 3)]
    assert [answer.json()["code"] for answer in refused] == ["out_of_stock", "sku_unknown", "sku_unknown"]
    assert nothing.status_code == 422


async def test_a_program_carries_its_cart_by_a_header_and_a_browser_never_sees_it(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    body = {"sku": codes["M"], "quantity": 1}
    app = shop_front(sqlite_database)
    async with shopper(app, sqlite_database) as program, shopper(app, sqlite_database) as browser:
        given = await program.post("/api/v1/cart/lines", json=body)
        token = given.headers["x-cart-token"]
        program.cookies.clear()
        seen = await program.get("/api/v1/cart", headers={"x-cart-token": token})
        more = await program.post("/api/v1/cart/lines", json=body, headers={"x-cart-token": token})
        kept = await browser.post("/api/v1/cart/lines", json=body, headers={"sec-fetch-site": "same-origin"})

    assert len(seen.json()["lines"]) == 1
    assert more.json()["lines"][0]["quantity"] == 2
    assert "set-cookie" not in more.headers
    assert "x-cart-token" not in kept.headers
    assert kept.cookies["cart"]


async def test_two_tabs_that_change_one_line_leave_one_of_their_numbers(database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(database), database) as client:
        await fill(client, {codes["M"]: 1})
        line = (await client.get("/api/v1/cart")).json()["lines"][0]["id"]
        await client.post("/cart/change", data={"line": line, "remove": "1"})
        late = await client.post("/cart/change", data={"line": line, "quantity": "2"})
    assert late.status_code == 404
    assert (await Sku.get(code=codes["M"])).reserved == 0
