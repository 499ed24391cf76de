"""The feeds of all SKUs: complete, honest, and well formed whatever a text holds."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from sitegen.feeds.google import google
from sitegen.feeds.prom import numbers, prom
from sitegen.feeds.xml import FeedIncomplete
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView
from tests.sitegen.builders import SITE_URL, catalogue, product, shop_of

G = "{http://base.google.com/ns/1.0}"
Feed = Callable[[Snapshot, str], Iterator[str]]
FEEDS: tuple[Feed, ...] = (google, prom)


def read(feed: Feed, *products: ProductView) -> ElementTree.Element:
    text = "".join(feed(shop_of(catalogue(*products)), "uk"))
    return ElementTree.fromstring(text)  # noqa: S314 - our own feed


def items(*products: ProductView) -> list[ElementTree.Element]:
    return list(read(google, *products).iter("item"))


def offers(*products: ProductView) -> list[ElementTree.Element]:
    return list(read(prom, *products).iter("offer"))


def lowered(view: ProductView) -> ProductView:
    variant = view.variants[0]
    first, second = variant.skus
    skus = (replace(first, available=False), second)
    return replace(view, variants=(replace(variant, price=80_000, old_price=100_050, skus=skus),))


def test_google_is_given_one_item_for_each_sku() -> None:
    found = items(product("kolos", colours=("coal", "milk")))

    assert [item.findtext(f"{G}id") for item in found] == [
        "TC-kolos-coal-S", "TC-kolos-coal-M", "TC-kolos-milk-S", "TC-kolos-milk-M",
    ]  # fmt: skip
    assert {item.findtext(f"{G}item_group_id") for item in found} == {"kolos"}
    assert found[0].findtext("link") == f"{SITE_URL}/product/kolos/coal/"
    assert found[0].findtext(f"{G}canonical_link") == f"{SITE_URL}/product/kolos/"


def test_a_sale_is_told_with_the_price_before_it() -> None:
    gone, there = items(lowered(product("kolos")))
    offer = offers(lowered(product("kolos")))[0]

    assert (gone.findtext(f"{G}price"), gone.findtext(f"{G}sale_price")) == ("1000.50 UAH", "800.00 UAH")
    assert [each.findtext(f"{G}availability") for each in (gone, there)] == ["out_of_stock", "in_stock"]
    assert (offer.findtext("price"), offer.findtext("oldprice"), offer.get("available")) == (
        "800.00",
        "1000.50",
        "false",
    )


def test_prom_knows_groups_and_categories_by_number() -> None:
    root = read(prom, product("kolos"), product("sova", "hoodies"))

    shelves = {node.get("id") for node in root.iter("category")}
    found = list(root.iter("offer"))
    assert {offer.findtext("categoryId") for offer in found} == shelves
    assert len({offer.get("group_id") for offer in found}) == 2
    assert all((offer.get("group_id") or "").isdigit() for offer in found)
    assert {param.get("name"): param.text for param in found[0].iter("param")}["Розмір"] == "S"


@pytest.mark.parametrize("feed", FEEDS)
def test_a_long_name_is_cut_and_colour_and_size_stay(feed: Feed) -> None:
    # given a product with the longest name that a file may have
    view = product("kolos", colours=("coal",))
    words = replace(view.texts["uk"], name=("Футболка " * 14)[:120].strip())
    view = replace(view, texts={**view.texts, "uk": words})

    # when it is listed, then its SKUs are told apart
    listed = [*read(feed, view).iter("offer"), *read(feed, view).iter("item")]
    names = [each.findtext("name") or each.findtext("title") or "" for each in listed]
    assert [name.rpartition(", ")[2] for name in names] == ["S", "M"]
    assert all(", вугілля, " in name and len(name) <= 150 for name in names)


def test_a_slug_keeps_its_number_when_others_come() -> None:
    few, many = numbers(["kolos", "sova"]), numbers(["kolos", "sova", *(f"tee-{n}" for n in range(200))])

    assert few.items() <= many.items()
    assert len(set(many.values())) == 202


def test_cloth_of_two_colours_is_told_by_both() -> None:
    view = product("kolos", colours=("coal",))
    both = replace(view.variants[0].colour, slug="coal-milk", second_hex="#ece6d8")
    view = replace(view, variants=(replace(view.variants[0], colour=both),))

    assert items(view)[0].findtext(f"{G}color") == "вугілля/молоко"


def test_what_a_model_wrote_is_marked_as_such() -> None:
    view = product("kolos")
    view = replace(view, texts={"uk": replace(view.texts["uk"], written_by="model")})

    item = items(view)[0]

    assert item.find("title") is None
    for name in ("title", "description"):
        marked = item.find(f"{G}structured_{name}")
        assert marked is not None
        assert marked.findtext(f"{G}digital_source_type") == "trained_algorithmic_media"
        assert marked.findtext(f"{G}content")


@pytest.mark.parametrize("feed", FEEDS)
def test_no_text_can_break_a_feed(feed: Feed) -> None:
    view = product("kolos")
    hostile = replace(view.texts["uk"], name='<b>&"\x00\ufffe]]>', description_html="<p>a &amp; b</p><p>c\x0b</p>")

    root = read(feed, replace(view, texts={"uk": hostile}))

    text = "".join(root.itertext())
    assert '<b>&"]]>' in text
    assert "a & b c" in text


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_that_lacks_a_sku_of_the_catalogue_is_refused(feed: Feed) -> None:
    view = product("kolos", colours=("coal", "milk"))
    bare = replace(view, variants=(view.variants[0], replace(view.variants[1], images=())))

    with pytest.raises(FeedIncomplete, match=r"2 items where the catalogue has 4 SKUs.*TC-kolos-milk-S has no picture"):
        read(feed, bare)


@pytest.mark.parametrize("feed", FEEDS)
def test_a_sku_stands_in_a_feed_once(feed: Feed) -> None:
    view = product("kolos", colours=("coal",))
    twice = replace(view, variants=(view.variants[0], view.variants[0]))

    with pytest.raises(FeedIncomplete, match="twice"):
        read(feed, twice)


@pytest.mark.parametrize("feed", FEEDS)
def test_a_product_without_words_in_the_feeds_language_is_left_out(feed: Feed) -> None:
    text = "".join(feed(shop_of(catalogue(product("kolos"), product("alone", languages=("en",)))), "uk"))

    assert "TC-kolos-coal-S" in text
    assert "alone" not in text
