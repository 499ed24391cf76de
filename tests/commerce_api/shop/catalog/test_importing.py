"""Files go into the database once, and nothing that people did elsewhere is lost."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from commerce_api.foundation.db.tx import atomic
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog import pictures, renaming, stock
from commerce_api.shop.catalog.checking import check_catalog
from commerce_api.shop.catalog.importing import ImportReport, import_catalog
from commerce_api.shop.catalog.models import ColorVariant, Product, ProductImage, ProductStatus, ProductText, Sku
from commerce_api.shop.catalog.stock import StockLine
from tests.commerce_api.shop.catalog.builders import a_colour, a_product, counts, draw, stale, write_folder
from tests.commerce_api.shop.catalog.folders import TEE, S, bytes_of, make_old, reprice

pytestmark = pytest.mark.anyio


async def test_everything_is_brought_in_at_first_and_nothing_the_second_time(database: Settings, content: Path) -> None:
    # when
    told: list[tuple[int, int, str]] = []
    first = await import_catalog(
        content, var_dir=database.var_dir, progress=lambda done, total, slug: told.append((done, total, slug))
    )
    keys = await stale()
    rows = await Sku.all().order_by("id").values("id", "code", "stock")
    again = await import_catalog(content, var_dir=database.var_dir)

    # then
    assert first == ImportReport(created=("kolos-tee", "sova-hoodie"))
    assert told == [(1, 2, "kolos-tee"), (2, 2, "sova-hoodie")]
    assert {"product:kolos-tee", "category:hoodies", "all", "home", "catalog"} <= keys
    assert again == ImportReport(unchanged=("kolos-tee", "sova-hoodie"))
    assert await Sku.all().order_by("id").values("id", "code", "stock") == rows
    assert len(rows) == 5 + 5 + 12
    assert {row["code"] for row in rows} >= {S, "TC-SOVA-HOODIE-COAL-XS", "TC-SOVA-HOODIE-COAL-XS-OS"}


async def test_texts_are_stored_safe_and_searchable(sqlite_database: Settings, content: Path) -> None:
    words = replace(
        TEE.words["uk"],
        description="Гарно.\n\n<script>alert(1)</script><img src=x onerror=alert(1)>\n\n[злий](javascript:alert(1)) "
        '[добрий](/delivery/)\n\n<p style="color:red" onclick="x()">текст</p>',
    )
    write_folder(content, replace(TEE, words={**TEE.words, "uk": words}))

    await import_catalog(content)

    text = await ProductText.get(product__slug="kolos-tee", lang="uk")
    assert text.description_md == words.description
    for evil in ("script", "onerror", "javascript", "style", "onclick", "img"):
        assert evil not in text.description_html
    assert '<a href="/delivery/">добрий</a>' in text.description_html
    assert text.search == "футболка «колос» колос на грудях."


async def test_a_changed_file_changes_its_product_alone(sqlite_database: Settings, content: Path) -> None:
    # given
    await import_catalog(content)
    before = await Product.get(slug="sova-hoodie")

    # when
    write_folder(content, replace(TEE, price=95_000))
    report = await import_catalog(content)

    # then
    assert report == ImportReport(updated=("kolos-tee",), unchanged=("sova-hoodie",))
    assert (await Product.get(slug="kolos-tee")).price == 95_000
    assert (await Product.get(slug="sova-hoodie")).updated_at == before.updated_at


async def test_a_broken_file_is_named_and_stops_nothing_else(database: Settings, content: Path) -> None:
    # given
    file = content / "catalog" / "kolos-tee" / "product.md"
    file.write_text(file.read_text().replace("price = 890", "price = x"))
    (content / "catalog" / "empty-tee").mkdir()
    write_folder(content, a_product("odd-tee", print="odd"))
    (content / "catalog" / "odd-tee" / "coal-back.avif").write_text("no picture")

    # when
    report = await import_catalog(content)

    # then
    assert report.created == ("sova-hoodie",)
    assert [(problem.file, problem.line) for problem in report.broken] == [
        ("empty-tee/product.md", None),
        ("kolos-tee/product.md", 6),
        ("odd-tee/coal-back.avif", None),
    ]
    assert await Product.exists(slug="kolos-tee") is False

    # when it is mended
    write_folder(content, TEE)

    # then
    assert (await import_catalog(content)).created == ("kolos-tee",)


async def test_a_broken_product_that_was_there_stays_as_it_was(sqlite_database: Settings, content: Path) -> None:
    await import_catalog(content)
    (content / "catalog" / "kolos-tee" / "product.md").write_text("+++\nprice = \n+++\n")
    report = await import_catalog(content)
    assert (len(report.broken), report.missing) == (1, ())
    assert (await Product.get(slug="kolos-tee")).price == 89_000


async def test_a_missing_list_is_named_and_products_are_imported(sqlite_database: Settings, content: Path) -> None:
    await import_catalog(content)
    (content / "catalog" / "categories.toml").unlink()
    write_folder(content, replace(TEE, price=95_000))
    report = await import_catalog(content)
    assert [str(problem) for problem in report.broken] == ["categories.toml: is missing"]
    assert report.updated == ("kolos-tee",)


async def test_counts_begin_the_stock_and_are_never_read_again(database: Settings, content: Path) -> None:
    # given a sold piece
    await import_catalog(content)
    async with atomic():
        await stock.reserve([StockLine(S, 1)])

    # when the file counts anew
    write_folder(content, replace(TEE, colours=(a_colour(stock=counts(S=9, M=9, L=2)), a_colour("milk"))))
    await import_catalog(content)

    # then the database goes on counting
    assert await stock.left([S, "TC-KOLOS-TEE-COAL-M", "TC-KOLOS-TEE-COAL-L"]) == {
        S: 0,
        "TC-KOLOS-TEE-COAL-M": 3,
        "TC-KOLOS-TEE-COAL-L": None,
    }


async def test_what_a_file_leaves_out_is_no_longer_sold_and_comes_back_with_its_count(
    database: Settings, content: Path
) -> None:
    # given
    await import_catalog(content)
    ids = dict(await Sku.all().values_list("code", "id"))

    # when a colour is dropped and the sizes shrink
    write_folder(content, replace(TEE, size_table=(("M", (70.0, 51.0)),), colours=(a_colour(stock=counts(M=3)),)))
    await import_catalog(content)

    # then rows stay for the orders that point to them
    active = await Sku.filter(variant__product__slug="kolos-tee", active=True).values_list("code", "position")
    assert active == [("TC-KOLOS-TEE-COAL-M", 0)]
    assert await ColorVariant.filter(product__slug="kolos-tee", active=True).count() == 1

    # when all come back
    write_folder(content, TEE)
    await import_catalog(content)

    # then they are the same ones
    assert dict(await Sku.filter(active=True).values_list("code", "id")) == ids
    assert await stock.left([S]) == {S: 1}


async def test_a_code_is_never_passed_on_to_another_fit(sqlite_database: Settings, content: Path) -> None:
    # given a tee that was oversize only, so that its codes carry no mark
    write_folder(content, replace(TEE, fits=("oversize",), colours=(a_colour("milk"),)))
    await import_catalog(content)

    # when classic joins
    write_folder(content, replace(TEE, fits=("classic", "oversize"), colours=(a_colour("milk"),)))
    report = await import_catalog(content)

    # then
    assert [str(problem) for problem in report.broken] == [
        "kolos-tee/product.md: sku_code_taken: sku TC-KOLOS-TEE-MILK-S, size S, fit oversize"
    ]
    assert await Sku.filter(variant__product__slug="kolos-tee", fit="classic").count() == 0


async def test_a_folder_that_vanished_is_told_and_its_product_stays(sqlite_database: Settings, content: Path) -> None:
    await import_catalog(content)
    shutil.rmtree(content / "catalog" / "kolos-tee")
    report = await import_catalog(content)
    assert report == ImportReport(unchanged=("sova-hoodie",), missing=("kolos-tee",))
    assert await Product.exists(slug="kolos-tee", status=ProductStatus.PUBLISHED)


async def test_a_renamed_folder_keeps_its_product_when_it_says_so(database: Settings, content: Path) -> None:
    # given
    await import_catalog(content)
    id_ = (await Product.get(slug="kolos-tee")).id
    shutil.rmtree(content / "catalog" / "kolos-tee")
    write_folder(content, replace(TEE, slug="wheat-tee", renamed_from="kolos-tee"))

    # when
    report = await import_catalog(content)

    # then
    assert (report.updated, report.created, report.missing) == (("wheat-tee",), (), ())
    product = await Product.get(slug="wheat-tee")
    assert product.id == id_
    assert await Sku.exists(code=S, active=True)
    assert (await ProductImage.filter(variant__product_id=id_).first().values_list("path"))[0].startswith("wheat-tee/")
    assert (await import_catalog(content)).unchanged == ("sova-hoodie", "wheat-tee")


async def test_a_folder_cannot_take_an_address_that_leads_elsewhere(sqlite_database: Settings, content: Path) -> None:
    # given a renamed product
    await import_catalog(content)
    async with atomic():
        await renaming.rename_slug("kolos-tee", "wheat-tee")

    # when its old folder is still there
    report = await import_catalog(content)

    # then
    (problem,) = report.broken
    assert (problem.file, problem.field) == ("kolos-tee/product.md", "slug_taken")
    assert "/product/wheat-tee/" in problem.reason


async def test_a_new_picture_is_shown_without_touching_an_edit(database: Settings, content: Path) -> None:
    # given an edit in the office
    await import_catalog(content, var_dir=database.var_dir)
    await reprice("kolos-tee", 99_000)
    old = await ProductImage.get(path="kolos-tee/coal-front.avif")

    # when a photo replaces the drawing
    draw(content / "catalog" / "kolos-tee" / "coal-front.avif", shade=200)
    report = await import_catalog(content, var_dir=database.var_dir)

    # then
    assert report == ImportReport(updated=("kolos-tee",), unchanged=("sova-hoodie",))
    new = await ProductImage.get(path="kolos-tee/coal-front.avif")
    assert (new.key != old.key, new.width, new.height) == (True, 4, 5)
    assert (await Product.get(slug="kolos-tee")).price == 99_000
    write_folder(content, replace(TEE, price=95_000))
    assert (await import_catalog(content)).conflicts == ("kolos-tee",)


async def test_unchanged_pictures_are_not_read_again(
    sqlite_database: Settings, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given pictures of yesterday that were read once
    make_old(content)
    await import_catalog(content, var_dir=sqlite_database.var_dir)
    read: list[Path] = []
    monkeypatch.setattr(pictures, "read_picture", read.append)

    # when
    report = await import_catalog(content, var_dir=sqlite_database.var_dir)

    # then
    assert (report.unchanged, read) == (("kolos-tee", "sova-hoodie"), [])


def test_a_check_reads_everything_and_changes_nothing(content: Path) -> None:
    # given
    file = content / "catalog" / "kolos-tee" / "product.md"
    file.write_text(file.read_text().replace('name = "Kolos tee"', 'name = "Колос"').replace("890", "0"))
    (content / "catalog" / "sova-hoodie" / "coal-front.avif").unlink()
    before = bytes_of(content)

    # when
    report = check_catalog(content)

    # then
    assert report.products == 0
    assert [problem.file for problem in report.errors] == ["kolos-tee/product.md", "sova-hoodie/product.md"]
    assert [problem.field for problem in report.warnings] == ["en.name"]
    assert bytes_of(content) == before
