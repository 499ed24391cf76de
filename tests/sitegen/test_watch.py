"""The watcher: changes of the shop and saved files become pages."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sitegen import publish, watch
from sitegen.build import build, roll_back
from sitegen.config import Config
from sitegen.receipt import Receipt
from sitegen.source import BuildReport, CatalogView, PageChange, ProductView, RebuildRequest
from sitegen.watch import Watcher, watch_folder
from tests.sitegen.builders import THEME, catalogue, config_in, priced, product, some_products, tree
from tests.waiting import until

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Shop:
    """A shop in memory with the bridge's rows: inserted, marked, never deleted."""

    def __init__(self, view: CatalogView) -> None:
        self.view = view
        self.rows: list[PageChange] = []
        self.built: set[int] = set()
        self.requests: list[RebuildRequest] = []
        self.reports: list[BuildReport] = []
        self.woken = asyncio.Event()
        self.reads = 0
        self.while_reading: list[ProductView] = []

    def save(self, view: ProductView | None, slug: str = "") -> None:
        """Commit a product as it is now, with the change rows of the catalogue."""
        slug = view.slug if view else slug
        others = [p for p in self.view.products if p.slug != slug]
        self.view = catalogue(*others, *([view] if view else []))
        for key in (f"product:{slug}", "category:t-shirts", "catalog", "home"):
            self.mark(key)

    def mark(self, key: str) -> None:
        self.rows.append(PageChange(len(self.rows) + 1, key, "edited"))
        self.woken.set()

    async def read_all(self) -> CatalogView:
        self.reads += 1
        return self.view

    async def read_stamp(self) -> str:
        return ""

    async def read_products(self, slugs: Sequence[str]) -> tuple[ProductView, ...]:
        found = tuple(p for p in self.view.products if p.slug in slugs)
        while self.while_reading:
            self.save(self.while_reading.pop())
        return found

    async def pending_changes(self) -> tuple[PageChange, ...]:
        return tuple(row for row in self.rows if row.id not in self.built)

    async def rebuild_requests(self) -> tuple[RebuildRequest, ...]:
        answered = {n for report in self.reports for n in report.request_ids}
        return tuple(request for request in self.requests if request.id not in answered)

    async def wait_for_changes(self, timeout: float) -> bool:  # noqa: ASYNC109 - the bridge's name
        while not (await self.pending_changes() or await self.rebuild_requests()):
            self.woken.clear()
            try:
                await asyncio.wait_for(self.woken.wait(), timeout)
            except TimeoutError:
                return False
        return True

    async def mark_built(self, ids: Sequence[int]) -> None:
        self.built |= set(ids)

    async def report_build(self, report: BuildReport) -> None:
        self.reports.append(report)


async def started(tmp_path: Path, count: int = 6) -> tuple[Watcher, Shop, Config]:
    config = config_in(tmp_path)
    shop = Shop(catalogue(*some_products(count)))
    watcher = Watcher(config, shop, lambda receipt: None)
    assert await watcher.start()
    return watcher, shop, config


def page(config: Config, file: str) -> str:
    return (config.build / "current" / file).read_text("utf-8")


def assert_true_to(config: Config, shop: Shop, tmp_path: Path, watcher: Watcher) -> None:
    while watcher.live and watcher.live.owed:
        watcher.live.make_late()
    fresh = config_in(tmp_path / "fresh", content=config.content, theme=config.theme)
    build(fresh, shop.view)
    assert tree(config.build / "current") == tree(fresh.build / "current")


async def test_a_price_edit_is_live_after_one_turn_and_its_rows_are_marked(tmp_path: Path) -> None:
    watcher, shop, config = await started(tmp_path)
    shop.save(priced(shop.view.products[2], 55_500))

    assert await watcher.shop_changed()

    slug = shop.reports[-1].pages[0].split("/")[1]
    assert shop.reports[-1].kind == "incremental"
    assert "555\u00a0₴" in page(config, "product/tee-003/index.html"), slug
    assert shop.built == {1, 2, 3, 4}
    assert shop.reads == 1
    assert_true_to(config, shop, tmp_path, watcher)


async def test_an_archived_product_is_gone_after_one_turn(tmp_path: Path) -> None:
    # given a product that was archived
    watcher, shop, config = await started(tmp_path)
    shop.save(None, "tee-003")
    shop.view = replace(shop.view, gone=("/product/tee-003/",))

    # when the watcher takes it up
    assert await watcher.shop_changed()

    # then its pages went and its address is known to be gone, without building everything
    assert shop.reports[-1].kind == "incremental"
    assert "product/tee-003/index.html" in shop.reports[-1].removed
    assert "/en/product/tee-003/" in page(config, "redirects.json")
    assert_true_to(config, shop, tmp_path, watcher)
    assert build(config, shop.view).pages == ()


