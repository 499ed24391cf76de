"""Page, structured data, feeds, twin, live figures and cart say the same of every SKU (rules.md 1, lesson 14)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.etree import ElementTree

import pytest

from commerce_api.foundation.kit.money import format_amount
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import THEME
from commerce_api.shop.catalog import feed, listing, queries
from sitegen.feeds.google import google
from sitegen.feeds.prom import prom
from sitegen.feeds.twins import twin
from sitegen.seo.products import product_group
from sitegen.snapshot import Snapshot
from sitegen.words import words_of
from tests.commerce_api.shop.catalog.builders import a_colour, a_product, add, counts
from tests.sitegen.builders import LANGUAGES, shop_of

pytestmark = pytest.mark.anyio
G = "{http://base.google.com/ns/1.0}"


@dataclass(frozen=True)
class Said:
    """A price now and before in hryvnias, as printed, and whether it can be bought."""

    price: str
    was: str | None
    available: bool


def hryvnias(kopiyky: int | None) -> str | None:
    return None if kopiyky is None else f"{kopiyky / 100:.2f}"


def structured(shop: Snapshot) -> Mapping[str, Said]:
    said = {}
    for product in shop.products.values():
        for variant in product.variants:
            for thing in product_group(shop, product, variant, "uk")["hasVariant"]:
                if "sku" in thing:
                    offer = thing["offers"]
                    was = offer.get("priceSpecification", {}).get("price")
                    said[thing["sku"]] = Said(offer["price"], was, offer["availability"].endswith("/InStock"))
    return said


def at_google(shop: Snapshot) -> Mapping[str, Said]:
    said = {}
    for item in ElementTree.fromstring("".join(google(shop, "uk"))).iter("item"):  # noqa: S314 - our own feed
        price, sale = ((item.findtext(f"{G}{name}") or "").removesuffix(" UAH") for name in ("price", "sale_price"))
        there = item.findtext(f"{G}availability") == "in_stock"
        said[item.findtext(f"{G}id") or ""] = Said(sale or price, price if sale else None, there)
    return said


def at_prom(shop: Snapshot) -> Mapping[str, Said]:
    return {
        offer.get("id") or "": Said(
            offer.findtext("price") or "", offer.findtext("oldprice"), offer.get("available") == "true"
        )
        for offer in ElementTree.fromstring("".join(prom(shop, "uk"))).iter("offer")  # noqa: S314 - our own feed
    }


async def test_every_reader_is_told_the_same_price_and_availability(sqlite_database: Settings) -> None:
    # given a discount that must be rounded, a dearer colour, and a size that is sold out
    dear = a_colour("milk", price=95_000, stock=counts(M=1))
    await add(
        a_product(price=89_900, discount_percent=15, colours=(a_colour(stock=counts(S=0, M=2)), dear)),
        a_product("sova-hoodie", category="hoodies", kind="hoodie", price=199_900),
    )

    # when the site is told of them
    words = {lang: words_of(lang, THEME) for lang in LANGUAGES}
    shop = replace(shop_of(await feed.read_catalog(sqlite_database.shop)), texts=words)
    told = structured(shop)

    # then the cart, the live figures and every feed agree with it
    in_cart = {
        code: Said(hryvnias(offer.price) or "", hryvnias(offer.old_price), offer.has(1))
        for code, offer in (await queries.offers(told)).items()
    }
    assert told == in_cart == at_google(shop) == at_prom(shop)
    assert not told["TC-KOLOS-TEE-COAL-S"].available
    for slug, product in shop.products.items():
        for code, live in (await listing.live(slug)).items():
            assert (hryvnias(live.price), live.left != 0) == (told[code].price, told[code].available)
        prices = {format_amount(variant.price) for variant in product.variants}
        assert prices <= set(re.findall(r"[\d\u00a0]+\u00a0₴", twin(shop, product, "uk")))
