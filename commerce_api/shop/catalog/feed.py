"""The catalogue as frozen views: everything static pages show, in a handful of statements for many products at once."""

import gc
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import orjson
from tortoise.connection import get_connection
from tortoise.expressions import Q

from commerce_api.foundation.db.setup import CONNECTION
from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.clock import KYIV
from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.catalog import authorship, kinds, models
from commerce_api.shop.catalog.queries import product_of, published, shelf
from commerce_api.shop.catalog.views import (
    CatalogView,
    CategoryText,
    CategoryView,
    ColourView,
    ImageView,
    ProductText,
    ProductView,
    ShopFacts,
    SkuView,
    TierView,
    VariantView,
)
from commerce_api.shop.pricing.tiers import PIECES_STEP, WHOLESALE, Tier

Row = tuple[Any, ...]

DEFAULT: Final = urls.DEFAULT_LANGUAGE
AT_ONCE: Final = 500
"""Products that are read together: the rows of ten thousand would take more memory than the views made of them."""


async def read_catalog(shop: ShopSettings) -> CatalogView:
    """Everything that is published, for a shop with these settings."""
    with _no_collecting():
        products = await read_products(None, shop.languages)
    redirects, gone = await _left_addresses(products)
    return CatalogView(
        languages=shop.languages,
        categories=await _categories({product.category for product in products}, shop.languages),
        colours=tuple((await _colours()).values()),
        products=products,
        redirects=redirects,
        gone=gone,
        facts=_facts(shop),
    )


async def read_products(slugs: Sequence[str] | None, languages: Sequence[str]) -> tuple[ProductView, ...]:
    """Published products, newest first, equal dates by slug; `slugs` limits them, None is all.

    A product without a complete text or without a colour to show has no page and is left out.
    """

    rows = (
        await published()
        .filter(Q() if slugs is None else Q(slug__in=list(slugs)))
        .order_by("-added", "slug")
        .values_list(
            "id", "slug", "category__slug", "kind", "print", "points", "added", "price", "discount_percent", "fits",
            "weight_g", "material", "care", "size_table", "updated_at",
        )
    )  # fmt: skip
    views: list[ProductView] = []
    for start in range(0, len(rows), AT_ONCE):
        views += await _views(rows[start : start + AT_ONCE], languages)
    return tuple(views)


async def _views(rows: Sequence[Row], languages: Sequence[str]) -> list[ProductView]:
    """The views of some products, of which `rows` hold the columns that `read_products` asks for."""
    ids = [row[0] for row in rows]
    texts, variants = await _texts(ids, languages), await _variants(ids)
    views = []
    for row in rows:
        own = tuple(_variant(*parts, price=row[7], discount=row[8], fits=row[9]) for parts in variants.get(row[0], ()))
        if own and texts.get(row[0]):
            views.append(_product(row, texts[row[0]], own))
    return views


