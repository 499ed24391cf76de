"""New prices in finished pages: the same bytes as rendering them, or a page that is rendered."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from commerce_api.foundation.settings import ROOT, Settings
from commerce_api.foundation.theming import THEME
from commerce_api.shop.catalog import feed
from commerce_api.shop.catalog.importing import import_catalog
from sitegen.build import build
from sitegen.config import Config
from sitegen.exchange import AWAKE, exchanged, only_prices
from sitegen.live import LiveSite
from sitegen.page import Output
from sitegen.pages import expand
from sitegen.plugin import warm
from sitegen.render import Renderer
from sitegen.source import CatalogView, ProductView
from tests.sitegen.builders import SITE_URL, catalogue, config_in, priced, shop_of, some_products

pytestmark = pytest.mark.anyio
CARD = ("tee", "uk", "")


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are rendered from now on."""
    files: list[str] = []
    plain = Renderer.render

    def noted(self: Renderer, output: Output) -> bytes:
        files.extend(output.files)
        return plain(self, output)

    monkeypatch.setattr(Renderer, "render", noted)
    return files


def pages_now(config: Config, view: CatalogView, files: set[str]) -> dict[str, bytes]:
    """What rendering makes of these files of product and category pages."""
    shop, renderer, _ = warm(config, view)
    keys = [*(f"product:{slug}" for slug in shop.products), *(f"category:{slug}" for slug in shop.category_views)]
    outputs = (output for key in keys for output in expand(shop, key) if files & set(output.files))
    return {file: renderer.render(output) for output in outputs for file in output.files}


async def test_in_the_real_theme_a_new_price_gives_the_bytes_that_rendering_gives(
    sqlite_database: Settings, tmp_path: Path, rendered: list[str]
) -> None:
    # given the shop of the repository
    await import_catalog(ROOT / "content")
    view = await feed.read_catalog(sqlite_database.shop)
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content, ignore=shutil.ignore_patterns("*.avif"))
    config = Config(ROOT, content, THEME, tmp_path / "build", SITE_URL, compress=False)
    build(config, view)
    site = LiveSite(config, view)
    rendered.clear()

    # when prices change: of all colours, of one alone, from an old price, of several products at once
    products = sorted(view.products, key=lambda each: each.slug)
    touched: set[str] = set()
    for batch in (
        [priced(products[0], 77_700)],
        [one_colour_at(products[1], 55_500)],
        [cheaper(products[2])],
        [priced(products[0], 78_800), priced(products[3], 66_600), one_colour_at(products[1], 44_400)],
    ):
        touched.update(site.change_products({each.slug: each for each in batch}).pages)

    # then every page is what rendering makes of it, and neighbours were not rendered for it
    now = replace(view, products=tuple(site.shop.products.values()))
    own = {file for file in touched for each in products[:4] if f"product/{each.slug}/" in file}
    neighbours = {file for file in touched - own if "product/" in file}
    assert len(neighbours) > 20
    assert not neighbours & set(rendered)
    for file, page in pages_now(config, now, touched).items():
        assert (config.build / "current" / file).read_bytes() == page, file


def test_a_price_is_only_a_price_whatever_day_it_is() -> None:
    # given a product that was changed last on another day, as almost every one
    old = replace(some_products(1)[0], updated=date(2026, 11, 1))
    new = replace(priced(old, 55_500), updated=date(2026, 11, 30))
    before, after = (shop_of(catalogue(each)) for each in (old, new))

    assert only_prices(before, after, [old.slug])


def one_colour_at(view: ProductView, price: int) -> ProductView:
    *others, last = view.variants
    return replace(view, variants=(*others, replace(last, price=price)))


def cheaper(view: ProductView) -> ProductView:
    return replace(
        view, variants=tuple(replace(each, price=each.price - 10_000, old_price=each.price) for each in view.variants)
    )


def test_a_page_that_somebody_touched_is_rendered(tmp_path: Path, rendered: list[str]) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(40))
    build(config, view)
    site = LiveSite(config, view)
    changed = priced(next(each for each in view.products if each.slug == "tee-020"), 123_400)
    beside = "product/tee-035/index.html"
    path = config.build / "current" / beside
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data.replace(b"<h1", b"<h1 hidden"))
    rendered.clear()

    receipt = site.change_products({"tee-020": changed})

    assert beside in receipt.pages
    assert beside in rendered
    assert b"<h1 hidden" not in path.read_bytes()


def test_a_page_that_was_asked_for_is_rendered(tmp_path: Path, rendered: list[str]) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(40))
    build(config, view)
    site = LiveSite(config, view)
    changed = priced(next(each for each in view.products if each.slug == "tee-020"), 123_400)
    rendered.clear()

    site.change_products({"tee-020": changed}, forced=["product:tee-035"])

    assert "product/tee-035/index.html" in rendered
    assert "product/tee-030/index.html" not in rendered


def test_a_card_is_exchanged_only_where_it_stands_once() -> None:
    old, new = {CARD: "<b>890</b>"}, {CARD: "<b>790</b>"}
    assert exchanged(b"<p><b>890</b></p>", [CARD], old, new) == b"<p><b>790</b></p>"
    assert exchanged(b"<p></p>", [CARD], old, new) is None
    assert exchanged(b"<b>890</b><b>890</b>", [CARD], old, new) is None


def test_a_card_whose_picture_was_woken_is_exchanged_behind_it() -> None:
    old, new = ({CARD: f"<img {AWAKE}><b>{price}</b>"} for price in (890, 790))
    assert exchanged(b"<img eager><b>890</b>", [CARD], old, new) == b"<img eager><b>790</b>"


def test_a_card_with_another_picture_is_rendered() -> None:
    old, new = ({CARD: f'<img src="{key}" {AWAKE}><b>890</b>'} for key in ("one", "two"))
    assert exchanged(f'<img src="one" {AWAKE}><b>890</b>'.encode(), [CARD], old, new) is None
