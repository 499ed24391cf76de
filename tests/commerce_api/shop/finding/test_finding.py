"""The search page without scripts, and the count of what was looked for in vain."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock, urls
from commerce_api.foundation.kit.searching.rules import ShopWords
from commerce_api.foundation.publishing.models import PageChange
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.application import make_application
from commerce_api.shop.catalog import api as catalog_api
from commerce_api.shop.catalog import searching
from commerce_api.shop.catalog.models import CategoryText, ColorVariant, Product, ProductStatus, ProductText
from commerce_api.shop.finding import api, pages, service
from commerce_api.shop.finding.models import SearchMiss
from tests.commerce_api.shop.cart.builders import lay_out_assets
from tests.commerce_api.shop.catalog.builders import a_colour, a_product, add, counts

pytestmark = pytest.mark.anyio

PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
async def shop(database: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A hoodie in milk, a tee in coal of which size S is gone, and a draft."""
    await add(
        a_product(
            "sova-hoodie", category="hoodies", kind="hoodie", print="sova", price=199_900, added=date(2026, 9, 1),
            colours=(a_colour("milk"),),
        ),
        a_product(colours=(a_colour(stock=counts(S=0, M=2)), a_colour("coal-milk", price=99_900))),
        replace(a_product("maky-tee", print="maky"), status="draft"),
    )  # fmt: skip
    app = make_application(database, operations=[*api.OPERATIONS, *catalog_api.OPERATIONS], pages=pages.PAGES)
    headers = {"origin": database.site_url, "user-agent": PERSON}
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=database.site_url, headers=headers) as client:
        yield client


async def slugs(shop: httpx2.AsyncClient, query: str) -> list[str]:
    """The products of a list of the API, which finds and narrows as the page does."""
    answer = await shop.get(f"/api/v1/products?{query}")
    assert answer.status_code == 200, answer.text
    return [item["slug"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=hudi", ["sova-hoodie"]),
        ("q=%5Belb", ["sova-hoodie"]),
        ("q=футблка+coal", ["kolos-tee"]),
        ("q=black+tee", ["kolos-tee"]),
        ("q=TC-KOLOS-TEE-COAL-M", ["kolos-tee"]),
        ("q=маки", []),
        ("q=hudi&category=t-shirts", []),
        ("q=колос&sort=price", ["kolos-tee", "sova-hoodie"]),
        ("category=t-shirts&category=hoodies", ["kolos-tee", "sova-hoodie"]),
        ("colour=milk&colour=coal", ["kolos-tee", "sova-hoodie"]),
        ("colour=coal&size=S", []),
        ("colour=coal&size=S&size=M", ["kolos-tee"]),
        ("from=950", ["kolos-tee", "sova-hoodie"]),
        ("from=950&to=1500", ["kolos-tee"]),
        ("to=900&colour=coal-milk", []),
        ("available=1&fit=oversize", []),
    ],
)
async def test_words_and_filters_narrow_together(shop: httpx2.AsyncClient, query: str, found: list[str]) -> None:
    assert await slugs(shop, query) == found


