"""The bridge to the static site: finished views, and changes that are never lost."""

import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from multiprocessing.queues import Queue

import pytest

from commerce_api import site_feed
from commerce_api.foundation.db import setup
from commerce_api.foundation.db.tx import atomic, transact
from commerce_api.foundation.publishing import service as publishing
from commerce_api.foundation.publishing import stamp as quick
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog import renaming, service, stock, storing
from commerce_api.shop.catalog.errors import BadPrice
from commerce_api.shop.catalog.files import ProductFile, Words
from commerce_api.shop.catalog.models import ProductStatus
from commerce_api.shop.catalog.stock import StockLine
from commerce_api.shop.catalog.views import SizeRow
from commerce_api.shop.shipping.top_cities import top_cities
from tests.commerce_api.shop.catalog.builders import CATEGORIES, COLOURS, a_colour, a_product, add, counts, masters
from tests.commerce_api.shop.shipping.builders import mirrored

pytestmark = pytest.mark.anyio


@pytest.fixture
async def shop(database: Settings) -> Settings:
    """A database that is migrated and closed again: the bridge opens it by itself."""
    await setup.close()
    return database


async def test_a_closed_bridge_says_so(settings: Settings) -> None:
    with pytest.raises(RuntimeError, match="opened"):
        await site_feed.read_all()


async def test_everything_published_is_read_finished_and_in_order(shop: Settings) -> None:
    # given an older hoodie with a discount and a newer tee with a dearer second colour
    hoodie = a_product(
        "sova-hoodie", category="hoodies", kind="hoodie", price=199_900, discount_percent=15, added=date(2026, 9, 1)
    )
    tee = a_product(colours=(a_colour(stock=counts(S=0, M=2)), a_colour("coal-milk", price=95_000)))
    async with site_feed.opened(shop):
        await add(hoodie, tee)

        # when
        catalog = await site_feed.read_all()

    # then
    assert [product.slug for product in catalog.products] == ["kolos-tee", "sova-hoodie"]
    assert [category.slug for category in catalog.categories] == ["t-shirts", "hoodies"]
    assert [colour.slug for colour in catalog.colours] == ["coal", "milk", "coal-milk"]
    kolos, sova = catalog.products
    assert [(v.colour.slug, v.price, v.old_price) for v in kolos.variants] == [
        ("coal", 89_000, None),
        ("coal-milk", 95_000, None),
    ]
    assert [(v.price, v.old_price) for v in sova.variants] == [(169_900, 199_900)]
    assert [(sku.code, sku.available) for sku in kolos.variants[0].skus][:3] == [
        ("TC-KOLOS-TEE-COAL-S", False),
        ("TC-KOLOS-TEE-COAL-M", True),
        ("TC-KOLOS-TEE-COAL-L", True),
    ]
    assert [image.path for image in kolos.variants[0].images] == [
        "kolos-tee/coal-front.avif",
        "kolos-tee/coal-back.avif",
    ]
    assert kolos.texts["en"].description_html == "<p>About <em>it</em>.</p>"
    assert (kolos.material, kolos.weight_g, kolos.sizes[0]) == ((("cotton", 95), ("elastane", 5)), 220, "S")
    assert sova.size_table[0] == SizeRow("XS", 54.0, 52.0, None)
    assert catalog.languages == ("uk", "en")
    assert catalog.facts.free_delivery_from == 250_000


async def test_only_complete_languages_are_told(shop: Settings) -> None:
    # given a tee whose English lacks a lead
    words = {"uk": Words("Назва", "Лід", "", "", "Опис"), "en": Words("Name", "", "", "", "Text")}
    async with site_feed.opened(shop):
        await add(a_product(words=words))

        # when
        (product,) = await site_feed.read_products(["kolos-tee"])

    # then
    assert list(product.texts) == ["uk"]
    assert (product.texts["uk"].seo_title, product.texts["uk"].seo_description) == ("Назва", "Лід")


@pytest.mark.parametrize("status", ["draft", "review", "scheduled", "archived"])
async def test_what_is_not_published_is_not_told(shop: Settings, status: str) -> None:
    async with site_feed.opened(shop):
        await add(replace(a_product(), status=status), a_product("maky-tee", print="maky"))

        catalog = await site_feed.read_all()
        named = await site_feed.read_products(["kolos-tee", "maky-tee"])

    assert [product.slug for product in catalog.products] == ["maky-tee"]
    assert [product.slug for product in named] == ["maky-tee"]
    assert ("/product/kolos-tee/" in catalog.gone) == (status == "archived")


