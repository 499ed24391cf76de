"""Ways and lists as schema.org objects."""

from collections.abc import Sequence

from commerce_api.foundation.kit import urls
from sitegen.seo.thing import Thing
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView


def breadcrumbs(url: str, steps: Sequence[tuple[str, str]]) -> Thing:
    """The way to a page as (name, path) steps from the home page; `url` is the site's address."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": url + path}
            for place, (name, path) in enumerate(steps, 1)
        ],
    }


def item_list(url: str, name: str, items: Sequence[tuple[str, str]], total: int | None = None, first: int = 1) -> Thing:
    """A page that lists others as (name, path), each described in full where it leads.

    `first` is the place of the first one when a list goes over several pages, `total` how many the whole list has.
    """
    return {
        "@type": "ItemList",
        "name": name,
        "numberOfItems": len(items) if total is None else total,
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": label, "url": url + path}
            for place, (label, path) in enumerate(items, first)
        ],
    }


def product_list(
    shop: Snapshot, lang: str, name: str, products: Sequence[ProductView], total: int | None = None, first: int = 1
) -> Thing:
    """A page that lists products; the other arguments are those of `item_list`."""
    items = [(product.texts[lang].name, urls.product(product.slug, lang)) for product in products]
    return item_list(shop.site["url"], name, items, total, first)
