"""The cart over HTTP, as scripts and programs use it."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from commerce_api.foundation.settings import Settings
from commerce_api.shop.cart.models import Cart
from tests.commerce_api.shop.cart.builders import everything, put_on_shelf, reprice, shop_front, shopper, take_off_shelf

pytestmark = pytest.mark.anyio

LINES = "/api/v1/cart/lines"


async def add(client: httpx2.AsyncClient, sku: str, quantity: int = 1) -> dict[str, Any]:
    answer = await client.post(LINES, json={"sku": sku, "quantity": quantity})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_a_visitor_without_a_cart_gets_an_empty_document_and_no_cookie(sqlite_database: Settings) -> None:
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        answer = await client.get("/api/v1/cart")

    assert answer.json() == {
        "lines": [],
        "goods": 0,
        "discount": 0,
        "shipping": 0,
        "total": 0,
        "free_shipping_left": 250_000,
        "notices": [],
    }
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


async def test_lines_are_added_changed_and_removed_and_every_answer_is_the_document(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": 5})
    async with shopper(shop_front(database), database) as client:
        first = await add(client, codes["M"])
        second = await add(client, codes["L"], 2)
        line = second["lines"][0]["id"]
        changed = (await client.patch(f"{LINES}/{line}", json={"quantity": 3})).json()
        removed = (await client.delete(f"{LINES}/{line}")).json()
        read = (await client.get("/api/v1/cart")).json()

    assert (first["goods"], first["total"]) == (89_000, 97_000)
    assert [(row["sku"], row["quantity"]) for row in second["lines"]] == [(codes["M"], 1), (codes["L"], 2)]
    assert (changed["goods"], changed["shipping"], changed["free_shipping_left"]) == (445_000, 0, 0)
    assert read == removed
    assert [(row["sku"], row["line_total"]) for row in read["lines"]] == [(codes["L"], 178_000)]


async def test_the_secret_is_hidden_from_scripts_and_the_badge_is_not(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        answer = await client.post(LINES, json={"sku": codes["M"], "quantity": 3})

    cookies = {cookie.partition("=")[0]: cookie for cookie in answer.headers.get_list("set-cookie")}
    assert set(cookies) == {"cart", "n"}
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"} <= set(cookies["cart"].split("; "))
    assert cookies["n"].startswith("n=3; ")
    assert "HttpOnly" not in cookies["n"]
    assert (await Cart.get()).token_digest not in cookies["cart"], "what is stored opens nothing"


async def test_on_https_the_cookies_are_secure_and_bound_to_the_host(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    secure = replace(sqlite_database, site_url="https://shop.example")
    async with shopper(shop_front(secure), secure) as client:
        answer = await client.post(LINES, json={"sku": codes["M"], "quantity": 1})
        again = await client.get("/api/v1/cart")

    cookies = answer.headers.get_list("set-cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["__Host-cart", "n"]
    assert all("; Secure" in cookie for cookie in cookies)
    assert len(again.json()["lines"]) == 1


async def test_a_price_that_changed_is_told_by_one_write_and_by_every_read(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": None})
    async with shopper(shop_front(database), database) as client:
        await add(client, codes["M"])
        await reprice("kolos-tee", 95_000)
        reads = [(await client.get("/api/v1/cart")).json() for _ in range(2)]
        told = await add(client, codes["L"])
        after = (await client.get("/api/v1/cart")).json()

    for document in (*reads, told):
        assert [(notice["code"], notice["price"]) for notice in document["notices"]] == [("price_changed", 95_000)]
        assert "950" in document["notices"][0]["text"]
        assert document["lines"][0]["unit_price"] == 95_000
    assert after["notices"] == []


async def test_a_product_that_is_gone_is_named_and_can_be_taken_out(database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(database), database) as client:
        line = (await add(client, codes["M"]))["lines"][0]["id"]
        await take_off_shelf("kolos-tee")
        named = (await client.get("/api/v1/cart")).json()
        refused = await client.post(LINES, json={"sku": codes["M"], "quantity": 1})
        emptied = (await client.delete(f"{LINES}/{line}")).json()

    assert [(notice["code"], notice["name"]) for notice in named["notices"]] == [("product_gone", "Футболка «Колос»")]
    assert (named["goods"], named["total"]) == (0, 0)
    assert (refused.status_code, refused.json()["code"]) == (409, "product_gone")
    assert emptied["lines"] == []


async def test_reading_writes_nothing_at_all(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": 1})
    async with shopper(shop_front(database), database) as client:
        await add(client, codes["M"])
        await add(client, codes["L"])
        await reprice("kolos-tee", 95_000)
        before = await everything()
        for path in ("/api/v1/cart", "/cart/", "/en/cart/", "/checkout/", "/api/v1/cart"):
            assert (await client.get(path)).status_code == 200
        assert (await client.get("/cart/add")).status_code == 405
        assert (await client.get("/cart/change")).status_code == 405

    assert await everything() == before


async def test_somebody_else_s_line_is_not_there(database: Settings) -> None:
    codes = await put_on_shelf()
    app = shop_front(database)
    async with shopper(app, database) as mine, shopper(app, database) as theirs:
        await add(mine, codes["M"])
        line = (await add(theirs, codes["M"]))["lines"][0]["id"]
        foreign = [await mine.patch(f"{LINES}/{line}", json={"quantity": 9}), await mine.delete(f"{LINES}/{line}")]
        missing = await mine.delete(f"{LINES}/{line + 1000}")
        intact = (await theirs.get("/api/v1/cart")).json()

    assert [answer.status_code for answer in foreign] == [404, 404]
    assert foreign[1].json() == missing.json(), "foreign and missing look the same"
    assert intact["lines"][0]["quantity"] == 1


async def test_a_write_from_another_site_is_refused(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        answer = await client.post(
            LINES, json={"sku": codes["M"], "quantity": 1}, headers={"origin": "https://evil.example"}
        )
    assert answer.status_code == 403


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)
BODIES = JSON | st.fixed_dictionaries(
    {
        "sku": JSON | st.just("TC-KOLOS-TEE-COAL-M") | st.text(max_size=60),
        "quantity": JSON | st.integers(-5, 60) | st.sampled_from([0, -1, 999_999, 2**31, 2**63, 2**64, 1.5, "1"]),
    },
    optional={"price": JSON, "extra": JSON},
)
SEGMENTS = st.text(max_size=30) | st.integers().map(str) | st.sampled_from(["0", "-1", "2147483648", "1e3", "١"])


async def test_whatever_is_sent_is_answered_without_an_error_of_ours(database: Settings) -> None:
    codes = await put_on_shelf()
    app = shop_front(database)
    async with shopper(app, database) as client:
        line = (await add(client, codes["M"]))["lines"][0]["id"]
        sent: list[tuple[str, str, bytes]] = []

        @given(st.sampled_from(["POST", "PATCH", "DELETE"]), SEGMENTS, BODIES | st.binary(max_size=40))
        @hypothesis_settings(max_examples=120)
        def collect(method: str, segment: str, body: Any) -> None:
            raw = body if isinstance(body, bytes) else _dumped(body)
            path = LINES if method == "POST" else f"{LINES}/{_quoted(segment) or line}"
            sent.append((method, path, raw))

        collect()
        for method, path, raw in sent:
            answer = await client.request(method, path, content=raw, headers={"content-type": "application/json"})
            assert answer.status_code < 500, (method, path, raw, answer.text)
        assert (await client.get("/api/v1/cart")).status_code == 200


def _dumped(body: Any) -> bytes:
    return json.dumps(body).encode("utf-8", "surrogatepass")


def _quoted(segment: str) -> str:
    return quote(segment.encode("utf-8", "surrogatepass"), safe="")
