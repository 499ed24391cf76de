"""A catalogue of any size, made from the texts of the real one: every product differs, and none is lorem ipsum.

Each product has three colours, so that it stands on four pages of one language. Pictures are few masters that all
products share: their addresses are as long as real ones, and the build finds them made already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from commerce_api.foundation.kit.urls import IMAGE_WIDTHS, JPEG_WIDTH
from commerce_api.foundation.settings import ROOT, ShopSettings
from commerce_api.shop.catalog import feed, file_lists, file_reading, kinds, texts
from commerce_api.shop.catalog.codes import sku_code
from commerce_api.shop.catalog.files import CategoryEntry, ColourEntry, ProductFile, Words
from commerce_api.shop.catalog.views import (
    CatalogView,
    CategoryText,
    CategoryView,
    ColourView,
    ImageView,
    ProductText,
    ProductView,
    SkuView,
    VariantView,
)

LANG: Final = "uk"
SHOP: Final = ShopSettings(languages=(LANG,))
CATALOG: Final = ROOT / "content" / "catalog"
COLOURS: Final = 3
SIDES: Final = ("front", "back", "print")
MASTERS: Final = 12
PRINTED_ON: Final = 3
"""Products that share a drawing, as in the real catalogue."""
NEWEST: Final = date(2026, 11, 20)
STEP: Final = 1_000
"""Kopiyky between two neighbouring prices."""
SLUG: Final = 34
"""Characters of a real slug that are kept, so that a number fits behind them."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """What the real catalogue says, in one language; descriptions are finished paragraphs of HTML."""

    products: tuple[ProductFile, ...]
    categories: tuple[CategoryEntry, ...]
    colours: tuple[ColourEntry, ...]
    paragraphs: Mapping[str, tuple[str, ...]]


class NoSeeds(Exception):
    """The real catalogue cannot be read; the message names the file."""


def read_seeds(folder: Path = CATALOG) -> Seeds:
    """The real catalogue. Raises NoSeeds."""
    languages = ("uk", "en")
    categories, bad_categories = file_lists.read_categories((folder / "categories.toml").read_text("utf-8"), languages)
    colours, bad_colours = file_lists.read_colours((folder / "colours.toml").read_text("utf-8"), languages)
    problems = [*bad_categories, *bad_colours]
    products = []
    for path in sorted(folder.glob("*/product.md")):
        product, found = file_reading.read_product(path.parent.name, path.read_text("utf-8"), languages)
        problems += found if product is None else ()
        if product is not None and product.words[LANG].complete:
            products.append(product)
    if problems or not products:
        raise NoSeeds("; ".join(map(str, problems)) or f"no product below {folder}")
    paragraphs = {product.slug: _paragraphs(product.words[LANG]) for product in products}
    return Seeds(tuple(products), categories, colours, paragraphs)


def _paragraphs(words: Words) -> tuple[str, ...]:
    html = texts.to_html(words.description)
    return tuple(part for part in html.split("\n") if part.startswith("<p>"))


def image_key(number: int) -> str:
    """The address stem of a shared master, as long as that of a real one."""
    return sha256(f"master {number}".encode()).hexdigest()[:20]


def put_pictures(images: Path) -> None:
    """Lay the derived pictures of the shared masters where the build keeps those it has made."""
    images.mkdir(parents=True, exist_ok=True)
    for number in range(MASTERS):
        key = image_key(number)
        for name in (*(f"{key}-{width}.avif" for width in IMAGE_WIDTHS), f"{key}-{JPEG_WIDTH}.jpg"):
            (images / name).write_bytes(f"stands for {name}".encode())


def make(count: int, seeds: Seeds | None = None) -> CatalogView:
    """A catalogue of `count` products, always the same one for a count. Raises NoSeeds."""
    seeds = seeds or read_seeds()
    colours = tuple(ColourView(each.slug, each.hex, each.second_hex, dict(each.names)) for each in seeds.colours)
    products = [_product(number, seeds, colours) for number in range(count)]
    products.sort(key=lambda product: (-product.added.toordinal(), product.slug))
    shown = {product.category for product in products}
    return CatalogView(
        languages=SHOP.languages,
        categories=tuple(_category(entry) for entry in seeds.categories if entry.slug in shown),
        colours=colours,
        products=tuple(products),
        redirects=(),
        gone=(),
        facts=feed._facts(SHOP),
    )


def _category(entry: CategoryEntry) -> CategoryView:
    words = entry.words[LANG]
    text = CategoryText(words.name, words.lead, words.seo_title or words.name, words.seo_description or words.lead)
    return CategoryView(entry.slug, entry.kind, {LANG: text})


def _product(number: int, seeds: Seeds, colours: Sequence[ColourView]) -> ProductView:
    base = seeds.products[number % len(seeds.products)]
    defaults = kinds.KINDS[base.kind]
    slug = f"{base.slug[:SLUG].rstrip('-')}-{number:05d}"
    worn = [colours[(number * 7 + step * 3) % len(colours)] for step in range(COLOURS)]
    # Steps of one keep the colours of a product apart where the palette is a multiple of the other steps.
    if len({colour.slug for colour in worn}) < COLOURS:
        worn = [colours[(number + step) % len(colours)] for step in range(COLOURS)]
    text = _text(number, base, seeds)
    price = base.price + number % 40 * STEP
    return ProductView(
        slug=slug,
        category=base.category,
        kind=base.kind,
        print=f"drawing-{number // PRINTED_ON}",
        points=base.points,
        added=NEWEST - timedelta(days=number // 12),
        texts={LANG: text},
        variants=tuple(_variant(number, place, slug, base, colour, price, text) for place, colour in enumerate(worn)),
        fits=base.fits,
        sizes=tuple(row.size for row in defaults.size_table),
        size_table=defaults.size_table,
        material=base.material or defaults.material,
        care=base.care or defaults.care,
        weight_g=base.weight_g or defaults.weight_g,
        cloth_g=None if base.material else defaults.jersey,
    )


def _text(number: int, base: ProductFile, seeds: Seeds) -> ProductText:
    """The real words of a product with a paragraph of another one among them, so that no two pages are alike."""
    words = base.words[LANG]
    own = seeds.paragraphs[base.slug]
    turned = number // len(seeds.products)
    guest = seeds.paragraphs[seeds.products[(number + turned) % len(seeds.products)].slug]
    parts = [*own[turned % len(own) :], guest[turned % len(guest)], *own[: turned % len(own)]]
    name = f"{words.name} № {number}"
    return ProductText(name, words.lead, "\n".join(parts), None, f"{name} · друк у дві фарби", f"{name}. {words.lead}")


def _variant(
    number: int, place: int, slug: str, base: ProductFile, colour: ColourView, price: int, text: ProductText
) -> VariantView:
    name = colour.names[LANG]
    images = tuple(
        ImageView(
            key=image_key((number + place * len(SIDES) + step) % MASTERS),
            path=f"{slug}/{colour.slug}-{side}.avif",
            side=side,
            alt={LANG: f"{text.name}, колір {name}: {side}"},
            width=1200,
            height=1500,
        )
        for step, side in enumerate(SIDES)
    )
    both = len(base.fits) > 1
    skus = tuple(
        SkuView(sku_code(slug, colour.slug, size, oversize_beside_classic=both and fit == "oversize"), size, fit, True)
        for fit in base.fits
        for size in kinds.KINDS[base.kind].sizes
    )
    return VariantView(colour, price, None, images, skus, base.fits)
