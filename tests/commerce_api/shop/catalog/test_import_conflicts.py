"""File and office changed the same thing: nobody is overwritten unasked."""

import asyncio
import contextvars
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog import storing
from commerce_api.shop.catalog.file_writing import write_categories
from commerce_api.shop.catalog.files import ProductFile
from commerce_api.shop.catalog.importing import ImportReport, import_catalog
from commerce_api.shop.catalog.models import Product, ProductText
from tests.commerce_api.shop.catalog.builders import CATEGORIES, LANGUAGES, write_folder
from tests.commerce_api.shop.catalog.folders import TEE, reprice

pytestmark = pytest.mark.anyio


async def test_an_edit_of_the_office_is_a_conflict_once_the_file_changes_too(database: Settings, content: Path) -> None:
    # given an edit in the office: while the file rests, there is nothing to decide
    await import_catalog(content)
    await reprice("kolos-tee", 99_000)
    assert (await import_catalog(content)).conflicts == ()

    # when the file changes as well
    write_folder(content, replace(TEE, price=95_000))
    report = await import_catalog(content)

    # then it is told, each time, and not overwritten
    assert report == ImportReport(conflicts=("kolos-tee",), unchanged=("sova-hoodie",))
    assert (await import_catalog(content)).conflicts == ("kolos-tee",)
    assert (await Product.get(slug="kolos-tee")).price == 99_000

    # when it is forced
    forced = await import_catalog(content, force=True)

    # then the file wins, and peace is kept afterwards
    assert forced.updated == ("kolos-tee",)
    assert (await Product.get(slug="kolos-tee")).price == 95_000
    assert (await import_catalog(content)).unchanged == ("kolos-tee", "sova-hoodie")


async def test_an_edit_of_the_office_during_an_import_is_not_lost(
    database: Settings, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a price that the office changes while a changed file is being stored
    await import_catalog(content)
    write_folder(content, replace(TEE, points=77))
    outside, plain = contextvars.copy_context(), storing.store_product
    edits: list[asyncio.Task[None]] = []

    async def meanwhile(product: ProductFile, masters: Mapping[str, storing.Master]) -> Product:
        edits.append(asyncio.get_running_loop().create_task(reprice("kolos-tee", 99_000), context=outside))
        await asyncio.wait(edits, timeout=0.3)
        return await plain(product, masters)

    monkeypatch.setattr(storing, "store_product", meanwhile)
    await import_catalog(content)
    await asyncio.gather(*edits)

    # then both are there
    tee = await Product.get(slug="kolos-tee")
    assert (tee.price, tee.points) == (99_000, 77)


async def test_force_discards_an_edit_although_the_file_rests(sqlite_database: Settings, content: Path) -> None:
    await import_catalog(content)
    await reprice("kolos-tee", 99_000)
    report = await import_catalog(content, force=True)
    assert (report.updated, report.unchanged) == (("kolos-tee",), ("sova-hoodie",))
    assert (await Product.get(slug="kolos-tee")).price == 89_000


async def test_the_same_edit_in_office_and_file_is_no_conflict(sqlite_database: Settings, content: Path) -> None:
    await import_catalog(content)
    await reprice("kolos-tee", 95_000)
    write_folder(content, replace(TEE, price=95_000))
    assert (await import_catalog(content)).conflicts == ()


async def test_a_category_edited_elsewhere_is_a_conflict_too(sqlite_database: Settings, content: Path) -> None:
    # given an import, an edit in the database, and an edit of the file
    await import_catalog(content)
    first = CATEGORIES[0]
    words = {**first.words, "uk": replace(first.words["uk"], name="Майки")}
    file = content / "catalog" / "categories.toml"
    text = file.read_text()
    file.write_text(write_categories((replace(first, words=words), CATEGORIES[1]), LANGUAGES))
    assert (await import_catalog(content)).conflicts == ()
    await ProductText.all().update(seo_title="")
    await (
        (await Product.get(slug="kolos-tee").select_related("category"))
        .category.texts.filter(lang="uk")
        .update(name="Інакше")
    )

    # when
    file.write_text(text)
    report = await import_catalog(content)

    # then
    assert report.conflicts == ("categories.toml: t-shirts",)
