"""Whoever waits for a size hears of it once, and is forgotten afterwards."""

from datetime import timedelta

import pytest

from commerce_api.foundation.db.tx import NoTransaction, atomic, transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.shop.catalog import restock, service, stock
from commerce_api.shop.catalog.errors import InStock, SkuUnknown
from commerce_api.shop.catalog.models import Product, RestockRequest, Sku
from commerce_api.shop.catalog.statuses import ProductStatus
from commerce_api.shop.catalog.stock import StockLine
from tests.commerce_api.shop.catalog.builders import a_colour, a_product, add, counts

pytestmark = pytest.mark.anyio

S, M, L = "TC-KOLOS-TEE-COAL-S", "TC-KOLOS-TEE-COAL-M", "TC-KOLOS-TEE-COAL-L"
OLENA = "olena@example.com"


@pytest.fixture
async def shelf(database: Settings) -> Settings:
    """S is sold out, M has one left, the other sizes are made to order."""
    await add(a_product(colours=(a_colour(stock=counts(S=0, M=1)),)))
    return database


async def ask(code: str = S, contact: str = OLENA) -> None:
    await transact(lambda: restock.ask(code, contact, "uk"))


async def arrivals() -> list[dict[str, object]]:
    return [event.payload for event in await OutboxEvent.filter(name="RestockArrived").order_by("id")]


async def contacts() -> list[str]:
    return sorted(wish.contact for wish in await RestockRequest.all())


async def set_stock(code: str, count: int | None) -> None:
    await transact(lambda: service.set_stock(code, count))


async def test_asking_twice_is_asking_once(shelf: Settings) -> None:
    # when
    await ask()
    await ask()
    await ask(contact="+380671234567")

    # then
    assert await contacts() == ["+380671234567", OLENA]


@pytest.mark.parametrize("code", [M, L])
async def test_what_can_be_bought_now_is_not_waited_for(shelf: Settings, code: str) -> None:
    with pytest.raises(InStock):
        await ask(code)
    assert not await RestockRequest.exists()


async def test_what_is_not_published_is_neither_waited_for_nor_told_of(shelf: Settings) -> None:
    # given somebody who waits for a product that is archived then
    await ask()
    await Product.all().update(status=ProductStatus.ARCHIVED)

    # when its pieces come back, and somebody else tries to find out about it
    await set_stock(S, 5)
    with pytest.raises(SkuUnknown):
        await ask(contact="+380671234567")

    # then
    assert await arrivals() == []
    assert await restock.waiting_for(S) == []


async def test_an_unknown_size_is_refused(shelf: Settings) -> None:
    with pytest.raises(SkuUnknown):
        await ask("TC-NEVER-M")
    with pytest.raises(NoTransaction):
        await restock.ask(S, OLENA, "uk")


async def test_one_person_waits_for_so_many_sizes_and_no_more(shelf: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # given room for two sizes a person and three people a size
    monkeypatch.setattr(restock, "MOST_OF_CONTACT", 1)
    monkeypatch.setattr(restock, "MOST_OF_SKU", 2)
    await Sku.filter(code=M).update(stock=0)

    # when more is asked for, the answer is the same
    for code, contact in ((S, "a@example.com"), (M, "a@example.com"), (S, "b@example.com"), (S, "c@example.com")):
        await ask(code, contact)

    # then
    kept = await RestockRequest.all().order_by("id").values_list("sku__code", "contact")
    assert kept == [(S, "a@example.com"), (S, "b@example.com")]


async def test_pieces_that_come_back_are_told_of_in_the_same_transaction(shelf: Settings) -> None:
    # given
    await ask()

    async def set_and_fail() -> None:
        await service.set_stock(S, 3)
        raise ZeroDivisionError

    # when the count is set and everything is undone
    with pytest.raises(ZeroDivisionError):
        await transact(set_and_fail)
    assert await arrivals() == []

    # when it is set for good
    await set_stock(S, 3)

    # then
    assert await arrivals() == [{"sku": S, "product": "kolos-tee"}]
    assert [wish.contact for wish in await restock.waiting_for(S)] == [OLENA]


async def test_a_cancelled_order_gives_back_what_somebody_waits_for(shelf: Settings) -> None:
    # given
    async with atomic():
        await stock.reserve([StockLine(M, 1)])
    await ask(M)

    # when
    async with atomic():
        await stock.release([StockLine(M, 1)])

    # then
    assert await arrivals() == [{"sku": M, "product": "kolos-tee"}]


async def test_nobody_is_told_while_nobody_waits_or_nothing_is_there(shelf: Settings) -> None:
    # when nobody waits
    await set_stock(S, 3)
    assert await arrivals() == []

    # when the size went again before the worker came
    await set_stock(S, 0)
    await ask()
    assert await restock.waiting_for(S) == []


async def test_who_was_told_may_wait_again_for_the_next_time(shelf: Settings) -> None:
    # given a wish that was told
    await ask()
    await set_stock(S, 1)
    for wish in await restock.waiting_for(S):
        await restock.mark_told(wish.id)
    assert await restock.waiting_for(S) == []

    # when it is gone and wanted again
    await set_stock(S, 0)
    await ask()
    await set_stock(S, 1)

    # then
    assert len(await arrivals()) == 2
    assert [wish.contact for wish in await restock.waiting_for(S)] == [OLENA]


async def test_contacts_are_forgotten_after_they_were_told_and_after_a_year(sqlite_database: Settings) -> None:
    # given four wishes: told long ago, told now, waiting for more than a year, waiting since now
    await add(a_product(colours=(a_colour(stock=counts(S=0)),)))
    now, long_ago = clock.now(), clock.now() - timedelta(days=restock.KEPT_DAYS + 1)
    year_ago = now - timedelta(days=restock.LONGEST_WAIT_DAYS + 1)
    for contact, asked, told in (
        ("told-long-ago", long_ago, long_ago),
        ("told-now", long_ago, now),
        ("in-vain", year_ago, None),
        ("waiting", now, None),
    ):
        await ask(S, contact)
        await RestockRequest.filter(contact=contact).update(created_at=asked, notified_at=told)

    # when
    assert await restock.forget() == 2

    # then
    assert await contacts() == ["told-now", "waiting"]


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_the_page_promises_the_days_that_are_kept(lang: str) -> None:
    assert f" {restock.KEPT_DAYS} " in texts(lang)("restock.consent")
