"""One product or list of the catalogue's files -> rows, in the ambient transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from commerce_api.foundation.db.tx import lock_rows, require_transaction
from commerce_api.foundation.kit import clock
from commerce_api.shop.catalog import authorship, kinds, page_keys, texts
from commerce_api.shop.catalog.codes import sku_code
from commerce_api.shop.catalog.errors import SkuCodeTaken
from commerce_api.shop.catalog.files import CategoryEntry, ColourEntry, Picture, ProductColour, ProductFile, Words
from commerce_api.shop.catalog.models import (
    Category,
    CategoryText,
    ColorVariant,
    Colour,
    Fit,
    Kind,
    Product,
    ProductImage,
    ProductStatus,
    ProductText,
    Sku,
)
from commerce_api.shop.catalog.stock import note_opening


@dataclass(frozen=True, slots=True)
class Master:
    """A picture's file below content/catalog, the key of its content, and its size."""

    path: str
    key: str
    width: int
    height: int


async def store_product(product: ProductFile, masters: Mapping[str, Master]) -> Product:
    """The product as its file has it; `masters` by file name. Marks every page stale that it stood or stands on.

    SKUs and colours that the file leaves out are kept and no longer sold: orders point to them. Opening counts begin
    the stock of new SKUs only. Category and colours must exist. Raises SkuCodeTaken; NoTransaction outside one.
    """
    require_transaction()
    category = await Category.get(slug=product.category)
    row = await Product.get_or_none(slug=product.slug).select_related("category")
    keys = page_keys.of_product(product.slug, *{product.category, row.category.slug if row else product.category})
    row = row or Product(slug=product.slug)
    row.update_from_dict(
        {
            "category_id": category.id,
            "kind": Kind(product.kind),
            "status": ProductStatus(product.status),
            "publish_at": product.publish_at,
            "print": product.print,
            "price": product.price,
            "discount_percent": product.discount_percent,
            "points": product.points,
            "added": product.added,
            "fits": list(product.fits),
            "weight_g": product.weight_g,
            "material": dict(product.material) if product.material else None,
            "care": list(product.care) if product.care else None,
            "size_table": {size: list(cm) for size, cm in product.size_table} if product.size_table else None,
            "updated_at": clock.now(),
        }
    )
    await row.save()
    await _store_texts(row, product)
    await _store_colours(row, product, masters)
    await page_keys.mark(keys, f"{product.slug} imported")
    return row


async def _store_texts(row: Product, product: ProductFile) -> None:
    before = {text.lang: text for text in await ProductText.filter(product_id=row.id)}
    # No row points to a text: written anew, they need no comparing.
    await ProductText.filter(product_id=row.id).delete()
    await ProductText.bulk_create(
        [_text(row.id, lang, words, before.get(lang)) for lang, words in product.words.items()]
    )


def _text(product_id: int, lang: str, words: Words, before: ProductText | None) -> ProductText:
    """One language of a product as its file has it; what the file leaves empty stays the model's, where it wrote it."""
    values: dict[str, Any] = {
        "name": words.name,
        "lead": words.lead,
        "seo_title": words.seo_title,
        "seo_description": words.seo_description,
        "description_md": words.description,
        "story_md": words.story,
    }
    kept: list[str] = []
    if before is not None:
        columns = {name: authorship.PRODUCT_COLUMNS[name] for name in before.by_model or ()}
        kept = [name for name, column in columns.items() if not values.get(column)]
        values |= {columns[name]: getattr(before, columns[name]) for name in kept}
    story = values["story_md"]
    return ProductText(
        product_id=product_id,
        lang=lang,
        **values,
        description_html=texts.to_html(values["description_md"]),
        story_html=texts.to_html(story) if story else None,
        search=texts.search_text(words.name, values["lead"], *values.get("keywords") or ()),
        by_model=kept or None,
    )


async def _store_colours(row: Product, product: ProductFile, masters: Mapping[str, Master]) -> None:
    colour_ids = dict(await Colour.all().values_list("slug", "id"))
    variants = {variant.colour_id: variant for variant in await ColorVariant.filter(product_id=row.id)}
    wanted = {colour_ids[colour.slug] for colour in product.colours}
    for position, colour in enumerate(product.colours):
        colour_id = colour_ids[colour.slug]
        variant = variants.get(colour_id) or ColorVariant(product_id=row.id, colour_id=colour_id)
        variant.update_from_dict(
            {
                "position": position,
                "price": colour.price,
                "fits": list(colour.fits) if colour.fits else None,
                "inks": list(colour.inks) if colour.inks else None,
                "active": True,
            }
        )
        await variant.save()
        await store_pictures(variant.id, colour, masters)
        await _store_skus(variant, product, colour)
    left_out = [variant.id for colour_id, variant in variants.items() if colour_id not in wanted]
    if left_out:
        await ColorVariant.filter(id__in=left_out).update(active=False)
        await Sku.filter(variant_id__in=left_out).update(active=False)


