"""What changed, to which pages: pure comparison of the shop before and after.

Pages that list products are found from the products themselves, because only they tell whether a listing moved:
a price edit touches one page of a category, a new product all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sitegen import category_pages, collection_pages
from sitegen.content_pages import SIZE_GUIDE, key_of
from sitegen.pages import NEWEST_CATALOG, NEWEST_HOME
from sitegen.paging import page_of
from sitegen.snapshot import Snapshot, placing
from sitegen.source import ProductView

EXPLAINED = ("home", "catalog")
ADDRESSED = frozenset({"sitemap", "redirects"})
"""What is made of the addresses of all pages."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a batch of change keys asks for: products to read again, or everything."""

    products: frozenset[str]
    everything: bool


def demand(keys: Iterable[str], shop: Snapshot) -> Demand:
    """Sort change keys. Lists are followed from the products that changed; a list alone means its own words did.

    A product's change comes with the keys of the lists it stands in; those are answered by comparing listings.
    """
    given = set(keys)
    products = frozenset(key.partition(":")[2] for key in given if key.startswith("product:"))
    rest = {key for key in given if not key.startswith("product:")}
    if products:
        rest -= set(EXPLAINED)
        known = {shop.products[slug].category for slug in products if slug in shop.products}
        # A product that is new here may stand in any category; its own view tells which.
        fresh = any(slug not in shop.products for slug in products)
        rest = {key for key in rest if not (key.startswith("category:") and (fresh or key[9:] in known))}
    return Demand(products, bool(rest))


def stale_keys(before: Snapshot, after: Snapshot, changed: Mapping[str, ProductView | None]) -> set[str]:
    """The groups of pages that show any of the changed products, before or after."""
    keys: set[str] = set()
    moved = False
    for slug in changed:
        old, new = before.products.get(slug), after.products.get(slug)
        if old == new:
            continue
        keys.add(f"product:{slug}")
        relisted = old is None or new is None or placing(old) != placing(new)
        moved |= relisted
        for shop in (before, after):
            if slug in shop.products:
                keys |= _places(shop, slug, relisted or _choices(old) != _choices(new))
        if relisted or _tabled(old) != _tabled(new):
            keys |= _size_guide(before, after)
        keys |= ADDRESSED if _addresses(old) != _addresses(new) else set()
        keys |= _tickets(after) if _face(old) != _face(new) else set()
    if moved:
        keys |= {"home", "catalog", "search", *ADDRESSED, *_tickets(after)}
    if before.left != after.left:
        keys.add("redirects")
    if any(before.categories(lang) != after.categories(lang) for lang in after.languages):
        keys.add("messages")
    return keys


def moves_addresses(shop: Snapshot, changed: Mapping[str, ProductView | None]) -> bool:
    """Whether pages come or go with these products, so that old addresses may lead elsewhere now."""
    return any(_addresses(shop.products.get(slug)) != _addresses(product) for slug, product in changed.items())


def _places(shop: Snapshot, slug: str, whole_category: bool) -> set[str]:
    """Where a product stands in one snapshot, besides its own pages."""
    product = shop.products[slug]
    keys: set[str] = set()
    for lang in shop.languages_of(product):
        keys |= {f"product:{other}" for other in shop.shown_beside(slug, lang)}
        place = shop.index.categories[lang, product.category].places[slug]
        keys.add(category_pages.key(product.category, lang, page_of(place)))
        for colour in _swatches(product):
            place_in_colour = shop.index.colours[lang, product.category, colour].places[slug]
            keys.add(category_pages.key(product.category, lang, page_of(place_in_colour), colour))
        if place < NEWEST_CATALOG:
            keys.add("catalog")
        if product in shop.newest(lang, NEWEST_HOME):
            keys.add("search")
        if product in shop.newest(lang, NEWEST_HOME, shop.drop):
            keys.add("home")
    keys |= {f"collection:{each.slug}" for each in collection_pages.holding(shop, product)}
    if slug in shop.drop:
        keys.add("home")
    if whole_category:
        keys.add(f"category:{product.category}")
    return keys


def _swatches(product: ProductView | None) -> tuple[str, ...]:
    return tuple(variant.colour.slug for variant in product.variants) if product else ()


def _face(product: ProductView | None) -> object:
    """The picture that may stand for a whole collection."""
    return product and product.variants and product.variants[0].images[:1]


def _tickets(shop: Snapshot) -> set[str]:
    """Where collections are shown by the picture of a product and the number of all: nowhere when there are none."""
    collections = collection_pages.keys(shop)
    return {"home", "catalog", *collections} if collections else set()


def _choices(product: ProductView | None) -> object:
    """What the filters of its lists know of a product."""
    return product and (_swatches(product), product.sizes, product.fits)


def _addresses(product: ProductView | None) -> object:
    if product is None:
        return None
    told = frozenset(lang for lang, text in product.texts.items() if text.story_html)
    return frozenset(product.texts), told, _swatches(product), product.category


def _tabled(product: ProductView | None) -> object:
    return product and (product.kind, product.size_table)


def _size_guide(before: Snapshot, after: Snapshot) -> set[str]:
    return set() if before.size_tables == after.size_tables else {f"content:{SIZE_GUIDE}"}


def content_keys(before: Snapshot, after: Snapshot) -> set[str]:
    """The groups of pages that show a page or article which changed."""
    old, new = set(before.content), set(after.content)
    touched = old ^ new
    keys = {key_of(view) for view in touched}
    if any(view.date for view in touched):
        keys |= {"journal", "home"} | {key_of(view) for view in old | new if view.date}
    if {view.path for view in old} != {view.path for view in new}:
        keys |= ADDRESSED
    return keys
