"""`/find/`: search for browsers without scripts, over the catalogue as it is now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.paging import Page, PageRequest
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.carried import carried, settings_of
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_query
from commerce_api.foundation.web.rendering import render
from commerce_api.shop.catalog import feed, listing, searching
from commerce_api.shop.catalog.kinds import SIZES
from commerce_api.shop.catalog.listing import Filters, Sort
from commerce_api.shop.catalog.searching import Found
from commerce_api.shop.catalog.views import ProductView
from commerce_api.shop.finding import service
from commerce_api.shop.finding.schemas import FindQuery

PER_PAGE: Final = 24
NEAREST: Final = 8
"""Products shown when none fits."""
AROUND: Final = 2


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of several, as `macros/pagination.html` wants it."""

    number: int
    pages: int
    previous: str | None
    next: str | None
    links: tuple[tuple[int, str], ...]


@page("GET", "/find/")
async def show_find(request: Request) -> Response:
    """What fits the words and filters of the query; else the nearest, and where to look instead."""
    query = read_query(request, FindQuery)
    lang, languages = language(request), settings_of(request).shop.languages
    found = Found((), True, None)
    if query.q:
        found = await searching.find(query.q, lang, languages, carried(request).renderer.shop_words())
    filters = query.filters((found.slugs if found.whole else ()) if query.q else None)
    asked = bool(query.q) or filters != replace(Filters(), sort=filters.sort)
    products: Page[ProductView] = Page([], 0, PageRequest())
    if asked:
        products = await listing.listed(filters, PageRequest(query.page, PER_PAGE), (lang,))
    if query.q and not found.whole and not service.is_robot(request.headers.get("user-agent", "")):
        await transact(lambda: service.count_miss(query.q, lang))
    nearest = await _nearest(found, asked, products, lang)
    context = {
        "query": query,
        "asked": asked,
        "read_as": found.read_as if found.whole else None,
        "total": products.total,
        "products": products.items,
        "paging": _paging(products, request),
        "nearest": nearest,
        "is_near": bool(found.slugs) and not found.whole,
        "categories": [view for view in await feed.read_categories(languages) if lang in view.texts],
        "colours": await feed.read_colours(),
        "sizes": SIZES,
        "sorts": [sort.value for sort in Sort],
    }
    t = texts(lang)
    title = t("search.title_of", query=query.q) if query.q else "search.title"
    return render(request, "find.html", kind="search", title=title, context=context)


async def _nearest(found: Found, asked: bool, products: Page[ProductView], lang: str) -> Sequence[ProductView]:
    """What to look at instead: the products with most of the words, else the newest."""
    if asked and products.total:
        return ()
    slugs = found.slugs[:NEAREST]
    if slugs:
        views = {view.slug: view for view in await feed.read_products(slugs, (lang,))}
        return [views[slug] for slug in slugs if slug in views]
    return (await listing.listed(Filters(), PageRequest(1, NEAREST), (lang,))).items


def _paging(products: Page[ProductView], request: Request) -> Paging:
    """Links to the pages of this very search."""
    number, pages = products.request.number, products.pages
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "page" and value.strip()]

    def path(to: int) -> str:
        values: list[tuple[str, Any]] = [*kept, ("page", to)] if to > 1 else kept
        return f"{urls.find(language(request))}?{urlencode(values)}"

    near = {n for n in range(number - AROUND, number + AROUND + 1) if 1 <= n <= pages} | {1, pages}
    return Paging(
        number=number,
        pages=pages,
        previous=path(min(number - 1, pages)) if number > 1 else None,
        next=path(number + 1) if number < pages else None,
        links=tuple((n, path(n)) for n in sorted(near)),
    )


PAGES: Pages = (show_find,)
