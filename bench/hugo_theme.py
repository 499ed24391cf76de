"""What Hugo is given of the theme: words, addresses, drawings, and finished HTML of what many pages share."""

from dataclasses import asdict
from hashlib import sha256
from typing import Any, Final

import orjson
from jinja2.utils import htmlsafe_json_dumps

from bench.catalogue import LANG
from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.typesetting import unbroken
from commerce_api.foundation.theming import PageMeta
from commerce_api.shop.catalog.views import ProductView
from sitegen.page import in_languages
from sitegen.render import Renderer
from sitegen.seo.shop import delivery
from sitegen.snapshot import Snapshot

FRAMES: Final = (
    'fetchpriority="high"',
    'fetchpriority="low" decoding="async"',
    'loading="lazy" decoding="async"',
)
"""How the first, the second and all further pictures of a gallery are fetched."""


def theme_data(shop: Snapshot, renderer: Renderer, kinds: set[str]) -> dict[str, Any]:
    """Words, addresses and drawings, and as finished HTML what many pages share; `kinds` are those of the pages."""
    macros = Macros(renderer)
    facts = shop.facts
    return {
        "url": shop.site["url"],
        "brand": shop.site["brand"]["name"],
        "words": _nested(shop),
        "facts": asdict(facts),
        "icons": macros.exported("icon", "paths"),
        "pairs": macros.exported("inks", "pairs"),
        "sizes": macros.exported("product_gallery", "sizes"),
        "frames": FRAMES,
        "jpeg_width": urls.JPEG_WIDTH,
        "parts": {
            "header": macros.partial("header"),
            "footer": macros.partial("footer"),
            "drawer": macros.partial("cart_drawer"),
            "edge": macros.partial("sheet_edge", page=_some_page(shop)),
            "zoom": macros.html("product_gallery", "picture_zoom", LANG),
            "share": macros.html("share_link", "share_link", LANG),
            "promises": macros.html("product_promises", "product_promises", False, facts, LANG),
            "promises_free": macros.html("product_promises", "product_promises", True, facts, LANG),
        },
        "files": {kind: macros.html("page_files", "page_files", kind, LANG) for kind in sorted(kinds)},
        "garments": {view.kind: macros.html("garment", "garment", view.kind) for view in shop.categories(LANG)},
        "size_tables": {
            kind: macros.html("size_table", "size_table", kind, table, facts.size_tolerance_cm, LANG)
            for kind, table in shop.size_tables
        },
        "specs": {spec_key(view): _spec(macros, view) for view in shop.products.values()},
        "earned": {
            str(points): macros.html("product_promises", "product_points", points, facts, LANG)
            for points in sorted({view.points for view in shop.products.values()})
        },
        "fit_names": {fit: shop.texts[LANG](f"fit.{fit}").capitalize() for fit in shop.choices_in(LANG, "").fits},
        "lists": _lists(shop, macros),
        "counted": htmlsafe_json_dumps(shop.texts[LANG].entries["catalog.count"], sort_keys=True),
        "repriced": shop.texts[LANG]("product.price_now", now="{}", old="{}"),
        "until": _until(shop),
        "delivered": _delivered(shop, 0),
        "delivered_free": _delivered(shop, facts.free_delivery_from),
    }


class Macros:
    """The macros of the theme, as a build calls them."""

    def __init__(self, renderer: Renderer) -> None:
        self._env = renderer.envs[LANG]
        self._common = {"lang": LANG, "t": renderer.shop.texts[LANG], "site": renderer.shop.site}
        self._common["facts"] = renderer.shop.facts

    def exported(self, file: str, name: str) -> Any:
        """What a file of macros sets at its top, or one of its macros."""
        return getattr(self._env.get_template(f"macros/{file}.html").module, name)

    def html(self, file: str, name: str, *given: Any, **named: Any) -> str:
        """What a macro writes."""
        return str(self.exported(file, name)(*given, **named))

    def partial(self, name: str, **given: Any) -> str:
        """What a partial writes."""
        return str(self._env.get_template(f"partials/{name}.html").render(**self._common, **given))


def _some_page(shop: Snapshot) -> PageMeta:
    return PageMeta("home", LANG, "", "", urls.home(LANG), in_languages(list(shop.languages), urls.home))


def spec_key(view: ProductView) -> str:
    """Under which key the spec sheet of a product lies: the same for products with equal sheets."""
    return sha256(repr((view.material, view.cloth_g, view.weight_g, view.fits, view.care)).encode()).hexdigest()[:12]


def _spec(macros: Macros, view: ProductView) -> str:
    sheet = (view.material, view.cloth_g, view.weight_g, view.fits, view.care)
    return macros.html("spec_sheet", "spec_sheet", *sheet, LANG)


def _lists(shop: Snapshot, macros: Macros) -> dict[str, dict[str, str]]:
    """What all pages of a list share: of each category, and of each of its colours."""
    made = {}
    for category in shop.categories(LANG):
        for colour in (None, *shop.colours_in(LANG, category.slug)):
            shade = colour.slug if colour else ""
            own, colours = category.texts[LANG], shop.colours_in(LANG, category.slug)
            choices = shop.choices_in(LANG, category.slug)
            said = shop.site.get("colours", {}).get(shade, {}).get(LANG, "")
            name = colour.names[LANG] if colour else ""
            made[f"{category.slug}:{shade}"] = {
                "heading": shop.texts[LANG]("listing.colour_title", category=own.name, colour=name)
                if colour
                else own.name,
                "lead": unbroken(said or own.lead),
                "path": urls.category_colour(category.slug, shade, LANG)
                if colour
                else urls.category(category.slug, LANG),
                "colours": macros.html("colour_links", "colour_links", category.slug, colours, shade, LANG),
                "filters": macros.html(
                    "filter_panel", "filter_panel", choices, LANG, category=category.slug, colour=shade
                ),
            }
    return made


def _until(shop: Snapshot) -> str:
    """Until when prices hold, as a part of an offer; nothing where the shop does not say."""
    until = shop.site.get("offers", {}).get("prices_until")
    return f',"priceValidUntil":"{until.isoformat()}"' if until else ""


def _delivered(shop: Snapshot, price: int) -> str:
    """How one piece of a price is delivered, as the rest of an object whose address the template writes."""
    thing = delivery(shop, price, "")
    return orjson.dumps({name: value for name, value in thing.items() if name not in ("@type", "@id")}).decode()[1:]


def _nested(shop: Snapshot) -> dict[str, Any]:
    """The words of the language by section; plural ones go through Hugo's i18n."""
    nested: dict[str, Any] = {}
    for key, text in shop.texts[LANG].entries.items():
        if isinstance(text, str):
            section, _, name = key.partition(".")
            nested.setdefault(section, {})[name] = text
    return nested
