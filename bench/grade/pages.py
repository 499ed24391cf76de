"""The pages that are graded, and what is asked of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bench.grade.shop import Shop
from bench.grade.visitors import Visitor, buyer, field, shopper, some_products

WIDE: Final = "kolos-tee"
"""A product with several colours, a drawing and a story: the fullest page there is."""
LANGUAGES: Final = {"uk": "", "en": "/en"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its name for people, its path, whether search engines may show it, who looks at it, and whether presses
    leave another page to those who come after."""

    name: str
    path: str
    listed: bool
    visitor: Visitor | None = None
    used_up: bool = False

    @property
    def cookies(self) -> list[tuple[str, str]]:
        return self.visitor.cookies if self.visitor else []


def prepare(shop: Shop, chosen: str, languages: Mapping[str, str] = LANGUAGES) -> list[Page]:
    """The pages whose names begin with one of the comma-separated words of `chosen`; all when it is empty."""
    names = some_products(shop.release)
    slug = WIDE if WIDE in names else names[0]
    colours = sorted(path.name for path in (shop.release / "product" / slug).iterdir() if path.is_dir())
    colour = next(name for name in reversed(colours) if name != "story")
    told = slug if "story" in colours else next(n for n in names if (shop.release / "product" / n / "story").is_dir())
    customer, order = buyer(shop, names[:1])
    pages: list[Page] = []
    for lang, prefix in languages.items():
        # What is pressed on one page takes things out of the cart: each has a shopper of its own.
        keeping, paying = shopper(shop, names[:2]), shopper(shop, names[:2])
        # A checkout that leads back to the cart would be graded as a second cart.
        field(paying.get("/checkout/"), "key")
        paths: list[tuple[str, str, bool, Visitor | None]] = [
            ("home", "/", True, None),
            ("category", "/catalog/t-shirts/", True, None),
            ("product", f"/product/{slug}/", True, None),
            ("colour", f"/product/{slug}/{colour}/", True, None),
            ("story", f"/product/{told}/story/", True, None),
            ("search", _search(shop, lang), False, None),
            ("cart-empty", "/cart/", False, None),
            ("cart", "/cart/", False, keeping),
            ("checkout", "/checkout/", False, paying),
            ("order", order, False, customer),
            ("missing", "/404.html", False, None),
        ]
        pages += [
            Page(f"{name} {lang}", prefix + path, listed, who, used_up=name == "cart")
            for name, path, listed, who in paths
        ]
    words = [word for word in chosen.split(",") if word]
    return [page for page in pages if not words or any(page.name.startswith(word) for word in words)]


def _search(shop: Shop, lang: str) -> str:
    """Search with something found: the page that works without scripts too."""
    return "/find/?q=kolos" if lang == "en" else "/find/?q=%D0%BA%D0%BE%D0%BB%D0%BE%D1%81"
