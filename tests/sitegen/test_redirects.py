"""Old links: one table of two writers, every answer a single hop to a page that is there."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen import redirects
from sitegen.build import build
from sitegen.content import BadContent
from sitegen.receipt import Receipt
from sitegen.redirects import Table, table
from sitegen.source import CatalogView
from tests.sitegen.builders import LANGUAGES, catalogue, config_in, product, some_products

PAGES = frozenset({"/", "/en/", "/catalog/", "/en/catalog/", "/product/sova/", "/en/product/sova/", "/product/kolos/"})


def made(written: Mapping[str, str], *known: tuple[str, str], gone: tuple[str, ...] = ()) -> Table:
    return table(LANGUAGES, known, gone, written, PAGES.__contains__)


def content_with(folder: Path, *lines: str) -> Path:
    (folder / redirects.FILE).write_text("\n".join(lines), "utf-8")
    return folder


def test_an_entry_holds_in_every_language_that_has_its_page() -> None:
    # given an entry to a page of two languages and one to a page of one, when the table is made
    found = made({"/shop/": "/catalog/"}, ("/product/wheat/", "/product/kolos/"))

    # then each stands for the languages that have the page
    assert found == Table(
        {"/en/shop/": "/en/catalog/", "/product/wheat/": "/product/kolos/", "/shop/": "/catalog/"}, (), ()
    )


def test_what_is_gone_is_gone_in_every_language_with_its_story() -> None:
    # given an archived product with a colour, when the table is made, then its story went with it
    assert made({}, gone=("/product/wheat/", "/product/wheat/coal/")).gone == (
        "/en/product/wheat/",
        "/en/product/wheat/coal/",
        "/en/product/wheat/story/",
        "/product/wheat/",
        "/product/wheat/coal/",
        "/product/wheat/story/",
    )


def test_a_written_entry_wins_over_a_product_that_is_gone() -> None:
    found = made({"/product/wheat/": "/product/kolos/"}, gone=("/product/wheat/",))

    assert found.leads == {"/product/wheat/": "/product/kolos/"}
    assert "/product/wheat/" not in found.gone


def test_a_written_entry_follows_a_product_that_was_renamed_since() -> None:
    # given a written way to a product that has another name now, when the table is made, then it is one hop
    found = made({"/t/1/": "/product/owl/"}, ("/product/owl/", "/product/sova/"))

    assert (found.leads["/t/1/"], found.leads["/en/t/1/"], found.problems) == (
        "/product/sova/",
        "/en/product/sova/",
        (),
    )


def test_a_written_entry_is_gone_with_the_product_it_leads_to() -> None:
    found = made({"/t/1/": "/product/wheat/"}, gone=("/product/wheat/",))

    assert ("/t/1/" in found.gone, found.leads, found.problems) == (True, {}, ())


def test_a_story_told_no_more_leads_to_its_product() -> None:
    assert made({}, ("/product/owl/story/", "/product/sova/story/")).leads == {
        "/en/product/owl/story/": "/en/product/sova/",
        "/product/owl/story/": "/product/sova/",
    }


@pytest.mark.parametrize(
    ("written", "known", "problem"),
    [
        ({"/a/": "/nowhere/"}, (), "redirects.toml: /a/ to /nowhere/: /nowhere/ is no page"),
        ({"/catalog/": "/"}, (), "redirects.toml: /catalog/ to /: /catalog/ is a page"),
        ({"/o/": "/owl/"}, (("/owl/", "/o/"),), "redirects.toml: /o/ to /owl/: leads in a circle"),
        ({}, (("/a/", "/b/"), ("/b/", "/")), "catalogue: /a/ to /b/: /b/ leads on to /"),
        ({}, (("/a/", "/a/"),), "catalogue: /a/ to /a/: leads in a circle"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_stand_is_named_and_left_out(
    written: Mapping[str, str], known: tuple[tuple[str, str], ...], problem: str
) -> None:
    # given an entry that is refused, when the table is made, then the receipt is told and nobody is led by it
    found = made(written, *known)

    assert problem in found.problems
    assert problem.split(": ")[1].split(" to ")[0] not in found.leads


PATHS = st.sampled_from([*sorted(PAGES), "/a/", "/b/", "/c/", "/product/owl/", "/product/owl/story/"])


@given(written=st.dictionaries(PATHS, PATHS), known=st.dictionaries(PATHS, PATHS), gone=st.sets(PATHS).map(tuple))
def test_whatever_is_written_every_answer_is_one_hop_to_a_page(
    written: dict[str, str], known: dict[str, str], gone: tuple[str, ...]
) -> None:
    # given any two tables, when they are made one, then new paths are pages, and old ones are not
    found = made(written, *known.items(), gone=gone)

    assert set(found.leads.values()) <= PAGES
    assert not set(found.leads) & PAGES
    assert not set(found.gone) & (PAGES | set(found.leads))


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (['"/a/" = "/b/"', '"/b/" = "/catalog/"'], r'"/a/" = "/b/" is a chain: write "/catalog/"'),
        (['"/a/" = "/b/"', '"/b/" = "/a/"'], r'"/a/" = "/b/" leads in a circle'),
        (['"/a/" = "/a/"'], r'"/a/" = "/a/" leads in a circle'),
        (['"/a" = "/catalog/"'], r'"/a" = "/catalog/" is no pair of paths'),
        (['"/a/" = "https://evil.test/"'], "is no pair of paths"),
        (['"/a;b/" = "/catalog/"'], "is no pair of paths"),
        (['"/a/" = 5'], "is no pair of paths"),
        (['"/a/" = "/b/"', '"/b/" = ["/c/"]'], r"/b/.* is no pair of paths"),
        (["\ufeff[redirects]", '"/a/" = "/catalog/"'], r"\"redirects\" = .* is no pair of paths"),
        (['"/en/a/" = "/catalog/"'], "names a language"),
        (['"/Shop/" = "/catalog/"'], "has capitals"),
        ([f'"/{"щ" * 150}/" = "/catalog/"'], "a path longer than 300 bytes"),
        (['"/a/" = '], "Invalid value"),
    ],
)
def test_a_file_that_cannot_be_meant_stops_the_build_and_names_the_entry(
    tmp_path: Path, lines: list[str], problem: str
) -> None:
    with pytest.raises(BadContent, match=problem):
        redirects.read(content_with(tmp_path, *lines))


def test_a_shop_without_the_file_has_no_entries(tmp_path: Path) -> None:
    assert redirects.read(tmp_path) == {}


def test_nginx_is_told_of_both_ways_to_write_a_path() -> None:
    # given a moved path and one that is gone, when the maps are written, then each stands with its slash and without
    texts = redirects.files(Table({"/стара/": "/catalog/"}, ("/product/wheat/",), ()))

    assert texts[".nginx/redirects.map"] == '"/стара/" "/catalog/";\n"/стара" "/catalog/";\n'
    assert texts[".nginx/gone.map"] == '"/product/wheat/" 1;\n"/product/wheat" 1;\n'


def of_old_paths(receipt: Receipt) -> list[str]:
    """What a receipt says, but for the pictures that nobody drew."""
    return [error for error in receipt.errors if "no such picture" not in error]


def left(view: CatalogView) -> CatalogView:
    return replace(view, redirects=(("/product/old/", "/product/tee-000/"),), gone=("/product/lost/",))


def test_a_release_brings_its_table_along(tmp_path: Path) -> None:
    # given a shop with a renamed and an archived product and a written entry
    config = config_in(tmp_path)
    content_with(config.content, '"/ink/" = "/journal/ink/"')

    # when it is built
    receipt = build(config, left(catalogue(*some_products(3))))

    # then the release tells programs and nginx the same
    said = json.loads((config.build / "current/redirects.json").read_text("utf-8"))
    assert said["redirects"] == {
        "/en/product/old/": "/en/product/tee-000/",
        "/ink/": "/journal/ink/",
        "/product/old/": "/product/tee-000/",
    }
    assert "/en/product/lost/" in said["gone"]
    assert '"/product/lost" 1;' in (config.build / "current/.nginx/gone.map").read_text("utf-8")
    assert of_old_paths(receipt) == []


def test_a_way_to_no_page_is_an_error_of_the_receipt(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    content_with(config.content, '"/a/" = "/product/never/"', '"/delivery/" = "/catalog/"')

    receipt = build(config, catalogue(product("kolos")))

    assert of_old_paths(receipt) == [
        "redirects.toml: /a/ to /product/never/: /product/never/ is no page",
        "redirects.toml: /delivery/ to /catalog/: /delivery/ is a page",
    ]
    assert (config.build / "current/delivery/index.html").is_file()


def test_a_chain_leaves_the_old_site_in_its_place(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    first = build(config, catalogue(product("kolos")))
    content_with(config.content, '"/a/" = "/b/"', '"/b/" = "/catalog/"')

    with pytest.raises(BadContent, match='"/a/" = "/b/" is a chain'):
        build(config, catalogue(product("kolos")))

    assert (config.build / "current").resolve().name == first.release
