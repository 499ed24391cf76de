"""What the office changed goes back into the files, and nothing else does."""

import shutil
from pathlib import Path

import pytest

from commerce_api.foundation.db.tx import atomic
from commerce_api.foundation.settings import ROOT, Settings
from commerce_api.shop.catalog import renaming
from commerce_api.shop.catalog.checking import check_catalog
from commerce_api.shop.catalog.exporting import export_catalog
from commerce_api.shop.catalog.importing import ImportReport, import_catalog
from tests.commerce_api.shop.catalog.builders import draw
from tests.commerce_api.shop.catalog.folders import bytes_of, reprice

pytestmark = pytest.mark.anyio


async def test_export_after_import_changes_no_byte(database: Settings, content: Path) -> None:
    # given files that say the same in another form, with a comment
    file = content / "catalog" / "kolos-tee" / "product.md"
    file.write_text(file.read_text().replace("price = 890", "price   = 890 # since spring"))
    await import_catalog(content)
    before = bytes_of(content)

    # when
    report = await export_catalog(content)

    # then
    assert (report.written, report.refused) == ((), ())
    assert bytes_of(content) == before


async def test_the_real_catalogue_survives_import_and_export(sqlite_database: Settings, tmp_path: Path) -> None:
    # given the real texts, with small pictures where masters are not drawn yet
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content" / "catalog", content / "catalog", ignore=shutil.ignore_patterns("*.avif"))
    for file in content.rglob("product.md"):
        for line in file.read_text().split("\n"):
            if line.startswith("file = "):
                draw(file.parent / line.split('"')[1])
    before = bytes_of(content)

    # when
    imported = await import_catalog(content)
    exported = await export_catalog(content)

    # then
    assert (imported.broken, imported.warnings, imported.conflicts) == ((), (), ())
    assert len(imported.created) >= 30
    assert exported.written == ()
    assert bytes_of(content) == before
    assert check_catalog(content).products == len(imported.created)


async def test_a_price_edited_in_the_office_changes_one_line_of_one_file(database: Settings, content: Path) -> None:
    # given
    file = content / "catalog" / "kolos-tee" / "product.md"
    file.write_text(file.read_text().replace("price = 890", "price = 890  # since spring"))
    await import_catalog(content)
    before = bytes_of(content)
    await reprice("kolos-tee", 95_000)

    # when
    report = await export_catalog(content)

    # then
    assert report.written == ("kolos-tee/product.md",)
    name = "catalog/kolos-tee/product.md"
    assert bytes_of(content) == before | {name: before[name].replace(b"price = 890  #", b"price = 950  #")}
    assert (await import_catalog(content)).unchanged == ("kolos-tee", "sova-hoodie")


async def test_an_empty_folder_gets_the_whole_catalogue_back(database: Settings, content: Path, tmp_path: Path) -> None:
    await import_catalog(content)
    report = await export_catalog(tmp_path / "copy")
    assert len(report.written) == 4
    for name, text in bytes_of(content).items():
        if not name.endswith(".avif"):
            assert (tmp_path / "copy" / name).read_bytes() == text


async def test_a_product_renamed_in_the_office_takes_its_folder_along(database: Settings, content: Path) -> None:
    # given
    await import_catalog(content)
    async with atomic():
        await renaming.rename_slug("kolos-tee", "wheat-tee")

    # when
    report = await export_catalog(content)

    # then
    assert report.written == ("wheat-tee/product.md",)
    assert not (content / "catalog" / "kolos-tee").exists()
    assert 'renamed_from = "kolos-tee"' in (content / "catalog" / "wheat-tee" / "product.md").read_text()
    assert (await import_catalog(content)) == ImportReport(unchanged=("sova-hoodie", "wheat-tee"))
    assert (await export_catalog(content)).written == ()
