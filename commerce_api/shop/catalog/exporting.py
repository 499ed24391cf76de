"""Database -> files of content/catalog. A file that already says what the database says keeps every byte.

Where only facts above the texts differ (a price, a status), only their lines change; comments stay. Anything else is
written anew in the canonical form. What was written is remembered as imported, so that the next import finds no change.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from commerce_api.foundation.db.tx import transact
from commerce_api.shop.catalog import rows
from commerce_api.shop.catalog.file_lists import Entry, Reader, read_categories, read_colours
from commerce_api.shop.catalog.file_reading import read_product
from commerce_api.shop.catalog.file_writing import amended, write_categories, write_colours, write_product
from commerce_api.shop.catalog.files import CATEGORIES_FILE, COLOURS_FILE, PRODUCT_FILE, Level, Problem, ProductFile
from commerce_api.shop.catalog.importing import CATALOG_FOLDER, LANGUAGES, text_hash
from commerce_api.shop.catalog.models import Product, ProductImage


@dataclass(frozen=True, slots=True)
class ExportReport:
    """Files below content/catalog that were `written` (a renamed folder counts as its product.md), those that say the
    same already, and products that cannot be said in a file."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Problem, ...] = ()


async def export_catalog(content_dir: Path, *, languages: Sequence[str] = LANGUAGES) -> ExportReport:
    """Write the open database to `content_dir`/catalog. Pictures stay where they are; folders of renamed products are
    renamed with them. Raises OSError when a file cannot be written.
    """
    root = content_dir / CATALOG_FOLDER
    await asyncio.to_thread(partial(root.mkdir, parents=True, exist_ok=True))
    written: list[str] = []
    unchanged: list[str] = []
    refused: list[Problem] = []

    def note(name: str, changed: bool) -> None:
        (written if changed else unchanged).append(name)

    categories, colours = await rows.read_categories(), await rows.read_colours()
    lists = (
        (CATEGORIES_FILE, partial(_write_list, categories, read_categories, write_categories)),
        (COLOURS_FILE, partial(_write_list, colours, read_colours, write_colours)),
    )
    for name, write_list in lists:
        note(name, await asyncio.to_thread(write_list, root / name, languages))
    for slug, product in (await rows.read_products()).items():
        file = f"{slug}/{PRODUCT_FILE}"
        moved = await _move_folder(root, slug)
        answer = await asyncio.to_thread(_write_product, root / file, replace(product, renamed_from=moved), languages)
        if isinstance(answer, Problem):
            refused.append(answer)
            continue
        content, changed = answer
        await transact(partial(_remember, slug, text_hash(content), rows.value_hash(product)))
        note(file, changed or moved is not None)
    return ExportReport(tuple(written), tuple(unchanged), tuple(refused))


async def _remember(slug: str, file_hash: str, row_hash: str) -> None:
    await (
        Product.filter(slug=slug)
        .exclude(file_hash=file_hash, row_hash=row_hash)
        .update(file_hash=file_hash, row_hash=row_hash)
    )


async def _move_folder(root: Path, slug: str) -> str | None:
    """The old name of a renamed product's folder, when it had to be renamed too; its pictures are found anew."""
    images = await ProductImage.filter(variant__product__slug=slug).values_list("id", "path")
    old: set[str] = {path.partition("/")[0] for _, path in images} - {slug}
    for name in sorted(old):
        if not await asyncio.to_thread(_renamed, root / name, root / slug):
            continue
        for id_, path in images:
            await ProductImage.filter(id=id_).update(path=f"{slug}/{path.partition('/')[2]}")
        return name
    return None


def _renamed(old: Path, new: Path) -> bool:
    if new.exists() or not old.is_dir():
        return False
    old.rename(new)
    return True


def _write(path: Path, content: str) -> None:
    """All of it or nothing: a reader never meets half a file."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(content, encoding="utf-8")
    fresh.replace(path)


def _existing(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def _write_list(
    entries: tuple[Entry, ...],
    read: Reader[Entry],
    write: Callable[[Sequence[Entry], Sequence[str]], str],
    path: Path,
    languages: Sequence[str],
) -> bool:
    """Whether categories.toml or colours.toml had to be written."""
    content = _existing(path)
    if content is not None:
        found, problems = read(content, languages)
        if not problems and found == entries:
            return False
    _write(path, write(entries, languages))
    return True


def _write_product(path: Path, product: ProductFile, languages: Sequence[str]) -> tuple[str, bool] | Problem:
    """The text that now lies there and whether it was written, or why the product cannot be said in a file."""
    content = _existing(path)
    old = read_product(product.slug, content, languages)[0] if content is not None else None
    if content is not None and old is not None:
        product = replace(product, renamed_from=product.renamed_from or old.renamed_from)
        if (old, old.renamed_from) == (product, product.renamed_from):
            return content, False
        small = amended(content, old, product)
        if read_product(product.slug, small, languages)[0] == product:
            _write(path, small)
            return small, True
    whole = write_product(product, languages)
    again, problems = read_product(product.slug, whole, languages)
    if again != product:
        errors = [problem for problem in problems if problem.level is Level.ERROR]
        name = f"{product.slug}/{PRODUCT_FILE}"
        return errors[0] if errors else Problem(name, None, "", "would not be read back as the same: see its texts")
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, whole)
    return whole, True
