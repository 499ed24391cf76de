"""What stands on which page: a snapshot in, finished page descriptions out. Pure; renders and writes nothing.

Pages come in groups by key, the unit in which they are rebuilt: `home`, `catalog`, `category:<slug>` (or one page
of it, `category:<slug>:<lang>:<number>[:<colour>]`), `collection:<slug>`, `product:<slug>`, `content:<slug>`,
`article:<slug>`, `journal`, `messages`, `redirects`, `cities`, and those of `machine_pages`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import PageMeta
from sitegen import category_pages, collection_pages, machine_pages, product_pages, redirects, search_page
from sitegen.cities import cities
from sitegen.content_pages import article, articles, content, journal, key_of
from sitegen.finding import pointer
from sitegen.page import Document, Output, Page, crumb, file_of, in_languages, shorten, standing
from sitegen.seo.lists import breadcrumbs, item_list
from sitegen.seo.shop import organization, website
from sitegen.sharing import default_card
from sitegen.snapshot import Snapshot
from sitegen.speculation import speculation
from sitegen.worker import worker

NEWEST_HOME: Final = 8
NEWEST_CATALOG: Final = 4
MESSAGES: Final = {"404": "not_found", "500": "error", "gone": "gone", "503": "busy", "offline": "offline"}
"""Pages a server falls back to, and the texts of the theme that they say."""
ALONE: Final = {"": "home", "catalog": "catalog", "journal": "journal", "search": "search"}
NESTED: Final = {"catalog": "category", "collection": "collection", "product": "product", "journal": "article"}
"""First segments of paths, and the groups of the pages at them and below them."""
LISTED: Final = frozenset({"home", "catalog", "category", "collection", "content", "article", "journal"})
"""Kinds of pages besides products that the sitemap names."""

LATE: Final = frozenset({"finding", "sitemap", "twin", "feed", "llms"})
"""Kinds of groups that may come a few seconds after the pages: a price is published without waiting for them.

