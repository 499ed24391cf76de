"""A product page as machines read it."""

import json
from dataclasses import replace
from datetime import date

from sitegen.offers import page_path
from sitegen.seo.products import product_group, product_things
from sitegen.seo.thing import json_ld
from tests.sitegen.builders import SITE_URL, catalogue, product, shop_of


def test_a_product_page_offers_each_size_of_its_colour_and_names_the_other_colours() -> None:
    view = product("kolos", price=89_050, colours=("coal", "milk"))
    shop = shop_of(catalogue(view))

    group = product_group(shop, view, view.variants[0], "en")

    full, others = group["hasVariant"][:2], group["hasVariant"][2:]
    assert [variant["sku"] for variant in full] == ["TC-kolos-coal-S", "TC-kolos-coal-M"]
    assert full[0]["offers"]["price"] == "890.50"
    assert full[0]["offers"]["availability"] == "https://schema.org/InStock"
    assert others == [{"@type": "Product", "url": f"{SITE_URL}/en/product/kolos/milk/"}]


def test_a_lowered_price_names_the_one_before() -> None:
    view = product("kolos")
    lowered = replace(view.variants[0], price=80_000, old_price=100_000)
    view = replace(view, variants=(lowered,))

    group = product_group(shop_of(catalogue(view)), view, lowered, "uk")

    was = group["hasVariant"][0]["offers"]["priceSpecification"]
    assert (was["price"], was["priceType"]) == ("1000.00", "https://schema.org/StrikethroughPrice")


def test_a_size_that_is_gone_is_out_of_stock_and_the_others_are_not() -> None:
    view = product("kolos", colours=("coal",))
    first, second = view.variants[0].skus
    variant = replace(view.variants[0], skus=(replace(first, available=False), second))
    view = replace(view, variants=(variant,))

    group = product_group(shop_of(catalogue(view)), view, variant, "uk")

    states = [each["offers"]["availability"].rsplit("/", 1)[1] for each in group["hasVariant"]]
    assert states == ["OutOfStock", "InStock"]


def test_two_fits_of_one_size_are_called_differently() -> None:
    view = product("kolos", colours=("coal",), fits=("classic", "oversize"))
    first, second = view.variants[0].skus
    variant = replace(view.variants[0], skus=(first, replace(second, size="S", fit="oversize")))
    view = replace(view, variants=(variant,))

    group = product_group(shop_of(catalogue(view)), view, variant, "en")

    assert [each["size"] for each in group["hasVariant"]] == ["S", "S oversize"]


def test_offers_refer_to_a_delivery_that_the_page_describes() -> None:
    # given a piece below and one above the sum from which delivery is free
    for price, costs in ((89_000, "80.00"), (250_000, "0.00")):
        view = product("kolos", price=price)

        # when its second colour is described
        group, delivery = product_things(shop_of(catalogue(view)), view, view.variants[1], "uk")

        # then
        assert {each["offers"]["shippingDetails"]["@id"] for each in group["hasVariant"][:2]} == {delivery["@id"]}
        assert delivery["shippingRate"]["value"] == costs


def test_a_face_is_described_at_the_products_address_and_a_colour_at_its_own() -> None:
    view = product("kolos", colours=("coal", "milk"))

    assert [page_path(view, each, "en") for each in view.variants] == [
        "/en/product/kolos/",
        "/en/product/kolos/milk/",
    ]


def test_a_price_has_an_end_only_where_the_shop_names_one() -> None:
    view = product("kolos")
    plain = shop_of(catalogue(view))
    dated = shop_of(catalogue(view), offers={"prices_until": date(2027, 6, 30)})

    silent, said = (product_group(shop, view, view.variants[0], "uk")["hasVariant"][0] for shop in (plain, dated))

    assert "priceValidUntil" not in silent["offers"]
    assert said["offers"]["priceValidUntil"] == "2027-06-30"


def test_nobody_is_said_to_have_rated_anything() -> None:
    view = product("kolos")

    text = json_ld(product_things(shop_of(catalogue(view)), view, view.variants[0], "uk"))

    assert "ating" not in text
    assert "eview" not in text


def test_no_text_can_break_out_of_the_script() -> None:
    text = json_ld([{"name": "</script><script>alert(1)</script>"}])

    assert "<" not in text
    assert json.loads(text)["@graph"][0]["name"] == "</script><script>alert(1)</script>"
