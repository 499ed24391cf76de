"""Every path of the shop, one function each. Ukrainian has no prefix, other languages stand under theirs."""

from typing import Final
from urllib.parse import quote

DEFAULT_LANGUAGE: Final = "uk"
IMAGE_WIDTHS: Final = (400, 600, 800, 1200)
"""AVIF widths that exist of every picture."""
JPEG_WIDTH: Final = 600
"""The one JPEG that exists of every picture: for old browsers, mails and partners."""
RESERVED_SLUGS: Final = frozenset({"story", "page"})
"""Slugs that would collide with a path segment of ours (rules.md 2)."""


def localized(path: str, lang: str) -> str:
    """A path of the default language as it stands in `lang`."""
    return path if lang == DEFAULT_LANGUAGE else f"/{lang}{path}"


def home(lang: str) -> str:
    return localized("/", lang)


def catalog(lang: str) -> str:
    return localized("/catalog/", lang)


def category(slug: str, lang: str, page: int = 1) -> str:
    """A category's list; its first page has no number, so that no page has two addresses."""
    tail = f"page/{page}/" if page > 1 else ""
    return localized(f"/catalog/{slug}/{tail}", lang)


def product(slug: str, lang: str, colour: str | None = None) -> str:
    """A product, or one of its colours."""
    return localized(f"/product/{slug}/{f'{colour}/' if colour else ''}", lang)


def story(slug: str, lang: str) -> str:
    return localized(f"/product/{slug}/story/", lang)


def live(slug: str) -> str:
    """Price and availability of a product's SKUs, fetched after the page has loaded."""
    return f"/live/{slug}.json"


def content(slug: str, lang: str) -> str:
    """A page of content/pages or content/legal."""
    return localized(f"/{slug}/", lang)


def journal(lang: str, slug: str | None = None) -> str:
    return localized(f"/journal/{f'{slug}/' if slug else ''}", lang)


def image(key: str, width: int, kind: str = "avif") -> str:
    """A derived picture. `key` names the master's content (`image_key`), so a new master has a new address."""
    return f"/images/{key}-{width}.{'jpg' if kind == 'jpeg' else kind}"


def cart(lang: str) -> str:
    return localized("/cart/", lang)


def cart_add(lang: str) -> str:
    return localized("/cart/add", lang)


def cart_change(lang: str) -> str:
    return localized("/cart/change", lang)


def checkout(lang: str) -> str:
    return localized("/checkout/", lang)


def order(token: str, lang: str) -> str:
    """An order by its secret token, never by its number."""
    return localized(f"/order/{quote(token, safe='')}/", lang)


def order_cancel(token: str, lang: str) -> str:
    return order(token, lang) + "cancel"


def find(lang: str) -> str:
    """Search that works without scripts."""
    return localized("/find/", lang)


def account(lang: str) -> str:
    return localized("/account/", lang)


def admin() -> str:
    return "/admin/"
