"""Feeds of the live site: a price reaches them after the pages, and a broken one harms nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from sitegen.build import build
from sitegen.live import LiveSite
from sitegen.parallel import PageFailed
from tests.sitegen.builders import catalogue, config_in, priced, product
from tests.sitegen.living import make_late


def test_a_price_reaches_the_feeds_after_the_pages(tmp_path: Path) -> None:
    # given
    config, view = config_in(tmp_path), product("kolos", price=89_000)
    build(config, catalogue(view, product("sova")))
    site = LiveSite(config, catalogue(view, product("sova")))
    google, twin = (tmp_path / "build" / "current" / file for file in ("feeds/google.xml", "product/kolos.md"))

    # when the price is published, then the feeds wait
    receipt = site.change_products({"kolos": priced(view, 99_000)})
    assert not {"feeds/google.xml", "product/kolos.md"} & set(receipt.pages)
    assert "990.00 UAH" not in google.read_text("utf-8")

    # and follow
    touched = make_late(site)
    assert {"feeds/google.xml", "feeds/prom.xml", "product/kolos.md"} <= touched
    assert "product/sova.md" not in touched
    assert "990.00 UAH" in google.read_text("utf-8")
    assert "990\u00a0₴" in twin.read_text("utf-8")


def test_a_feed_that_cannot_be_complete_fails_the_build_and_leaves_the_old_site(tmp_path: Path) -> None:
    # given a site, and a colour that lost its pictures
    config, view = config_in(tmp_path), product("kolos")
    build(config, catalogue(view))
    served = (tmp_path / "build" / "current").resolve()
    bare = replace(view, variants=(view.variants[0], replace(view.variants[1], images=())))

    # when
    with pytest.raises(PageFailed, match=r"feeds/\w+\.xml.*TC-kolos-milk-S has no picture"):
        build(config, catalogue(bare))

    # then
    assert (tmp_path / "build" / "current").resolve() == served
