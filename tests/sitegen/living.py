"""Sites that are changed page by page, held against those that are built whole."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sitegen import publish
from sitegen.build import build
from sitegen.config import Config
from sitegen.live import LiveSite
from sitegen.snapshot import Left
from sitegen.source import CatalogView, ProductView
from tests.sitegen.builders import catalogue, config_in, tree


def served(config: Config) -> dict[str, bytes]:
    return tree(config.build / "current")


def with_changes(view: CatalogView, changed: Mapping[str, ProductView | None], left: Left | None = None) -> CatalogView:
    products = {p.slug: p for p in view.products}
    for slug, now in changed.items():
        products.pop(slug, None)
        if now:
            products[slug] = now
    left = left or Left.of(view)
    return replace(catalogue(*products.values()), redirects=left.redirects, gone=left.gone)


def assert_same_as_full(tmp_path: Path, config: Config, view: CatalogView, number: int = 0) -> None:
    fresh = config_in(tmp_path / f"fresh-{number}", content=config.content)
    build(fresh, view)
    assert served(config) == served(fresh)
    publish.verify(config.build, publish.current(config.build))


def alive(config: Config, view: CatalogView) -> LiveSite:
    build(config, view)
    return LiveSite(config, view)


def make_late(site: LiveSite) -> set[str]:
    """Make everything that is owed; the files that are new or gone."""
    touched: set[str] = set()
    while site.owed:
        receipt = site.make_late()
        if receipt:
            touched |= {*receipt.pages, *receipt.removed}
    return touched
