"""A saved file is in the shop within a moment."""

import asyncio
import time
from pathlib import Path

import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog.importing import ImportReport, import_catalog
from commerce_api.shop.catalog.models import Product
from commerce_api.shop.catalog.watching import watch_catalog
from tests.commerce_api.shop.catalog.builders import a_product, write_content, write_folder

pytestmark = pytest.mark.anyio


async def test_a_saved_file_is_imported_within_two_seconds(sqlite_database: Settings, tmp_path: Path) -> None:
    # given a shop that watches
    content = tmp_path / "content"
    write_content(content, a_product())
    await import_catalog(content)
    reports: asyncio.Queue[ImportReport] = asyncio.Queue()
    watcher = asyncio.create_task(watch_catalog(content, lambda: import_catalog(content), reports.put_nowait))
    await asyncio.sleep(0.3)
    while not reports.empty():
        reports.get_nowait()

    # when a file is saved
    saved = time.monotonic()
    write_folder(content, a_product(price=95_000))
    report = await asyncio.wait_for(reports.get(), 20)
    taken = time.monotonic() - saved
    watcher.cancel()
    await asyncio.gather(watcher, return_exceptions=True)

    # then
    assert report.updated == ("kolos-tee",)
    assert (await Product.get(slug="kolos-tee")).price == 95_000
    assert taken < 5  # two seconds on a machine that has nothing else to do


async def test_a_save_of_many_files_is_one_import(sqlite_database: Settings, tmp_path: Path) -> None:
    # given
    content = tmp_path / "content"
    write_content(content, a_product())
    imports = 0

    async def count() -> ImportReport:
        nonlocal imports
        imports += 1
        return ImportReport()

    watcher = asyncio.create_task(watch_catalog(content, count, lambda report: None))
    await asyncio.sleep(0.3)
    begun = imports

    # when twenty files are saved within a few milliseconds
    for price in range(20):
        write_folder(content, a_product(price=(price + 1) * 100))
    await asyncio.sleep(1.5)
    watcher.cancel()
    await asyncio.gather(watcher, return_exceptions=True)

    # then
    assert 1 <= imports - begun <= 3
