"""Collections: files that people write, and pages where they have something to show."""

from pathlib import Path

import pytest

from sitegen import collection_pages
from sitegen.content import BadContent
from sitegen.dirty import stale_keys
from sitegen.list_files import Collection, CollectionText, read_lists
from sitegen.snapshot import Snapshot
from tests.sitegen.builders import LANGUAGES, ROOT, catalogue, pages_of, priced, product, shop_of

BIRDS = """
place = 2
inks = "malva"
prints = ["sova"]
[uk]
name = "Птахи"
lead = "Три птахи."
text = ["Лелека."]
description = "Речі з птахами."
"""


def collection(slug: str, *, products: tuple[str, ...] = (), prints: tuple[str, ...] = ()) -> Collection:
    texts = {lang: CollectionText(f"{slug} {lang}", "lead", ("text",), "description") for lang in LANGUAGES}
    return Collection(slug, 0, "rye", products, prints, texts)


def shop_with(*collections: Collection) -> Snapshot:
    view = catalogue(
        product("sova-tee", day=1, drawing="sova"),
        product("sova-hood", "hoodies", day=2, drawing="sova", languages=("uk",)),
        product("kin-tee", day=3, drawing="kin"),
    )
    return shop_of(view, collections=collections)


def test_a_drop_stands_in_the_order_it_is_named_in_and_prints_newest_first() -> None:
    pages = pages_of(
        shop_with(collection("drop", products=("sova-tee", "gone", "kin-tee")), collection("birds", prints=("sova",)))
    )

    drop, birds = pages["collection/drop/index.html"], pages["collection/birds/index.html"]
    assert [view.slug for view in drop.context["products"]] == ["sova-tee", "kin-tee"]
    assert [view.slug for view in birds.context["products"]] == ["sova-hood", "sova-tee"]
    assert [view.slug for view in pages["en/collection/birds/index.html"].context["products"]] == ["sova-tee"]


def test_a_collection_with_nothing_to_show_has_no_page_and_no_link() -> None:
    shop = shop_with(collection("empty", prints=("nobody",)))

    assert not any("collection" in file for file in pages_of(shop))
    assert collection_pages.shown(shop, "uk") == []


def test_other_pages_name_the_collections_and_a_product_its_own() -> None:
    shop = shop_with(collection("birds", prints=("sova",)), collection("horses", prints=("kin",)))
    pages = pages_of(shop)

    assert [link.slug for link in pages["index.html"].context["collections"]] == ["birds", "horses"]
    assert [link.total for link in pages["catalog/index.html"].context["collections"]] == [2, 1]
    assert pages["product/kin-tee/index.html"].context["collections"] == [("horses uk", "/collection/horses/")]


def test_a_price_touches_the_collections_that_show_it() -> None:
    shop = shop_with(collection("birds", prints=("sova",)), collection("drop", products=("kin-tee",)))
    changed = {"kin-tee": priced(shop.products["kin-tee"], 95_000)}

    keys = stale_keys(shop, shop.with_products(changed), changed)

    assert {key for key in keys if key.startswith("collection:")} == {"collection:drop"}


def test_a_file_becomes_a_collection(tmp_path: Path) -> None:
    folder = tmp_path / "collections"
    folder.mkdir()
    (folder / "birds.toml").write_text(BIRDS, "utf-8")

    (birds,) = read_lists(tmp_path, LANGUAGES)["collections"]

    assert (birds.slug, birds.inks, birds.prints, list(birds.texts)) == ("birds", "malva", ("sova",), ["uk"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"malva"', '"pink"', "inks are one of"),
        ('prints = ["sova"]', "", "either products or prints"),
        ('lead = "Три птахи."', "", "'lead' is missing"),
        ("place = 2", "place = = 2", "birds.toml"),
    ],
)
def test_a_file_with_a_mistake_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / "collections"
    folder.mkdir()
    (folder / "birds.toml").write_text(BIRDS.replace(old, new), "utf-8")

    with pytest.raises(BadContent, match=said):
        read_lists(tmp_path, LANGUAGES)


def test_the_collections_of_the_shop_speak_both_languages() -> None:
    lists = read_lists(ROOT / "content", LANGUAGES)

    assert len(lists["collections"]) >= 4
    assert all(set(each.texts) == set(LANGUAGES) for each in lists["collections"])
    assert all(set(words) == set(LANGUAGES) for words in lists["colours"].values())
