"""Putting a model's words onto pages: only where no person has written, with the pages concerned marked stale.

Each function joins the transaction of its caller and raises NoTransaction without one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from commerce_api.foundation.db.tx import lock_rows, require_transaction
from commerce_api.foundation.kit import clock
from commerce_api.shop.catalog import page_keys, texts
from commerce_api.shop.catalog.authorship import (
    CATEGORY_COLUMNS,
    PRODUCT_COLUMNS,
    now_by_model,
    open_alt,
    open_to_model,
)
from commerce_api.shop.catalog.errors import ProductUnknown
from commerce_api.shop.catalog.models import Category, CategoryText, ColorVariant, Product, ProductImage, ProductText


async def put_product_words(product_id: int, lang: str, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Store what a model wrote of a product in one language; the names of the texts that were taken.

    `words` has some of lead, description, story (Markdown), seo_title, seo_description, keywords (list) and faq (a
    list of [question, answer]). What people wrote stays; a language without a name has no place for texts.
    """
    require_transaction()
    found = await lock_rows(Product.filter(id=product_id))
    text = await ProductText.get_or_none(product_id=product_id, lang=lang)
    if not found or text is None:
        return ()
    taken = _take(text, PRODUCT_COLUMNS, words)
    if not taken:
        return ()
    text.description_html = texts.to_html(text.description_md)
    if text.story_md:
        text.story_html = texts.to_html(text.story_md)
    text.search = texts.search_text(text.name, text.lead, *text.keywords or ())
    await text.save()
    await _touch(found[0], f"{found[0].slug} described in {lang}")
    return taken


async def put_alts(variant_id: int, lang: str, alts: Sequence[str]) -> int:
    """Describe the pictures of a colour that no person described in `lang`, in their order; how many were described.

    None is described when there are not as many of them as `alts`: the pictures are others than those that were seen.
    """
    require_transaction()
    variant = await ColorVariant.get_or_none(id=variant_id)
    if variant is None:
        return 0
    product = (await lock_rows(Product.filter(id=variant.product_id)))[0]
    pictures = [
        picture
        for picture in await ProductImage.filter(variant_id=variant_id).order_by("position")
        if open_alt(picture.alt, picture.alt_by_model, lang)
    ]
    if len(pictures) != len(alts):
        return 0
    for picture, alt in zip(pictures, alts, strict=True):
        picture.alt = {**picture.alt, lang: alt}
        picture.alt_by_model = now_by_model(picture.alt_by_model, [lang])
        await picture.save(update_fields=["alt", "alt_by_model"])
    await _touch(product, f"{product.slug} pictures described in {lang}")
    return len(pictures)


async def put_category_words(category_id: int, lang: str, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Store what a model wrote of a category: some of lead, seo_title, seo_description; the names that were taken."""
    require_transaction()
    found = await lock_rows(Category.filter(id=category_id))
    text = await CategoryText.get_or_none(category_id=category_id, lang=lang)
    if not found or text is None:
        return ()
    taken = _take(text, CATEGORY_COLUMNS, words)
    if taken:
        await text.save()
        # As its file does: a category's words stand in menus and on the front page too.
        await page_keys.mark([page_keys.ALL], f"category {found[0].slug} described in {lang}")
    return taken


async def set_consent(slug: str, *, allowed: bool) -> bool:
    """Let a model write of a product, or keep it from that; whether anything changed. Raises ProductUnknown."""
    require_transaction()
    if not await Product.exists(slug=slug):
        raise ProductUnknown(slug=slug)
    return bool(await Product.filter(slug=slug, ai_texts=not allowed).update(ai_texts=allowed))


def _take(text: ProductText | CategoryText, columns: Mapping[str, str], words: Mapping[str, Any]) -> tuple[str, ...]:
    """Put those words into a row, unsaved, that no person's words keep out; their names."""
    open_ = open_to_model({name: getattr(text, column) for name, column in columns.items()}, text.by_model)
    taken = tuple(name for name in words if name in open_ and words[name])
    for name in taken:
        setattr(text, columns[name], words[name])
    text.by_model = now_by_model(text.by_model, taken)
    return taken


async def _touch(product: Product, reason: str) -> None:
    product.updated_at = clock.now()
    await product.save(update_fields=["updated_at"])
    category = await Category.get(id=product.category_id)
    await page_keys.mark(page_keys.of_product(product.slug, category.slug), reason)
