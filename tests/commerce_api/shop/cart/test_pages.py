"""The cart for people without scripts: post, 303, and the page says what happened."""

import re
from html import unescape

import httpx2
import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.shop.catalog.models import Sku
from tests.commerce_api.shop.cart.builders import put_on_shelf, reprice, shop_front, shopper, take_off_shelf

pytestmark = pytest.mark.anyio


def line_of(page: str) -> str:
    """The id of the first line on the cart page."""
    found = re.search(r'name="line" value="(\d+)"', page)
    assert found
    return found.group(1)


async def test_a_product_form_puts_the_thing_into_the_cart_and_the_cart_says_so_once(database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(database), database) as client:
        posted = await client.post(
            "/cart/add", data={"sku": codes["M"], "quantity": "2", "next": "/product/kolos-tee/"}
        )
        page = await client.get(posted.headers["location"])
        again = await client.get("/cart/")

    assert (posted.status_code, posted.headers["location"]) == (303, "/cart/")
    assert client.cookies["n"] == "2"
    said = texts("uk")("notice.added", name="Футболка «Колос»")
    assert said in unescape(page.text)
    assert said not in unescape(again.text)
    assert "178" in page.text


async def test_the_english_cart_is_english(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        posted = await client.post("/en/cart/add", data={"sku": codes["M"]})
        page = await client.get("/en/cart/")

    assert posted.headers["location"] == "/en/cart/"
    assert '<html lang="en"' in page.text
    assert "kolos-tee in English" in page.text
    assert not re.search("[а-яіїєґ]", page.text.split("<main")[1].split("</main>")[0])


async def test_a_line_is_changed_and_taken_out_by_its_form(database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(database), database) as client:
        await client.post("/cart/add", data={"sku": codes["M"]})
        line = line_of((await client.get("/cart/")).text)
        changed = await client.post("/cart/change", data={"line": line, "quantity": "4"})
        shown = (await client.get("/cart/")).text
        removed = await client.post("/cart/change", data={"line": line, "quantity": "4", "remove": "1"})
        empty = (await client.get(removed.headers["location"])).text

    assert (changed.status_code, removed.status_code) == (303, 303)
    assert 'value="4"' in shown
    assert texts("uk")("cart.removed", name="Футболка «Колос»") in unescape(empty)
    assert 'name="line"' not in empty


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"quantity": ""}, 422),
        ({"quantity": "51"}, 422),
        ({"quantity": "-1"}, 422),
        ({"quantity": "many"}, 422),
        ({"quantity": "1", "line": "999999"}, 404),
        ({"quantity": "1", "line": "99999999999999999999"}, 422),
        ({"quantity": "1", "line": "abc"}, 422),
    ],
)
async def test_a_form_that_makes_no_sense_changes_nothing_and_says_so(
    sqlite_database: Settings, form: dict[str, str], status: int
) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        await client.post("/cart/add", data={"sku": codes["M"]})
        line = line_of((await client.get("/cart/")).text)
        answer = await client.post("/cart/change", data={"line": line, **form})
        kept = (await client.get("/api/v1/cart")).json()

    assert answer.status_code == status
    assert 'href="/cart/"' in answer.text
    assert [row["quantity"] for row in kept["lines"]] == [1]


async def test_a_size_must_be_chosen_and_what_is_gone_leads_back_to_its_page(database: Settings) -> None:
    codes = await put_on_shelf()
    back = "/product/kolos-tee/coal/"
    async with shopper(shop_front(database), database) as client:
        unchosen = await client.post("/cart/add", data={"quantity": "1", "next": back})
        await Sku.filter(code=codes["M"]).update(stock=0)
        sold_out = await client.post("/cart/add", data={"sku": codes["M"], "next": back})
        await take_off_shelf("kolos-tee")
        gone = await client.post("/cart/add", data={"sku": codes["M"], "next": back})

    assert [answer.status_code for answer in (unchosen, sold_out, gone)] == [422, 409, 409]
    assert texts("uk")("product.choose_size") in unescape(unchosen.text)
    assert all(f'href="{back}"' in answer.text for answer in (unchosen, sold_out, gone))


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "/%2f/evil.example", "javascript:alert(1)"]
)
async def test_a_way_back_leads_only_to_our_own_pages(sqlite_database: Settings, evil: str) -> None:
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        answer = await client.post("/cart/add", data={"next": evil})

    assert evil not in unescape(answer.text)
    assert 'href="/catalog/"' in answer.text


async def test_a_price_that_changed_and_a_product_that_is_gone_are_told_on_the_page(database: Settings) -> None:
    codes = await put_on_shelf()
    other = await put_on_shelf("maky-tee", name="Футболка «Маки»")
    async with shopper(shop_front(database), database) as client:
        await client.post("/cart/add", data={"sku": codes["M"]})
        await client.post("/cart/add", data={"sku": other["M"]})
        await reprice("kolos-tee", 95_000)
        await take_off_shelf("maky-tee")
        pages = [unescape((await client.get("/cart/")).text) for _ in range(2)]
        checkout = await client.get("/checkout/")

    t = texts("uk")
    for page in pages:
        assert t("notice.price_changed", name="Футболка «Колос»", amount="950\u00a0₴") in page
        assert t("notice.product_gone", name="Футболка «Маки»") in page
    assert (checkout.status_code, checkout.headers["location"]) == (303, "/cart/")


async def test_a_title_that_is_markup_stays_text(database: Settings) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"
    codes = await put_on_shelf(name=evil)
    async with shopper(shop_front(database), database) as client:
        await client.post("/cart/add", data={"sku": codes["M"]})
        cart = await client.get("/cart/")
        checkout = await client.get("/checkout/")

    for page in (cart, checkout):
        assert page.status_code == 200
        assert evil in unescape(page.text)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "49" not in page.text.split("<main")[1].split("</main>")[0]


async def test_two_visitors_never_see_each_other_s_cart(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    app = shop_front(sqlite_database)
    async with shopper(app, sqlite_database) as mine, shopper(app, sqlite_database) as theirs:
        await mine.post("/cart/add", data={"sku": codes["M"]})
        page: httpx2.Response = await theirs.get("/cart/")

    assert "Колос" not in page.text.split("<main")[1].split("</main>")[0]
