"""Files of content/catalog -> database: only what changed, nothing that was edited in the office since.

A product's file is compared with the one that was imported last. When it changed, the product in the database is
compared with what that import left: one that was edited since is a conflict and stays as it is, unless `force` says
otherwise. Each product is a transaction of its own; a broken file is named and stops nothing else.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from commerce_api.foundation.db.tx import lock_rows, transact
from commerce_api.foundation.errors import ShopError
from commerce_api.shop.catalog import renaming, rows, storing
from commerce_api.shop.catalog.file_lists import read_categories, read_colours
from commerce_api.shop.catalog.file_reading import read_product
from commerce_api.shop.catalog.files import (
    CATEGORIES_FILE,
    COLOURS_FILE,
    PRODUCT_FILE,
    Known,
    Level,
    Problem,
    ProductFile,
)
from commerce_api.shop.catalog.models import Category, Product, ProductImage
from commerce_api.shop.catalog.pictures import PictureBook, PictureFacts

CATALOG_FOLDER: Final = "catalog"
PICTURE_BOOK: Final = "pictures.json"
LANGUAGES: Final = ("uk", "en")

Progress = Callable[[int, int, str], None]
"""Told after each product: how many are done, how many there are, and its slug."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, by slug. `broken` and `warnings` name files; `missing` are products whose folder is gone:
    they stay in the shop until somebody archives them."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    broken: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Folder:
    """A product's folder as it lies on the disk; `refused` are pictures that cannot be read, and why."""

    slug: str
    content: str
    pictures: Mapping[str, PictureFacts]
    refused: Mapping[str, str]


@dataclass(slots=True)
class _Outcome:
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the last import left of a product: hash of the file, key of each picture by path."""

    file_hash: str | None
    keys: Mapping[str, str]


def text_hash(content: str) -> str:
    """The fingerprint of a file's text."""
    return hashlib.sha256(content.encode()).hexdigest()


def product_folders(root: Path) -> list[Path]:
    """The folders of content/catalog that should hold a product."""
    return sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] not in "._")


def read_text(path: Path) -> str | Problem:
    """The text of a file, or why it cannot be read; `path.parent.name` stands in the problem."""
    name = f"{path.parent.name}/{path.name}" if path.name == PRODUCT_FILE else path.name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Problem(name, None, "", "is missing")
    except UnicodeDecodeError as error:
        return Problem(name, None, "", f"is not UTF-8 at byte {error.start}: save it as UTF-8")
    except OSError as error:
        return Problem(name, None, "", f"cannot be read: {error.strerror}")


async def import_catalog(
    content_dir: Path,
    *,
    force: bool = False,
    progress: Progress | None = None,
    var_dir: Path | None = None,
    languages: Sequence[str] = LANGUAGES,
) -> ImportReport:
    """Bring `content_dir`/catalog into the open database; run again, it changes nothing.

    `force` overwrites what was edited in the office since. `var_dir` keeps what is known of unchanged pictures between
    runs. Raises no error for a broken file; raises what the database raises.
    """
    root = content_dir / CATALOG_FOLDER
    outcome = _Outcome()
    await _import_lists(root, languages, force, outcome)
    known = await _known()
    stored = await _stored()
    book = PictureBook(var_dir / PICTURE_BOOK if var_dir else None)
    folders = await asyncio.to_thread(product_folders, root)
    names = {folder.name for folder in folders}
    for number, path in enumerate(folders, start=1):
        folder = await asyncio.to_thread(_read_folder, path, book)
        if isinstance(folder, Problem):
            outcome.problems.append(folder)
        elif not force and _is_unchanged(folder, stored.get(folder.slug)):
            outcome.unchanged.append(folder.slug)
        else:
            await _import_folder(folder, known, names, languages, force, outcome)
        if progress:
            progress(number, len(folders), path.name)
    await asyncio.to_thread(book.save)
    left = await Product.all().order_by("slug").values_list("slug")
    return _report(outcome, tuple(slug for (slug,) in left if slug not in names))


def _report(outcome: _Outcome, missing: tuple[str, ...]) -> ImportReport:
    return ImportReport(
        created=tuple(outcome.created),
        updated=tuple(outcome.updated),
        unchanged=tuple(outcome.unchanged),
        conflicts=tuple(outcome.conflicts),
        missing=missing,
        broken=tuple(problem for problem in outcome.problems if problem.level is Level.ERROR),
        warnings=tuple(problem for problem in outcome.problems if problem.level is Level.WARNING),
    )


async def _import_lists(root: Path, languages: Sequence[str], force: bool, outcome: _Outcome) -> None:
    for name, work in ((CATEGORIES_FILE, _import_categories), (COLOURS_FILE, _import_colours)):
        content = await asyncio.to_thread(read_text, root / name)
        if isinstance(content, Problem):
            outcome.problems.append(content)
        else:
            await transact(partial(work, content, languages, force, outcome))


