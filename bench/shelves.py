"""A catalogue of views into the rows of an open database: the way back from what `site_feed.read_all` reads.

Rows are inserted in bulk, past the importer: it reads files, and what is measured here begins behind it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from tortoise.models import Model

from bench.catalogue import LANG
from commerce_api.foundation.kit import clock
from commerce_api.shop.catalog import models
from commerce_api.shop.catalog.views import CatalogView, ProductView, VariantView

M = TypeVar("M", bound=Model)
BATCH: Final = 500
"""Rows of one INSERT: below the number of parameters that the databases take."""


async def fill(view: CatalogView, stock: int | None = None) -> None:
    """Store a catalogue in an empty, migrated and open database; every SKU gets `stock`, None is made to order."""
    at = clock.now()
    categories = await _store_categories(view)
    colours = {
        colour.slug: models.Colour(
            id=number,
            slug=colour.slug,
            hex=colour.hex,
            second_hex=colour.second_hex,
            names=dict(colour.names),
            position=number,
        )
        for number, colour in enumerate(view.colours, 1)
    }
    await _insert(models.Colour, list(colours.values()))
    ids = {slug: colour.id for slug, colour in colours.items()}
    products = [_product(number, each, categories, at) for number, each in enumerate(view.products, 1)]
    await _insert(models.Product, products)
    await _insert(models.ProductText, [_text(number, each) for number, each in enumerate(view.products, 1)])
    await _store_variants(view.products, ids, stock)
    await _mind_numbers()
    # A database that has lived a while knows its tables; a fresh one would plan its joins blindly.
    await models.Product._meta.db.execute_query("ANALYZE")


async def _mind_numbers() -> None:
    """PostgreSQL counts keys in sequences, which do not hear of keys that were given."""
    connection = models.Product._meta.db
    if connection.capabilities.dialect != "postgres":
        return
    for model in (
        models.Category, models.CategoryText, models.Colour, models.Product, models.ProductText, models.ColorVariant,
        models.ProductImage, models.Sku,
    ):  # fmt: skip
        table = model._meta.db_table
        await connection.execute_query(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 1) FROM \"{table}\"))"
        )


async def _store_categories(view: CatalogView) -> dict[str, int]:
    ids = {category.slug: number for number, category in enumerate(view.categories, 1)}
    await _insert(
        models.Category,
        [
            models.Category(id=ids[each.slug], slug=each.slug, kind=models.Kind(each.kind), position=ids[each.slug])
            for each in view.categories
        ],
    )
    await _insert(
        models.CategoryText,
        [
            models.CategoryText(
                category_id=ids[each.slug],
                lang=lang,
                name=text.name,
                lead=text.lead,
                seo_title=text.seo_title,
                seo_description=text.seo_description,
            )
            for each in view.categories
            for lang, text in each.texts.items()
        ],
    )
    return ids


def _product(number: int, view: ProductView, categories: dict[str, int], at: datetime) -> models.Product:
    return models.Product(
        id=number,
        slug=view.slug,
        category_id=categories[view.category],
        kind=models.Kind(view.kind),
        status=models.ProductStatus.PUBLISHED,
        print=view.print,
        price=view.variants[0].price,
        points=view.points,
        added=view.added,
        fits=list(view.fits),
        updated_at=at,
    )


def _text(number: int, view: ProductView) -> models.ProductText:
    text = view.texts[LANG]
    return models.ProductText(
        product_id=number,
        lang=LANG,
        name=text.name,
        lead=text.lead,
        seo_title=text.seo_title,
        seo_description=text.seo_description,
        description_md=text.description_html,
        description_html=text.description_html,
    )


async def _store_variants(products: Sequence[ProductView], colours: dict[str, int], stock: int | None) -> None:
    numbered = list(enumerate(_variants(products), 1))
    rows = [
        models.ColorVariant(id=id_, product_id=product, colour_id=colours[view.colour.slug], position=place)
        for id_, (product, place, view) in numbered
    ]
    await _insert(models.ColorVariant, rows)
    await _insert(
        models.ProductImage,
        [
            models.ProductImage(
                variant_id=id_,
                position=place,
                side=image.side,
                path=image.path,
                key=image.key,
                width=image.width,
                height=image.height,
                alt=dict(image.alt),
            )
            for id_, (_, _, view) in numbered
            for place, image in enumerate(view.images)
        ],
    )
    await _insert(
        models.Sku,
        [
            models.Sku(
                variant_id=id_,
                code=sku.code,
                size=sku.size,
                fit=models.Fit(sku.fit),
                position=place,
                stock=stock,
                opening_stock=stock,
            )
            for id_, (_, _, view) in numbered
            for place, sku in enumerate(view.skus)
        ],
    )


def _variants(products: Sequence[ProductView]) -> Iterator[tuple[int, int, VariantView]]:
    for number, product in enumerate(products, 1):
        for place, variant in enumerate(product.variants):
            yield number, place, variant


async def _insert(model: type[M], rows: list[Any]) -> None:
    if rows:
        await model.bulk_create(rows, batch_size=BATCH)