async def store_pictures(variant_id: int, colour: ProductColour, masters: Mapping[str, Master]) -> None:
    """The pictures of a colour, written anew; one that a model described keeps those words where a file has none."""
    told = {
        path: {lang: alt[lang] for lang in by_model or () if lang in alt}
        for path, alt, by_model in await ProductImage.filter(variant_id=variant_id).values_list(
            "path", "alt", "alt_by_model"
        )
    }
    await ProductImage.filter(variant_id=variant_id).delete()
    await ProductImage.bulk_create(
        [
            ProductImage(
                variant_id=variant_id,
                position=position,
                side=picture.side,
                **_described(picture, told.get(masters[picture.file].path, {})),
                **asdict(masters[picture.file]),
            )
            for position, picture in enumerate(colour.pictures)
        ]
    )


def _described(picture: Picture, told: Mapping[str, str]) -> dict[str, Any]:
    kept = {lang: words for lang, words in told.items() if not picture.alt.get(lang)}
    return {"alt": {**picture.alt, **kept}, "alt_by_model": sorted(kept) or None}


async def _store_skus(variant: ColorVariant, product: ProductFile, colour: ProductColour) -> None:
    sizes = [size for size, _ in product.size_table] if product.size_table else kinds.KINDS[product.kind].sizes
    fits = colour.fits or product.fits
    opening = {(count.size, count.fit): count.stock for count in colour.stock}
    known = {(sku.size, sku.fit.value): sku for sku in await Sku.filter(variant_id=variant.id)}
    wanted = [(size, fit) for fit in fits for size in sizes]
    fresh = []
    for position, (size, fit) in enumerate(wanted):
        sku = known.get((size, fit))
        count = opening.get((size, fit))
        if sku is None:
            code = sku_code(
                product.slug, colour.slug, size, oversize_beside_classic=fit == "oversize" and len(product.fits) > 1
            )
            fresh.append(
                Sku(
                    variant_id=variant.id,
                    code=code,
                    size=size,
                    fit=Fit(fit),
                    position=position,
                    stock=count,
                    opening_stock=count,
                )
            )
        elif (sku.position, sku.opening_stock, sku.active) != (position, count, True):
            await Sku.filter(id=sku.id).update(position=position, opening_stock=count, active=True)
    gone = [sku.id for place, sku in known.items() if place not in wanted and sku.active]
    if gone:
        await Sku.filter(id__in=gone).update(active=False)
    await _add_skus(fresh)


async def _add_skus(fresh: Sequence[Sku]) -> None:
    codes = [sku.code for sku in fresh]
    taken = await Sku.filter(code__in=codes).order_by("id").values("code", "size", "fit")
    if taken:
        # Codes are for ever: carts, orders and feeds know the SKU by it, so it cannot pass to another fit or product.
        raise SkuCodeTaken(sku=taken[0]["code"], size=taken[0]["size"], fit=taken[0]["fit"].value)
    if fresh:
        await Sku.bulk_create(fresh)
    counted = [sku.code for sku in fresh if sku.stock]
    if counted:
        await note_opening(counted)


async def store_category(entry: CategoryEntry, position: int, source_hash: str) -> None:
    """A category as categories.toml has it. Its pages and every page with a menu become stale."""
    require_transaction()
    held = await lock_rows(Category.filter(slug=entry.slug))
    row = held[0] if held else Category(slug=entry.slug)
    row.kind, row.position, row.source_hash = Kind(entry.kind), position, source_hash
    await row.save()
    before = {text.lang: text for text in await CategoryText.filter(category_id=row.id)}
    await CategoryText.filter(category_id=row.id).delete()
    await CategoryText.bulk_create(
        [_category_text(row.id, lang, asdict(words), before.get(lang)) for lang, words in entry.words.items()]
    )
    await page_keys.mark([page_keys.ALL], f"category {entry.slug} imported")


def _category_text(category_id: int, lang: str, values: dict[str, Any], before: CategoryText | None) -> CategoryText:
    kept = [name for name in (before and before.by_model) or () if not values[name]]
    values |= {name: getattr(before, name) for name in kept}
    return CategoryText(category_id=category_id, lang=lang, **values, by_model=kept or None)


async def store_colours(entries: Sequence[ColourEntry]) -> None:
    """The palette as colours.toml has it; a colour that it leaves out stays, because products may wear it."""
    require_transaction()
    known = {colour.slug: colour for colour in await Colour.all()}
    for position, entry in enumerate(entries):
        row = known.get(entry.slug) or Colour(slug=entry.slug)
        row.update_from_dict(
            {"hex": entry.hex, "second_hex": entry.second_hex, "names": dict(entry.names), "position": position}
        )
        await row.save()
    await page_keys.mark([page_keys.ALL], "palette imported")
