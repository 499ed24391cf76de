"""Renders the sample pages the way the generator and the sidecar do."""

from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from commerce_api.foundation.theming import environment, texts
from commerce_api.shop.catalog.views import ProductView
from sitegen.render import PARTS
from tests.themes.builders import Sample, pages
from tests.themes.goods import FACTS, LANGUAGES, SITE


@cache
def theme() -> Environment:
    """The environment with assets under their plain names."""
    return environment(lambda name: f"/assets/{name}")


def card(product: ProductView, lang: str, colour: str = "") -> Markup:
    module: Any = theme().get_template("macros/product_card.html").module
    return Markup(module.product_card(product, lang, colour))  # noqa: S704 - a macro of ours, escaped by the environment


@cache
def common(lang: str) -> dict[str, Any]:
    """What every template is given."""
    given: dict[str, Any] = {"lang": lang, "t": texts(lang), "site": SITE, "facts": FACTS, "card": card}
    for name, part in PARTS.items():
        html = theme().get_template(f"partials/{part}.html").render(given)
        given[name] = Markup(html)  # noqa: S704 - a template of ours
    return given


def render(sample: Sample) -> str:
    """The finished HTML of a sample page."""
    context = {**common(sample.page.lang), "page": sample.page, **sample.context}
    if "body" in context and sample.template != "message.html":
        context["body"] = Markup(context["body"])  # noqa: S704 - a constant of the builders
    return theme().get_template(f"pages/{sample.template}").render(context)


def rendered() -> list[tuple[str, str]]:
    """Every sample page of every language by name (`en/cart-empty`)."""
    return [(f"{lang}/{sample.name}", render(sample)) for lang in LANGUAGES for sample in pages(lang)]
