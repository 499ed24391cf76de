"""Lists of published products for programs and for searches without scripts: filtered, sorted, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tortoise.expressions import Q, RawSQL, Subquery
from tortoise.queryset import QuerySet

from commerce_api.foundation.kit.paging import Page, PageRequest
from commerce_api.shop.catalog import feed
from commerce_api.shop.catalog.errors import ProductUnknown
from commerce_api.shop.catalog.kinds import read_size
from commerce_api.shop.catalog.models import CategoryText, ColorVariant, Fit, Product, ProductText, Sku
from commerce_api.shop.catalog.queries import published, published_where, shelf
from commerce_api.shop.catalog.views import ProductView


class Sort(StrEnum):
    """`new` is the newest first; `price` the cheapest, `-price` the dearest."""

    NEW = "new"
    PRICE = "price"
    DEAREST = "-price"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to (docs/finding.md); several values of one kind mean any of them, none does not narrow.

    Colour, size and fit mean: on sale in that colour, size and fit now. `price_from` and `price_to` are kopiyky,
    inclusive, of that colour. `slugs` are the products of a search, best first, and their order when `sort` is None;
    without a search None sorts by newness.
    """

    category: tuple[str, ...] = ()
    colour: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    fit: tuple[str, ...] = ()
    price_from: int | None = None
    price_to: int | None = None
    available: bool = False
    sort: Sort | None = None
    slugs: tuple[str, ...] | None = None

    @property
    def by_price(self) -> bool:
        """Whether prices are asked for; they are computed, so the database cannot tell."""
        return self.price_from is not None or self.price_to is not None

    def fits_price(self, price: int) -> bool:
        """Whether a shelf price lies in the asked range."""
        return (self.price_from or 0) <= price and (self.price_to is None or price <= self.price_to)


def _rows(filters: Filters) -> QuerySet[ColorVariant]:
    """The products in one colour that match all but the price."""
    rows = ColorVariant.filter(published_where("product__"), active=True)
    if filters.colour:
        rows = rows.filter(colour__slug__in=list(filters.colour))
    if filters.size or filters.fit or filters.colour or filters.available:
        wanted: dict[str, Any] = {"active": True}
        if filters.size:
            wanted["size__in"] = [read_size(size) or size for size in filters.size]
        if filters.fit:
            wanted["fit__in"] = [Fit(fit) for fit in filters.fit]
        on_sale = Q(stock__isnull=True) | Q(stock__gt=0)
        rows = rows.filter(id__in=Subquery(Sku.filter(on_sale, **wanted).values("variant_id")))
    return rows


def _spoken(lang: str) -> Q:
    """Products that have all words of a page in this language, their own and their category's."""
    told = ProductText.filter(lang=lang, name__not="", lead__not="", description_html__not="")
    named = CategoryText.filter(lang=lang, name__not="", lead__not="")
    return Q(
        id__in=Subquery(told.values("product_id")),
        category_id__in=Subquery(named.values("category_id")),
    )


def _with_pages(languages: Sequence[str]) -> QuerySet[Product]:
    """The published products with a page in one of these languages: its words and a colour to show (rules.md 3)."""
    spoken = Q(*map(_spoken, languages), join_type=Q.OR)
    return published().filter(spoken, id__in=Subquery(ColorVariant.filter(active=True).values("product_id")))


def _narrowed(filters: Filters, languages: Sequence[str]) -> QuerySet[Product]:
    products = _with_pages(languages)
    if filters.category:
        products = products.filter(category__slug__in=list(filters.category))
    if filters.colour or filters.size or filters.fit or filters.available:
        products = products.filter(id__in=Subquery(_rows(filters).values("product_id")))
    return products


def _sorted(products: QuerySet[Product], sort: Sort | None) -> QuerySet[Product]:
    if sort is None or sort is Sort.NEW:
        return products.order_by("-added", "slug")
    products = products.annotate(hundredths=RawSQL("price * (100 - discount_percent)"))
    return products.order_by("hundredths" if sort is Sort.PRICE else "-hundredths", "slug")


async def _priced(filters: Filters) -> set[int]:
    """The products of which a matching colour lies in the range of prices."""
    rows = await _rows(filters).values_list("product_id", "price", "product__price", "product__discount_percent")
    return {id_ for id_, own, price, discount in rows if filters.fits_price(shelf(price, own, discount)[0])}


async def _matching(filters: Filters, languages: Sequence[str]) -> list[str]:
    """The slugs of all products that match, in their order."""
    if filters.slugs == ():
        return []
    rows = await _sorted(_narrowed(filters, languages), filters.sort).values_list("id", "slug")
    if filters.by_price:
        priced = await _priced(filters)
        rows = [row for row in rows if row[0] in priced]
    slugs = [slug for _, slug in rows]
    if filters.slugs is None:
        return slugs
    if filters.sort is None:
        there = set(slugs)
        return [slug for slug in filters.slugs if slug in there]
    wanted = set(filters.slugs)
    return [slug for slug in slugs if slug in wanted]


async def listed(filters: Filters, request: PageRequest, languages: Sequence[str]) -> Page[ProductView]:
    """One page of the products that match and have a page in one of `languages`, and how many there are; about ten
    statements, whatever its size."""
    if filters.by_price or filters.slugs is not None:
        slugs = await _matching(filters, languages)
        total, slugs = len(slugs), slugs[request.offset : request.offset + request.size]
    else:
        matching = _narrowed(filters, languages)
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
