"""A look at content/catalog without a database: what an import would refuse, and what it would wonder about."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from commerce_api.shop.catalog.file_lists import Entry, Reader, read_categories, read_colours
from commerce_api.shop.catalog.file_reading import read_product
from commerce_api.shop.catalog.files import CATEGORIES_FILE, COLOURS_FILE, PRODUCT_FILE, Known, Level, Problem
from commerce_api.shop.catalog.importing import CATALOG_FOLDER, LANGUAGES, product_folders, read_text
from commerce_api.shop.catalog.pictures import BadPicture, read_picture


@dataclass(frozen=True, slots=True)
class CheckReport:
    """How many products can be imported, what keeps the others out, and what deserves a look."""

    products: int
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_catalog(content_dir: Path, *, languages: Sequence[str] = LANGUAGES) -> CheckReport:
    """Read every file and picture of `content_dir`/catalog; changes nothing."""
    root = content_dir / CATALOG_FOLDER
    problems: list[Problem] = []
    categories = _list(root / CATEGORIES_FILE, read_categories, languages, problems)
    colours = _list(root / COLOURS_FILE, read_colours, languages, problems)
    kinds = {category.slug: category.kind for category in categories}
    palette = frozenset(colour.slug for colour in colours)
    good = 0
    for folder in product_folders(root):
        content = read_text(folder / PRODUCT_FILE)
        if isinstance(content, Problem):
            problems.append(content)
            continue
        known = Known(kinds, palette, frozenset(path.name for path in folder.iterdir()))
        product, found = read_product(folder.name, content, languages, known)
        problems += found
        if product:
            shown = {picture.file for colour in product.colours for picture in colour.pictures}
            spoilt = [problem for name in sorted(shown) if (problem := _look(folder / name))]
            problems += spoilt
            good += not spoilt
    return CheckReport(
        good,
        tuple(problem for problem in problems if problem.level is Level.ERROR),
        tuple(problem for problem in problems if problem.level is Level.WARNING),
    )


def _list(path: Path, read: Reader[Entry], languages: Sequence[str], problems: list[Problem]) -> tuple[Entry, ...]:
    content = read_text(path)
    if isinstance(content, Problem):
        problems.append(content)
        return ()
    entries, found = read(content, languages)
    problems += found
    return entries


def _look(path: Path) -> Problem | None:
    try:
        read_picture(path)
    except (BadPicture, OSError) as error:
        return Problem(f"{path.parent.name}/{path.name}", None, "", str(error))
    return None
