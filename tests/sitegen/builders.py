"""Small catalogues, content and folders for tests of the generator."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sitegen.config import Config
from sitegen.page import Page
from sitegen.pages import all_keys, expand
from sitegen.snapshot import Snapshot, snapshot_of
from sitegen.source import (
    CatalogView,
    CategoryText,
    CategoryView,
    ColourView,
    ImageView,
    ProductText,
    ProductView,
    SizeRow,
    SkuView,
    VariantView,
)
from sitegen.words import words_of
from tests.shop_facts import FACTS

ROOT: Final = Path(__file__).parents[2]
THEME: Final = Path(__file__).parent / "theme"
SITE_URL: Final = "http://shop.test"
LANGUAGES: Final = ("uk", "en")
FIRST_DAY: Final = date(2026, 10, 3)

COLOURS: Final = {
    "coal": ColourView("coal", "#1c1d20", None, {"uk": "вугілля", "en": "coal"}),
    "milk": ColourView("milk", "#ece6d8", None, {"uk": "молоко", "en": "milk"}),
    "moss": ColourView("moss", "#4b5440", "#ece6d8", {"uk": "мох", "en": "moss"}),
}
TEE_TABLE: Final = (SizeRow("S", 68.5, 49.0, None), SizeRow("M", 70.0, 51.0, None))


def category(slug: str, languages: Sequence[str] = LANGUAGES) -> CategoryView:
    """A category with a text in each of `languages`."""
    texts = {
        lang: CategoryText(f"{slug} {lang}", f"lead of {slug}", f"{slug} title {lang}", f"about {slug} {lang}")
        for lang in languages
    }
    return CategoryView(slug, "tee" if slug == "t-shirts" else "hoodie", texts)


def image(name: str, side: str = "front") -> ImageView:
    """A picture whose master nobody has drawn."""
    key = sha256(name.encode()).hexdigest()[:20]
    return ImageView(key, f"{name}-{side}.avif", side, {"uk": f"{name} фото", "en": f"{name} photo"}, 1200, 1500)


def variant(slug: str, colour: str, price: int = 89_000, old_price: int | None = None) -> VariantView:
    """One colour in two sizes."""
    skus = tuple(SkuView(f"TC-{slug}-{colour}-{size}", size, "classic", True) for size in ("S", "M"))
    pictures = (image(f"{slug}/{colour}"), image(f"{slug}/{colour}-back", "back"))
    return VariantView(COLOURS[colour], price, old_price, pictures, skus, ("classic",))


def product(
    slug: str,
    kind: str = "t-shirts",
    *,
    drawing: str | None = None,
    day: int = 0,
    price: int = 89_000,
    colours: Sequence[str] = ("coal", "milk"),
    languages: Sequence[str] = LANGUAGES,
    **changes: Any,
) -> ProductView:
    """A product added `day` days after the first."""
    texts = {
        lang: ProductText(
            f"{slug} {lang}", f"lead of {slug}", f"<p>about {slug}</p>", None, f"{slug} title {lang}", f"{slug} text"
        )
        for lang in languages
    }
    view = ProductView(
        slug=slug,
        category=kind,
        kind="tee" if kind == "t-shirts" else "hoodie",
        print=drawing or slug,
        points=44,
        added=FIRST_DAY + timedelta(days=day),
        texts=texts,
        variants=tuple(variant(slug, colour, price) for colour in colours),
        fits=("classic",),
        sizes=("S", "M"),
        size_table=TEE_TABLE,
        material=(("cotton", 95), ("elastane", 5)),
        care=("wash-30",),
        weight_g=220,
    )
    return replace(view, **changes)


def catalogue(*products: ProductView, languages: Sequence[str] = LANGUAGES) -> CatalogView:
    """A catalogue of these products in shop order, with the categories they stand in."""
    ordered = sorted(products, key=lambda p: (-p.added.toordinal(), p.slug))
    return CatalogView(
        languages=tuple(languages),
        categories=tuple(
            category(slug) for slug in ("t-shirts", "hoodies") if any(p.category == slug for p in products)
        ),
        colours=tuple(COLOURS.values()),
        products=tuple(ordered),
        redirects=(),
        gone=(),
        facts=FACTS,
    )


def priced(view: ProductView, price: int) -> ProductView:
    """The same product at another price."""
    return replace(view, variants=tuple(replace(v, price=price) for v in view.variants))


def told(view: ProductView, *languages: str) -> ProductView:
    """The same product with a story in these languages alone."""
    texts = {
        lang: replace(text, story_html=f"<p>story of {view.slug}</p>" if lang in languages else None)
        for lang, text in view.texts.items()
    }
    return replace(view, texts=texts)


def some_products(count: int, **more: Any) -> list[ProductView]:
    """`count` tees of five drawings, the last one newest."""
    return [product(f"tee-{n:03d}", day=n, drawing=f"drawing-{n % 5}", **more) for n in range(count)]


def write_content(folder: Path) -> Path:
    """Content of a small shop: a site.toml, three pages, one article, one draft."""
    for name in ("pages", "journal", "legal", "catalog"):
        (folder / name).mkdir(parents=True)
    shutil.copy(THEME / "site.toml", folder / "site.toml")
    (folder / "pages" / "delivery.md").write_text(
        "Title: Доставка\nDescription: Як їде\n\nБезкоштовно від {{free_delivery_from}}.\n", "utf-8"
    )
    (folder / "pages" / "delivery.en.md").write_text(
        "Title: Delivery\nDescription: How it travels\n\nFree from {{free_delivery_from}}, call {{phone}}.\n", "utf-8"
    )
    (folder / "pages" / "size-guide.md").write_text("Title: Розміри\n\nМіряйте.\n", "utf-8")
    (folder / "legal" / "terms.md").write_text("Title: Умови\n\nПовернення {{return_days}} днів.\n", "utf-8")
    (folder / "journal" / "2026-10-05-ink.md").write_text("Title: Про фарбу\nSummary: Дві, не три\n\nТекст.\n", "utf-8")
    (folder / "journal" / "2026-10-06-later.md").write_text("Title: Чернетка\nStatus: draft\n\nНі.\n", "utf-8")
    return folder


def config_in(folder: Path, **changes: Any) -> Config:
    """A shop below `folder`, with the small theme of the tests; content is written when it is not there."""
    content = folder / "content"
    if not content.exists():
        write_content(content)
    config = Config(ROOT, content, THEME, folder / "build", SITE_URL)
    return replace(config, **changes)


def tree(root: Path) -> dict[str, bytes]:
    """Every file below `root` and its bytes."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def shop_of(view: CatalogView, **site: Any) -> Snapshot:
    """A catalogue as pages are made of it, with the site's own words."""
    words = {lang: words_of(lang, THEME) for lang in LANGUAGES}
    given = {
        "url": SITE_URL,
        "languages": view.languages,
        "brand": {"name": "Test", "uk": {"tagline": "а"}, "en": {"tagline": "b"}},
        "contacts": {"phone": "1", "email": "2", "uk": {"city": "3"}, "en": {"city": "4"}},
        "home": {"uk": {"lead": "в"}, "en": {"lead": "l"}},
        **site,
    }
    return snapshot_of(view, [], given, words, {"icons/app-192.png": "/assets/app-192-aa.png"})


def pages_of(shop: Snapshot) -> dict[str, Page]:
    """Every page of a shop by the files it is written to."""
    outputs = [output for key in all_keys(shop) if key != "messages" for output in expand(shop, key)]
    return {file: output for output in outputs if isinstance(output, Page) for file in output.files}
