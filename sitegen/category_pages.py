"""The lists of a category: all of it, and each of its colours, cut into pages."""

from collections.abc import Iterator
from functools import partial

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import PageMeta
from sitegen.page import Output, Page, crumb, file_of, in_languages, joined, shorten
from sitegen.paging import PER_PAGE, page_count, page_slice, paging
from sitegen.seo.lists import breadcrumbs, product_list
from sitegen.sharing import default_card
from sitegen.snapshot import Snapshot
from sitegen.source import ColourView


def category(shop: Snapshot, rest: str) -> Iterator[Output]:
    """All lists of a category, or the one page that `slug:lang:number` or `slug:lang:number:colour` names."""
    slug, _, place = rest.partition(":")
    if not place:
        for each in shop.languages:
            for shade in ("", *(view.slug for view in shop.colours_in(each, slug))):
                for n in range(1, _pages(shop, each, slug, shade) + 1):
                    yield _page(shop, slug, each, n, shade)
        return
    lang, number, shade = f"{place}:".split(":")[:3]
    if int(number) <= _pages(shop, lang, slug, shade):
        yield _page(shop, slug, lang, int(number), shade)


def key(slug: str, lang: str, number: int, colour: str = "") -> str:
    """The group of one page."""
    return f"category:{slug}:{lang}:{number}{f':{colour}' if colour else ''}"


def keys_by_product(shop: Snapshot, slug: str) -> dict[str, list[str]]:
    """The pages of all lists of a category, each by the slug of the first product on it."""
    keys: dict[str, list[str]] = {}
    for lang in shop.languages:
        for shade in ("", *(view.slug for view in shop.colours_in(lang, slug))):
            for place, first in enumerate(shop.listed(lang, slug, shade)[::PER_PAGE]):
                keys.setdefault(first, []).append(key(slug, lang, place + 1, shade))
    return keys


def _pages(shop: Snapshot, lang: str, slug: str, colour: str) -> int:
    """How many pages there are: none of a list without products."""
    count = len(shop.listed(lang, slug, colour))
    return page_count(count) if count else 0


def _page(shop: Snapshot, slug: str, lang: str, number: int, shade: str) -> Page:
    view, t = shop.category_views[slug], shop.texts[lang]
    text, slugs = view.texts[lang], shop.listed(lang, slug, shade)
    colours = shop.colours_in(lang, slug)
    colour = next((each for each in colours if each.slug == shade), None)
    address = partial(address_of, slug, shade)
    here = paging(number, len(slugs), partial(address, lang))
    title, description, name = text.seo_title, text.seo_description, text.name
    if colour:
        name = title = t("listing.colour_title", category=text.name, colour=colour.names[lang])
        description = shorten(t("listing.colour_description", n=len(slugs), list=title, lead=text.lead))
    if number > 1:
        place = t("catalog.page", number=number, pages=here.pages)
        title, description = joined(title, name, place), shorten(f"{name}, {place}. {description}")
    languages = [other for other in shop.languages if number <= _pages(shop, other, slug, shade)]
    alternates = in_languages(languages, lambda other: address(other, number))
    path = address(lang, number)
    meta = PageMeta("category", lang, title, description, path, alternates, image=default_card(shop, lang))
    products = [shop.products[s] for s in page_slice(slugs, number)]
    context = {
        "category": view,
        "colour": colour,
        "words": _words(shop, lang, colour),
        "products": products,
        "total": len(slugs),
        "paging": here,
        "categories": shop.categories(lang),
        "colours": colours,
        "choices": shop.choices_in(lang, slug),
    }
    crumbs = [crumb(shop, lang, "home"), crumb(shop, lang, "catalog"), (text.name, urls.category(slug, lang))]
    if colour:
        crumbs.append((colour.names[lang], address(lang, 1)))
    first = slugs.index(products[0].slug) + 1
    listed = product_list(shop, lang, name, products, len(slugs), first)
    things = (breadcrumbs(shop.site["url"], crumbs), listed)
    return Page(key(slug, lang, number, shade), file_of(path), "category.html", meta, context, things)


def address_of(slug: str, colour: str, lang: str, number: int) -> str:
    """The path of a page of a category's list, or of one of its colours where that is not ""."""
    return urls.category_colour(slug, colour, lang, number) if colour else urls.category(slug, lang, number)


def _words(shop: Snapshot, lang: str, colour: ColourView | None) -> str:
    """What content/colours.toml says of a colour; "" where it says nothing."""
    said = shop.site.get("colours", {}).get(colour.slug, {}) if colour else {}
    return str(said.get(lang, ""))