async def test_left_addresses_lead_on_or_are_gone(shop: Settings) -> None:
    # given a renamed tee, a colour no longer sold, and an archived hoodie that was renamed before
    tee = a_product(colours=(a_colour(), a_colour("milk")))
    hoodie = a_product("sova-hoodie", category="hoodies", kind="hoodie")
    async with site_feed.opened(shop):
        await add(tee, hoodie)
        async with atomic():
            await renaming.rename_slug("kolos-tee", "wheat-tee")
            await renaming.rename_slug("sova-hoodie", "owl-hoodie")
            await service.set_status("owl-hoodie", ProductStatus.ARCHIVED)
        await add(replace(tee, slug="wheat-tee", colours=(a_colour(),)))

        # when
        catalog = await site_feed.read_all()

    # then
    redirects = dict(catalog.redirects)
    assert redirects["/product/kolos-tee/"] == "/product/wheat-tee/"
    assert redirects["/product/kolos-tee/coal/"] == "/product/wheat-tee/coal/"
    assert redirects["/product/wheat-tee/milk/"] == "/product/wheat-tee/"
    assert {"/product/owl-hoodie/", "/product/sova-hoodie/", "/product/sova-hoodie/coal/"} <= set(catalog.gone)
    assert not redirects.keys() & set(catalog.gone)
    assert not redirects.keys() & set(redirects.values())


async def test_a_change_waits_until_it_is_marked_and_later_ones_go_on_waiting(shop: Settings) -> None:
    async with site_feed.opened(shop):
        await add(a_product())
        assert await site_feed.wait_for_changes(0) is False

        # when a price changes, and another while the site is built
        async with atomic():
            await service.change_price("kolos-tee", 99_000, 0)
        assert await site_feed.wait_for_changes(5) is True
        taken = await site_feed.pending_changes()
        async with atomic():
            await service.change_price("kolos-tee", 95_000, 0)
        await site_feed.mark_built([change.id for change in taken])

        # then
        assert {change.key for change in taken} == {"product:kolos-tee", "category:t-shirts", "catalog", "home"}
        assert {change.reason for change in taken} == {"kolos-tee repriced"}
        left = await site_feed.pending_changes()
        assert len(left) == 4
        assert not {change.id for change in taken} & {change.id for change in left}


async def test_a_change_that_is_rolled_back_is_never_told(shop: Settings) -> None:
    async with site_feed.opened(shop):
        await add(a_product())

        async def change_and_fail() -> None:
            await service.change_price("kolos-tee", 99_000, 0)
            await service.change_price("kolos-tee", -1, 0)

        with pytest.raises(BadPrice):
            await transact(change_and_fail)
        assert await site_feed.wait_for_changes(0.1) is False


async def test_a_rebuild_request_wakes_the_site_and_is_answered(shop: Settings) -> None:
    async with site_feed.opened(shop):
        async with atomic():
            id_ = await publishing.request_rebuild("product", ["product:kolos-tee"], "olena")
        assert await site_feed.wait_for_changes(5) is True
        (request,) = await site_feed.rebuild_requests()
        assert request == site_feed.RebuildRequest(id_, "product", ("product:kolos-tee",))

        # when
        await site_feed.report_build(
            site_feed.BuildReport("incremental", "r1", ("/product/kolos-tee/",), (), ("olena",), 12, (), (id_,))
        )

        # then
        assert await site_feed.rebuild_requests() == ()
        outcome = await publishing.rebuild_request(id_)
        assert outcome is not None
        assert (outcome.state, outcome.pages) == ("done", 1)


def _reprice(settings: Settings, times: int, pause: float, answers: "Queue[float]") -> None:
    async def work() -> None:
        async with setup.opened(settings):
            for number in range(times):
                await asyncio.sleep(pause)
                async with atomic():
                    await service.change_price("kolos-tee", (100 + number) * 100, 0)
                answers.put(time.time())

    asyncio.run(work())


