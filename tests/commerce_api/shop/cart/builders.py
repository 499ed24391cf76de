"""A shelf to buy from, a shop front to buy at, and shoppers with cookies of their own."""

import json
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
from starlette.applications import Starlette
from tortoise.connection import get_connection

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit.money import hryvnias
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import THEME
from commerce_api.foundation.web.application import make_application
from commerce_api.shop.cart import api as cart_api
from commerce_api.shop.cart import pages as cart_pages
from commerce_api.shop.catalog.models import (
    Category,
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
from commerce_api.shop.checkout import api as checkout_api
from commerce_api.shop.checkout import desk_api, order_pages
from commerce_api.shop.checkout import pages as checkout_pages
from commerce_api.shop.orders import api as orders_api
from commerce_api.shop.pricing.codes import CodeKind
from commerce_api.shop.promotions import making
from commerce_api.shop.settlement import api as settlement_api
from commerce_api.shop.settlement import pages as settlement_pages
from commerce_api.shop.settlement import webhook

_number = count(1)


async def put_on_shelf(
    slug: str = "kolos-tee",
    *,
    price: int = hryvnias(890),
    stock: Mapping[str, int | None] | None = None,
    name: str = "Футболка «Колос»",
    status: ProductStatus = ProductStatus.PUBLISHED,
) -> dict[str, str]:
    """A published product in coal; `stock` is the count of each size, None for made to order. SKU codes by size."""
    category = await Category.get_or_none(slug="t-shirts") or await Category.create(slug="t-shirts", kind=Kind.TEE)
    colour = await Colour.get_or_none(slug="coal") or await Colour.create(
        slug="coal", hex="#17181b", names={"uk": "вугілля", "en": "coal"}
    )
    product = await Product.create(
        slug=slug,
        category=category,
        kind=Kind.TEE,
        status=status,
        print="kolos",
        price=price,
        points=44,
        added=date(2026, 8, 1),
        fits=["classic"],
        updated_at=datetime(2026, 8, 1, tzinfo=UTC),
    )
    for lang, title in (("uk", name), ("en", f"{slug} in English")):
        await ProductText.create(
            product=product,
            lang=lang,
            name=title,
            lead="",
            seo_title="",
            seo_description="",
            description_md="",
            description_html="",
        )
    variant = await ColorVariant.create(product=product, colour=colour)
    await ProductImage.create(
        variant=variant,
        position=0,
        side="front",
        path=f"{slug}/f.avif",
        key=f"{slug}-1f",
        width=1200,
        height=1500,
        alt={},
    )
    codes = {}
    for size, left in (stock or {"M": None}).items():
        codes[size] = f"TC-{slug.upper()}-COAL-{size}"
        await Sku.create(variant=variant, code=codes[size], size=size, fit=Fit.CLASSIC, stock=left)
    return codes


async def promo(code: str = "DROP10", kind: CodeKind = CodeKind.PERCENT, value: int = 10, **terms: Any) -> str:
    """A code that takes a tenth off, unless said otherwise."""
    return await transact(lambda: making.create(making.NewPromo(kind, value, **terms), code))


async def reprice(slug: str, price: int) -> None:
    """Somebody in the office changes a price."""
    await Product.filter(slug=slug).update(price=price)


async def take_off_shelf(slug: str) -> None:
    """Somebody in the office archives a product."""
    await Product.filter(slug=slug).update(status=ProductStatus.ARCHIVED)


async def note_nothing(account_id: int, action: str, subject: str, changes: Mapping[str, object]) -> None:
    """An audit log that forgets."""


def lay_out_assets(settings: Settings) -> None:
    """Addresses for the assets that pages name, as a built site has them."""
    kinds = tomllib.loads((THEME / "css" / "kinds.toml").read_text("utf-8"))
    names = [f"{folder}/{kind}.{folder}" for folder in ("css", "js") for kind in kinds]
    names += ["fonts/unbounded.woff2", "fonts/onest.woff2", "icons/favicon.svg"]
    names += ["icons/favicon-32.png", "icons/apple-touch-180.png"]
    names += ["css/search-box.css", "js/search-box.js", "js/search-worker.js"]
    manifest = Path(settings.build_dir) / "current" / "assets" / "manifest.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps({name: f"/assets/{name}" for name in names}))


def shop_front(settings: Settings, **options: Any) -> Starlette:
    """The pages and calls of cart, checkout and orders as one application, with addresses for the assets."""
    lay_out_assets(settings)
    audit = options.pop("audit", note_nothing)
    return make_application(
        settings,
        operations=[
            *cart_api.OPERATIONS,
            *checkout_api.OPERATIONS,
            *orders_api.operations(audit),
            *desk_api.operations(audit),
            *settlement_api.operations(audit),
        ],
        pages=[*cart_pages.PAGES, *checkout_pages.PAGES, *order_pages.PAGES, *settlement_pages.PAGES],
        routes=[*webhook.ROUTES, *options.pop("routes", ())],
        **options,
    )


@asynccontextmanager
async def shopper(app: Starlette, settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser of its own: cookies are kept, redirects are not followed."""
    transport = httpx2.ASGITransport(app=app)
    headers = {"origin": settings.site_url, "accept-language": "uk"}
    async with httpx2.AsyncClient(transport=transport, base_url=settings.site_url, headers=headers) as client:
        yield client


async def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, to see that nothing was written."""
    connection = get_connection("default")
    if connection.capabilities.dialect == "sqlite":
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    else:
        tables = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    names = sorted(row["name"] for row in await connection.execute_query_dict(tables))
    return {
        name: [dict(row) for row in await connection.execute_query_dict(f'SELECT * FROM "{name}"')] for name in names
    }
