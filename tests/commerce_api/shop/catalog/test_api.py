"""The public catalogue and the staff's calls, over HTTP."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import httpx2
import pytest
from starlette.requests import Request

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import sessions
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.openapi import api as operation
from commerce_api.shop.catalog import api, staff_api
from tests.commerce_api.shop.catalog.builders import a_colour, a_product, add, counts, stale

pytestmark = pytest.mark.anyio

OLENA = 7

Deeds = list[tuple[int, str, str, Mapping[str, object]]]


@operation("POST", "/api/v1/sign-in/{account}", summary="Sign in, for tests")
async def sign_in(request: Request, account: int) -> None:
    await sessions.open_session(request, account, staff=True)


@pytest.fixture
def deeds() -> Deeds:
    return []


@pytest.fixture
async def shop(database: Settings, deeds: Deeds) -> AsyncIterator[httpx2.AsyncClient]:
    """A shop with a discounted hoodie, a tee that is nearly sold out, and a draft; Olena minds the catalogue."""
    await add(
        a_product(
            "sova-hoodie",
            category="hoodies",
            kind="hoodie",
            print="sova",
            price=199_900,
            discount_percent=15,
            added=date(2026, 9, 1),
            colours=(a_colour("milk"),),
        ),
        a_product(colours=(a_colour(stock=counts(S=0, M=2, L=25)), a_colour("coal-milk"))),
        replace(a_product("maky-tee", print="maky"), status="draft"),
    )

    async def audit(account_id: int, action: str, subject: str, changes: Mapping[str, object]) -> None:
        require_transaction()
        deeds.append((account_id, action, subject, changes))

    async def roles_of(account_id: int) -> frozenset[str] | None:
        return frozenset({"staff_catalogue"} if account_id == OLENA else {"staff_orders"})

    operations = [*api.OPERATIONS, *staff_api.operations(audit), sign_in]
    app = make_application(database, operations=operations, roles_of=roles_of)
    transport = httpx2.ASGITransport(app=app)
    headers = {"origin": database.site_url}
    async with httpx2.AsyncClient(transport=transport, base_url=database.site_url, headers=headers) as client:
        yield client


async def slugs(shop: httpx2.AsyncClient, **query: Any) -> list[str]:
    answer = await shop.get("/api/v1/products", params=query)
    assert answer.status_code == 200, answer.text
    return [item["slug"] for item in answer.json()["items"]]


async def test_products_come_newest_first_with_finished_prices(shop: httpx2.AsyncClient) -> None:
    answer = await shop.get("/api/v1/products")

    document = answer.json()
    assert {name: document[name] for name in ("page", "pages", "total")} == {"page": 1, "pages": 1, "total": 2}
    tee, hoodie = document["items"]
    assert (tee["slug"], tee["price"], tee["old_price"]) == ("kolos-tee", 89_000, None)
    assert (hoodie["price"], hoodie["old_price"]) == (169_900, 199_900)
    assert tee["variants"][0]["skus"][0] == {
        "sku": "TC-KOLOS-TEE-COAL-S",
        "size": "S",
        "fit": "classic",
        "available": False,
    }
    assert tee["texts"]["en"] == {"name": "Kolos tee", "lead": "Wheat on the chest."}


async def test_a_list_asked_again_is_not_sent_again(shop: httpx2.AsyncClient) -> None:
    first = await shop.get("/api/v1/products")
    again = await shop.get("/api/v1/products", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "set-cookie" not in first.headers


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"category": "hoodies"}, ["sova-hoodie"]),
        ({"category": "no-such"}, []),
        ({"colour": "coal-milk"}, ["kolos-tee"]),
        ({"size": "XS"}, ["sova-hoodie"]),
        ({"size": "2xl"}, ["kolos-tee", "sova-hoodie"]),
        ({"colour": "coal", "size": "S"}, []),
        ({"colour": "coal", "size": "M"}, ["kolos-tee"]),
        ({"q": "КОЛОС"}, ["kolos-tee", "sova-hoodie"]),
        ({"q": "колос нічого"}, []),
        ({"q": "100%"}, []),
        ({"sort": "price"}, ["kolos-tee", "sova-hoodie"]),
        ({"sort": "-price"}, ["sova-hoodie", "kolos-tee"]),
        ({"per_page": 1, "page": 2}, ["sova-hoodie"]),
        ({"page": 9}, []),
    ],
)
async def test_a_list_is_narrowed_sorted_and_paged(
    shop: httpx2.AsyncClient, query: dict[str, Any], found: list[str]
) -> None:
    assert await slugs(shop, **query) == found


@pytest.mark.parametrize("query", [{"page": 0}, {"sort": "cheap"}, {"per_page": 1000}, {"sort": ["new", "price"]}])
async def test_a_senseless_question_is_refused(shop: httpx2.AsyncClient, query: dict[str, Any]) -> None:
    answer = await shop.get("/api/v1/products", params=query)
    assert answer.status_code in {400, 422}


async def test_one_product_is_told_whole_and_a_draft_is_not_there(shop: httpx2.AsyncClient) -> None:
    product = (await shop.get("/api/v1/products/kolos-tee")).json()
    assert product["texts"]["uk"]["description_html"] == "<p>Опис <em>виробу</em>.</p>"
    assert product["variants"][1]["url"] == "/product/kolos-tee/coal-milk/"

    draft = await shop.get("/api/v1/products/maky-tee")
    assert (draft.status_code, draft.json()["code"]) == (404, "product_unknown")


@pytest.mark.parametrize(
    "slug", ["%00", "a%00b", "Kolos-Tee", "%D1%84%D1%83%D1%82%D0%B1%D0%BE%D0%BB%D0%BA%D0%B0", "a" * 41]
)
@pytest.mark.parametrize("path", ["/live/{}.json", "/api/v1/products/{}"])
async def test_what_cannot_be_an_address_is_not_found(shop: httpx2.AsyncClient, path: str, slug: str) -> None:
    assert (await shop.get(path.format(slug))).status_code == 404


@pytest.mark.parametrize("asked", ["colour=" + "a" * 33, "category=" + "a" * 65, "size=" + "a" * 9])
async def test_a_filter_longer_than_anything_we_have_is_refused(shop: httpx2.AsyncClient, asked: str) -> None:
    assert (await shop.get(f"/api/v1/products?{asked}")).status_code == 422


async def test_categories_with_something_to_show_are_listed(shop: httpx2.AsyncClient) -> None:
    answer = await shop.get("/api/v1/categories")
    assert [category["slug"] for category in answer.json()] == ["t-shirts", "hoodies"]


async def test_live_figures_are_capped_short_and_cacheable(shop: httpx2.AsyncClient) -> None:
    answer = await shop.get("/live/kolos-tee.json")

    figures = answer.json()
    assert figures["TC-KOLOS-TEE-COAL-M"] == {"price": 89_000, "old_price": None, "left": 2}
    assert figures["TC-KOLOS-TEE-COAL-L"]["left"] == 10
    assert figures["TC-KOLOS-TEE-COAL-XL"]["left"] is None
    assert "max-age=15" in answer.headers["cache-control"]
    assert (await shop.get("/live/maky-tee.json")).status_code == 404


async def test_a_stranger_and_other_staff_stay_outside(shop: httpx2.AsyncClient) -> None:
    assert (await shop.get("/api/v1/staff/products/kolos-tee")).status_code == 401
    await shop.post("/api/v1/sign-in/8")
    assert (await shop.get("/api/v1/staff/products/kolos-tee")).status_code == 403
    assert (await shop.patch("/api/v1/staff/products/kolos-tee", json={"price": 100})).status_code == 403
    assert (await shop.post("/api/v1/staff/rebuild", json={"scope": "all"})).status_code == 403


async def test_staff_change_price_and_stock_at_once_and_it_is_written_down(
    shop: httpx2.AsyncClient, deeds: Deeds
) -> None:
    # given
    await shop.post(f"/api/v1/sign-in/{OLENA}")

    # when
    answer = await shop.patch(
        "/api/v1/staff/products/kolos-tee", json={"price": 95_000, "stock": {"TC-KOLOS-TEE-COAL-S": 3}}
    )

    # then
    product = answer.json()
    assert (product["price"], product["skus"][0]["stock"]) == (95_000, 3)
    assert deeds == [
        (OLENA, "product.edit", "kolos-tee", {"price": [89_000, 95_000], "stock TC-KOLOS-TEE-COAL-S": [0, 3]})
    ]
    assert "product:kolos-tee" in await stale()


@pytest.mark.parametrize(
    ("patch", "status", "code"),
    [
        ({"price": 89_050}, 422, "bad_price"),
        ({"status": "draft"}, 409, "bad_transition"),
        ({"status": "scheduled"}, 409, "bad_transition"),
        ({"price": 95_000, "stock": {"TC-SOVA-HOODIE-MILK-M": 1}}, 409, "sku_unknown"),
    ],
)
async def test_a_refused_change_changes_nothing(
    shop: httpx2.AsyncClient, deeds: Deeds, patch: dict[str, Any], status: int, code: str
) -> None:
    await shop.post(f"/api/v1/sign-in/{OLENA}")

    answer = await shop.patch("/api/v1/staff/products/kolos-tee", json=patch)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await shop.get("/api/v1/staff/products/kolos-tee")).json()["price"] == 89_000
    assert deeds == []
    assert await stale() == set()


@pytest.mark.parametrize("moment", ["2027-01-01T10:00:00", "9999-12-31T23:59:59-14:00", 1e30])
async def test_an_hour_without_its_offset_or_out_of_all_time_is_refused(shop: httpx2.AsyncClient, moment: Any) -> None:
    await shop.post(f"/api/v1/sign-in/{OLENA}")
    answer = await shop.patch("/api/v1/staff/products/maky-tee", json={"status": "scheduled", "publish_at": moment})
    assert answer.status_code == 422, answer.text


async def test_a_draft_is_published_by_staff(shop: httpx2.AsyncClient) -> None:
    await shop.post(f"/api/v1/sign-in/{OLENA}")
    assert (await shop.patch("/api/v1/staff/products/maky-tee", json={"status": "published"})).status_code == 200
    assert "maky-tee" in await slugs(shop)


async def test_a_rebuild_is_asked_for_and_can_be_followed(shop: httpx2.AsyncClient, deeds: Deeds) -> None:
    # given
    await shop.post(f"/api/v1/sign-in/{OLENA}")

    # when
    asked = await shop.post("/api/v1/staff/rebuild", json={"scope": "product", "product": "kolos-tee"})

    # then
    assert asked.status_code == 202
    outcome = await shop.get(f"/api/v1/staff/rebuild/{asked.json()['id']}")
    assert outcome.json() == {**asked.json(), "state": "queued", "pages": 0, "milliseconds": 0, "errors": []}
    assert [deed[1:3] for deed in deeds] == [("site.rebuild", "kolos-tee")]
    assert (await shop.get("/api/v1/staff/rebuild/99999")).status_code == 404
