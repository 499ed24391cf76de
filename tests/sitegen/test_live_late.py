"""What may come late on a living site is owed until it is made."""

from pathlib import Path

import pytest

from sitegen.build import build
from sitegen.live import LiveSite, MovedOn
from tests.sitegen.builders import catalogue, config_in, product, some_products
from tests.sitegen.living import alive, make_late, served, with_changes


def test_what_may_come_late_is_owed_after_a_crash_and_a_build_makes_it(tmp_path: Path) -> None:
    # given a new product whose pages are published
    config = config_in(tmp_path)
    view = catalogue(*some_products(5))
    site = alive(config, view)
    changed = {"fresh": product("fresh", day=99)}
    receipt = site.change_products(changed)
    assert "product/fresh/index.html" in receipt.pages
    assert b"/product/fresh/" not in served(config)["sitemap-products-1.xml"]

    # when the process dies before it made the sitemap, then nobody takes the site for finished
    now = with_changes(view, changed)
    with pytest.raises(MovedOn):
        LiveSite(config, now)
    receipt = build(config, now)

    # and the next build makes it
    assert "sitemap-products-1.xml" in receipt.pages
    assert not any(file.endswith(".html") for file in receipt.pages)
    assert build(config, now).reasons == ()


def test_what_may_come_late_is_made_once_for_many_changes(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    site = alive(config, catalogue(*some_products(5)))
    site.change_products({"one": product("one", day=97)})
    site.change_products({"two": product("two", day=98)})

    made = list(iter(site.make_late, None))

    assert {receipt.kind for receipt in made if receipt} == {"late"}
    assert [receipt.pages for receipt in made if receipt].count(("sitemap-products-1.xml",)) == 1
    assert not site.owed
    # what changes during a pass is of the next one
    site.change_products({"three": product("three", day=99)})
    assert "sitemap-products-1.xml" in make_late(site)


def test_an_edit_that_changes_nothing_owes_nothing(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(5))
    site = alive(config, view)

    site.change_products({"tee-001": next(p for p in view.products if p.slug == "tee-001")})

    assert not site.owed
    assert build(config, view).reasons == ()
