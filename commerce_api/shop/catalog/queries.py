"""Reads of the catalogue: what is published, and what a cart or an order needs to know of an offer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from commerce_api.foundation.kit.money import shelf_price
from commerce_api.shop.catalog.errors import ProductUnknown
from commerce_api.shop.catalog.models import Product, ProductImage, ProductStatus, ProductText, Sku

DEFAULT_LANGUAGE: Final = "uk"


def is_published(status: ProductStatus) -> bool:
    """The rule in words: everything else that asks, asks `published_where` or this (lessons.md 51)."""
    return status is ProductStatus.PUBLISHED


def published_where(path: str = "") -> Q:
    """The rule as a condition; `path` leads from the queried model to the product, such as `variant__product__`."""
    return Q(**{f"{path}status": ProductStatus.PUBLISHED})


def published() -> QuerySet[Product]:
    """The products that shoppers may see: on pages, in search, feeds, sitemap and the public API."""
    return Product.filter(published_where())


@dataclass(frozen=True, slots=True)
class Offer:
    """A SKU as it stands on the shelf now, in kopiyky.

    `old_price` is set only when a discount lowers it to `price`. `available` is what can still be sold, None for made
    to order. `image` is the key of the colour's first picture, "" without one. An offer that is not `active` (size,
    colour or product no longer sold) keeps its words, so that a cart can name what is gone.
    """

    code: str
    product: str
    names: Mapping[str, str]
    colour: str
    colour_names: Mapping[str, str]
    size: str
    fit: str
    price: int
    old_price: int | None
    available: int | None
    image: str
    points: int
    active: bool

    def name(self, lang: str) -> str:
        """The product's name in `lang`, else in Ukrainian."""
        return self.names.get(lang) or self.names.get(DEFAULT_LANGUAGE, self.product)

    def colour_name(self, lang: str) -> str:
        """The colour's name in `lang`, else in Ukrainian."""
        return self.colour_names.get(lang) or self.colour_names.get(DEFAULT_LANGUAGE, self.colour)

    def has(self, quantity: int) -> bool:
        """Whether so many can be sold now."""
        return self.active and (self.available is None or self.available >= quantity)


def shelf(price: int, own_price: int | None, discount_percent: int) -> tuple[int, int | None]:
    """Price on the shelf and the price before the discount, if one lowers it; a colour's own price goes first."""
    full = own_price or price
    now = shelf_price(full, discount_percent)
    return now, full if now < full else None


async def offers(codes: Iterable[str]) -> dict[str, Offer]:
    """The offers of SKU codes; codes that never existed are left out. Three statements, however many codes."""
    rows = await Sku.filter(code__in=list(dict.fromkeys(codes))).values(
        "code",
        "size",
        "fit",
        "stock",
        "active",
        "variant_id",
        variant_active="variant__active",
        own_price="variant__price",
        colour="variant__colour__slug",
        colour_names="variant__colour__names",
        product_id="variant__product_id",
        product="variant__product__slug",
        price="variant__product__price",
        discount="variant__product__discount_percent",
        points="variant__product__points",
        status="variant__product__status",
    )
    names = await _names({row["product_id"] for row in rows})
    images = await _first_images({row["variant_id"] for row in rows})
    found = {}
    for row in rows:
        price, old_price = shelf(row["price"], row["own_price"], row["discount"])
        found[row["code"]] = Offer(
            code=row["code"],
            product=row["product"],
            names=names.get(row["product_id"], {}),
            colour=row["colour"],
            colour_names=row["colour_names"],
            size=row["size"],
            fit=row["fit"].value,
            price=price,
            old_price=old_price,
            available=row["stock"],
            image=images.get(row["variant_id"], ""),
            points=row["points"],
            active=row["active"] and row["variant_active"] and is_published(row["status"]),
        )
    return found


async def _names(product_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    names: dict[int, dict[str, str]] = {}
    ids = list(product_ids)
    if ids:
        for id_, lang, name in await ProductText.filter(product_id__in=ids).values_list("product_id", "lang", "name"):
            names.setdefault(id_, {})[lang] = name
    return names


async def _first_images(variant_ids: Iterable[int]) -> dict[int, str]:
    ids = list(variant_ids)
    if not ids:
        return {}
    # From the last to the first, so that the first one stays.
    rows = ProductImage.filter(variant_id__in=ids).order_by("-position").values_list("variant_id", "key")
    return {variant_id: key async for variant_id, key in rows}


async def for_staff(slug: str) -> dict[str, Any]:
    """A product of any status with the counts of all its SKUs, in plain values. Raises ProductUnknown."""
    rows = await Product.filter(slug=slug).values(
        "id", "slug", "status", "publish_at", "kind", "price", "discount_percent", "points", "updated_at",
        category="category__slug",
    )  # fmt: skip
    if not rows:
        raise ProductUnknown(slug=slug)
    product = rows[0]
    product["kind"] = product["kind"].value
    product["names"] = (await _names([product["id"]])).get(product["id"], {})
    product["skus"] = (
        await Sku.filter(variant__product_id=product.pop("id"))
        .order_by("variant__position", "position", "id")
        .values("size", "fit", "stock", "reserved", "active", sku="code", colour="variant__colour__slug")
    )
    for sku in product["skus"]:
        sku["fit"] = sku["fit"].value
    return product
