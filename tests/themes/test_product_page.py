"""What the scripts and the browser take for granted of a product's page."""

from dataclasses import replace
from typing import Any

import pytest

from commerce_api.foundation.kit import urls
from commerce_api.shop.catalog.views import VariantView
from tests.themes.builders import Sample, pages
from tests.themes.goods import FACTS, LANGUAGES, PRODUCTS
from tests.themes.rendering import render, theme
from tests.themes.test_templates import Reader, read

PRODUCT = PRODUCTS[0]


def page_of(variant: VariantView, lang: str) -> Reader:
    """The page of a colour of the first product."""
    sample: Sample = next(each for each in pages(lang) if each.template == "product.html")
    path = urls.product(PRODUCT.slug, lang, variant.colour.slug)
    context = {**sample.context, "product": PRODUCT, "variant": variant}
    return read(render(replace(sample, page=replace(sample.page, path=path), context=context)))


def gallery(page: Reader) -> list[dict[str, str | None]]:
    """The large pictures, in order."""
    return [attrs for attrs in page.all("img") if attrs.get("width") == "1200"][: len(PRODUCT.variants[0].images)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_picture_is_asked_for_early_and_the_same_file_is_shown(lang: str) -> None:
    # given a page, when its head is compared with its first picture, then both name the same candidates
    page = page_of(PRODUCT.variants[0], lang)
    early = [attrs for attrs in page.all("link") if attrs.get("as") == "image"]
    source = page.all("source")[0]
    assert [(each["imagesrcset"], each["imagesizes"]) for each in early] == [(source["srcset"], source["sizes"])]


def test_two_pictures_are_loaded_at_once_and_only_the_first_with_priority() -> None:
    pictures = gallery(page_of(PRODUCT.variants[0], "uk"))
    assert ["loading" in attrs for attrs in pictures] == [False, False, True]
    assert [attrs.get("fetchpriority") for attrs in pictures] == ["high", "low", None]


def test_every_colour_has_the_same_pieces_to_swap() -> None:
    # given the pages of all colours, when their marked pieces are listed, then order and kind agree
    pieces = [
        [tag for tag, attrs in page_of(variant, "uk").tags if "data-swap" in attrs] for variant in PRODUCT.variants
    ]
    assert pieces[0] == ["product-gallery", "div", "div", "buy-form", "span", "span"]
    assert all(other == pieces[0] for other in pieces)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pictures_say_the_colour_and_lead_to_the_largest_of_themselves(lang: str) -> None:
    variant = PRODUCT.variants[1]
    page = page_of(variant, lang)
    assert all(variant.colour.names[lang] in (attrs["alt"] or "") for attrs in gallery(page))
    large = [urls.image(image.key, urls.IMAGE_WIDTHS[-1]) for image in variant.images]
    assert [attrs["href"] for attrs in page.all("a") if attrs.get("class") == "product-gallery-open"] == large


def test_all_sizes_can_be_bought_and_waited_for() -> None:
    variant = PRODUCT.variants[0]
    page = page_of(variant, "uk")
    codes = [sku.code for sku in variant.skus]
    assert [attrs["value"] for attrs in page.all("input") if attrs.get("type") == "radio"] == codes
    assert [attrs["value"] for attrs in page.all("option")] == codes
    cuts = [attrs["data-cut"] for attrs in page.all("input") if attrs.get("type") == "radio"]
    assert len(set(cuts)) == len(codes)


@pytest.mark.parametrize("missing", [True, False])
def test_waiting_for_a_size_is_offered_only_where_one_is_missing(missing: bool) -> None:
    full = PRODUCT.variants[0]
    last = replace(full.skus[-1], available=not missing)
    page = page_of(replace(full, skus=(*full.skus[:-1], last)), "uk")
    assert ["hidden" in attrs for attrs in page.all("restock-form")] == [not missing]


def promises(lang: str, **facts: Any) -> str:
    """What a product's page promises in a shop of other settings."""
    module: Any = theme().get_template("macros/product_promises.html").module
    return str(module.product_promises(False, replace(FACTS, **facts), lang))


@pytest.mark.parametrize(
    ("lang", "all_later"), [("uk", "Карткою зараз або під час отримання"), ("en", "By card now or on receipt")]
)
def test_paying_on_receipt_is_promised_only_while_it_is_switched_on(lang: str, all_later: str) -> None:
    assert all_later in promises(lang)
    off = promises(lang, cod_enabled=False)
    assert all_later not in off
    assert "200\u00a0₴" in off


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (1, 1, "У дорозі 1 день<"),
        (2, 2, "У дорозі 2 дні<"),
        (1, 3, "У дорозі 1–3 дні<"),
        (5, 21, "У дорозі 5–21 день<"),
    ],
)
def test_one_day_on_the_road_is_no_range(first: int, last: int, said: str) -> None:
    html = promises("uk", travel_days_from=first, travel_days_to=last)
    assert said in html
    assert ("приїде {} – {}" in html) is (first != last)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_points_buy_is_said_by_the_rule(lang: str) -> None:
    module: Any = theme().get_template("macros/product_promises.html").module
    html = str(module.product_points(21, replace(FACTS, reward_points=170, reward_percent=13), lang))
    assert ("+21 бал у" if lang == "uk" else "+21 points in") in html
    assert "170" in html
    assert "13" in html


def test_a_description_is_set_so_that_no_line_begins_with_a_dash() -> None:
    text = replace(PRODUCT.texts["uk"], description_html="<p>Колос — в полі, 2 см.</p>")
    module: Any = theme().get_template("macros/product_sheet.html").module
    html = module.product_sheet(replace(PRODUCT, texts={"uk": text}), FACTS.size_tolerance_cm, "uk")
    assert "<p>Колос\u00a0— в\u00a0полі, 2\u00a0см.</p>" in html