async def _import_categories(content: str, languages: Sequence[str], force: bool, outcome: _Outcome) -> None:
    entries, problems = read_categories(content, languages)
    outcome.problems += [problem for problem in problems if problem not in outcome.problems]
    now = {entry.slug: (rows.value_hash(entry), place) for place, entry in enumerate(await rows.read_categories())}
    last = dict(await Category.all().values_list("slug", "source_hash"))
    for position, entry in enumerate(entries):
        wanted = rows.value_hash(entry)
        found, place = now.get(entry.slug, (None, -1))
        if found == wanted and place == position and last[entry.slug] == wanted:
            continue
        edited = found is not None and found not in (last[entry.slug], wanted)
        if edited and not force:
            if last[entry.slug] != wanted:
                outcome.conflicts.append(f"{CATEGORIES_FILE}: {entry.slug}")
            continue
        await storing.store_category(entry, position, wanted)


async def _import_colours(content: str, languages: Sequence[str], _force: bool, outcome: _Outcome) -> None:
    entries, problems = read_colours(content, languages)
    outcome.problems += [problem for problem in problems if problem not in outcome.problems]
    if entries and (await rows.read_colours())[: len(entries)] != entries:
        await storing.store_colours(entries)


async def _known() -> Known:
    categories = {entry.slug: entry.kind for entry in await rows.read_categories()}
    return Known(categories, frozenset(entry.slug for entry in await rows.read_colours()))


async def _stored() -> dict[str, _Stored]:
    keys: dict[str, dict[str, str]] = {}
    for slug, path, key in await ProductImage.filter(variant__active=True).values_list(
        "variant__product__slug", "path", "key"
    ):
        keys.setdefault(slug, {})[path] = key
    products = await Product.all().values_list("slug", "file_hash")
    return {slug: _Stored(file_hash, keys.get(slug, {})) for slug, file_hash in products}


def _read_folder(path: Path, book: PictureBook) -> Folder | Problem:
    content = read_text(path / PRODUCT_FILE)
    if isinstance(content, Problem):
        return content
    return Folder(path.name, content, *book.look_all(path))


def _masters(folder: Folder) -> dict[str, storing.Master]:
    return {
        name: storing.Master(f"{folder.slug}/{name}", facts.key, facts.width, facts.height)
        for name, facts in folder.pictures.items()
    }


def _is_unchanged(folder: Folder, stored: _Stored | None) -> bool:
    if stored is None or stored.file_hash != text_hash(folder.content):
        return False
    keys = {master.path: master.key for master in _masters(folder).values()}
    return all(keys.get(path) == key for path, key in stored.keys.items())


async def _import_folder(
    folder: Folder, known: Known, names: set[str], languages: Sequence[str], force: bool, outcome: _Outcome
) -> None:
    around = Known(known.categories, known.colours, frozenset(folder.pictures) | frozenset(folder.refused))
    product, problems = read_product(folder.slug, folder.content, languages, around)
    outcome.problems += problems
    if product is None:
        return
    file = f"{folder.slug}/{PRODUCT_FILE}"
    shown = [picture.file for colour in product.colours for picture in colour.pictures]
    spoilt = [
        Problem(f"{folder.slug}/{name}", None, "", folder.refused[name]) for name in shown if name in folder.refused
    ]
    if product.renamed_from in names:
        spoilt.append(Problem(file, None, "renamed_from", f"folder {product.renamed_from} is still there: remove it"))
    if spoilt:
        outcome.problems += spoilt
        return
    try:
        done = await transact(partial(_store, folder, product, force))
    except ShopError as error:
        details = ", ".join(f"{name} {value}" for name, value in error.details.items())
        outcome.problems.append(Problem(file, None, error.code, details or "refused"))
        return
    getattr(outcome, done).append(folder.slug)


async def _store(folder: Folder, product: ProductFile, force: bool) -> str:
    """Store one product; answers under which name of the report it belongs."""
    await renaming.follow_file(product.slug, product.renamed_from)
    # Held from here on: an edit of the office comes before, and is seen, or after, and stays.
    held = await lock_rows(Product.filter(slug=product.slug))
    row = held[0] if held else None
    current = (await rows.read_products([product.slug])).get(product.slug)
    file_hash, wanted = text_hash(folder.content), rows.value_hash(product)
    found = rows.value_hash(current) if current else None
    if row is None or current is None:
        done = "created"
    elif found == wanted and not await _pictures_differ(row.id, folder):
        # The file says what the database says: it was exported, or only its form changed.
        await Product.filter(id=row.id).update(file_hash=file_hash, row_hash=wanted)
        return "unchanged"
    elif found not in (row.row_hash, wanted) and not force:
        if row.file_hash != file_hash:
            return "conflicts"
        # Only a picture changed under an edited product: the edit stays, the picture is shown.
        product, done = current, "updated"
    else:
        done = "updated"
    stored = await storing.store_product(product, _masters(folder))
    row_hash = row.row_hash if row and product is current else wanted
    await Product.filter(id=stored.id).update(file_hash=file_hash, row_hash=row_hash)
    return done


async def _pictures_differ(product_id: int, folder: Folder) -> bool:
    keys = {master.path: master.key for master in _masters(folder).values()}
    images = await ProductImage.filter(variant__product_id=product_id, variant__active=True).values_list("path", "key")
    return any(keys.get(path) != key for path, key in images)
