"""Remake `sitegen/checks/vocabulary.json`: what schema.org knows of the types that our pages use.

    make tools && python -m bench.grade.vocabulary

The words are taken from the npm package schema-dts, Google's own rendering of the vocabulary, so that the site can be
checked without it. `WANTED` is the list to extend when a page begins to use another type.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from bench.grade.tools import ROOT, TOOLS

OUT: Final = ROOT / "sitegen" / "checks" / "vocabulary.json"
WANTED: Final = (
    "AboutPage", "AggregateRating", "Answer", "Article", "BlogPosting", "Blog", "Brand", "BreadcrumbList",
    "ClothingStore", "CollectionPage", "ContactPage", "ContactPoint", "Country", "CreativeWork", "DefinedRegion",
    "EntryPoint", "FAQPage", "ImageObject", "ItemList", "ItemPage", "ListItem", "MerchantReturnPolicy",
    "MonetaryAmount", "NewsArticle", "Offer", "OfferShippingDetails", "OnlineStore", "OpeningHoursSpecification",
    "Organization", "PeopleAudience", "Person", "Place", "PostalAddress", "PriceSpecification", "Product",
    "ProductGroup", "PropertyValue", "QuantitativeValue", "Question", "Rating", "Review", "SearchAction",
    "SearchResultsPage", "ServicePeriod", "ShippingConditions", "ShippingDeliveryTime", "ShippingService",
    "SizeSpecification", "UnitPriceSpecification", "WebPage", "WebPageElement", "WebSite",
)  # fmt: skip
INTERFACE: Final = re.compile(r"^(?:export )?interface (\w+)(Base|Leaf) extends ([^{]+?) \{\n(.*?)^\}", re.M | re.S)
PROPERTY: Final = re.compile(r'^    "([\w-]+)"\?:', re.M)
MEMBER: Final = re.compile(r'"https://schema\.org/(\w+)"')


def read(text: str) -> dict[str, tuple[list[str], set[str]]]:
    """Parents and own properties of every type."""
    found: dict[str, tuple[list[str], set[str]]] = {}
    for name, part, above, body in INTERFACE.findall(text):
        parents, own = found.setdefault(name, ([], set()))
        own |= set(PROPERTY.findall(body))
        names = (word.strip().removesuffix("Base") for word in above.split(","))
        parents += [word for word in names if part == "Base" or word != name]
    return found


def closure(types: Mapping[str, tuple[list[str], set[str]]], wanted: Iterable[str]) -> set[str]:
    """The wanted types and all that stand above them. Raises KeyError for a word that schema.org lacks."""
    kept: set[str] = set()
    queue = list(wanted)
    while queue:
        name = queue.pop()
        if name not in kept and name in types:
            kept.add(name)
            queue += types[name][0]
    return kept


def main() -> int:
    """Write the table anew."""
    text = Path(TOOLS, "node_modules", "schema-dts", "dist", "schema.d.ts").read_text("utf-8")
    types = read(text)
    missing = sorted(set(WANTED) - set(types))
    table = {
        name: {"parents": sorted({p for p in types[name][0] if p in types}), "properties": sorted(types[name][1])}
        for name in sorted(closure(types, WANTED))
    }
    members = sorted(set(MEMBER.findall(text)))
    whole = {"types": table, "members": members}
    OUT.write_text(json.dumps(whole, separators=(",", ":")).replace('},"', '},\n"') + "\n", encoding="utf-8")
    print(f"{len(table)} types, {len(members)} members; unknown: {', '.join(missing) or 'none'}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
