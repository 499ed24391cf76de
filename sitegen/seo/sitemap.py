"""The sitemap: an index, and shards of the pages it names with their languages, pictures and last changes.

Products stand in the order in which they were added, so that a new one changes the last shard alone. A shard is far
below what the protocol allows (50,000 addresses, 50 MB), so that remaking one takes milliseconds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from commerce_api.foundation.kit import urls
from sitegen.offers import page_path
from sitegen.page import Page
from sitegen.snapshot import Snapshot
from sitegen.source import ImageView, ProductView

SHARD: Final = 250
"""Products of one shard."""
SCHEMA: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
NAMESPACES: Final = (
    f'xmlns="{SCHEMA}" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: its path, its languages, its pictures (paths), and when what it shows last changed."""

    path: str
    alternates: Mapping[str, str]
    pictures: tuple[str, ...] = ()
    changed: date | None = None


def shard_count(shop: Snapshot) -> int:
    """How many shards the products take."""
    return -(-len(shop.products) // SHARD)


def shard_of(shop: Snapshot, number: int) -> Sequence[ProductView]:
    """The products of shard `number`, which counts from 1, oldest first."""
    # The catalogue is in shop order, newest first.
    products, end = list(shop.products.values()), len(shop.products) - (number - 1) * SHARD
    return products[max(0, end - SHARD) : end][::-1]


def shard_files(shop: Snapshot) -> list[tuple[str, date | None]]:
    """Every shard of the index: its file, and the last change in it."""
    numbers = range(1, shard_count(shop) + 1)
    shards = [(f"sitemap-products-{n}.xml", last_change(shard_of(shop, n))) for n in numbers]
    return [("sitemap-pages.xml", last_change(shop.products.values())), *shards]


def last_change(products: Iterable[ProductView]) -> date | None:
    """When the latest of these products changed; None where that is not known."""
    return max((product.updated for product in products if product.updated), default=None)


def index(url: str, shards: Iterable[tuple[str, date | None]]) -> str:
    """The file that search engines are told of."""
    entries = "".join(
        f"<sitemap><loc>{escape(f'{url}/{file}')}</loc>{_lastmod(changed)}</sitemap>\n" for file, changed in shards
    )
    return f'{HEAD}<sitemapindex xmlns="{SCHEMA}">\n{entries}</sitemapindex>\n'


def urlset(url: str, entries: Iterable[Entry]) -> str:
    """One shard."""
    body = "".join(f"{_url(url, entry)}\n" for entry in entries)
    return f"{HEAD}<urlset {NAMESPACES}>\n{body}</urlset>\n"


def product_entries(shop: Snapshot, product: ProductView) -> Iterator[Entry]:
    """The canonical pages of a product: its colours and its story, in each language."""
    spoken = shop.languages_of(product)
    for variant in product.variants:
        alternates = {lang: page_path(product, variant, lang) for lang in spoken}
        pictures = tuple(map(_jpeg, variant.images))
        for path in alternates.values():
            yield Entry(path, alternates, pictures, product.updated)
    told = {lang: urls.story(product.slug, lang) for lang in spoken if product.texts[lang].story_html}
    for path in told.values():
        yield Entry(path, told, (), product.updated)


def page_entry(shop: Snapshot, page: Page) -> Entry:
    """Any other page; lists changed when the latest of their products did."""
    shown = page.context.get("products") or ()
    changed = page.context.get("date") or last_change(item for item in shown if isinstance(item, ProductView))
    return Entry(page.meta.path, page.meta.alternates, (), changed)


def _jpeg(image: ImageView) -> str:
    return urls.image(image.key, urls.JPEG_WIDTH, "jpeg")


def _url(url: str, entry: Entry) -> str:
    links = ""
    if len(entry.alternates) > 1:
        named = dict(entry.alternates)
        if urls.DEFAULT_LANGUAGE in named:
            named["x-default"] = named[urls.DEFAULT_LANGUAGE]
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{lang}" href="{escape(url + path)}"/>'
            for lang, path in named.items()
        )
    images = "".join(
        f"<image:image><image:loc>{escape(url + path)}</image:loc></image:image>" for path in entry.pictures
    )
    # The order is the schema's: elements of other namespaces come after our own.
    return f"<url><loc>{escape(url + entry.path)}</loc>{_lastmod(entry.changed)}{links}{images}</url>"


def _lastmod(changed: date | None) -> str:
    return f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
