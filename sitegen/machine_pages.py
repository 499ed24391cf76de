"""What no shopper looks at: sitemap, robots.txt, the app manifest, feeds, Markdown twins, llms.txt."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final

from commerce_api.foundation.kit import urls
from sitegen.feeds.google import google
from sitegen.feeds.journal import journal
from sitegen.feeds.llms import llms
from sitegen.feeds.prom import prom
from sitegen.feeds.twins import twin
from sitegen.feeds.xml import gathered
from sitegen.page import Document, Output, Page, Stream
from sitegen.seo import sitemap as maps
from sitegen.seo.manifest import manifest, manifest_path
from sitegen.seo.robots import robots
from sitegen.snapshot import Snapshot

JOURNAL: Final = "journal"
GOODS: Final = {"google": google, "prom": prom}
"""Feeds of all SKUs, in the first language of the shop, which its customers speak."""

Listed = Callable[[Snapshot], Iterable[Page]]


def keys(shop: Snapshot) -> list[str]:
    """Every group of this module."""
    shards = [f"sitemap:products:{n}" for n in range(1, maps.shard_count(shop) + 1)]
    twins = [f"twin:{slug}" for slug in shop.products]
    feeds = [f"feed:{name}" for name in (JOURNAL, *GOODS)]
    return ["sitemap", "sitemap:pages", *shards, *twins, "llms", *feeds, "robots", "manifest"]


def sitemap(shop: Snapshot, part: str, listed: Listed) -> Iterator[Output]:
    """The index, or the shard that `part` names: `pages`, `products:1`.

    `listed` gives all pages but those of products.
    """
    url, (name, _, number) = shop.site["url"], part.partition(":")
    if not name:
        yield Document("sitemap", "sitemap.xml", maps.index(url, maps.shard_files(shop)))
    elif name == "pages":
        entries = [maps.page_entry(shop, page) for page in listed(shop) if not page.meta.robots]
        yield Document("sitemap:pages", "sitemap-pages.xml", maps.urlset(url, entries))
    elif int(number) <= maps.shard_count(shop):
        found = [entry for view in maps.shard_of(shop, int(number)) for entry in maps.product_entries(shop, view)]
        yield Document(f"sitemap:{part}", f"sitemap-products-{number}.xml", maps.urlset(url, found))


def robots_file(shop: Snapshot, _: str) -> Iterator[Output]:
    """robots.txt."""
    yield Document("robots", "robots.txt", robots(shop.site["url"], shop.languages))


def manifests(shop: Snapshot, _: str) -> Iterator[Output]:
    """The web app manifest of each language."""
    for lang in shop.languages:
        yield Document("manifest", manifest_path(lang)[1:], manifest(shop, lang))


def twins(shop: Snapshot, slug: str) -> Iterator[Output]:
    """A product as Markdown, in each of its languages."""
    view = shop.products.get(slug)
    if view is None or not view.variants:
        return
    for lang in shop.languages_of(view):
        yield Document(f"twin:{slug}", urls.twin(slug, lang)[1:], twin(shop, view, lang))


def about_the_shop(shop: Snapshot, _: str) -> Iterator[Output]:
    """llms.txt."""
    yield Document("llms", "llms.txt", llms(shop))


def feed(shop: Snapshot, name: str) -> Iterator[Output]:
    """A feed: the journal in each language, the goods in the first one."""
    if name == JOURNAL:
        for lang in shop.languages:
            yield Document("feed:journal", urls.feed(JOURNAL, lang)[1:], journal(shop, lang))
        return
    lang = shop.languages[0]
    make = GOODS[name]
    yield Stream(f"feed:{name}", urls.feed(name, lang)[1:], partial(_parts, make, shop, lang))


def _parts(make: Callable[[Snapshot, str], Iterator[str]], shop: Snapshot, lang: str) -> Iterator[bytes]:
    return gathered(make(shop, lang))
