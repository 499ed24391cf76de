"""What staff and the calendar change: prices, status, addresses, counts. The pages concerned are marked stale with it.

Each function joins the transaction of its caller and raises NoTransaction without one. Changes come back as
`{field: (before, after)}` in plain values, empty when nothing differed, for whoever keeps an audit log.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from commerce_api.foundation.db.tx import lock_rows, require_transaction
from commerce_api.foundation.kit import clock
from commerce_api.foundation.kit.money import KOPIYKY
from commerce_api.foundation.kit.urls import DEFAULT_LANGUAGE
from commerce_api.shop.catalog import page_keys, restock, rows
from commerce_api.shop.catalog.errors import (
    BadDiscount,
    BadPrice,
    BadSchedule,
    BadStock,
    BadTransition,
    ProductIncomplete,
    ProductUnknown,
)
from commerce_api.shop.catalog.file_checks import missing_for_page
from commerce_api.shop.catalog.models import Category, Product, ProductStatus, Sku
from commerce_api.shop.catalog.stock import set_counts

Changes = Mapping[str, tuple[object, object]]

DEAREST: Final = 100_000 * KOPIYKY
MOST_STOCK: Final = 100_000

NEXT: Final[Mapping[ProductStatus, frozenset[ProductStatus]]] = {
    ProductStatus.DRAFT: frozenset(
        {ProductStatus.REVIEW, ProductStatus.SCHEDULED, ProductStatus.PUBLISHED, ProductStatus.ARCHIVED}
    ),
    ProductStatus.REVIEW: frozenset(
        {ProductStatus.DRAFT, ProductStatus.SCHEDULED, ProductStatus.PUBLISHED, ProductStatus.ARCHIVED}
    ),
    ProductStatus.SCHEDULED: frozenset(
        {ProductStatus.DRAFT, ProductStatus.SCHEDULED, ProductStatus.PUBLISHED, ProductStatus.ARCHIVED}
    ),
    # What was public leaves by the archive, which answers its address: a draft would leave a dead link.
    ProductStatus.PUBLISHED: frozenset({ProductStatus.ARCHIVED}),
    ProductStatus.ARCHIVED: frozenset({ProductStatus.PUBLISHED}),
}
"""Where each status may lead."""

SHOWN: Final = frozenset({ProductStatus.PUBLISHED, ProductStatus.SCHEDULED})
"""Statuses that need a product fit to be seen."""


async def _locked(slug: str) -> Product:
    found = await lock_rows(Product.filter(slug=slug))
    if not found:
        raise ProductUnknown(slug=slug)
    return found[0]


async def _save(product: Product, changes: Changes, reason: str) -> None:
    product.updated_at = clock.now()
    await product.save(update_fields=[*changes, "updated_at"])
    category = await Category.get(id=product.category_id)
    await page_keys.mark(page_keys.of_product(product.slug, category.slug), f"{product.slug} {reason}")


async def change_price(slug: str, price: int | None = None, discount_percent: int | None = None) -> Changes:
    """Set a product's price (kopiyky, whole hryvnias, before the discount) and its discount; None leaves one alone.

    Who means only one of them must not send back the other as it was read: a colleague may have changed it meanwhile.
    Raises BadPrice, BadDiscount, ProductUnknown.
    """
    require_transaction()
    if price is not None and (not 0 < price <= DEAREST or price % KOPIYKY):
        raise BadPrice({"price": "wrong"}, price=price)
    if discount_percent is not None and not 0 <= discount_percent <= 90:
        raise BadDiscount({"discount_percent": "wrong"}, discount_percent=discount_percent)
    product = await _locked(slug)
    wanted = {"price": price, "discount_percent": discount_percent}
    changes = {
        name: (getattr(product, name), value)
        for name, value in wanted.items()
        if value is not None and getattr(product, name) != value
    }
    if changes:
        for name, (_, value) in changes.items():
            setattr(product, name, value)
        await _save(product, changes, "repriced")
    return changes


async def set_status(slug: str, status: ProductStatus, publish_at: datetime | None = None) -> Changes:
    """Move a product through its life; `publish_at` (aware) goes with `scheduled` and with nothing else.

    Raises BadTransition, BadSchedule, ProductIncomplete (what shoppers would miss), ProductUnknown.
    """
    require_transaction()
    product = await _locked(slug)
    moment = publish_at.astimezone(UTC) if publish_at else None
    if (product.status, product.publish_at) == (status, moment):
        return {}
    if status not in NEXT[product.status]:
        raise BadTransition(slug=slug, old=product.status.value, new=status.value)
    if (status is ProductStatus.SCHEDULED) != (moment is not None):
        raise BadSchedule({"publish_at": "wrong"}, slug=slug, status=status.value)
    if status in SHOWN:
        shown = await rows.read_products([slug], words_of_model=True)
        missing = missing_for_page(shown[slug], DEFAULT_LANGUAGE)
        if missing:
            raise ProductIncomplete({"status": "wrong"}, slug=slug, missing=missing)
    changes: dict[str, tuple[object, object]] = {"status": (product.status.value, status.value)}
    if product.publish_at != moment:
        changes["publish_at"] = (product.publish_at and product.publish_at.isoformat(), moment and moment.isoformat())
    product.status, product.publish_at = status, moment
    await _save(product, changes, f"is {status.value}")
    return changes


async def publish_due() -> tuple[str, ...]:
    """Publish every scheduled product whose time has come; returns their slugs. For the calendar, each minute."""
    require_transaction()
    due = await lock_rows(Product.filter(status=ProductStatus.SCHEDULED, publish_at__lte=clock.now()))
    for product in due:
        product.status, product.publish_at = ProductStatus.PUBLISHED, None
        await _save(product, {"status": ("scheduled", "published"), "publish_at": ("", "")}, "is published on time")
    return tuple(product.slug for product in due)


async def set_stock(code: str, stock: int | None) -> Changes:
    """Set how many pieces of a SKU can be sold; None makes it made to order. What open orders hold stays held.

    Raises BadStock, SkuUnknown.
    """
    changed = await set_stocks({code: stock})
    return {"stock": changed[code]} if changed else {}


async def set_stocks(wanted: Mapping[str, int | None]) -> Changes:
    """Set the counts of several SKUs, all or none; what changed by their codes. As and raises as `set_stock`."""
    require_transaction()
    for code, stock in wanted.items():
        if stock is not None and not 0 <= stock <= MOST_STOCK:
            raise BadStock({"stock": "wrong"}, sku=code, stock=stock)
    changed = await set_counts(wanted)
    places: dict[tuple[str, str], list[str]] = {}
    told = ("code", "variant__product__slug", "variant__product__category__slug")
    for code, slug, category in await Sku.filter(code__in=list(changed)).order_by("id").values_list(*told):
        places.setdefault((slug, category), []).append(code)
    for (slug, category), codes in places.items():
        await page_keys.mark(page_keys.of_product(slug, category), f"stock of {', '.join(codes)[:120]} set")
    await restock.announce(changed.keys())
    return dict(changed)
