"""Visitors of the shop to grade, one with a full cart, one who has ordered: by the forms that work without scripts."""

import http.cookiejar
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from bench.grade.shop import Shop

BUYER: Final = {
    "name": "Шевченко Олена", "phone": "067 123 45 67", "city": "Харків", "branch": "Відділення 12", "payment": "cod",
}  # fmt: skip


ENOUGH: Final = 2
"""Pieces that must be left of what is bought: whoever orders the last one empties the carts of the others."""


class Refused(Exception):
    """The shop did not do what a shopper asked; the message says at which step."""


@dataclass(slots=True)
class Visitor:
    """Somebody with a cookie jar."""

    url: str
    opener: urllib.request.OpenerDirector
    jar: http.cookiejar.CookieJar

    def get(self, path: str) -> str:
        """A page, be it one that says what went wrong."""
        try:
            with self.opener.open(self.url + path, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as answer:
            return answer.read().decode()

    def post(self, path: str, **fields: str) -> tuple[str, str]:
        """A form sent; the address it led to, and the page there."""
        body = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.url + path, body, {"Origin": self.url})  # noqa: S310 - an address of ours
        with self.opener.open(request, timeout=30) as answer:
            return urllib.parse.urlsplit(answer.url).path, str(answer.read().decode())

    @property
    def cookies(self) -> list[tuple[str, str]]:
        """Names and values of the cookies the shop has set."""
        return [(cookie.name, cookie.value or "") for cookie in self.jar]


def visitor(shop: Shop) -> Visitor:
    """Somebody new."""
    jar = http.cookiejar.CookieJar()
    trusting = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=shop.certificate))
    return Visitor(shop.url, urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), trusting), jar)


def field(page: str, name: str) -> str:
    """The value of the first field of a page that has this name. Raises Refused when there is none."""
    node = LexborHTMLParser(page).css_first(f'input[name="{name}"]')
    value = node.attributes.get("value") if node else None
    if not value:
        raise Refused(f"the page has no field {name}")
    return value


def plenty(live: str) -> str:
    """The first SKU in the live figures of a product of which there is more than one piece. Raises Refused."""
    for code, figures in json.loads(live).items():
        if figures["left"] is None or figures["left"] >= ENOUGH:
            return str(code)
    raise Refused("nothing is left of a product that was to be bought")


def shopper(shop: Shop, products: list[str]) -> Visitor:
    """Somebody with one piece of each of these products in the cart. Raises Refused."""
    who = visitor(shop)
    for slug in products:
        code = plenty(who.get(f"/live/{slug}.json"))
        where, _ = who.post("/cart/add", sku=code, quantity="1", next="/cart/")
        if where != "/cart/":
            raise Refused(f"{code} did not get into the cart: {where}")
    return who


def buyer(shop: Shop, products: list[str]) -> tuple[Visitor, str]:
    """Somebody who has ordered, and the path of the order's page. Raises Refused."""
    who = shopper(shop, products)
    page = who.get("/checkout/")
    hidden = {name: field(page, name) for name in ("key", "expected_total")}
    where, _ = who.post("/checkout/", **BUYER, **hidden)
    if not where.startswith("/order/"):
        raise Refused(f"the order was not placed: {where}")
    return who, where


def some_products(release: Path) -> list[str]:
    """The slugs that have a page."""
    return sorted(path.name for path in (release / "product").iterdir() if (path / "index.html").is_file())
