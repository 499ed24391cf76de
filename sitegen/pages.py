"""What stands on which page: a snapshot in, finished page descriptions out. Pure; renders and writes nothing.

Pages come in groups by key, the unit in which they are rebuilt: `home`, `catalog`, `category:<slug>` (or one page
of it, `category:<slug>:<lang>:<number>`), `product:<slug>`, `content:<slug>`, `article:<slug>`, `journal`,
`messages`, `sitemap`, `redirects`, `robots`, `manifest`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import PageMeta
from sitegen import product_pages, redirects, seo
from sitegen.content_pages import article, articles, content, journal, key_of
from sitegen.page import Document, Output, Page, crumb, file_of, in_languages, shorten, standing
from sitegen.paging import page_count, page_slice, paging
from sitegen.snapshot import Snapshot

NEWEST_HOME: Final = 8
NEWEST_CATALOG: Final = 4
MESSAGES: Final = {"404": "not_found", "500": "error", "gone": "gone", "503": "busy", "offline": "offline"}
"""Pages a server falls back to, and the texts of the theme that they say."""
ALONE: Final = {"": "home", "catalog": "catalog", "journal": "journal"}
NESTED: Final = {"catalog": "category", "product": "product", "journal": "article"}
"""First segments of paths, and the groups of the pages at them and below them."""
LISTED: Final = frozenset({"home", "catalog", "category", "content", "article", "journal"})
"""Kinds of pages besides products that the sitemap names."""

Maker = Callable[[Snapshot, str], Iterator[Output]]


def all_keys(shop: Snapshot) -> list[str]:
    """Every group of the site, products beside the category pages that show their cards."""
    keys = ["home", "catalog"]
    for category in shop.category_views:
        keys.append(f"category:{category}")
        keys += [f"product:{p.slug}" for p in shop.products.values() if p.category == category]
    keys += dict.fromkeys(key_of(view) for view in shop.content)
    return [*keys, "journal", "messages", "sitemap", "redirects", "robots", "manifest"]


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
    named = shop.site.get("home", {}).get("drop", {}).get("products", ())
    alternates = in_languages(list(shop.languages), urls.home)
    for lang in shop.languages:
        brand, words = shop.site["brand"], shop.site["home"][lang]
        title = f"{brand['name']}: {brand[lang]['tagline']}"
        meta = PageMeta("home", lang, title, shorten(words["lead"]), urls.home(lang), alternates)
        newest = shop.newest(lang, NEWEST_HOME)
        known = (shop.products[slug] for slug in named if slug in shop.products)
        drops = [product for product in known if lang in product.texts]
        context = {
            "categories": shop.categories(lang),
            "products": newest,
            "drop": next(iter(drops or newest), None),
            "drops": drops,
            "articles": articles(shop, lang),
        }
        things = (seo.organization(shop, lang), seo.website(shop, lang))
        yield Page("home", file_of(meta.path), "home.html", meta, context, things)


def catalog(shop: Snapshot, _: str) -> Iterator[Output]:
    """All categories with their newest products."""
    for meta in standing(shop, "catalog", urls.catalog):
        lang, groups = meta.lang, []
        for category in shop.categories(lang):
            slugs = shop.listed(lang, category.slug)
            groups.append((category, [shop.products[s] for s in slugs[:NEWEST_CATALOG]], len(slugs)))
        crumbs = (crumb(shop, lang, "home"), crumb(shop, lang, "catalog"))
        things = (seo.breadcrumbs(shop.site["url"], crumbs),)
        yield Page("catalog", file_of(meta.path), "catalog.html", meta, {"groups": groups}, things)


def category(shop: Snapshot, rest: str) -> Iterator[Output]:
    """The pages of a category, or the one that `slug:lang:number` names."""
    slug, _, place = rest.partition(":")
    lang, _, number = place.partition(":")
    if not number:
        for each in shop.languages:
            if (each, slug) in shop.index.categories:
                for n in range(1, page_count(len(shop.listed(each, slug))) + 1):
                    yield _category_page(shop, slug, each, n)
    elif (lang, slug) in shop.index.categories:
        yield _category_page(shop, slug, lang, int(number))


def _category_page(shop: Snapshot, slug: str, lang: str, number: int) -> Page:
    view = shop.category_views[slug]
    text, slugs = view.texts[lang], shop.listed(lang, slug)
    here = paging(number, len(slugs), lambda n: urls.category(slug, lang, n))
    languages = [
        other
        for other in shop.languages
        if other in view.texts and shop.listed(other, slug) and number <= page_count(len(shop.listed(other, slug)))
    ]
    title, path = text.seo_title, urls.category(slug, lang, number)
    if number > 1:
        title = f"{title} · {shop.texts[lang]('catalog.page', number=number, pages=here.pages)}"
    alternates = in_languages(languages, lambda other: urls.category(slug, other, number))
    meta = PageMeta("category", lang, title, text.seo_description, path, alternates)
    context = {
        "category": view,
        "products": [shop.products[s] for s in page_slice(slugs, number)],
        "total": len(slugs),
        "paging": here,
        "categories": shop.categories(lang),
        "colours": shop.colours_in(lang, slug),
    }
    crumbs = (crumb(shop, lang, "home"), crumb(shop, lang, "catalog"), (text.name, path))
    things = (seo.breadcrumbs(shop.site["url"], crumbs),)
    return Page(f"category:{slug}:{lang}:{number}", file_of(path), "category.html", meta, context, things)


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


def sitemap(shop: Snapshot, _: str) -> Iterator[Output]:
    """Every page that wants to be found, by its canonical address."""
    listed: dict[str, Mapping[str, str]] = {}
    for key in all_keys(shop):
        kind, _, rest = key.partition(":")
        if kind == "product":
            listed.update(product_pages.addresses(shop, shop.products[rest]))
        elif kind in LISTED:
            for output in expand(shop, key):
                if isinstance(output, Page):
                    listed[output.meta.path] = output.meta.alternates
    yield Document("sitemap", "sitemap.xml", seo.sitemap(shop.site["url"], listed.items()))


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


def robots(shop: Snapshot, _: str) -> Iterator[Output]:
    """robots.txt."""
    yield Document("robots", "robots.txt", seo.robots(shop.site["url"], shop.languages))


def manifest(shop: Snapshot, _: str) -> Iterator[Output]:
    """The web app manifest with the theme's application icons, where it has any."""
    icons = {name: address for name, address in shop.assets.items() if name.startswith("icons/app")}
    yield Document("manifest", "manifest.webmanifest", seo.manifest(shop, icons))


MAKERS: Final[Mapping[str, Maker]] = {
    "home": home,
    "catalog": catalog,
    "category": category,
    "product": product_pages.product,
    "content": content,
    "article": article,
    "journal": journal,
    "messages": messages,
    "sitemap": sitemap,
    "redirects": moved,
    "robots": robots,
    "manifest": manifest,
}
