"""What staff and the calendar change, and the pages that hear of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from commerce_api.foundation.db.tx import NoTransaction, atomic
from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog import renaming, service, stock
from commerce_api.shop.catalog.errors import (
    BadDiscount,
    BadPrice,
    BadSchedule,
    BadSlug,
    BadStock,
    BadTransition,
    ProductIncomplete,
    ProductUnknown,
    SkuUnknown,
    SlugTaken,
)
from commerce_api.shop.catalog.models import Product, ProductStatus, Sku, SlugRedirect
from commerce_api.shop.catalog.service import NEXT
from commerce_api.shop.catalog.stock import StockLine
from tests.commerce_api.shop.catalog.builders import a_colour, a_product, add, counts, stale

pytestmark = pytest.mark.anyio

T = TypeVar("T")

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
PAGES = {"product:kolos-tee", "category:t-shirts", "catalog", "home"}
S = "TC-KOLOS-TEE-COAL-S"


async def done(change: Awaitable[T]) -> T:
    async with atomic():
        return await change


async def refused(kind: type[ShopError], change: Callable[[], Awaitable[object]]) -> ShopError:
    """The refusal of `change`; nothing may have become stale by it."""
    before = await stale()
    with pytest.raises(kind) as raised:
        async with atomic():
            await change()
    assert await stale() == before
    return raised.value


async def redirects() -> dict[str, str]:
    return dict(await SlugRedirect.all().values_list("old_path", "new_path"))


@pytest.fixture
async def tee(database: Settings) -> Settings:
    """A published tee with three pieces of S."""
    await add(a_product(colours=(a_colour(stock=counts(S=3)),)))
    return database


async def test_services_refuse_to_write_outside_a_transaction(tee: Settings) -> None:
    changes: list[Callable[[], Awaitable[object]]] = [
        lambda: service.change_price("kolos-tee", 90_000, 0),
        lambda: service.set_status("kolos-tee", ProductStatus.ARCHIVED),
        lambda: renaming.rename_slug("kolos-tee", "wheat-tee"),
        lambda: service.set_stock(S, 1),
        service.publish_due,
    ]
    for change in changes:
        with pytest.raises(NoTransaction):
            await change()


async def test_a_new_price_makes_the_pages_stale_that_show_it(tee: Settings) -> None:
    changes = await done(service.change_price("kolos-tee", 95_000, 10))
    assert changes == {"price": (89_000, 95_000), "discount_percent": (0, 10)}
    assert await stale() == PAGES


async def test_the_same_price_again_changes_nothing(tee: Settings) -> None:
    assert await done(service.change_price("kolos-tee", 89_000, 0)) == {}
    assert await stale() == set()


async def test_who_changes_only_the_discount_leaves_the_price_of_a_colleague_alone(tee: Settings) -> None:
    # given a new price that came after the discount's author had looked
    await done(service.change_price("kolos-tee", 95_000))
    # when
    changes = await done(service.change_price("kolos-tee", discount_percent=10))
    # then
    assert changes == {"discount_percent": (0, 10)}
    product = await Product.get(slug="kolos-tee")
    assert (product.price, product.discount_percent) == (95_000, 10)


@pytest.mark.parametrize("price", [0, -100, 89_050, 10_000_100])
async def test_a_price_that_no_shelf_carries_is_refused(tee: Settings, price: int) -> None:
    await refused(BadPrice, lambda: service.change_price("kolos-tee", price, 0))


@pytest.mark.parametrize("discount", [-1, 91])
async def test_a_discount_outside_the_rule_is_refused(tee: Settings, discount: int) -> None:
    await refused(BadDiscount, lambda: service.change_price("kolos-tee", 89_000, discount))


async def test_an_unknown_product_is_named(tee: Settings) -> None:
    error = await refused(ProductUnknown, lambda: service.change_price("no-tee", 89_000, 0))
    assert error.details == {"slug": "no-tee"}


@pytest.mark.parametrize("new", list(ProductStatus))
@pytest.mark.parametrize("old", list(ProductStatus))
async def test_a_status_leads_only_where_the_table_says(
    sqlite_database: Settings, old: ProductStatus, new: ProductStatus
) -> None:
    # given
    await add(replace(a_product(), status=old.value, publish_at=NOON if old == "scheduled" else None))
    later = NOON + timedelta(days=1) if new is ProductStatus.SCHEDULED else None

    # when the same is asked for, or what the table allows
    if (old, None) == (new, later) or new in NEXT[old]:
        await done(service.set_status("kolos-tee", new, later))
        assert (await Product.get(slug="kolos-tee")).status is new
    else:
        await refused(BadTransition, lambda: service.set_status("kolos-tee", new, later))


async def test_what_was_public_never_becomes_a_dead_link(tee: Settings) -> None:
    assert NEXT[ProductStatus.PUBLISHED] == {ProductStatus.ARCHIVED}


async def test_a_schedule_needs_its_time_and_nothing_else_has_one(sqlite_database: Settings) -> None:
    await add(replace(a_product(), status="draft"))
    await refused(BadSchedule, lambda: service.set_status("kolos-tee", ProductStatus.SCHEDULED))
    await refused(BadSchedule, lambda: service.set_status("kolos-tee", ProductStatus.PUBLISHED, NOON))


async def test_a_product_that_shoppers_could_not_read_is_not_published(sqlite_database: Settings) -> None:
    await add(replace(a_product(), status="draft", words={}, colours=(a_colour(pictures=()),)))
    error = await refused(ProductIncomplete, lambda: service.set_status("kolos-tee", ProductStatus.PUBLISHED))
    assert error.details["missing"] == [
        "name, lead and description in uk are needed",
        "colour coal needs a picture",
    ]


async def test_scheduled_products_appear_when_their_time_has_come(database: Settings) -> None:
    # given
    await add(
        replace(a_product(), status="scheduled", publish_at=NOON),
        replace(a_product("maky-tee"), status="scheduled", publish_at=NOON + timedelta(hours=1)),
    )

    # when, then
    async with atomic():
        with clock.frozen(NOON - timedelta(seconds=1)):
            assert await service.publish_due() == ()
        with clock.frozen(NOON):
            assert await service.publish_due() == ("kolos-tee",)
            assert await service.publish_due() == ()
    assert await stale() == PAGES
    product = await Product.get(slug="kolos-tee")
    assert (product.status, product.publish_at) == ("published", None)


async def test_a_renamed_product_is_found_under_every_old_address_in_one_step(tee: Settings) -> None:
    # when it is renamed twice
    await done(renaming.rename_slug("kolos-tee", "wheat-tee"))
    await done(renaming.rename_slug("wheat-tee", "rye-tee"))

    # then
    assert await redirects() == {
        "/product/kolos-tee/": "/product/rye-tee/",
        "/product/kolos-tee/coal/": "/product/rye-tee/coal/",
        "/product/wheat-tee/": "/product/rye-tee/",
        "/product/wheat-tee/coal/": "/product/rye-tee/coal/",
    }
    assert await Sku.exists(code=S)
    assert {"product:kolos-tee", "product:wheat-tee", "product:rye-tee", "all"} <= await stale()


async def test_a_product_may_take_its_old_address_back_without_a_loop(tee: Settings) -> None:
    await done(renaming.rename_slug("kolos-tee", "wheat-tee"))
    await done(renaming.rename_slug("wheat-tee", "kolos-tee"))
    assert await redirects() == {
        "/product/wheat-tee/": "/product/kolos-tee/",
        "/product/wheat-tee/coal/": "/product/kolos-tee/coal/",
    }


async def test_an_address_that_is_or_was_another_products_is_refused(tee: Settings) -> None:
    await add(a_product("maky-tee"), a_product("vikno-tee"))
    await done(renaming.rename_slug("maky-tee", "poppy-tee"))
    await refused(SlugTaken, lambda: renaming.rename_slug("kolos-tee", "vikno-tee"))
    await refused(SlugTaken, lambda: renaming.rename_slug("kolos-tee", "maky-tee"))


@pytest.mark.parametrize("slug", ["story", "page", "Wheat", "wheat tee", "", "w" * 41])
async def test_a_slug_that_is_no_address_is_refused(tee: Settings, slug: str) -> None:
    await refused(BadSlug, lambda: renaming.rename_slug("kolos-tee", slug))


async def test_a_count_is_set_without_touching_what_orders_hold(tee: Settings) -> None:
    # given
    async with atomic():
        await stock.reserve([StockLine(S, 1)])

    # when
    assert await done(service.set_stock(S, 7)) == {"stock": (2, 7)}

    # then
    sku = await Sku.get(code=S)
    assert (sku.stock, sku.reserved, sku.opening_stock) == (7, 1, 3)
    assert await done(service.set_stock(S, None)) == {"stock": (7, None)}
    assert await stale() == PAGES


async def test_a_count_below_zero_or_of_nothing_is_refused(tee: Settings) -> None:
    await refused(BadStock, lambda: service.set_stock(S, -1))
    await refused(SkuUnknown, lambda: service.set_stock("TC-NO-S", 1))
