"""New addresses of products: the old ones lead there in one step, whatever they were called before (rules.md 3)."""

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.events import ProductRenamed
from commerce_api.foundation.kit import clock, text, urls
from commerce_api.foundation.outbox.service import record
from commerce_api.shop.catalog import page_keys
from commerce_api.shop.catalog.errors import BadSlug, ProductUnknown, SlugTaken
from commerce_api.shop.catalog.files import SLUG_LENGTH
from commerce_api.shop.catalog.models import ColorVariant, Product, ProductText, SlugRedirect

DEFAULT = urls.DEFAULT_LANGUAGE


async def rename_slug(old: str, new: str) -> None:
    """Give a product another address; SKU codes keep the old name, because carts, orders and feeds know them by it.

    Addresses that led to the old one lead to the new one, so that no chain arises; one that becomes the product's own
    again stops being a redirect, so that no loop does. Raises ProductUnknown, BadSlug, SlugTaken (by a product, or by a
    redirect to another product), NoTransaction.
    """
    require_transaction()
    if not text.is_slug(new) or len(new) > SLUG_LENGTH or new in urls.RESERVED_SLUGS:
        raise BadSlug(slug=new)
    product = await Product.get_or_none(slug=old).select_related("category")
    if product is None:
        raise ProductUnknown(slug=old)
    if new == old:
        return
    await _check_free(new, old)
    await Product.filter(id=product.id).update(slug=new, updated_at=clock.now())
    await SlugRedirect.filter(old_path__startswith=urls.product(new, DEFAULT)).delete()
    for redirect in await SlugRedirect.filter(new_path__startswith=urls.product(old, DEFAULT)):
        redirect.new_path = _moved(redirect.new_path, old, new)
        await redirect.save(update_fields=["new_path"])
    await _redirect(await _addresses(product.id, old), old, new)
    keys = {*page_keys.of_product(old, product.category.slug), page_keys.product(new), page_keys.ALL}
    await page_keys.mark(sorted(keys), f"{old} renamed to {new}")
    await record(ProductRenamed(old=old, new=new))


async def follow_file(slug: str, renamed_from: str | None) -> None:
    """What `renamed_from` of a product file asks for, once: the product gets its folder's name, or only the redirect is
    made where the database never knew the old one. Raises SlugTaken, also when the slug now leads to another product.
    """
    require_transaction()
    if not await Product.exists(slug=slug):
        if renamed_from and await Product.exists(slug=renamed_from):
            await rename_slug(renamed_from, slug)
            return
        await _check_free(slug, slug)
    if renamed_from and not await Product.exists(slug=renamed_from):
        await _redirect([urls.product(renamed_from, DEFAULT)], renamed_from, slug)


async def _check_free(slug: str, owner: str) -> None:
    """Raises SlugTaken when `slug` is a product's, or leads to another product than `owner`."""
    if slug != owner and await Product.exists(slug=slug):
        raise SlugTaken(slug=slug)
    redirect = await SlugRedirect.get_or_none(old_path=urls.product(slug, DEFAULT))
    if redirect and redirect.new_path != urls.product(owner, DEFAULT):
        raise SlugTaken(slug=slug, leads_to=redirect.new_path)


async def _addresses(product_id: int, slug: str) -> list[str]:
    """Every address of a product: its own, its colours', its story's."""
    colours = await ColorVariant.filter(product_id=product_id).values_list("colour__slug")
    addresses = [urls.product(slug, DEFAULT), *(urls.product(slug, DEFAULT, colour) for (colour,) in colours)]
    if await ProductText.exists(product_id=product_id, story_html__isnull=False):
        addresses.append(urls.story(slug, DEFAULT))
    return addresses


def _moved(path: str, old: str, new: str) -> str:
    return urls.product(new, DEFAULT) + path.removeprefix(urls.product(old, DEFAULT))


async def _redirect(addresses: list[str], old: str, new: str) -> None:
    known = {path for (path,) in await SlugRedirect.filter(old_path__in=addresses).values_list("old_path")}
    at = clock.now()
    await SlugRedirect.bulk_create(
        [
            SlugRedirect(old_path=path, new_path=_moved(path, old, new), created_at=at)
            for path in addresses
            if path not in known
        ]
    )
