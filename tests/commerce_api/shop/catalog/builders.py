"""A small catalogue for tests: as values, as rows, and as files."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyvips

from commerce_api.foundation.db.tx import atomic
from commerce_api.foundation.publishing import service as publishing
from commerce_api.shop.catalog import storing
from commerce_api.shop.catalog.file_writing import write_categories, write_colours, write_product
from commerce_api.shop.catalog.files import (
    CategoryEntry,
    CategoryWords,
    ColourEntry,
    Count,
    Picture,
    ProductColour,
    ProductFile,
    Words,
)

LANGUAGES: Final = ("uk", "en")

CATEGORIES: Final = (
    CategoryEntry(
        "t-shirts",
        "tee",
        {
            "uk": CategoryWords("Футболки", "Прості футболки.", "Футболки", "Опис"),
            "en": CategoryWords("T-shirts", "Plain tees.", "T-shirts", "About"),
        },
    ),
    CategoryEntry("hoodies", "hoodie", {"uk": CategoryWords("Худі", "Теплі худі.", "Худі", "Опис")}),
)
COLOURS: Final = (
    ColourEntry("coal", "#1c1d20", None, {"uk": "вугілля", "en": "coal"}),
    ColourEntry("milk", "#ece6d8", None, {"uk": "молоко", "en": "milk"}),
    ColourEntry("coal-milk", "#1c1d20", "#ece6d8", {"uk": "вугілля й молоко", "en": "coal and milk"}),
)


def counts(fit: str = "classic", **stock: int) -> tuple[Count, ...]:
    """Opening counts by size: `counts(S=1, M=0)`."""
    return tuple(Count(size, fit, count) for size, count in stock.items())


def a_colour(slug: str = "coal", stock: Iterable[Count] = (), **values: Any) -> ProductColour:
    """A colour with its front and back pictured."""
    pictures = tuple(
        Picture(f"{slug}-{side}.avif", side, {"uk": f"{slug} {side}", "en": f"{slug} {side}"})
        for side in ("front", "back")
    )
    return ProductColour(slug, **{"stock": tuple(stock), "pictures": pictures, **values})


def a_product(slug: str = "kolos-tee", **values: Any) -> ProductFile:
    """A published T-shirt for 890 UAH in one colour, made to order, in both languages."""
    facts: dict[str, Any] = {
        "category": "t-shirts",
        "kind": "tee",
        "print": "kolos",
        "price": 89_000,
        "added": date(2026, 10, 3),
        "status": "published",
        "points": 44,
        "words": {
            "uk": Words("Футболка «Колос»", "Колос на грудях.", "", "", "Опис *виробу*."),
            "en": Words("Kolos tee", "Wheat on the chest.", "", "", "About *it*."),
        },
        "colours": (a_colour(),),
    }
    return ProductFile(slug, **(facts | values))


def masters(product: ProductFile) -> dict[str, storing.Master]:
    """Facts of the product's pictures as if they lay beside it."""
    return {
        picture.file: storing.Master(
            f"{product.slug}/{picture.file}", f"key-{product.slug}-{picture.file}"[:40], 1200, 1500
        )
        for colour in product.colours
        for picture in colour.pictures
    }


async def add(*products: ProductFile) -> None:
    """Categories, palette and products in the open database, every page built."""
    async with atomic():
        for position, category in enumerate(CATEGORIES):
            await storing.store_category(category, position, "as built")
        await storing.store_colours(COLOURS)
        for product in products:
            await storing.store_product(product, masters(product))
    await publishing.mark_built([stale.id for stale in await publishing.stale_keys()])


async def stale() -> set[str]:
    """The page keys that wait to be built."""
    return {change.key for change in await publishing.stale_keys()}


_DRAWN: dict[int, bytes] = {}


def draw(path: Path, shade: int = 120) -> None:
    """A small picture; another shade is another picture."""
    if shade not in _DRAWN:
        _DRAWN[shade] = (pyvips.Image.black(4, 5) + shade).cast("uchar").write_to_buffer(".png")
    path.write_bytes(_DRAWN[shade])


def write_folder(content: Path, product: ProductFile) -> Path:
    """The product's folder below `content`/catalog, with pictures; returns its product.md."""
    folder = content / "catalog" / product.slug
    folder.mkdir(parents=True, exist_ok=True)
    for name in masters(product):
        draw(folder / name)
    file = folder / "product.md"
    file.write_text(write_product(product, LANGUAGES))
    return file


def write_content(content: Path, *products: ProductFile) -> None:
    """A content folder with categories, palette and products."""
    catalog = content / "catalog"
    catalog.mkdir(parents=True, exist_ok=True)
    (catalog / "categories.toml").write_text(write_categories(CATEGORIES, LANGUAGES))
    (catalog / "colours.toml").write_text(write_colours(COLOURS, LANGUAGES))
    for product in products:
        write_folder(content, product)