@contextmanager
def _no_collecting() -> Iterator[None]:
    """No garbage collection within: it would search half a million young objects for circles that they never make,
    again and again, which is a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _product(row: Row, texts: Mapping[str, ProductText], variants: tuple[VariantView, ...]) -> ProductView:
    _, slug, category, kind, print_, points, added, _, _, fits, weight_g, material, care, size_table, updated_at = row
    defaults = kinds.KINDS[kind]
    table = kinds.in_size_order(size_table) if size_table else defaults.size_table
    return ProductView(
        slug=slug,
        category=category,
        kind=kind.value,
        print=print_,
        points=points,
        added=added,
        texts=texts,
        variants=variants,
        fits=tuple(fits),
        sizes=tuple(size.size for size in table),
        size_table=table,
        material=kinds.by_share(material) if material else defaults.material,
        care=tuple(care) if care else defaults.care,
        weight_g=weight_g or defaults.weight_g,
        # Another material is another cloth, of which only the product's own words know more.
        cloth_g=None if material else defaults.jersey,
        updated=updated_at.astimezone(KYIV).date(),
    )


def _variant(
    row: Row,
    colour: ColourView,
    images: Sequence[ImageView],
    skus: Sequence[SkuView],
    *,
    price: int,
    discount: int,
    fits: Sequence[str],
) -> VariantView:
    _, _, _, own_price, own_fits = row
    now, old = shelf(price, own_price, discount)
    return VariantView(
        colour=colour,
        price=now,
        old_price=old,
        images=tuple(images),
        skus=tuple(skus),
        fits=tuple(own_fits or fits),
    )


async def _texts(products: Sequence[int], languages: Sequence[str]) -> Mapping[int, dict[str, ProductText]]:
    """Complete texts by product and language: name, lead and description are all there (rules.md 3)."""
    rows = await models.ProductText.filter(product_id__in=products, lang__in=list(languages)).values_list(
        "product_id", "lang", "name", "lead", "description_html", "story_html", "seo_title", "seo_description",
        "by_model", "faq",
    )  # fmt: skip
    texts: dict[int, dict[str, ProductText]] = defaultdict(dict)
    for product_id, lang, name, lead, description, story, seo_title, seo_description, by_model, faq in rows:
        if name and lead and description:
            texts[product_id][lang] = ProductText(
                name,
                lead,
                description,
                story or None,
                seo_title or name,
                seo_description or lead,
                authorship.MODEL if by_model and "description" in by_model else authorship.PEOPLE,
                tuple((question, answer) for question, answer in faq or ()),
            )
    return texts


async def _variants(
    products: Sequence[int],
) -> Mapping[int, list[tuple[Row, ColourView, list[ImageView], list[SkuView]]]]:
    """Active colours of each product, in the order of the swatches, with pictures and SKUs."""
    rows = (
        await models.ColorVariant.filter(product_id__in=products, active=True)
        .order_by("position")
        .values_list("id", "product_id", "colour_id", "price", "fits")
    )
    wanted = [row[0] for row in rows]
    images: dict[int, list[ImageView]] = defaultdict(list)
    for variant_id, key, path, side, alt, width, height in await _bulk(
        "product_image", "variant_id, key, path, side, alt, width, height", wanted
    ):
        images[variant_id].append(ImageView(key, path, sys.intern(side), orjson.loads(alt), width, height))
    skus: dict[int, list[SkuView]] = defaultdict(list)
    for variant_id, code, size, fit, stock in await _bulk(
        "sku", "variant_id, code, size, fit, stock", wanted, "active"
    ):
        skus[variant_id].append(SkuView(code, sys.intern(size), sys.intern(fit), stock is None or stock > 0))
    # Last, so that a colour is here whenever a variant that uses it was.
    colours = await _colours()
    variants: dict[int, list[tuple[Row, ColourView, list[ImageView], list[SkuView]]]] = defaultdict(list)
    for row in rows:
        variants[row[1]].append((row, colours[row[2]], images[row[0]], skus[row[0]]))
    return variants


async def _bulk(table: str, columns: str, variants: Sequence[int], condition: str = "1 = 1") -> Sequence[Row]:
    """Rows of some variants, in the order of their positions, as the driver gives them.

    The ORM would convert each value, which doubles the time for 10,000 products, and these need no converting.
    """
    condition += f" AND variant_id IN ({', '.join(map(str, variants)) or 'NULL'})"
    query = f"SELECT {columns} FROM {table} WHERE {condition} ORDER BY position"  # noqa: S608 - our words and numbers
    rows: Sequence[Any] = (await get_connection(CONNECTION).execute_query(query))[1]
    return rows


async def read_colours() -> tuple[ColourView, ...]:
    """The palette, in its order."""
    return tuple((await _colours()).values())


async def _colours() -> dict[int, ColourView]:
    rows = (
        await models.Colour.all().order_by("position", "slug").values_list("id", "slug", "hex", "second_hex", "names")
    )
    return {row[0]: ColourView(*row[1:]) for row in rows}


async def read_categories(languages: Sequence[str]) -> tuple[CategoryView, ...]:
    """The categories that have a published product, in their order."""
    shown = await published().distinct().values_list("category__slug")
    return await _categories({slug for (slug,) in shown}, languages)


async def _categories(shown: Iterable[str], languages: Sequence[str]) -> tuple[CategoryView, ...]:
    rows = (
        await models.Category.filter(slug__in=list(shown))
        .order_by("position", "slug")
        .values_list("id", "slug", "kind")
    )
    texts: dict[int, dict[str, CategoryText]] = defaultdict(dict)
    for category_id, lang, name, lead, seo_title, seo_description in await models.CategoryText.filter(
        lang__in=list(languages)
    ).values_list("category_id", "lang", "name", "lead", "seo_title", "seo_description"):
        if name and lead:
            texts[category_id][lang] = CategoryText(name, lead, seo_title or name, seo_description or lead)
    return tuple(CategoryView(slug, kind.value, texts[id_]) for id_, slug, kind in rows)


async def _left_addresses(
    products: Sequence[ProductView],
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Addresses that lead elsewhere, and those that are gone: old links always get an answer (rules.md 3).

    A colour that is no longer sold leads to its product. What leads to an archived product is gone with it.
    """
    live = {product.slug for product in products}
    gone: set[str] = set()
    leads: dict[str, str] = {}
    archived = await models.Product.filter(status=models.ProductStatus.ARCHIVED).values_list("slug")
    gone.update(urls.product(slug, DEFAULT) for (slug,) in archived)
    colours = await models.ColorVariant.filter(
        Q(active=False) | Q(product__status=models.ProductStatus.ARCHIVED)
    ).values_list("product__slug", "product__status", "colour__slug", "active")
    for slug, status, colour, active in colours:
        if status is models.ProductStatus.ARCHIVED:
            gone.add(urls.product(slug, DEFAULT, colour))
        elif slug in live and not active:
            leads[urls.product(slug, DEFAULT, colour)] = urls.product(slug, DEFAULT)
    for old, new in await models.SlugRedirect.all().values_list("old_path", "new_path"):
        if new in gone:
            gone.add(old)
        elif product_of(new) in live:
            # One step, also where the colour it led to has left since.
            leads[old] = leads.get(new, new)
    return tuple(sorted(leads.items())), tuple(sorted(gone))


def _facts(shop: ShopSettings) -> ShopFacts:
    return ShopFacts(
        free_delivery_from=shop.free_delivery_from,
        branch_price=shop.branch_price,
        locker_price=shop.locker_price,
        courier_price=shop.courier_price,
        cod_fixed=shop.cod_fixed,
        cod_percent=shop.cod_percent,
        cod_limit=shop.cod_limit,
        locker_limit=shop.locker_limit,
        prepay=shop.prepay,
        return_days=shop.return_days,
        reserve_minutes=shop.reserve_minutes,
        cod_enabled=shop.cod_enabled,
        cutoff_hour=shop.cutoff_hour,
        print_days=shop.print_days,
        travel_days_from=shop.travel_days_from,
        travel_days_to=shop.travel_days_to,
        wholesale=tuple((kind, _tier_views(tiers)) for kind, tiers in WHOLESALE.items()),
        wholesale_step=PIECES_STEP,
    )


def _tier_views(tiers: Sequence[Tier]) -> tuple[TierView, ...]:
    ends = [tier.pieces - 1 for tier in tiers[1:]]
    return tuple(TierView(tier.pieces, end, tier.price) for tier, end in zip(tiers, [*ends, None], strict=True))
