"""The database as the values of the catalogue's files: what export writes and what an import compares with.

Files hold what people wrote. Words of a model live in the database alone, so that no import takes one of them for an
edit of the office, and none undoes it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from commerce_api.shop.catalog import authorship, kinds, models
from commerce_api.shop.catalog.files import (
    FITS,
    CategoryEntry,
    CategoryWords,
    ColourEntry,
    Count,
    Picture,
    ProductColour,
    ProductFile,
    Words,
)


def value_hash(value: ProductFile | CategoryEntry) -> str:
    """A fingerprint of what is said, however it is written.

    A product's address is no part of it, so that a renamed product is not taken for an edited one.
    """
    if isinstance(value, ProductFile):
        value = replace(value, slug="", renamed_from=None)
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def read_products(slugs: Iterable[str] | None = None, *, words_of_model: bool = False) -> dict[str, ProductFile]:
    """Products by slug as files would say them, whatever their status; None is all. Five statements.

    With `words_of_model` the texts are those of the pages, whoever wrote them.
    """
    mine: dict[str, Any] = {} if slugs is None else {"slug__in": list(slugs)}

    def of(path: str) -> dict[str, Any]:
        return {f"{path}{key}": value for key, value in mine.items()}

    products = (
        await models.Product.filter(**mine)
        .order_by("slug")
        .values(
            "id", "slug", "kind", "print", "price", "added", "status", "publish_at", "discount_percent", "points",
            "fits", "weight_g", "material", "care", "size_table", category="category__slug",
        )
    )  # fmt: skip
    words = await _words(of("product__"), words_of_model)
    colours = await _colours(of, words_of_model)
    return {row["slug"]: _product(row, words[row["id"]], colours[row["id"]]) for row in products}


def _product(row: Mapping[str, Any], words: Mapping[str, Words], colours: Iterable[ProductColour]) -> ProductFile:
    table = kinds.in_size_order(row["size_table"]) if row["size_table"] else None
    rows = [(size.size, (size.length, size.width, size.sleeve)) for size in table or ()]
    return ProductFile(
        slug=row["slug"],
        category=row["category"],
        kind=row["kind"].value,
        print=row["print"],
        price=row["price"],
        added=row["added"],
        status=row["status"].value,
        publish_at=row["publish_at"],
        discount_percent=row["discount_percent"],
        points=row["points"],
        fits=tuple(row["fits"]),
        weight_g=row["weight_g"],
        material=kinds.by_share(row["material"]) if row["material"] else None,
        care=tuple(row["care"]) if row["care"] else None,
        size_table=tuple((size, tuple(float(x) for x in cm if x is not None)) for size, cm in rows) or None,
        words=words,
        colours=tuple(colours),
    )


async def _words(mine: Mapping[str, Any], words_of_model: bool) -> Mapping[int, dict[str, Words]]:
    words: dict[int, dict[str, Words]] = defaultdict(dict)
    for product_id, lang, name, lead, seo_title, seo_description, description, story, by_model in (
        await models.ProductText.filter(**mine).values_list(
            "product_id", "lang", "name", "lead", "seo_title", "seo_description", "description_md", "story_md",
            "by_model",
        )
    ):  # fmt: skip
        own = None if words_of_model else by_model
        words[product_id][lang] = Words(
            name,
            authorship.without("lead", lead, own),
            authorship.without("seo_title", seo_title, own),
            authorship.without("seo_description", seo_description, own),
            authorship.without("description", description, own),
            authorship.without("story", story or "", own) or None,
        )
    return words


async def _colours(of: Any, words_of_model: bool) -> Mapping[int, list[ProductColour]]:
    pictures: dict[int, list[Picture]] = defaultdict(list)
    for variant_id, path, side, alt, by_model in (
        await models.ProductImage.filter(variant__active=True, **of("variant__product__"))
        .order_by("position")
        .values_list("variant_id", "path", "side", "alt", "alt_by_model")
    ):
        own = () if words_of_model else by_model or ()
        said = {lang: words for lang, words in alt.items() if lang not in own}
        pictures[variant_id].append(Picture(path.rpartition("/")[2], side, said))
    counts: dict[int, list[Count]] = defaultdict(list)
    for variant_id, size, fit, stock in await models.Sku.filter(
        variant__active=True, active=True, opening_stock__isnull=False, **of("variant__product__")
    ).values_list("variant_id", "size", "fit", "opening_stock"):
        counts[variant_id].append(Count(size, fit.value, stock))
    colours: dict[int, list[ProductColour]] = defaultdict(list)
    for id_, product_id, slug, price, fits, inks in (
        await models.ColorVariant.filter(active=True, **of("product__"))
        .order_by("position")
        .values_list("id", "product_id", "colour__slug", "price", "fits", "inks")
    ):
        colours[product_id].append(
            ProductColour(
                slug=slug,
                price=price,
                fits=tuple(fits) if fits else None,
                stock=tuple(sorted(counts[id_], key=_place)),
                inks=tuple(inks) if inks else None,
                pictures=tuple(pictures[id_]),
            )
        )
    return colours


def _place(count: Count) -> tuple[int, int]:
    return FITS.index(count.fit), kinds.size_order(count.size)


async def read_categories() -> tuple[CategoryEntry, ...]:
    """The categories in their order."""
    rows = await models.Category.all().order_by("position", "slug").values_list("id", "slug", "kind")
    words: dict[int, dict[str, CategoryWords]] = defaultdict(dict)
    for category_id, lang, name, lead, seo_title, seo_description, own in await models.CategoryText.all().values_list(
        "category_id", "lang", "name", "lead", "seo_title", "seo_description", "by_model"
    ):
        words[category_id][lang] = CategoryWords(
            name,
            authorship.without("lead", lead, own),
            authorship.without("seo_title", seo_title, own),
            authorship.without("seo_description", seo_description, own),
        )
    return tuple(CategoryEntry(slug, kind.value, words[id_]) for id_, slug, kind in rows)


async def read_colours() -> tuple[ColourEntry, ...]:
    """The palette in its order."""
    rows = models.Colour.all().order_by("position", "slug").values_list("slug", "hex", "second_hex", "names")
    return tuple([ColourEntry(*row) async for row in rows])
