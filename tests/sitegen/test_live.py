"""Small changes to the served site: the same bytes as building everything, and nothing else touched."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen import publish
from sitegen.build import build
from sitegen.dirty import demand
from sitegen.live import LiveSite, MovedOn
from sitegen.plugin import read_content
from sitegen.snapshot import Left, UnknownCategory
from sitegen.source import ProductView
from tests.sitegen.builders import TEE_TABLE, catalogue, config_in, priced, product, some_products, told, variant
from tests.sitegen.living import alive, assert_same_as_full, make_late, served, with_changes


def test_a_price_edit_reaches_every_page_that_shows_it_and_no_other(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(40))
    site = alive(config, view)
    before = served(config)
    changed = {"tee-020": priced(next(p for p in view.products if p.slug == "tee-020"), 123_400)}

    receipt = site.change_products(changed, reasons=["product:tee-020: price"])

    showing = {f for f, data in served(config).items() if "1\u00a0234\u00a0₴".encode() in data}
    assert set(receipt.pages) == {file for file in showing if file.endswith(".html")}
    assert {"product/tee-020/index.html", "product/tee-020/milk/index.html", "en/product/tee-020/index.html"} <= showing
    assert "catalog/t-shirts/index.html" in showing
    assert sum(1 for file in showing if file.startswith("product/") and "tee-020" not in file) == 4 * 3
    touched = {file for file, data in served(config).items() if before.get(file) != data}
    assert {file.removesuffix(".br").removesuffix(".gz") for file in touched} == set(receipt.pages)
    make_late(site)
    assert_same_as_full(tmp_path, config, with_changes(view, changed))


def test_an_edit_of_the_newest_product_is_on_the_home_page(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(12))
    site = alive(config, view)

    receipt = site.change_products({"tee-011": priced(view.products[0], 50_000)})

    assert {"index.html", "en/index.html", "catalog/index.html"} <= set(receipt.pages)


def test_a_product_no_longer_published_leaves_no_page_and_no_link(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(30))
    site = alive(config, view)

    receipt = site.change_products({"tee-015": None})

    assert "product/tee-015/index.html" in receipt.removed
    assert {"sitemap-products-1.xml", "feeds/google.xml"} <= make_late(site)
    assert not any(b"tee-015" in data for file, data in served(config).items() if file.endswith((".html", ".xml")))
    assert_same_as_full(tmp_path, config, with_changes(view, {"tee-015": None}))


def test_a_new_product_moves_the_pages_of_its_category(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(24))
    site = alive(config, view)
    changed = {"fresh": product("fresh", day=99, drawing="drawing-1")}

    receipt = site.change_products(changed)

    assert "catalog/t-shirts/page/2/index.html" in receipt.pages
    assert "sitemap-products-1.xml" in make_late(site)
    assert_same_as_full(tmp_path, config, with_changes(view, changed))


def test_the_last_product_of_a_category_takes_the_category_along(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(3), product("hoodie", "hoodies"))
    site = alive(config, view)

    receipt = site.change_products({"hoodie": None})

    assert "catalog/hoodies/index.html" in receipt.removed
    make_late(site)
    assert_same_as_full(tmp_path, config, with_changes(view, {"hoodie": None}))


def test_a_product_in_an_unknown_category_asks_for_everything(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    site = alive(config, catalogue(*some_products(3)))

    with pytest.raises(UnknownCategory):
        site.change_products({"hoodie": product("hoodie", "hoodies")})


def test_a_language_taken_away_takes_its_pages_and_alternates(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(5))
    site = alive(config, view)
    alone = replace(view.products[2], texts={"uk": view.products[2].texts["uk"]})

    receipt = site.change_products({alone.slug: alone})

    assert f"en/product/{alone.slug}/index.html" in receipt.removed
    make_late(site)
    assert_same_as_full(tmp_path, config, with_changes(view, {alone.slug: alone}))


def test_an_archived_product_is_gone_in_the_same_publication(tmp_path: Path) -> None:
    # given a product with a story
    config = config_in(tmp_path)
    view = catalogue(*some_products(5), told(product("kolos"), "uk"))
    site = alive(config, view)
    left = Left(gone=("/product/kolos/", "/product/kolos/coal/"))

    # when it is archived
    receipt = site.change_products({"kolos": None}, left)

    # then its pages are away, and whoever asks for them is told so from now on
    assert {"product/kolos/index.html", "product/kolos/story/index.html"} <= set(receipt.removed)
    assert {"redirects.json", ".nginx/gone.map"} <= set(receipt.pages)
    assert "/en/product/kolos/coal/" in json.loads(served(config)["redirects.json"])["gone"]
    make_late(site)
    assert_same_as_full(tmp_path, config, with_changes(view, {"kolos": None}, left))


def test_a_renamed_product_leaves_a_way_to_its_new_address(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(5), product("wheat"))
    site = alive(config, view)
    changed = {"wheat": None, "kolos": product("kolos")}
    left = Left(redirects=(("/product/wheat/", "/product/kolos/"),))

    receipt = site.change_products(changed, left)

    assert "product/wheat/index.html" in receipt.removed
    assert json.loads(served(config)["redirects.json"])["redirects"] == {
        "/en/product/wheat/": "/en/product/kolos/",
        "/product/wheat/": "/product/kolos/",
    }
    assert not any("/product/wheat/" in error for error in receipt.errors)
    make_late(site)
    assert_same_as_full(tmp_path, config, with_changes(view, changed, left))
    assert build(config, with_changes(view, changed, left)).pages == ()


def test_a_page_that_goes_takes_the_ways_to_it_along_and_the_receipt_says_so(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    (config.content / "redirects.toml").write_text('"/summer/" = "/product/tee-001/"')
    view = catalogue(*some_products(5))
    site = alive(config, view)

    receipt = site.change_products({"tee-001": None})

    assert receipt.errors == ("redirects.toml: /summer/ to /product/tee-001/: /product/tee-001/ is no page",)
    make_late(site)
    assert_same_as_full(tmp_path, config, with_changes(view, {"tee-001": None}))


def test_a_story_comes_and_goes_with_its_text(tmp_path: Path) -> None:
    # given a product without a story
    config = config_in(tmp_path)
    view = catalogue(*some_products(5))
    site = alive(config, view)
    old = view.products[0]

    # when it gets one in one language, then the page and the link to it are in that language alone
    receipt = site.change_products({old.slug: told(old, "en")})
    assert "en/product/tee-004/story/index.html" in receipt.pages
    assert b"/story/" in served(config)["en/product/tee-004/index.html"]
    assert b"/story/" not in served(config)["product/tee-004/index.html"]
    make_late(site)
    assert_same_as_full(tmp_path, config, with_changes(view, {old.slug: told(old, "en")}))

    # when it moves to the other language, then so does the page
    receipt = site.change_products({old.slug: told(old, "uk")})
    assert "en/product/tee-004/story/index.html" in receipt.removed
    make_late(site)
    assert_same_as_full(tmp_path, config, with_changes(view, {old.slug: told(old, "uk")}), 1)


def edits() -> st.SearchStrategy[tuple[int, str, int]]:
    kinds = ("price", "gone", "new", "print", "colours", "language", "date", "table", "story")
    return st.tuples(st.integers(0, 11), st.sampled_from(kinds), st.integers(0, 3))


def edited(number: int, kind: str, value: int, old: ProductView | None) -> ProductView | None:
    slug = f"tee-{number:03d}"
    base = old or product(slug, day=number, drawing=f"drawing-{number % 5}")
    made: dict[str, ProductView | None] = {
        "price": priced(base, 10_000 + value * 100),
        "gone": None,
        "new": base,
        "print": replace(base, print=f"drawing-{value}"),
        "colours": replace(base, variants=tuple(variant(slug, c) for c in ("moss", "coal", "milk")[: value + 1])),
        "language": replace(base, texts={"uk": product(slug).texts["uk"]}),
        "date": replace(base, added=product("x", day=value * 7).added),
        "story": told(base, *("uk", "en")[: value % 3]),
        "table": replace(base, size_table=TEE_TABLE[: 1 + value % 2]),
    }
    return made[kind]


def left_after(changed: Mapping[str, ProductView | None], left: Left) -> Left:
    """What the catalogue says of addresses: nothing of products that are there, `gone` of those that went."""
    here = {f"/product/{slug}/" for slug, now in changed.items() if now}
    went = {f"/product/{slug}/" for slug, now in changed.items() if now is None}
    redirects = tuple((old, new) for old, new in left.redirects if old not in here | went and new not in went)
    return Left(redirects, tuple(sorted((set(left.gone) | went) - here)))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(story=st.lists(edits(), min_size=1, max_size=5))
def test_any_story_of_edits_ends_in_the_same_bytes_as_building_everything(
    tmp_path_factory: pytest.TempPathFactory, story: list[tuple[int, str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("story")
    config = config_in(folder)
    view = catalogue(*some_products(10))
    site = alive(config, view)

    for number, kind, value in story:
        slug = f"tee-{number:03d}"
        now = edited(number, kind, value, site.shop.products.get(slug))
        changed: dict[str, ProductView | None] = {slug: now}
        left = left_after(changed, Left.of(view))
        if now and kind == "table" and value == 3:
            # A renamed product: the same one at another address.
            changed = {slug: None, f"{slug}-new": replace(now, slug=f"{slug}-new")}
            left = replace(left, redirects=((f"/product/{slug}/", f"/product/{slug}-new/"), *left.redirects))
        site.change_products(changed, left)
        view = with_changes(view, changed, left)

    make_late(site)
    assert_same_as_full(folder, config, view)


def test_after_small_changes_the_next_full_build_has_nothing_to_do(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(5))
    site = alive(config, view)
    changed = {"tee-001": priced(product("tee-001", day=1, drawing="drawing-1"), 10_000)}
    site.change_products(changed)
    make_late(site)

    receipt = build(config, with_changes(view, changed))

    assert receipt.reasons == ()
    assert receipt.pages == ()


def test_a_saved_article_is_in_the_journal_and_on_the_home_page(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(3))
    site = alive(config, view)
    (config.content / "journal/2026-10-07-cloth.md").write_text("Title: Про тканину\n\nБавовна.\n", "utf-8")
    content, problems = read_content(config, view)

    receipt = site.change_content(content, ["cloth.md saved"], problems)

    assert {"journal/cloth/index.html", "journal/index.html", "index.html"} <= set(receipt.pages)
    assert "journal/ink/index.html" in receipt.pages
    assert make_late(site) == {"sitemap-pages.xml", "feeds/journal.xml", "llms.txt"}
    assert_same_as_full(tmp_path, config, view)
    assert build(config, view).pages == ()


def test_a_page_that_cannot_be_made_changes_nothing(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(5))
    site = alive(config, view)
    before = served(config)
    old = view.products[0]
    broken = replace(old.variants[0], images=tuple(replace(image, alt={}) for image in old.variants[0].images))

    with pytest.raises(Exception, match="uk"):
        site.change_products({old.slug: replace(old, variants=(broken,))})

    assert served(config) == before
    site.change_products({old.slug: priced(old, 77_700)})
    make_late(site)
    assert_same_as_full(tmp_path, config, with_changes(view, {old.slug: priced(old, 77_700)}))


def test_a_release_of_another_process_is_never_changed_page_by_page(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(5))
    site = alive(config, view)
    build(config, view, force=True)
    before = served(config)

    with pytest.raises(MovedOn):
        site.change_products({"tee-001": priced(view.products[3], 10_000)})

    assert served(config) == before


def test_a_rollback_during_a_change_keeps_its_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given somebody who rolls back just when the pages of a change are written
    config = config_in(tmp_path)
    build(config, catalogue(*some_products(4)))
    view = catalogue(*some_products(5))
    site = alive(config, view)
    plain = site.catalogue.change

    def rolled_back(*arguments: Any) -> None:
        plain(*arguments)
        publish.rollback(config.build)

    monkeypatch.setattr(site.catalogue, "change", rolled_back)

    # when the change is noted
    with pytest.raises(MovedOn):
        site.change_products({"tee-001": priced(view.products[3], 10_000)})

    # then building stays paused until somebody asks for it
    assert publish.read_state(config.build).paused
    assert publish.read_state(config.build).release == publish.current(config.build)


def test_a_site_that_is_not_built_of_what_is_there_cannot_be_followed(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    build(config, catalogue(*some_products(5)))

    with pytest.raises(MovedOn):
        LiveSite(config, catalogue(*some_products(6)))


def test_list_keys_that_come_with_a_product_are_answered_by_its_own_listing(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    shop = alive(config, catalogue(*some_products(3), product("hoodie", "hoodies"))).shop

    wanted = demand(["product:tee-001", "category:t-shirts", "catalog", "home"], shop)

    assert (wanted.products, wanted.everything) == (frozenset({"tee-001"}), False)
    assert demand(["category:t-shirts"], shop).everything
    assert demand(["product:tee-001", "category:hoodies"], shop).everything
    assert demand(["all"], shop).everything
    assert demand(["home"], shop).everything