async def test_a_change_committed_during_a_build_is_built_by_the_next_turn(tmp_path: Path) -> None:
    watcher, shop, config = await started(tmp_path)
    shop.while_reading = [priced(shop.view.products[2], 66_600)]
    shop.save(priced(shop.view.products[2], 55_500))

    await watcher.shop_changed()
    after_first = page(config, "product/tee-003/index.html")
    await watcher.shop_changed()

    assert "555\u00a0₴" in after_first
    assert "666\u00a0₴" in page(config, "product/tee-003/index.html")
    assert await shop.pending_changes() == ()
    assert_true_to(config, shop, tmp_path, watcher)


async def test_a_change_of_everything_reads_everything_again(tmp_path: Path) -> None:
    watcher, shop, config = await started(tmp_path)
    shop.view = replace(shop.view, facts=replace(shop.view.facts, free_delivery_from=300_000))
    shop.mark("all")

    await watcher.shop_changed()

    assert shop.reports[-1].kind == "full"
    assert "3\u00a0000\u00a0₴" in page(config, "delivery/index.html")
    assert shop.reads == 2


async def test_a_first_product_of_a_new_category_builds_everything(tmp_path: Path) -> None:
    watcher, shop, config = await started(tmp_path)
    shop.save(product("hoodie", "hoodies"))

    await watcher.shop_changed()

    assert "hoodie" in page(config, "catalog/hoodies/index.html")
    assert_true_to(config, shop, tmp_path, watcher)


async def test_a_staff_request_is_answered_by_its_id_even_when_nothing_changed(tmp_path: Path) -> None:
    watcher, shop, _ = await started(tmp_path)
    shop.requests = [RebuildRequest(7, "product", ("product:tee-001",)), RebuildRequest(8, "all", ())]

    await watcher.shop_changed()

    assert shop.reports[-1].request_ids == (7, 8)
    assert await shop.rebuild_requests() == ()


async def test_a_rollback_pauses_the_watcher_until_somebody_asks_for_a_build(tmp_path: Path) -> None:
    watcher, shop, config = await started(tmp_path)
    shop.save(priced(shop.view.products[0], 55_500))
    shop.mark("all")
    await watcher.shop_changed()
    roll_back(config)
    old = tree(config.build / "current")
    shop.save(priced(shop.view.products[0], 66_600))

    paused = await watcher.shop_changed()

    assert not paused
    assert tree(config.build / "current") == old
    assert await shop.pending_changes()

    shop.requests = [RebuildRequest(1, "all", ())]
    assert await watcher.shop_changed()
    assert "666\u00a0₴" in page(config, "index.html")
    assert await shop.pending_changes() == ()


async def test_a_rollback_while_a_build_waits_for_its_turn_is_not_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given two releases, and somebody who rolls back just before the watcher builds a third
    watcher, shop, config = await started(tmp_path)
    shop.save(priced(shop.view.products[0], 55_500))
    shop.mark("all")
    await watcher.shop_changed()

    def after_a_rollback(*arguments: Any, **options: Any) -> Receipt:
        roll_back(config)
        return build(*arguments, **options)

    monkeypatch.setattr(watch, "build", after_a_rollback)
    shop.save(priced(shop.view.products[0], 66_600))
    shop.mark("all")

    # when it does
    await watcher.shop_changed()

    # then the earlier release stays, and so does the pause
    assert publish.read_state(config.build).paused
    assert "666\u00a0₴" not in page(config, "index.html")


async def test_a_build_of_another_process_is_noticed(tmp_path: Path) -> None:
    watcher, shop, config = await started(tmp_path)
    build(config, shop.view, force=True)
    shop.save(priced(shop.view.products[0], 66_600))

    assert await watcher.shop_changed()

    assert "666\u00a0₴" in page(config, "index.html")
    assert_true_to(config, shop, tmp_path, watcher)


async def test_a_failing_page_is_reported_once_and_tried_again(tmp_path: Path) -> None:
    watcher, shop, config = await started(tmp_path)
    good = shop.view.products[0]
    blind = replace(good.variants[0], images=tuple(replace(image, alt={}) for image in good.variants[0].images))
    before = tree(config.build / "current")
    shop.save(replace(good, variants=(blind,)))

    tries = [await watcher.shop_changed() for _ in range(3)]

    assert tries == [False, False, False]
    assert len([report for report in shop.reports if report.errors and report.kind == "incremental"]) == 1
    assert tree(config.build / "current") == before
    shop.save(priced(good, 44_400))
    assert await watcher.shop_changed()
    assert await shop.pending_changes() == ()


