"""The feeds: well formed, complete, and saying what the pages say."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as Xml

from sitegen.checks.report import Problem
from sitegen.checks.site import Offer, Site
from sitegen.checks.structured import kopiyky

FOLDER: Final = "feeds/"
GOOGLE: Final = "{http://base.google.com/ns/1.0}"
MERCHANT: Final = re.compile(r"feeds/google[\w-]*\.xml")
EXPECTED: Final = ("feeds/google.xml", "feeds/prom.xml", "feeds/journal.xml")
REQUIRED: Final = (
    "id", "title|structured_title", "description|structured_description", "link", "image_link", "availability", "price",
    "brand", "item_group_id", "color", "size", "gender", "age_group",
)  # fmt: skip
LONGEST: Final[Mapping[str, int]] = {"id": 50, "title": 150, "description": 5_000, "brand": 70, "item_group_id": 50}
AVAILABILITY: Final = frozenset({"in_stock", "out_of_stock", "preorder", "backorder"})
PRICE: Final = re.compile(r"(\d+\.\d\d) UAH")
OFFER: Final = ("name", "url", "price", "currencyId", "categoryId", "picture")
CURRENCY: Final = "UAH"


def merchant_offers(site: Site) -> tuple[dict[str, Offer], list[Problem]]:
    """What the Merchant feed says by SKU, read before the pages so that each can be compared, and its problems."""
    offers: dict[str, Offer] = {}
    found: list[Problem] = []
    for file in sorted(site.files):
        if MERCHANT.fullmatch(file):
            for number, fields in enumerate(_items(site.root / file, found, file), 1):
                found += [Problem("feed", file, what) for what in _item(site, fields, offers, number)]
    return offers, found


def _items(path: Path, found: list[Problem], file: str) -> Iterator[dict[str, str]]:
    try:
        for _, node in Xml.iterparse(path):  # noqa: S314 - a file of ours
            if node.tag == "item":
                yield {child.tag.removeprefix(GOOGLE): _text(child) for child in node}
                node.clear()
    except Xml.ParseError as error:
        found.append(Problem("feed", file, f"is no XML: {error}"))


def _text(node: Xml.Element) -> str:
    inner = next((child for child in node if child.tag == f"{GOOGLE}content"), None)
    return ((inner if inner is not None else node).text or "").strip()


def _item(site: Site, fields: Mapping[str, str], offers: dict[str, Offer], number: int) -> Iterator[str]:
    name = fields.get("id") or f"item {number}"
    yield from (f"{name}: {what}" for what in _fields(fields))
    price = PRICE.fullmatch(fields.get("sale_price") or fields.get("price", ""))
    page = site.page_of(fields.get("link", "").partition("?")[0])
    if not page:
        yield f"{name}: {fields.get('link')} is no page"
    if site.target("", fields.get("image_link", "")) not in site.files:
        yield f"{name}: the picture {fields.get('image_link')} is not there"
    if name in offers:
        yield f"{name} stands there twice"
    elif price and page:
        amount = kopiyky(price[1]) or 0
        offers[name] = Offer(amount, fields.get("availability") == "in_stock", page)


def _fields(fields: Mapping[str, str]) -> Iterator[str]:
    """What is missing or not written as Google wants it."""
    for choice in REQUIRED:
        if not any(fields.get(field) for field in choice.split("|")):
            yield f"{choice.replace('|', ' or ')} is required"
    for field, most in LONGEST.items():
        if len(fields.get(field, "")) > most:
            yield f"its {field} is longer than {most} characters"
    if fields.get("availability") not in AVAILABILITY:
        yield f"{fields.get('availability')} is no availability"
    for field in ("price", "sale_price"):
        if field in fields and not PRICE.fullmatch(fields[field]):
            yield f"{fields[field]} is no price"


def compare(site: Site, told: Mapping[str, tuple[int, bool]], shown: int | None) -> Iterator[str]:
    """Where the price that a page shows, its structured data and the feed differ."""
    # Pages show whole hryvnias where the price has no kopiyky.
    if told and shown is not None and shown * 100 not in {price for price, _ in told.values()}:
        yield f"shows {shown} ₴, its structured data another price"
    if not site.offers:
        return
    for sku, (price, available) in told.items():
        offer = site.offers.get(sku)
        if offer is None:
            yield f"{sku} stands in no feed"
        elif offer.price != price:
            yield f"{sku} costs {price} kopiyky in the structured data and {offer.price} in the feed"
        elif offer.available != available:
            yield f"{sku} is {'in' if available else 'out of'} stock in the structured data, not so in the feed"


def check(site: Site, skus: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Everything wrong with the other feeds, and with the whole. `skus` are those that each page tells of."""
    yield from (Problem("feed", name, "is missing") for name in EXPECTED if name not in site.files)
    # A feed of nothing would pass every comparison (integrations.md 6.1).
    if not site.offers and EXPECTED[0] in site.files:
        yield Problem("feed", EXPECTED[0], "has no items")
    for sku, offer in site.offers.items():
        if sku not in skus.get(offer.page, ()):
            yield Problem("feed", EXPECTED[0], f"{sku} is not on its page {offer.page}")
    for file in sorted(site.files):
        if file.startswith(FOLDER) and file.endswith(".xml") and not MERCHANT.fullmatch(file):
            yield from (Problem("feed", file, what) for what in _other(site, file))


