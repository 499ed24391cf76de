"""The sitemap holds what its schema and the search engines allow."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

from sitegen.page import Document
from sitegen.pages import all_keys, expand
from sitegen.seo import sitemap
from sitegen.snapshot import Snapshot
from tests.sitegen.builders import SITE_URL, catalogue, product, shop_of, some_products, told

NS = f"{{{sitemap.SCHEMA}}}"
XHTML = "{http://www.w3.org/1999/xhtml}link"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"


def files(shop: Snapshot) -> dict[str, ElementTree.Element]:
    made = [output for key in all_keys(shop) if key.split(":")[0] == "sitemap" for output in expand(shop, key)]
    return {each.file: ElementTree.fromstring(each.text) for each in made if isinstance(each, Document)}  # noqa: S314 - a file of ours


def test_the_index_names_every_shard_and_nothing_else() -> None:
    # given more products than one shard holds
    shop = shop_of(catalogue(*some_products(sitemap.SHARD + 1, languages=("uk",))))

    # when
    made = files(shop)

    # then
    named = [node.text for node in made.pop("sitemap.xml").iter(f"{NS}loc")]
    assert named == [f"{SITE_URL}/{file}" for file in made]
    assert list(made) == ["sitemap-pages.xml", "sitemap-products-1.xml", "sitemap-products-2.xml"]


def test_a_new_product_changes_the_last_shard_alone() -> None:
    views = some_products(sitemap.SHARD + 2, languages=("uk",))

    before, after = (files(shop_of(catalogue(*given))) for given in (views[:-1], views))

    first, last = (f"sitemap-products-{n}.xml" for n in (1, 2))
    assert ElementTree.tostring(before[first]) == ElementTree.tostring(after[first])
    assert len(after[last]) == len(before[last]) + 2


def test_an_address_tells_its_languages_its_pictures_and_its_last_change_in_the_order_of_the_schema() -> None:
    view = replace(product("kolos"), updated=date(2026, 11, 2))

    urls = files(shop_of(catalogue(view)))["sitemap-products-1.xml"]

    face = urls[0]
    assert [child.tag for child in face] == [f"{NS}loc", f"{NS}lastmod", *[XHTML] * 3, *[f"{IMAGE}image"] * 2]
    assert face.findtext(f"{NS}lastmod") == "2026-11-02"
    assert [node.get("hreflang") for node in face.iter(XHTML)] == ["uk", "en", "x-default"]


def test_every_language_of_a_page_is_named_by_all_its_versions() -> None:
    shop = shop_of(catalogue(product("alone", languages=("uk",)), told(product("kolos"), "uk")))
    named: dict[str, set[str]] = {}

    for file, root in files(shop).items():
        if file != "sitemap.xml":
            for url in root:
                named[url.findtext(f"{NS}loc") or ""] = {node.get("href") or "" for node in url.iter(XHTML)}

    assert named[f"{SITE_URL}/product/alone/"] == set()
    assert named[f"{SITE_URL}/product/kolos/story/"] == set()
    assert all(here in named[other] for here, others in named.items() for other in others)


def test_a_product_that_never_changed_says_no_date() -> None:
    urls = files(shop_of(catalogue(product("kolos"))))["sitemap-products-1.xml"]

    assert urls.find(f".//{NS}lastmod") is None