async def test_a_commit_of_another_process_is_noticed_at_once(shop: Settings) -> None:
    # given a shop that changes prices in a process of its own
    context = multiprocessing.get_context("spawn")
    answers: Queue[float] = context.Queue()
    times = 12
    noticed = []
    async with site_feed.opened(shop):
        await add(a_product())
        seller = context.Process(target=_reprice, args=(shop, times, 0.08, answers))
        seller.start()

        # when the site waits for each of them
        for _ in range(times):
            assert await site_feed.wait_for_changes(30)
            noticed.append(time.time())
            await site_feed.mark_built([change.id for change in await site_feed.pending_changes()])
        await asyncio.to_thread(seller.join, 30)

    # then none is lost, and the site wakes within a blink, not by its patrol
    committed = [answers.get(timeout=5) for _ in range(times)]
    delays = sorted(seen - done for seen, done in zip(noticed, committed, strict=True))
    assert delays[times // 2] < 0.2


async def test_whatever_changes_the_catalogue_changes_its_stamp(shop: Settings) -> None:
    tee = a_product(colours=(a_colour(stock=counts(S=1, M=2)), a_colour("coal-milk")))
    words = {**tee.words, "en": replace(tee.words["en"], lead="Rye on the chest.")}
    picture = replace(tee.colours[0].pictures[0], alt={"uk": "інше", "en": "another"})
    named = {lang: replace(text, name="Others") for lang, text in CATEGORIES[0].words.items()}
    pictured = replace(tee.colours[0], pictures=(picture, *tee.colours[0].pictures[1:]))
    small, medium = "TC-KOLOS-TEE-COAL-S", "TC-KOLOS-TEE-COAL-M"

    async def save(product: ProductFile) -> None:
        await storing.store_product(product, masters(product))

    deeds: dict[str, Callable[[], Awaitable[object]]] = {
        "price": lambda: service.change_price(tee.slug, 77_700, 0),
        "text": lambda: save(replace(tee, words=words)),
        "picture": lambda: save(replace(tee, colours=(pictured, tee.colours[1]))),
        "colour gone": lambda: save(replace(tee, colours=tee.colours[:1])),
        "sold out": lambda: stock.reserve([StockLine(small, 1)]),
        "back in stock": lambda: stock.release([StockLine(small, 1)]),
        "counted": lambda: service.set_stock(medium, 0),
        "address": lambda: renaming.rename_slug(tee.slug, "rye-tee"),
        "category": lambda: storing.store_category(replace(CATEGORIES[0], words=named), 0, "another file"),
        "palette": lambda: storing.store_colours([replace(COLOURS[0], hex="#000000"), *COLOURS[1:]]),
        "status": lambda: service.set_status("rye-tee", ProductStatus.ARCHIVED),
    }
    async with site_feed.opened(shop):
        await add(tee)
        stamp, view = await site_feed.read_stamp(), await site_feed.read_all()
        assert await site_feed.read_stamp() == stamp
        # and it can be asked of a file without opening the shop
        assert quick.read(shop) == (stamp if shop.database_url.startswith(quick.SCHEME) else "")
        for name, deed in deeds.items():
            # when something changes
            await transact(deed)
            # then what pages are made of differs, and so does the stamp
            now, again = await site_feed.read_stamp(), await site_feed.read_all()
            assert again != view, name
            assert now != stamp, name
            stamp, view = now, again
            # and building it makes no difference
            await site_feed.mark_built([change.id for change in await site_feed.pending_changes()])
            assert await site_feed.read_stamp() == stamp

    async with site_feed.opened(replace(shop, shop=replace(shop.shop, return_days=30))):
        assert await site_feed.read_stamp() != stamp


async def test_the_biggest_cities_come_along_and_another_key_signs_others(shop: Settings) -> None:
    stamps, tokens = [], []
    for settings in (shop, replace(shop, secret_key="k" * 40)):
        async with site_feed.opened(settings):
            if not await top_cities(settings.secret_key):
                await mirrored()
            view = await site_feed.read_all()
            stamps.append(await site_feed.read_stamp())
        assert view.cities[0].names == ("Київ", "Kyiv")
        tokens.append(view.cities[0].token)

    assert tokens[0] != tokens[1]
    assert stamps[0] != stamps[1]
    assert "k" * 40 not in stamps[1]
