"""Structured data: words that schema.org knows, and the fields without which Google shows nothing.

`vocabulary.json` is made by `python -m bench.grade.vocabulary`. The table of required fields follows Google's pages on
merchant listings, product variants, breadcrumbs, articles, questions and organizations.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

from commerce_api.foundation.kit.money import KOPIYKY

SCHEMA: Final = "https://schema.org/"
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "Product": ("name", "image", "offers|review|aggregateRating"),
    "ProductGroup": ("name", "productGroupID", "variesBy", "hasVariant"),
    "Offer": ("price|priceSpecification", "priceCurrency|priceSpecification", "availability", "url"),
    "UnitPriceSpecification": ("price", "priceCurrency"),
    "BreadcrumbList": ("itemListElement",),
    "ListItem": ("position", "name|item|url"),
    "ItemList": ("itemListElement",),
    "Organization": ("name", "url"),
    "WebSite": ("name", "url"),
    "MerchantReturnPolicy": ("applicableCountry", "returnPolicyCategory"),
    "OfferShippingDetails": ("shippingDestination",),
    "Article": ("headline", "image", "datePublished", "author"),
    "Question": ("name", "acceptedAnswer|suggestedAnswer"),
    "Answer": ("text",),
    "FAQPage": ("mainEntity",),
    "SearchAction": ("target", "query-input"),
    "AggregateRating": ("ratingValue", "reviewCount|ratingCount"),
    "Review": ("author", "reviewRating"),
    "ImageObject": ("contentUrl|url",),
}
"""Fields that must be there, `a|b` where either will do; a type has those of the types above it too."""
STUB: Final = frozenset({"@type", "url", "@id", "name"})
"""A product with no more than these is another page's product that is only pointed at."""
LEADS: Final = frozenset({"url", "item", "image", "contentUrl", "thumbnailUrl", "logo"})
LONGEST_SKU: Final = 50


@dataclass(slots=True)
class Data:
    """What the scripts of one page say: problems, ids defined and asked for, addresses, and kopiyky by SKU."""

    problems: list[str] = field(default_factory=list)
    defined: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    leads: set[str] = field(default_factory=set)
    offers: dict[str, tuple[int, bool]] = field(default_factory=dict)


@cache
def vocabulary() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]], frozenset[str]]:
    """Properties and ancestors (itself included) by type, and the members of enumerations."""
    loaded = json.loads(Path(__file__).with_name("vocabulary.json").read_text("utf-8"))
    types: Mapping[str, Mapping[str, list[str]]] = loaded["types"]

    def line(name: str) -> frozenset[str]:
        return frozenset({name}).union(*(line(above) for above in types[name]["parents"]))

    lines = {name: line(name) for name in types}
    words = {name: frozenset(word for each in kin for word in types[each]["properties"]) for name, kin in lines.items()}
    return words, lines, frozenset(loaded["members"])


def examine(scripts: list[str]) -> Data:
    """Everything that the structured data of one page says."""
    data = Data()
    for script in scripts:
        try:
            loaded = orjson.loads(script)
        except orjson.JSONDecodeError as error:
            data.problems.append(f"cannot be read: {error}")
            continue
        if not isinstance(loaded, dict) or str(loaded.get("@context", "")).rstrip("/") != SCHEMA.rstrip("/"):
            data.problems.append("has no @context of schema.org")
            continue
        for thing in loaded.get("@graph", [loaded]):
            _thing(data, thing, "")
    return data


def _thing(data: Data, thing: Any, place: str) -> None:
    if not isinstance(thing, dict):
        data.problems.append(f"{place or 'the graph'} holds {thing!r} where an object must be")
        return
    given = {name: value for name, value in thing.items() if name != "@context"}
    if given.keys() == {"@id"}:
        data.asked.add(str(given["@id"]))
        return
    kinds = given.get("@type")
    names = [str(name) for name in (kinds if isinstance(kinds, list) else [kinds])]
    known, lines, _ = vocabulary()
    strange = [name for name in names if name not in known]
    if strange:
        data.problems.append(f"{place or 'the graph'}: {strange[0]!r} is no type we know of schema.org")
        return
    here = f"{place}/{names[0]}" if place else str(names[0])
    words = frozenset[str]().union(*(known[name] for name in names))
    kin = frozenset[str]().union(*(lines[name] for name in names))
    data.problems += [
        f"{here}: schema.org has no {name} there"
        for name in given
        if not name.startswith("@") and name not in words and not name.endswith(("-input", "-output"))
    ]
    if "@id" in given:
        data.defined.add(str(given["@id"]))
    data.problems += _lacking(given, kin, here)
    if "Product" in kin:
        _product(data, given, here)
    _values(data, given, here)


def _lacking(given: Mapping[str, Any], kin: frozenset[str], here: str) -> Iterator[str]:
    if "Product" in kin and given.keys() <= STUB:
        return
    for kind in sorted(kin & REQUIRED.keys()):
        # A group is a product in schema.org's tree, but its offers are those of its variants.
        if kind == "Product" and "ProductGroup" in kin:
            continue
        for choice in REQUIRED[kind]:
            if not any(given.get(name) not in (None, "", []) for name in choice.split("|")):
                yield f"{here}: {choice.replace('|', ' or ')} is required"


def _product(data: Data, given: Mapping[str, Any], here: str) -> None:
    sku, offer = given.get("sku"), given.get("offers")
    if sku is None or not isinstance(offer, dict):
        return
    if sku in data.offers:
        data.problems.append(f"{here}: the SKU {sku} stands there twice")
    if not isinstance(sku, str) or not sku or " " in sku or len(sku) > LONGEST_SKU:
        data.problems.append(f"{here}: {sku!r} is no SKU")
    price = kopiyky(offer.get("price"))
    if price is None or price <= 0:
        data.problems.append(f"{here}: {offer.get('price')!r} is no price")
    else:
        data.offers[str(sku)] = price, str(offer.get("availability", "")).endswith("/InStock")


def _values(data: Data, given: Mapping[str, Any], here: str) -> None:
    members = vocabulary()[2]
    for name, value in given.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                _thing(data, each, here)
            elif isinstance(each, str):
                member = each.removeprefix(SCHEMA)
                if member != each and member not in members and not member[:1].islower():
                    data.problems.append(f"{here}: schema.org has no {member}")
                if name in LEADS:
                    data.leads.add(each)
            elif each is None:
                data.problems.append(f"{here}: {name} is empty")


def kopiyky(amount: object) -> int | None:
    """`890.00` in kopiyky; None when it is no amount."""
    try:
        return int(Decimal(str(amount)) * KOPIYKY)
    except (InvalidOperation, ValueError):
        return None
