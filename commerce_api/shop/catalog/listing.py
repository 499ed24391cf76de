"""Lists of published products for the public API: filtered, sorted, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tortoise.expressions import Q, RawSQL, Subquery
from tortoise.queryset import QuerySet

from commerce_api.foundation.kit.paging import Page, PageRequest
from commerce_api.shop.catalog import feed
from commerce_api.shop.catalog.errors import ProductUnknown
from commerce_api.shop.catalog.kinds import read_size
from commerce_api.shop.catalog.models import Product, ProductText, Sku
from commerce_api.shop.catalog.queries import published, published_where, shelf
from commerce_api.shop.catalog.views import ProductView

MOST_WORDS: Final = 5
"""Words of a search that are looked for; each is a look through all texts."""


class Sort(StrEnum):
    """`new` is the newest first; `price` the cheapest, `-price` the dearest."""

    NEW = "new"
    PRICE = "price"
    DEAREST = "-price"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; "" does not narrow. `colour` and `size` mean: on sale in that colour and size now."""

    category: str = ""
    colour: str = ""
    size: str = ""
    q: str = ""
    sort: Sort = Sort.NEW


def _narrowed(filters: Filters) -> QuerySet[Product]:
    products = published()
    if filters.category:
        products = products.filter(category__slug=filters.category)
    if filters.colour or filters.size:
        wanted: dict[str, Any] = {"active": True, "variant__active": True}
        if filters.colour:
            wanted["variant__colour__slug"] = filters.colour
        if filters.size:
            wanted["size"] = read_size(filters.size) or filters.size
        on_sale = Q(stock__isnull=True) | Q(stock__gt=0)
        products = products.filter(id__in=Subquery(Sku.filter(on_sale, **wanted).values("variant__product_id")))
    for word in filters.q.casefold().split()[:MOST_WORDS]:
        products = products.filter(id__in=Subquery(ProductText.filter(search__contains=word).values("product_id")))
    return products


def _sorted(products: QuerySet[Product], sort: Sort) -> QuerySet[Product]:
    if sort is Sort.NEW:
        return products.order_by("-added", "slug")
    products = products.annotate(hundredths=RawSQL("price * (100 - discount_percent)"))
    return products.order_by("hundredths" if sort is Sort.PRICE else "-hundredths", "slug")


async def listed(filters: Filters, request: PageRequest, languages: Sequence[str]) -> Page[ProductView]:
    """One page of the products that match; about ten statements, whatever its size."""
    matching = _narrowed(filters)
    total = await matching.count()
    rows = await _sorted(matching, filters.sort).offset(request.offset).limit(request.size).values_list("slug")
    slugs = [row[0] for row in rows]
    views = {view.slug: view for view in await feed.read_products(slugs, languages)} if slugs else {}
    return Page([views[slug] for slug in slugs if slug in views], total, request)


async def product(slug: str, languages: Sequence[str]) -> ProductView:
    """A published product. Raises ProductUnknown."""
    views = await feed.read_products([slug], languages)
    if not views:
        raise ProductUnknown(slug=slug)
    return views[0]


@dataclass(frozen=True, slots=True)
class LiveSku:
    """What a built page cannot know: today's price (kopiyky) and how many are left, None for made to order."""

    price: int
    old_price: int | None
    left: int | None


async def live(slug: str) -> dict[str, LiveSku]:
    """The SKUs of a published product by code, in one statement. Raises ProductUnknown."""
    rows = (
        await Sku.filter(
            published_where("variant__product__"), variant__product__slug=slug, active=True, variant__active=True
        )
        .order_by("variant__position", "position")
        .values_list("code", "stock", "variant__price", "variant__product__price", "variant__product__discount_percent")
    )
    if not rows:
        raise ProductUnknown(slug=slug)
    return {code: LiveSku(*shelf(price, own, discount), stock) for code, stock, own, price, discount in rows}
