"""The published catalogue for programs, and the live figures that built pages ask for."""

from starlette.requests import Request

from commerce_api.foundation.kit.paging import PageRequest
from commerce_api.foundation.web import headers
from commerce_api.foundation.web.carried import carried, settings_of
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.openapi import Operations, api
from commerce_api.shop.catalog import feed, listing, searching
from commerce_api.shop.catalog.errors import ProductUnknown
from commerce_api.shop.catalog.schemas import CategoryOut, LiveOut, ProductOut, ProductPageOut, ProductQuery, Slug


@api("GET", "/api/v1/products", summary="Published products", cache=headers.REVALIDATE, tag="catalogue")
async def list_products(request: Request, query: ProductQuery) -> ProductPageOut:
    """Narrowed by category, colour, size, fit, price and words; a page that is not there is empty."""
    languages = settings_of(request).shop.languages
    slugs = await _searched(request, query.q) if query.q else None
    page = await listing.listed(query.filters(slugs), PageRequest(query.page, query.per_page), languages)
    return ProductPageOut.of(page)


async def _searched(request: Request, words: str) -> tuple[str, ...]:
    """The products that have all words, in the language of the request or else in the first other one that has any."""
    languages, own = settings_of(request).shop.languages, carried(request).renderer.shop_words()
    for lang in dict.fromkeys((language(request), *languages)):
        found = await searching.find(words, lang, languages, own)
        if found.whole:
            return found.slugs
    return ()


@api(
    "GET",
    "/api/v1/products/{slug}",
    summary="One published product",
    errors=(ProductUnknown,),
    cache=headers.REVALIDATE,
    tag="catalogue",
)
async def show_product(request: Request, slug: Slug) -> ProductOut:
    """With its long texts."""
    return ProductOut.of(await listing.product(slug, settings_of(request).shop.languages), whole=True)


@api("GET", "/api/v1/categories", summary="Categories", cache=headers.REVALIDATE, tag="catalogue")
async def list_categories(request: Request) -> list[CategoryOut]:
    """In the order shoppers see them; empty categories are left out."""
    return [CategoryOut.of(category) for category in await feed.read_categories(settings_of(request).shop.languages)]


@api(
    "GET",
    "/live/{slug}.json",
    summary="Price and stock of a product's SKUs now",
    errors=(ProductUnknown,),
    cache=headers.LIVE,
    tag="catalogue",
)
async def show_live(request: Request, slug: Slug) -> dict[str, LiveOut]:
    """Asked for by a product's page after it has loaded."""
    return {code: LiveOut.of(sku) for code, sku in (await listing.live(slug)).items()}


OPERATIONS: Operations = (list_products, show_product, list_categories, show_live)