async def test_the_pages_of_a_search_keep_its_words_and_filters(
    database: Settings, shop: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a search whose two products stand on a page each
    lay_out_assets(database)
    monkeypatch.setattr(pages, "PER_PAGE", 1)
    asked = [("q", "колос"), ("category", "t-shirts"), ("category", "hoodies"), ("sort", "price")]

    # when its second page is followed to
    first = (await shop.get(f"/find/?{urlencode(asked)}")).text
    (address,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = (await shop.get(unescape(address))).text

    # then it is the rest of the same search
    assert parse_qsl(urlsplit(unescape(address)).query) == [*asked, ("page", "2")]
    assert ("/product/kolos-tee/" in first, "/product/sova-hoodie/" in first) == (True, False)
    assert ("/product/kolos-tee/" in second, "/product/sova-hoodie/" in second) == (False, True)
    assert 'rel="next"' not in second


@pytest.mark.parametrize("asked", ["category=t-shirts", "category=t-shirts&sort=price", "q=kolos", "from=1"])
async def test_a_list_counts_what_has_a_page_in_its_language(
    database: Settings, shop: httpx2.AsyncClient, asked: str
) -> None:
    # given two tees, one of which speaks Ukrainian alone, and a third that has no colour to show
    lay_out_assets(database)
    uk = a_product().words["uk"]
    await add(a_product("sova-tee", words={"uk": uk}), a_product("tram-tee"))
    await ColorVariant.filter(product__slug="tram-tee").update(active=False)

    # when a list is asked for in both languages, then each counts those that it shows
    for path, words, speaks in (("/find/", texts("uk"), True), ("/en/find/", texts("en"), False)):
        html = (await shop.get(f"{path}?{asked}")).text
        shown = set(re.findall(r'/product/([a-z-]+)/"', html))
        assert ("sova-tee" in shown, "tram-tee" in shown) == (speaks, False)
        assert words("search.found", n=len(shown)) in html


async def test_what_left_the_shelves_is_found_no_more_and_what_came_is_found_at_once(
    database: Settings, shop: httpx2.AsyncClient
) -> None:
    # given an index that was used
    assert await slugs(shop, "q=сова") == ["sova-hoodie"]

    # when one product leaves and another comes
    await Product.filter(slug="sova-hoodie").update(status=ProductStatus.ARCHIVED)
    await add(a_product("sova-tee", print="sova"))

    # then the search knows
    assert await slugs(shop, "q=sova-tee") == ["sova-tee"]
    assert "sova-hoodie" not in (await searching.find("сова", "uk", ("uk",), ShopWords())).slugs


async def test_a_change_that_was_numbered_early_and_committed_late_is_found(
    database: Settings, shop: httpx2.AsyncClient
) -> None:
    # given an index made while an older change was not committed yet: its number is taken, its row not there
    early = await PageChange.all().order_by("id").first()
    assert early is not None
    await early.delete()
    assert await slugs(shop, "q=сова") == ["sova-hoodie"]

    # when that change arrives
    await ProductText.filter(product__slug="sova-hoodie", lang="uk").update(name="Худі «Беркут»")
    await PageChange.create(id=early.id, key=early.key, reason="late", created_at=early.created_at)

    # then the search knows of it
    assert await slugs(shop, "q=беркут") == ["sova-hoodie"]


@pytest.mark.parametrize("query", ["", "q=kolos"])
async def test_a_product_is_found_only_in_a_language_in_which_its_category_has_all_words(
    database: Settings, shop: httpx2.AsyncClient, query: str
) -> None:
    # given
    lay_out_assets(database)
    assert urls.product("kolos-tee", "en") in (await shop.get(f"/en/find/?category=t-shirts&{query}")).text

    # when the English page of the category is not written yet, and so no English page of its products stands
    await CategoryText.filter(category__slug="t-shirts", lang="en").update(lead="")
    await PageChange.create(key="all", reason="category", created_at=datetime.now(UTC))

    # then
    assert urls.product("kolos-tee", "en") not in (await shop.get(f"/en/find/?category=t-shirts&{query}")).text
    assert await slugs(shop, f"category=t-shirts&{query}") == ["kolos-tee"], "its Ukrainian page stands"


async def test_words_of_two_languages_make_no_page_and_are_not_listed(shop: httpx2.AsyncClient) -> None:
    # given a product that speaks Ukrainian alone in a category that speaks English alone
    await ProductText.filter(product__slug="kolos-tee", lang="en").delete()
    await CategoryText.filter(category__slug="t-shirts", lang="uk").delete()

    assert await slugs(shop, "") == ["sova-hoodie"]


async def test_a_shop_without_words_of_its_own_searches_too(database: Settings) -> None:
    await add(a_product())
    assert (await searching.find("колос", "uk", ("uk",), ShopWords())).whole
    assert not (await searching.find("колос", "de", ("uk",), ShopWords())).whole


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("  Кросівки   ЧОРНІ ", "кросівки чорні"),
        ("", None),
        ("   ", None),
        ("olena@example.com", None),
        ("067 123 45 67", None),
        ("TC-KOLOS-TEE-COAL-M", "tc-kolos-tee-coal-m"),
        ("x" * 200, "x" * service.LENGTH),
    ],
)
def test_a_query_is_kept_in_one_form_and_not_at_all_when_it_may_tell_of_a_person(query: str, kept: str | None) -> None:
    assert service.as_kept(query) == kept


async def test_searches_in_vain_are_counted_by_day_and_language(database: Settings) -> None:
    # given three searches on one day and one on the next
    day = datetime(2026, 11, 24, 12, tzinfo=UTC)
    searches = [(day, "кросівки", "uk"), (day, "Кросівки ", "uk"), (day, "кросівки", "en")]
    for moment, query, lang in [*searches, (day + timedelta(days=1), "кросівки", "uk")]:
        with clock.frozen(moment):
            await transact(partial(service.count_miss, query, lang))

    # then each day has its line
    rows = await SearchMiss.all().order_by("day", "-lang").values_list("day", "lang", "query", "count")
    assert rows == [
        (date(2026, 11, 24), "uk", "кросівки", 2),
        (date(2026, 11, 24), "en", "кросівки", 1),
        (date(2026, 11, 25), "uk", "кросівки", 1),
    ]

    # when they are old, then they are forgotten
    with clock.frozen(day + timedelta(days=service.KEPT_DAYS + 1)):
        await service.forget_misses()
    assert await SearchMiss.all().count() == 1


async def test_a_day_keeps_only_so_many_different_searches(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_A_DAY", 2)
    for query in ("раз", "два", "три", "раз"):
        await transact(partial(service.count_miss, query, "uk"))
    assert sorted(await SearchMiss.all().values_list("query", "count")) == [("два", 1), ("раз", 2)]


@pytest.mark.parametrize(
    ("body", "agent", "counted"),
    [
        ({"query": "кросівки", "lang": "uk"}, PERSON, 1),
        ({"query": "колос", "lang": "uk"}, PERSON, 0),
        ({"query": "кросівки", "lang": "xx"}, PERSON, 0),
        ({"query": "кросівки", "lang": "uk"}, "Googlebot/2.1 (+http://www.google.com/bot.html)", 0),
        ({"query": "кросівки", "lang": "uk"}, "", 0),
    ],
)
async def test_the_static_search_tells_what_it_did_not_find_and_only_that_is_counted(
    shop: httpx2.AsyncClient, body: dict[str, str], agent: str, counted: int
) -> None:
    answer = await shop.post("/api/v1/search-misses", json=body, headers={"user-agent": agent})
    assert answer.status_code == 204
    assert await SearchMiss.all().count() == counted


@pytest.mark.parametrize(
    "body", [{}, {"query": "", "lang": "uk"}, {"query": "x" * 81, "lang": "uk"}, {"query": "a", "lang": "uk", "who": 1}]
)
async def test_a_senseless_report_is_refused(shop: httpx2.AsyncClient, body: dict[str, object]) -> None:
    assert (await shop.post("/api/v1/search-misses", json=body)).status_code == 422
