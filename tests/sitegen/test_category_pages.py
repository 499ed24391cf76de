"""Lists of a category and of its colours: each only where it has something to show."""

from commerce_api.foundation.kit import urls
from sitegen.category_pages import key
from sitegen.dirty import stale_keys
from sitegen.page import Page
from sitegen.pages import all_keys, expand
from tests.sitegen.builders import catalogue, pages_of, priced, product, shop_of, some_products


def test_a_colour_has_a_list_of_the_products_made_in_it() -> None:
    pages = pages_of(shop_of(catalogue(product("a", colours=("coal",)), product("b", colours=("milk", "coal")))))

    coal = pages["catalog/t-shirts/coal/index.html"]
    assert [view.slug for view in coal.context["products"]] == ["a", "b"]
    assert coal.context["colour"].slug == "coal"
    assert coal.meta.title == "t-shirts uk in вугілля"
    assert [view.slug for view in pages["catalog/t-shirts/milk/index.html"].context["products"]] == ["b"]
    assert not any("/moss/" in file for file in pages)


def test_a_colour_that_one_language_lacks_has_no_page_and_no_alternate_there() -> None:
    view = catalogue(product("a", colours=("coal",)), product("b", colours=("milk",), languages=("uk",)))

    pages = pages_of(shop_of(view))

    assert pages["catalog/t-shirts/milk/index.html"].meta.alternates == {"uk": "/catalog/t-shirts/milk/"}
    assert "en/catalog/t-shirts/milk/index.html" not in pages


def test_a_long_list_of_a_colour_has_pages_of_its_own() -> None:
    pages = pages_of(shop_of(catalogue(*some_products(30, colours=("coal",)))))

    second = pages["catalog/t-shirts/coal/page/2/index.html"]
    assert len(second.context["products"]) == 6
    assert second.context["paging"].previous == urls.category_colour("t-shirts", "coal", "uk")


def test_what_the_shop_says_of_a_colour_stands_on_its_list() -> None:
    shop = shop_of(catalogue(product("a", colours=("coal",))), colours={"coal": {"uk": "Майже чорний."}})

    pages = pages_of(shop)

    assert pages["catalog/t-shirts/coal/index.html"].context["words"] == "Майже чорний."
    assert pages["en/catalog/t-shirts/coal/index.html"].context["words"] == ""


def test_a_price_touches_the_one_page_of_each_colour_it_stands_on() -> None:
    tees = some_products(30, colours=("coal", "milk"))
    before = shop_of(catalogue(*tees))
    changed = {"tee-000": priced(tees[0], 95_000)}

    keys = stale_keys(before, before.with_products(changed), changed)

    lists = {each for each in keys if each.startswith("category:")}
    assert lists == {key("t-shirts", lang, 2, colour) for lang in ("uk", "en") for colour in ("", "coal", "milk")}
    for each in lists:
        (page,) = expand(before, each)
        assert isinstance(page, Page)
        assert page.key == each


def test_a_key_of_a_page_that_is_no_more_gives_nothing() -> None:
    shop = shop_of(catalogue(product("a", colours=("coal",))))

    assert list(expand(shop, key("t-shirts", "uk", 2))) == []
    assert list(expand(shop, key("t-shirts", "uk", 1, "milk"))) == []
    assert "category:t-shirts" in all_keys(shop)
