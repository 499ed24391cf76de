"""What machines read about the shop."""

import json
from dataclasses import replace

from sitegen import seo
from tests.sitegen.builders import SITE_URL, catalogue, product
from tests.sitegen.test_pages import shop_of


def test_a_product_page_offers_each_size_of_its_colour_and_names_the_other_colours() -> None:
    view = product("kolos", price=89_050, colours=("coal", "milk"))
    shop = shop_of(catalogue(view))

    group = seo.product_group(shop, view, view.variants[0], "en")

    full, others = group["hasVariant"][:2], group["hasVariant"][2:]
    assert [variant["sku"] for variant in full] == ["TC-kolos-coal-S", "TC-kolos-coal-M"]
    assert full[0]["offers"]["price"] == "890.50"
    assert full[0]["offers"]["availability"] == "https://schema.org/InStock"
    assert others == [{"@type": "Product", "url": f"{SITE_URL}/en/product/kolos/milk/"}]


def test_a_lowered_price_names_the_one_before() -> None:
    view = product("kolos")
    lowered = replace(view.variants[0], price=80_000, old_price=100_000)
    view = replace(view, variants=(lowered,))

    group = seo.product_group(shop_of(catalogue(view)), view, lowered, "uk")

    was = group["hasVariant"][0]["offers"]["priceSpecification"]
    assert (was["price"], was["priceType"]) == ("1000.00", "https://schema.org/StrikethroughPrice")


def test_no_text_can_break_out_of_the_script() -> None:
    text = seo.json_ld([{"name": "</script><script>alert(1)</script>"}])

    assert "<" not in text
    assert json.loads(text)["@graph"][0]["name"] == "</script><script>alert(1)</script>"