def _other(site: Site, file: str) -> Iterator[str]:
    try:
        tree = Xml.parse(site.root / file).getroot()  # noqa: S314 - a file of ours
    except Xml.ParseError as error:
        yield f"is no XML: {error}"
        return
    yield from _market(site, tree) if tree.tag == "yml_catalog" else _news(site, tree)


def _market(site: Site, tree: Xml.Element) -> Iterator[str]:
    """A feed in the market's own format, as Prom reads it."""
    offers = tree.findall("./shop/offers/offer")
    categories = {node.get("id") for node in tree.findall("./shop/categories/category")}
    if not offers:
        yield "has no offers"
    names = Counter(offer.get("id") or "" for offer in offers)
    yield from (f"{name} stands there {n} times" for name, n in names.items() if n > 1)
    yield from (f"lacks {name} of the Merchant feed" for name in site.offers if name not in names)
    for offer in offers:
        name = offer.get("id") or "an offer"
        yield from (f"{name}: {what}" for what in _of_market(site, offer, categories))
        if site.offers:
            yield from _beside_merchant(site, offer, name)


def _of_market(site: Site, offer: Xml.Element, categories: Collection[str | None]) -> Iterator[str]:
    yield from (f"{field} is required" for field in OFFER if not offer.findtext(field))
    if offer.findtext("categoryId") not in categories:
        yield "its category is not in the list"
    if site.page_of((offer.findtext("url") or "").partition("?")[0]) is None:
        yield f"{offer.findtext('url')} is no page"
    for picture in offer.findall("picture"):
        if site.target("", picture.text or "") not in site.files:
            yield f"the picture {picture.text} is not there"
    if offer.findtext("currencyId", CURRENCY) != CURRENCY:
        yield f"its price is in {offer.findtext('currencyId')}"


def _beside_merchant(site: Site, offer: Xml.Element, name: str) -> Iterator[str]:
    known, price = site.offers.get(name), kopiyky(offer.findtext("price"))
    if known is None:
        yield f"{name} is not in the Merchant feed"
        return
    if price != known.price:
        yield f"{name} costs {offer.findtext('price')}, {known.price} kopiyky in the Merchant feed"
    if (offer.get("available") == "true") != known.available:
        yield f"{name} has available={offer.get('available')}, not so in the Merchant feed"


def _news(site: Site, tree: Xml.Element) -> Iterator[str]:
    """The journal in RSS 2.0."""
    if tree.tag != "rss" or tree.get("version") != "2.0":
        yield f"is neither RSS 2.0 nor a market's list: {tree.tag}"
        return
    yield from (
        f"the channel has no {name}"
        for name in ("title", "link", "description")
        if not tree.findtext(f"./channel/{name}")
    )
    items = tree.findall("./channel/item")
    if not items:
        yield "has no items"
    if len({item.findtext("guid") for item in items}) != len(items):
        yield "has items of the same guid"
    for item in items:
        link = item.findtext("link") or ""
        if site.page_of(link) is None:
            yield f"{link or 'an item without a link'} is no page"
        try:
            parsedate_to_datetime(item.findtext("pubDate") or "")
        except ValueError:
            yield f"{link}: {item.findtext('pubDate')} is no date"
