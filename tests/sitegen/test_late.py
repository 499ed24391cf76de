"""What may come late: which groups a change touches, and when it is time for them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sitegen import late, pages
from sitegen.build import build
from sitegen.late import Calm
from sitegen.live import LiveSite
from sitegen.page import Document, Output
from sitegen.snapshot import Snapshot
from tests.sitegen.builders import catalogue, config_in, priced, product, some_products


def _note(shop: Snapshot, rest: str) -> Iterator[Output]:
    if rest in shop.products:
        text = f"{rest} costs {shop.products[rest].variants[0].price}\n"
        yield Document(f"note:{rest}", f"product/{rest}.note", text)


def _shelf(shop: Snapshot, rest: str) -> Iterator[Output]:
    slugs = sorted(shop.products)[4 * int(rest) : 4 * int(rest) + 4]
    if slugs:
        yield Document(f"shelf:{rest}", f"shelves/{rest}.txt", "\n".join(slugs) + "\n")


@pytest.fixture
def more_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site with a text twin of each product and a feed in shards of four."""
    known = pages.all_keys

    def keys(shop: Snapshot) -> list[str]:
        shards = range(-(-len(shop.products) // 4))
        plain = [key for key in known(shop) if key == "sitemap" or key.partition(":")[0] not in pages.LATE]
        return [*plain, *(f"note:{slug}" for slug in shop.products), *(f"shelf:{n}" for n in shards)]

    monkeypatch.setattr(pages, "all_keys", keys)
    monkeypatch.setattr(pages, "MAKERS", {**pages.MAKERS, "note": _note, "shelf": _shelf})
    for module in (pages, late):
        monkeypatch.setattr(module, "LATE", pages.LATE | {"note", "shelf"})
    monkeypatch.setattr(pages, "EXTRAS", frozenset({"note", "shelf"}))


@pytest.mark.usefixtures("more_kinds")
def test_a_change_touches_the_late_groups_of_its_product_and_those_of_none(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = catalogue(*some_products(6))
    build(config, view)
    shop = LiveSite(config, view).shop

    touched = late.keys_of(shop, ["tee-002"], True)
    assert {key for key in touched if key.startswith(("note:", "shelf:"))} == {"note:tee-002", "shelf:0", "shelf:1"}
    touched = late.keys_of(shop, ["tee-002"], False)
    assert not any(key.startswith(("note:", "shelf:")) for key in touched)


@pytest.mark.usefixtures("more_kinds")
def test_late_groups_follow_prices_new_products_and_those_that_go(tmp_path: Path) -> None:
    # given five products, so that the feed has two shards
    config = config_in(tmp_path)
    view = catalogue(*some_products(5))
    build(config, view)
    site = LiveSite(config, view)
    root = config.build / "current"

    def settle() -> None:
        while site.owed:
            site.make_late()

    # when a price changes, then the pages come first and the twin after them
    receipt = site.change_products({"tee-004": priced(view.products[0], 12_300)})
    assert "product/tee-004/index.html" in receipt.pages
    assert "12300" not in (root / "product/tee-004.note").read_text()
    settle()
    assert "12300" in (root / "product/tee-004.note").read_text()

    # when products come during a pass and go again, then no file of theirs is left
    site.change_products({f"new-{n}": product(f"new-{n}", day=50 + n) for n in range(4)})
    site.make_late()
    site.change_products({f"new-{n}": None for n in range(4)})
    settle()
    site.change_products({"tee-004": None})
    settle()
    assert sorted(path.name for path in (root / "shelves").glob("*.txt")) == ["0.txt"]
    assert not list(root.glob("product/new-*"))
    assert not (root / "product/tee-004.note").exists()
    assert build(config, catalogue(*view.products[1:])).reasons == ()


@pytest.mark.usefixtures("more_kinds")
def test_a_build_without_extras_makes_the_pages_alone(tmp_path: Path) -> None:
    config = config_in(tmp_path, extras=False)

    receipt = build(config, catalogue(*some_products(2)))

    assert "product/tee-001/index.html" in receipt.pages
    assert not [file for file in receipt.pages if file.endswith(".note") or file.startswith("shelves/")]
    assert {"product/tee-001.note", "shelves/0.txt"} <= set(
        build(replace(config, extras=True), catalogue(*some_products(2))).pages
    )


def test_it_is_time_when_it_is_quiet_and_at_the_latest_after_a_while() -> None:
    now = [100.0]
    calm = Calm(quiet=2.0, most=10.0, now=lambda: now[0])

    # two seconds after the last change
    calm.changed()
    now[0] = 101.5
    assert calm.left() == 0.5
    calm.changed()
    assert calm.left() == 2.0

    # ten after the first, however many others came
    for _ in range(20):
        now[0] += 0.5
        calm.changed()
    assert calm.left() == 0.0

    # what changed during a pass waits anew, and so does the next change after all was made
    calm.over(more=True)
    calm.changed()
    assert calm.left() == 2.0
    calm.over(more=False)
    now[0] += 60
    calm.changed()
    assert calm.left() == 2.0