async def test_a_saved_content_file_touches_only_its_pages(tmp_path: Path) -> None:
    watcher, shop, config = await started(tmp_path)
    path = config.content / "pages/delivery.md"
    path.write_text("Title: Доставка\n\nЗавтра.\n", "utf-8")

    await watcher.files_saved({path})

    assert shop.reports[-1].pages == ("delivery/index.html",)
    assert "Завтра" in page(config, "delivery/index.html")
    assert_true_to(config, shop, tmp_path, watcher)


async def test_a_saved_site_toml_builds_everything(tmp_path: Path) -> None:
    watcher, shop, config = await started(tmp_path)
    path = config.content / "site.toml"
    path.write_text(path.read_text("utf-8").replace("00 00", "11 11"), "utf-8")

    await watcher.files_saved({path})

    assert shop.reports[-1].kind == "full"
    assert "11 11" in page(config, "index.html")


async def test_a_broken_content_file_leaves_the_site_and_is_named(tmp_path: Path) -> None:
    watcher, shop, config = await started(tmp_path)
    path = config.content / "pages/delivery.md"
    before = tree(config.build / "current")
    path.write_text("Title: Доставка\n\n{{nonsense}}\n", "utf-8")

    await watcher.files_saved({path})

    assert "nonsense" in shop.reports[-1].errors[0]
    assert tree(config.build / "current") == before


@pytest.mark.parametrize("name", ["site.toml", "search.toml", "redirects.toml"])
async def test_a_file_in_another_encoding_leaves_the_site_and_is_named(tmp_path: Path, name: str) -> None:
    # given a watcher, when an editor saves a file as it was usual once
    watcher, shop, config = await started(tmp_path)
    path = config.content / name
    path.write_bytes("# Ключі\n".encode("cp1251"))

    # then it is named, and the watcher goes on
    await watcher.files_saved({path})

    assert shop.reports[-1].errors == (f"{path}: is not UTF-8 at byte 2: save it as UTF-8",)


async def test_catalogue_files_are_left_to_the_importer(tmp_path: Path) -> None:
    watcher, shop, config = await started(tmp_path)
    reports = len(shop.reports)

    await watcher.files_saved({config.masters / "kolos/product.md"})

    assert len(shop.reports) == reports


async def test_saves_in_one_breath_are_one_change(tmp_path: Path) -> None:
    heard: asyncio.Queue[set[Path]] = asyncio.Queue()
    task = asyncio.create_task(watch_folder([tmp_path], heard.put))
    # The first save only tells that the folder is being watched by now.
    while heard.empty():
        (tmp_path / "ready.md").write_text("x")
        await asyncio.sleep(2 * watch.QUIET)
    await heard.get()

    for name in ("one.md", "two.md", ".hidden", "draft.md~"):
        (tmp_path / name).write_text("x")
    saved = await heard.get()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert saved - {tmp_path / "ready.md"} == {tmp_path / "one.md", tmp_path / "two.md"}


async def test_the_whole_watcher_follows_the_shop_and_the_theme(tmp_path: Path) -> None:
    shutil.copytree(THEME, tmp_path / "theme")
    config = config_in(tmp_path, theme=tmp_path / "theme")
    shop = Shop(catalogue(*some_products(4)))
    receipts: asyncio.Queue[Receipt] = asyncio.Queue()
    task = asyncio.create_task(Watcher(config, shop, receipts.put_nowait).run())
    first = await receipts.get()

    shop.save(priced(shop.view.products[0], 88_800))
    second = await receipts.get()
    (config.theme / "templates/partials/footer.html").write_text("<footer>changed</footer>\n")
    third = await receipts.get()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert (first.kind, second.kind, third.kind) == ("full", "incremental", "full")
    assert "888\u00a0₴" in page(config, "index.html")
    assert "changed" in page(config, "index.html")


def test_scratch_files_of_editors_are_known() -> None:
    names = {".site.toml.swp", "site.toml~", "#site.toml#", "4913", "x.part"}

    assert all(watch._is_scratch(Path(name)) for name in names)
    assert not watch._is_scratch(Path("site.toml"))


async def test_the_watcher_makes_by_itself_what_may_come_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LATE_QUIET", 0.1)
    config = config_in(tmp_path)
    shop = Shop(catalogue(*some_products(4)))
    receipts: asyncio.Queue[Receipt] = asyncio.Queue()
    task = asyncio.create_task(Watcher(config, shop, receipts.put_nowait).run())
    await receipts.get()

    shop.save(product("fresh", day=99))
    async with asyncio.timeout(60):
        quick, late = await receipts.get(), await receipts.get()
    await until(lambda: not publish.read_state(config.build).owing, "nothing is owed any more")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert (quick.kind, late.kind) == ("incremental", "late")
    assert "product/fresh/index.html" in quick.pages
    assert "/product/fresh/" in (config.build / "current" / "sitemap-products-1.xml").read_text("utf-8")
    assert build(config, shop.view).reasons == ()
