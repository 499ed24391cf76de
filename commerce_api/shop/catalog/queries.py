"""Reads of the catalogue: what is published, and what a cart or an order needs to know of an offer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import orjson
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from commerce_api.foundation.db import plain
from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.money import shelf_price
from commerce_api.shop.catalog.errors import ProductUnknown
from commerce_api.shop.catalog.models import Product, ProductStatus, ProductText, Sku, SlugRedirect

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
    category: str
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


OFFERS: Final = """
SELECT s.code, s.size, s.fit, s.stock, s.active, v.active AS variant_active, v.price AS own_price,
    c.slug AS colour, c.names AS colour_names, p.slug AS product, p.price, p.discount_percent, p.points, p.status,
    k.slug AS category, t.lang, t.name,
    (SELECT i.key FROM product_image i WHERE i.variant_id = v.id ORDER BY i.position, i.id LIMIT 1) AS image
FROM sku s
JOIN color_variant v ON v.id = s.variant_id
JOIN colour c ON c.id = v.colour_id
JOIN product p ON p.id = v.product_id
JOIN category k ON k.id = p.category_id
LEFT JOIN product_text t ON t.product_id = p.id
WHERE s.code IN ({})
"""
"""Plain SQL (db/plain.py): carts and orders ask it most, and building it took longer than running it."""


async def offers(codes: Iterable[str]) -> dict[str, Offer]:
    """The offers of SKU codes; codes that never existed are left out. One statement, however many codes."""
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        return {}
    grouped: dict[str, list[Any]] = {}
    for row in await plain.fetch(OFFERS.format(plain.places(len(wanted))), *wanted):
        grouped.setdefault(row["code"], []).append(row)
    return {code: _offer(same) for code, same in grouped.items()}


def _offer(rows: Sequence[Any]) -> Offer:
    """One SKU of its rows, which differ in language."""
    row = rows[0]
    price, old_price = shelf(row["price"], row["own_price"], row["discount_percent"])
    return Offer(
        code=row["code"],
        product=row["product"],
        category=row["category"],
        names={one["lang"]: one["name"] for one in rows if one["lang"]},
        colour=row["colour"],
        colour_names=_colour_names(row["colour_names"]),
        size=row["size"],
        fit=row["fit"],
        price=price,
        old_price=old_price,
        available=row["stock"],
        image=row["image"] or "",
        points=row["points"],
        active=bool(row["active"] and row["variant_active"]) and is_published(ProductStatus(row["status"])),
    )


@lru_cache
def _colour_names(text: str) -> Mapping[str, str]:
    """The names of a colour of their column: the palette is small, and carts read it all day."""
    return MappingProxyType(orjson.loads(text))


@dataclass(frozen=True, slots=True)
class Choice:
    """A SKU that somebody may take instead of another of the same product."""

    code: str
    product: str
    colour_names: Mapping[str, str]
    colour: str
    size: str
    fit: str
    available: bool


async def choices(products: Iterable[str]) -> dict[str, list[Choice]]:
    """What can be bought of each published product (by slug): its active SKUs in the order of its page."""
    rows = (
        await Sku.filter(
            published_where("variant__product__"),
            variant__product__slug__in=list(dict.fromkeys(products)),
            variant__active=True,
            active=True,
        )
        .order_by("variant__position", "fit", "position", "id")
        .values(
            "code",
            "size",
            "fit",
            "stock",
            product="variant__product__slug",
            colour="variant__colour__slug",
            colour_names="variant__colour__names",
        )
    )
    found: dict[str, list[Choice]] = {}
    for row in rows:
        found.setdefault(row["product"], []).append(
            Choice(
                code=row["code"],
                product=row["product"],
                colour_names=row["colour_names"],
                colour=row["colour"],
                size=row["size"],
                fit=row["fit"].value,
                available=row["stock"] is None or row["stock"] > 0,
            )
        )
    return found


async def called_now(slugs: Iterable[str]) -> dict[str, str]:
    """Slugs that products have left, to those that they have now; one that no product has left is not among them."""
    left = {urls.product(slug, DEFAULT_LANGUAGE): slug for slug in slugs}
    rows = await SlugRedirect.filter(old_path__in=list(left)).values_list("old_path", "new_path")
    return {left[old]: product_of(new) for old, new in rows}


async def renamed_to(slug: str) -> str | None:
    """The slug that a product has now that has left this one; none where no product has."""
    return (await called_now([slug])).get(slug)


def product_of(path: str) -> str:
    """The slug in a product's address, or in that of its colour or story."""
    return path.split("/")[2]


async def _names(product_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    names: dict[int, dict[str, str]] = {}
    ids = list(product_ids)
    if ids:
        for id_, lang, name in await ProductText.filter(product_id__in=ids).values_list("product_id", "lang", "name"):
            names.setdefault(id_, {})[lang] = name
    return names


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