Put a kind here when it is made of products but no shopper looks at it: feeds, search data, lists for scripts, sitemaps,
Markdown twins. Nothing else is to do. After every change the watcher first publishes the pages and tells their receipt;
when the shop is quiet for a moment (`watch.LATE_QUIET`, at the latest after `watch.LATE_MOST`) it makes late groups
anew, one by one, and writes those whose bytes differ. A group `kind:<slug of a product>` is made anew when that product
changed, any other one after every change of a product or of content, so a large one is best cut into shards
(`kind:<name>:<number>`) of well under 50 ms each: between two of them the watcher looks for the next price. Groups
that are owed are noted in build/state.json, and a full build makes everything; a crash in between loses nothing.
"""
EXTRAS: Final[frozenset[str]] = frozenset({"finding", "twin", "feed", "llms"})
"""Kinds of groups beside the pages of the site that `Config.extras = False` leaves out: twins, feeds, search data."""

Maker = Callable[[Snapshot, str], Iterator[Output]]


def all_keys(shop: Snapshot) -> list[str]:
    """Every group of the site, products beside the category pages that show their cards."""
    keys = ["home", "catalog"]
    for category in shop.category_views:
        keys.append(f"category:{category}")
        keys += [f"product:{p.slug}" for p in shop.products.values() if p.category == category]
    keys += collection_pages.keys(shop)
    keys += dict.fromkeys(key_of(view) for view in shop.content)
    keys += [*pointer.keys(shop), "search", "journal", "messages", "redirects", "worker", "speculation", "cities"]
    return keys + machine_pages.keys(shop)


def keys_to_build(shop: Snapshot, extras: bool) -> list[str]:
    """Every group that a full build makes: all, or without those of the kinds in EXTRAS.

    A page of a list comes beside the products on it, so that a card is rendered once for both and forgotten soon.
    """
    keys: list[str] = []
    for key in all_keys(shop):
        kind, _, slug = key.partition(":")
        if kind == "category":
            pages = category_pages.keys_by_product(shop, slug)
        if kind == "product":
            keys += pages.get(slug, ())
        if kind != "category" and (extras or kind not in EXTRAS):
            keys.append(key)
    return keys


def expand(shop: Snapshot, key: str) -> Iterator[Output]:
    """The pages of one group as they should be now: none when its subject is no longer published.

    Raises KeyError for a key of an unknown kind.
    """
    kind, _, rest = key.partition(":")
    return MAKERS[kind](shop, rest)


def files_of(shop: Snapshot, key: str) -> set[str]:
    """The files of one group."""
    return {file for output in expand(shop, key) for file in output.files}


def home(shop: Snapshot, _: str) -> Iterator[Output]:
    """The front door of each language."""
    alternates = in_languages(list(shop.languages), urls.home)
    for lang in shop.languages:
        brand, words = shop.site["brand"], shop.site["home"][lang]
        title = f"{brand['name']}: {brand[lang]['tagline']}"
        card = default_card(shop, lang)
        meta = PageMeta("home", lang, title, shorten(words["lead"]), urls.home(lang), alternates, image=card)
        # What stands in the drop is not shown once more below it.
        newest = shop.newest(lang, NEWEST_HOME, shop.drop)
        known = (shop.products[slug] for slug in shop.drop if slug in shop.products)
        drops = [product for product in known if lang in product.texts]
        context = {
            "categories": shop.categories(lang),
            "products": newest,
            "drop": next(iter(drops or newest), None),
            "drops": drops,
            "articles": articles(shop, lang),
            "collections": collection_pages.shown(shop, lang),
        }
        things = (organization(shop, lang), website(shop, lang))
        yield Page("home", file_of(meta.path), "home.html", meta, context, things)


def catalog(shop: Snapshot, _: str) -> Iterator[Output]:
    """All categories with their newest products."""
    for meta in standing(shop, "catalog", urls.catalog):
        lang, groups = meta.lang, []
        for category in shop.categories(lang):
            slugs = shop.listed(lang, category.slug)
            groups.append((category, [shop.products[s] for s in slugs[:NEWEST_CATALOG]], len(slugs)))
        crumbs = (crumb(shop, lang, "home"), crumb(shop, lang, "catalog"))
        shelves = [(view.texts[lang].name, urls.category(view.slug, lang)) for view, _, _ in groups]
        url = shop.site["url"]
        context = {
            "groups": groups,
            "collections": collection_pages.shown(shop, lang),
            "choices": shop.choices_in(lang, ""),
        }
        things = (breadcrumbs(url, crumbs), item_list(url, meta.title, shelves))
        yield Page("catalog", file_of(meta.path), "catalog.html", meta, context, things)


def messages(shop: Snapshot, _: str) -> Iterator[Output]:
    """The pages a server shows when something is missing or broken."""
    for name, words in MESSAGES.items():
        alternates = {lang: urls.localized(f"/{name}.html", lang) for lang in shop.languages}
        for lang, path in alternates.items():
            t = shop.texts[lang]
            title, body = t(f"message.{words}_title"), t(f"message.{words}")
            meta = PageMeta("message", lang, title, shorten(body), path, alternates, robots="noindex")
            actions = [(t("message.to_catalog"), urls.catalog(lang))]
            if name == "gone":
                # Who came for a thing is shown the shelves it may have a neighbour on.
                actions += [(view.texts[lang].name, urls.category(view.slug, lang)) for view in shop.categories(lang)]
            else:
                actions.insert(0, (t("message.to_home"), urls.home(lang)))
            context = {"title": title, "body": body, "actions": actions}
            yield Page("messages", file_of(path), "message.html", meta, context)


def sitemap(shop: Snapshot, part: str) -> Iterator[Output]:
    """Every page that wants to be found, by its canonical address: an index and its shards."""
    return machine_pages.sitemap(shop, part, _listed)


def _listed(shop: Snapshot) -> Iterator[Page]:
    for key in all_keys(shop):
        if key.partition(":")[0] in LISTED:
            yield from (output for output in expand(shop, key) if isinstance(output, Page))


def is_page(shop: Snapshot) -> Callable[[str], bool]:
    """A function that tells whether a path is that of a page as it should be now."""
    known: dict[str, set[str]] = {}

    def found(path: str) -> bool:
        key = _key_at(shop, path)
        if key not in known:
            known[key] = files_of(shop, key)
        return file_of(path) in known[key]

    return found


def _key_at(shop: Snapshot, path: str) -> str:
    """The group in which a page of this path would be."""
    parts = path.strip("/").split("/")
    if parts[0] in shop.languages:
        parts = parts[1:] or [""]
    if len(parts) > 1 and parts[0] in NESTED:
        return f"{NESTED[parts[0]]}:{parts[1]}"
    return ALONE.get(parts[0]) or f"content:{parts[0]}"


def redirect_table(shop: Snapshot) -> redirects.Table:
    """Where old paths lead, checked against the pages that are there."""
    left = shop.left
    return redirects.table(shop.languages, left.redirects, left.gone, shop.moved, is_page(shop))


def moved(shop: Snapshot, _: str) -> Iterator[Output]:
    """The table of old paths, once for each program that reads it."""
    for file, text in redirects.files(redirect_table(shop)).items():
        yield Document("redirects", file, text)


MAKERS: Final[Mapping[str, Maker]] = {
    "home": home,
    "catalog": catalog,
    "category": category_pages.category,
    "collection": collection_pages.collection,
    "product": product_pages.product,
    "finding": pointer.finding,
    "content": content,
    "article": article,
    "journal": journal,
    "search": search_page.search,
    "messages": messages,
    "sitemap": sitemap,
    "redirects": moved,
    "robots": machine_pages.robots_file,
    "manifest": machine_pages.manifests,
    "twin": machine_pages.twins,
    "feed": machine_pages.feed,
    "llms": machine_pages.about_the_shop,
    "worker": worker,
    "speculation": speculation,
    "cities": cities,
}
