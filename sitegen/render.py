"""Pages into bytes, through the one template environment, with the repeated parts rendered once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from jinja2 import Template
from markupsafe import Markup

from sitegen.page import Document, Output, Page
from sitegen.seo import json_ld
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView
from sitegen.templates import asset_of, fast_environment

PARTS: Final = {"header": "header", "footer": "footer", "drawer": "cart_drawer"}
"""What stands alike on every page of a language: names in templates, and their partials."""


class Renderer:
    """Renders pages of one snapshot; header, footer, cart drawer and product cards are made once each.

    `bytecode` is a folder for compiled templates, so that a second build does not parse them again.
    """

    def __init__(self, shop: Snapshot, theme: Path, bytecode: Path | None = None) -> None:
        self.env = fast_environment(asset_of(shop.assets), theme, bytecode)
        self._templates: dict[str, Template] = {}
        self._cards: dict[tuple[str, str], Markup] = {}
        self._card_makers: dict[str, Callable[[ProductView, str], Markup]] = {}
        self.shop = shop
        self._commons = self._common_contexts()

    def show(self, shop: Snapshot, changed: set[str] | None = None) -> None:
        """Render `shop` from now on. `changed` names the products whose cards are stale; None means all."""
        everything = changed is None or (shop.site, shop.facts) != (self.shop.site, self.shop.facts)
        self.shop = shop
        if everything:
            self._cards.clear()
            self._card_makers.clear()
            self._commons = self._common_contexts()
            return
        for slug in changed or ():
            for lang in shop.languages:
                self._cards.pop((slug, lang), None)

    def render(self, output: Output) -> bytes:
        """The finished bytes of a page or document.

        Raises jinja2.TemplateError or ThemeIncomplete when the theme asks for something that is not there.
        """
        if isinstance(output, Document):
            return output.text.encode()
        return self._template(f"pages/{output.template}").render(self._context(output)).encode()

    def _context(self, page: Page) -> dict[str, Any]:
        common = self._commons[page.meta.lang]
        return {**common, "page": page.meta, "json_ld": json_ld(page.things), **page.context}

    def _template(self, name: str) -> Template:
        template = self._templates.get(name)
        if template is None:
            template = self._templates[name] = self.env.get_template(name)
        return template

    def _common_contexts(self) -> dict[str, dict[str, Any]]:
        """What every page of a language is given."""
        commons = {}
        for lang in self.shop.languages:
            common: dict[str, Any] = {
                "lang": lang,
                "t": self.shop.texts[lang],
                "site": self.shop.site,
                "facts": self.shop.facts,
                "card": self._card,
            }
            for name, part in PARTS.items():
                html = self._template(f"partials/{part}.html").render(common)
                common[name] = Markup(html)  # noqa: S704 - escaped by the template
            commons[lang] = common
        return commons

    def _card(self, product: ProductView, lang: str) -> Markup:
        key = product.slug, lang
        card = self._cards.get(key)
        if card is None:
            card = self._cards[key] = self._card_maker(lang)(product, lang)
        return card

    def _card_maker(self, lang: str) -> Callable[[ProductView, str], Markup]:
        maker = self._card_makers.get(lang)
        if maker is None:
            module: Any = self._template("macros/product_card.html").make_module(
                {name: value for name, value in self._commons[lang].items() if name != "lang"}
            )
            maker = self._card_makers[lang] = module.product_card
        return maker
