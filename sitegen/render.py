"""Pages into bytes, through the one template environment, with the repeated parts rendered once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, Template
from markupsafe import Markup

from sitegen.page import Document, Output, Page, Stream
from sitegen.seo.thing import json_ld
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView
from sitegen.templates import asset_of, compiled_in, fast_environment

CARDS: Final = 250
"""Products whose cards are kept: neighbours share them, and more would only take memory."""
PARTS: Final = {"header": "header", "footer": "footer", "drawer": "cart_drawer"}
"""What stands alike on every page of a language: names in templates, and their partials."""


class Renderer:
    """Renders pages of one snapshot; header, footer, cart drawer and product cards are made once each.

    `bytecode` is a folder for compiled templates, so that a second build does not parse them again.
    """

    def __init__(self, shop: Snapshot, theme: Path, bytecode: Path | None = None) -> None:
        self._theme, self._bytecode = theme, bytecode
        self._begin(shop)

    def _begin(self, shop: Snapshot) -> None:
        self.envs = {lang: _environment(shop, self._theme, self._bytecode, lang) for lang in shop.languages}
        self._templates: dict[tuple[str, str], Template] = {}
        self._cards: dict[tuple[str, str], dict[str, Markup]] = {}
        self._card_makers: dict[str, Callable[[ProductView, str, str], Markup]] = {}
        self.shop = shop
        self._commons = self._common_contexts()

    @property
    def env(self) -> Environment:
        """The environment of the first language."""
        return next(iter(self.envs.values()))

    def show(self, shop: Snapshot, changed: set[str] | None = None) -> None:
        """Render `shop` from now on. `changed` names the products whose cards are stale; None means all."""
        everything = changed is None or (shop.site, shop.facts) != (self.shop.site, self.shop.facts)
        if everything:
            self._begin(shop)
            return
        self.shop = shop
        for slug in changed or ():
            for lang in shop.languages:
                self._cards.pop((slug, lang), None)

    def render(self, output: Output) -> bytes:
        """The finished bytes of a page or document.

        Raises jinja2.TemplateError or ThemeIncomplete when the theme asks for something that is not there.
        """
        if isinstance(output, Document):
            return output.text.encode()
        if isinstance(output, Stream):
            return b"".join(output.parts())
        return self._template(f"pages/{output.template}", output.meta.lang).render(self._context(output)).encode()

    def _context(self, page: Page) -> dict[str, Any]:
        common = self._commons[page.meta.lang]
        return {**common, "page": page.meta, "json_ld": json_ld(page.things), **page.context}

    def _template(self, name: str, lang: str) -> Template:
        template = self._templates.get((name, lang))
        if template is None:
            template = self._templates[name, lang] = self.envs[lang].get_template(name)
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
                "card": self.card,
            }
            for name, part in PARTS.items():
                html = self._template(f"partials/{part}.html", lang).render(common)
                common[name] = Markup(html)  # noqa: S704 - escaped by the template
            commons[lang] = common
        return commons

    def card(self, product: ProductView, lang: str, colour: str = "") -> Markup:
        """A product in a list, showing one of its colours, the first where it is ""."""
        if colour and colour == product.variants[0].colour.slug and len({each.price for each in product.variants}) == 1:
            # The card of the face says the same when no other colour has another price.
            colour = ""
        if len(self._cards) >= CARDS:
            self._cards.clear()
        cards = self._cards.setdefault((product.slug, lang), {})
        card = cards.get(colour)
        if card is None:
            card = cards[colour] = self._card_maker(lang)(product, lang, colour)
        return card

    def _card_maker(self, lang: str) -> Callable[[ProductView, str, str], Markup]:
        maker = self._card_makers.get(lang)
        if maker is None:
            module: Any = self._template("macros/product_card.html", lang).make_module(
                {name: value for name, value in self._commons[lang].items() if name != "lang"}
            )
            maker = self._card_makers[lang] = module.product_card
        return maker


def _environment(shop: Snapshot, theme: Path, bytecode: Path | None, lang: str) -> Environment:
    known = {"t": shop.texts[lang], "site": shop.site, "facts": shop.facts}
    folder = compiled_in(bytecode, theme, known, shop.assets) if bytecode else None
    return fast_environment(asset_of(shop.assets), theme, folder, shop.assets, known)
