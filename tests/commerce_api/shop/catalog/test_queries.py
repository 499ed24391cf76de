"""What carts and orders learn of offers, and the one rule that decides what is published."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from commerce_api.foundation.kit.paging import PageRequest
from commerce_api.foundation.settings import Settings
from commerce_api.shop import catalog
from commerce_api.shop.catalog import feed, listing, queries
from commerce_api.shop.catalog.errors import ProductUnknown
from commerce_api.shop.catalog.models import ColorVariant, Product, Sku
from commerce_api.shop.catalog.queries import Offer
from tests.commerce_api.shop.catalog.builders import a_colour, a_product, add, counts
from tests.commerce_api.statements import statements

pytestmark = pytest.mark.anyio

HIDDEN = ["draft", "review", "scheduled", "archived"]


async def test_an_offer_tells_all_that_a_cart_shows(database: Settings) -> None:
    # given
    tee = a_product(
        discount_percent=15,
        fits=("classic", "oversize"),
        colours=(a_colour(stock=counts(M=3)), a_colour("coal-milk", price=99_900)),
    )
    await add(tee)

    # when
    found = await queries.offers(["TC-KOLOS-TEE-COAL-M", "TC-KOLOS-TEE-COAL-MILK-M-OS", "TC-NEVER-M"])

    # then
    assert found == {
        "TC-KOLOS-TEE-COAL-M": Offer(
            code="TC-KOLOS-TEE-COAL-M",
            product="kolos-tee",
            category="t-shirts",
            names={"uk": "Футболка «Колос»", "en": "Kolos tee"},
            colour="coal",
            colour_names={"uk": "вугілля", "en": "coal"},
            size="M",
            fit="classic",
            price=75_700,
            old_price=89_000,
            available=3,
            image="key-kolos-tee-coal-front.avif",
            points=44,
            active=True,
        ),
        "TC-KOLOS-TEE-COAL-MILK-M-OS": Offer(
            code="TC-KOLOS-TEE-COAL-MILK-M-OS",
            product="kolos-tee",
            category="t-shirts",
            names={"uk": "Футболка «Колос»", "en": "Kolos tee"},
            colour="coal-milk",
            colour_names={"uk": "вугілля й молоко", "en": "coal and milk"},
            size="M",
            fit="oversize",
            price=84_900,
            old_price=99_900,
            available=None,
            image="key-kolos-tee-coal-milk-front.avif",
            points=44,
            active=True,
        ),
    }


async def test_an_offer_speaks_the_shoppers_language_or_ukrainian(sqlite_database: Settings) -> None:
    words = {"uk": a_product().words["uk"]}
    await add(a_product(words=words))
    offer = (await queries.offers(["TC-KOLOS-TEE-COAL-M"]))["TC-KOLOS-TEE-COAL-M"]
    assert (offer.name("en"), offer.colour_name("en"), offer.colour_name("pl")) == (
        "Футболка «Колос»",
        "coal",
        "вугілля",
    )


async def test_an_offer_knows_how_many_it_can_give(sqlite_database: Settings) -> None:
    await add(a_product(colours=(a_colour(stock=counts(M=3)),)))
    found = await queries.offers(["TC-KOLOS-TEE-COAL-M", "TC-KOLOS-TEE-COAL-L"])
    assert [found["TC-KOLOS-TEE-COAL-M"].has(n) for n in (3, 4)] == [True, False]
    assert found["TC-KOLOS-TEE-COAL-L"].has(50)


@pytest.mark.parametrize("lines", [1, 100])
async def test_offers_take_one_statement_however_many_lines(database: Settings, lines: int) -> None:
    # given a hundred SKUs
    await add(*(a_product(f"tee-{number}", colours=(a_colour(), a_colour("milk"))) for number in range(10)))
    codes = [code for (code,) in await Sku.all().order_by("id").values_list("code")][:lines]

    # when
    with statements() as sent:
        found = await queries.offers(codes)

    # then
    assert len(found) == lines
    assert len(sent) == 1


@pytest.mark.parametrize("products", [1, 8])
async def test_a_list_takes_the_same_statements_however_long_it_is(sqlite_database: Settings, products: int) -> None:
    await add(*(a_product(f"tee-{number}") for number in range(products)))
    with statements() as sent:
        page = await listing.listed(listing.Filters(), PageRequest(), ("uk", "en"))
    assert (page.total, len(page.items)) == (products, products)
    assert len(sent) == 8


@pytest.mark.parametrize("status", HIDDEN)
async def test_what_is_not_published_is_offered_nowhere(database: Settings, status: str) -> None:
    # given one product in sight and one that is not
    await add(replace(a_product(), status=status), a_product("maky-tee", print="maky"))
    shop = database.shop

    # then no public read tells of it
    catalog_view = await feed.read_catalog(shop)
    assert [product.slug for product in catalog_view.products] == ["maky-tee"]
    assert [product.slug for product in await feed.read_products(["kolos-tee", "maky-tee"], ("uk",))] == ["maky-tee"]
    page = await listing.listed(listing.Filters(), PageRequest(), ("uk",))
    assert ([product.slug for product in page.items], page.total) == (["maky-tee"], 1)
    assert (await listing.listed(listing.Filters(colour=("coal",)), PageRequest(), ("uk",))).total == 1
    for read in (listing.live("kolos-tee"), listing.product("kolos-tee", ("uk",))):
        with pytest.raises(ProductUnknown):
            await read
    offer = (await queries.offers(["TC-KOLOS-TEE-COAL-M"]))["TC-KOLOS-TEE-COAL-M"]
    assert (offer.active, offer.has(1)) == (False, False)


async def test_a_category_with_nothing_in_sight_is_not_listed(database: Settings) -> None:
    await add(a_product(), replace(a_product("sova-hoodie", category="hoodies", kind="hoodie"), status="draft"))
    assert [category.slug for category in await feed.read_categories(("uk",))] == ["t-shirts"]


async def test_a_colour_or_size_no_longer_sold_is_no_active_offer(database: Settings) -> None:
    # given
    await add(a_product(colours=(a_colour(), a_colour("milk"))))
    await ColorVariant.filter(colour__slug="milk").update(active=False)
    await Sku.filter(code="TC-KOLOS-TEE-COAL-S").update(active=False)

    # when
    found = await queries.offers(["TC-KOLOS-TEE-MILK-M", "TC-KOLOS-TEE-COAL-S", "TC-KOLOS-TEE-COAL-M"])

    # then
    assert {code for code, offer in found.items() if offer.active} == {"TC-KOLOS-TEE-COAL-M"}
    assert "TC-KOLOS-TEE-COAL-S" not in await listing.live("kolos-tee")
    (product,) = await feed.read_products(None, ("uk",))
    assert [variant.colour.slug for variant in product.variants] == ["coal"]


def test_the_rule_of_what_is_published_stands_in_one_place() -> None:
    """Each further comparison with the status is a filter that somebody will forget (lessons.md 51)."""
    room = Path(catalog.__path__[0])
    asking = {
        path.name
        for path in room.glob("*.py")
        if re.search(r"status\w*\s*(?:=|==|is)\s*(?:models\.)?ProductStatus\.PUBLISHED", path.read_text())
    }
    assert asking == {"queries.py"}


async def test_the_day_of_a_change_is_that_of_kyiv(database: Settings) -> None:
    # given a product that was changed after midnight in Kyiv, when it was still the day before in Greenwich
    await add(a_product())
    await Product.all().update(updated_at=datetime(2026, 11, 30, 22, 30, tzinfo=UTC))

    (view,) = await feed.read_products(None, ("uk",))

    assert view.updated == date(2026, 12, 1)
