"""Lists that somebody put together: a page each, in the languages that it has words and products in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import PageMeta
from sitegen.list_files import Collection
from sitegen.page import Output, Page, crumb, file_of, in_languages, shorten
from sitegen.seo.lists import breadcrumbs, product_list
from sitegen.sharing import default_card
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView

MOST: Final = 48
"""Products on the page of a collection; it is there to be looked through, not to be searched."""


@dataclass(frozen=True, slots=True)
class CollectionLink:
    """A collection as other pages name it; `face` is the product whose picture stands for it."""

    slug: str
    name: str
    lead: str
    path: str
    inks: str
    total: int
    face: ProductView


def keys(shop: Snapshot) -> list[str]:
    """The group of each collection."""
    return [f"collection:{each.slug}" for each in _all(shop)]


def collection(shop: Snapshot, slug: str) -> Iterator[Output]:
    """The page of a collection in each of its languages: none where nothing of it is published."""
    for each in _all(shop):
        if each.slug == slug:
            spoken = [lang for lang in shop.languages if _products(shop, each, lang)]
            for lang in spoken:
                yield _page(shop, each, lang, spoken)


def shown(shop: Snapshot, lang: str) -> list[CollectionLink]:
    """The collections that have a page in `lang`, in their order."""
    links = []
    for each in _all(shop):
        products = _products(shop, each, lang)
        if products:
            text = each.texts[lang]
            path = urls.collection(each.slug, lang)
            face = next((product for product in products if product.print in each.prints[:1]), products[0])
            links.append(CollectionLink(each.slug, text.name, text.lead, path, each.inks, len(products), face))
    return links


def with_product(shop: Snapshot, product: ProductView, lang: str) -> list[tuple[str, str]]:
    """The collections that a published product is in: name and path of each."""
    spoken = (each for each in holding(shop, product) if lang in each.texts)
    return [(each.texts[lang].name, urls.collection(each.slug, lang)) for each in spoken]


def holding(shop: Snapshot, product: ProductView) -> list[Collection]:
    """The collections that name a product or its print."""
    return [each for each in _all(shop) if product.slug in each.products or product.print in each.prints]


def _page(shop: Snapshot, each: Collection, lang: str, spoken: list[str]) -> Page:
    text, products = each.texts[lang], _products(shop, each, lang)
    path = urls.collection(each.slug, lang)
    alternates = in_languages(spoken, lambda other: urls.collection(each.slug, other))
    description = shorten(text.description)
    card = default_card(shop, lang)
    title = shop.texts[lang]("listing.collection_title", name=text.name)
    meta = PageMeta("category", lang, title, description, path, alternates, image=card)
    context = {
        "collection": each,
        "words": text,
        "products": products[:MOST],
        "total": len(products),
        "collections": [link for link in shown(shop, lang) if link.slug != each.slug],
    }
    crumbs = (crumb(shop, lang, "home"), crumb(shop, lang, "catalog"), (text.name, path))
    listed = product_list(shop, lang, text.name, products[:MOST], len(products), 1)
    things = (breadcrumbs(shop.site["url"], crumbs), listed)
    return Page(f"collection:{each.slug}", file_of(path), "collection.html", meta, context, things)


def _all(shop: Snapshot) -> list[Collection]:
    return list(shop.site.get("collections", ()))


def _products(shop: Snapshot, each: Collection, lang: str) -> list[ProductView]:
    """Its published products: in the order in which they are named, or newest first where prints are."""
    if lang not in each.texts:
        return []
    listing = shop.index.newest.get(lang)
    places = listing.places if listing else {}
    if each.products:
        return [shop.products[slug] for slug in each.products if slug in places]
    found = {
        slug: places[slug]
        for drawing in each.prints
        if (lang, drawing) in shop.index.prints
        for slug in shop.index.prints[lang, drawing].slugs
    }
    return [shop.products[slug] for slug in sorted(found, key=found.__getitem__)]
