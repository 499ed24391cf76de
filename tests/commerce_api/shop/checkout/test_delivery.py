"""Where an order goes: chosen from the directory, typed by hand, or brought to a door; and what that costs."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from datetime import date
from typing import Any

import httpx2
import pytest

from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.background import Background
from commerce_api.shop.orders.models import Order
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping import choices
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.directory import find_cities
from commerce_api.shop.shipping.models import Branch, DeliveryQuote
from commerce_api.shop.shipping.quotes import PATIENCE
from commerce_api.shop.shipping.states import PointKind
from tests.commerce_api.shop.cart.builders import put_on_shelf, shop_front, shopper
from tests.commerce_api.shop.checkout.builders import FORM, QUOTE, buy, fill, hidden, tokens, total_at
from tests.commerce_api.shop.shipping.builders import Line, a_point, later, mirrored
from tests.commerce_api.statements import statements

pytestmark = pytest.mark.anyio


@pytest.fixture
async def line(sqlite_database: Settings) -> Line:
    """A carrier whose directory we have."""
    return await mirrored()


@pytest.fixture
async def client(sqlite_database: Settings, line: Line) -> AsyncIterator[httpx2.AsyncClient]:
    """A shopper of a shop that is connected to it."""
    app = shop_front(sqlite_database, ports={Carrier: line.carrier()})
    async with shopper(app, sqlite_database) as made:
        yield made


async def test_a_chosen_branch_is_priced_by_the_carrier_and_kept_with_its_references(
    client: httpx2.AsyncClient, line: Line, sqlite_database: Settings
) -> None:
    codes, point = await put_on_shelf(), await a_point("Львів")
    await fill(client, {codes["M"]: 1})
    told = await total_at(client, tokens(point, sqlite_database))

    answer = await buy(client, told["payable"], delivery=tokens(point, sqlite_database))

    assert answer.status_code == 201, answer.text
    assert told["shipping"] == 7_400
    order = await Order.get()
    assert (order.city, order.branch, order.delivery_kind) == ("Львів", point.name, DeliveryKind.BRANCH)
    assert (order.city_ref, order.branch_ref, order.shipping) == (point.city_ref, point.ref, 7_400)


async def test_placing_an_order_asks_the_carrier_nothing(
    client: httpx2.AsyncClient, line: Line, sqlite_database: Settings
) -> None:
    codes, point = await put_on_shelf(), await a_point("Львів")
    await fill(client, {codes["M"]: 1})
    told = await total_at(client, tokens(point, sqlite_database))
    line.asked.clear()
    line.broken["*"] = "silent"

    with statements() as seen:
        answer = await buy(client, told["payable"], delivery=tokens(point, sqlite_database))

    assert answer.status_code == 201
    assert line.asked == []
    assert len(seen) <= 15


async def test_with_the_carrier_away_settings_speak_and_the_order_is_placed(
    client: httpx2.AsyncClient, line: Line, sqlite_database: Settings
) -> None:
    codes, point = await put_on_shelf(), await a_point("Львів")
    total = await fill(client, {codes["M"]: 1})
    line.broken["*"] = "silent"

    told = await total_at(client, tokens(point, sqlite_database))
    answer = await buy(client, total, delivery=tokens(point, sqlite_database))

    assert (told["shipping"], told["payable"]) == (8_000, total)
    assert answer.status_code == 201


async def test_a_sum_by_the_settings_holds_although_the_carrier_has_spoken_since(
    client: httpx2.AsyncClient, line: Line, sqlite_database: Settings
) -> None:
    codes, point = await put_on_shelf(), await a_point("Львів")
    total = await fill(client, {codes["M"]: 1})
    await total_at(client, tokens(point, sqlite_database))

    answer = await buy(client, total, delivery=tokens(point, sqlite_database))

    assert answer.status_code == 201
    assert (await Order.get()).shipping == 8_000


async def test_words_typed_by_hand_are_always_taken(client: httpx2.AsyncClient, line: Line) -> None:
    codes = await put_on_shelf()
    total = await fill(client, {codes["M"]: 1})
    line.broken["*"] = "silent"

    answer = await buy(client, total, delivery={"city": "Криворівня", "branch": "біля школи"})

    assert answer.status_code == 201
    assert (await Order.get()).branch_ref == ""


async def test_forged_stale_and_mixed_choices_are_refused_with_words(
    client: httpx2.AsyncClient, sqlite_database: Settings
) -> None:
    codes, point, other = await put_on_shelf(), await a_point("Львів"), await a_point("Полтава")
    total = await fill(client, {codes["M"]: 1})
    good, foreign = tokens(point, sqlite_database), tokens(other, sqlite_database)
    forged = tokens(point, replace(sqlite_database, secret_key="k" * 40))
    wrong: list[dict[str, Any]] = [
        forged,
        {**good, "city_token": foreign["city_token"]},
        {**good, "branch_token": point.ref},
        {"courier": {"city_token": forged["city_token"], "street": "вул. Франка", "house": "5"}},
    ]
    for delivery in wrong:
        refused = await buy(client, total, delivery=delivery)
        assert (refused.status_code, refused.json()["code"]) == (422, "choice_unknown"), delivery
    await Branch.filter(ref=point.ref).update(open=False)
    assert (await buy(client, total, delivery=good)).json()["code"] == "choice_unknown"
    for delivery in (
        {**good, "city": "Львів"},
        {"branch_token": good["branch_token"]},
        {"city_token": good["city_token"]},
    ):
        refused = await buy(client, total, delivery=delivery)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid"), delivery
    assert await Order.all().count() == 0


async def test_a_courier_goes_to_a_door_in_a_chosen_city(client: httpx2.AsyncClient, sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    city = (await find_cities("Львів"))[0]
    await fill(client, {codes["M"]: 1})
    token = choices.city_token(city.ref, city.name, sqlite_database.secret_key)
    door = {"courier": {"city_token": token, "street": "вул. Франка", "house": "5", "flat": "12"}}
    told = await total_at(client, door)
    closed = {one["kind"]: one.get("reason") for one in told["payments"]}

    refused = await buy(client, told["payable"], delivery=door)

    assert told["shipping"] == 11_900
    assert closed["cod"] == "needs_branch"
    assert refused.json()["code"] == "payment_not_allowed"


async def test_a_locker_has_its_limits_and_some_take_no_cash(
    client: httpx2.AsyncClient, sqlite_database: Settings
) -> None:
    codes = await put_on_shelf(price=10_000)
    without = await a_point("Львів", PointKind.LOCKER, cash=False)
    locker = await a_point("Львів", PointKind.LOCKER)
    await fill(client, {codes["M"]: 1})
    told = await total_at(client, tokens(without, sqlite_database))

    assert {one["kind"]: one.get("reason") for one in told["payments"]}["cod"] == "no_cash_here"
    no_cash = await buy(client, told["payable"], delivery=tokens(without, sqlite_database))
    assert (no_cash.json()["code"], no_cash.json()["reason"]) == ("payment_not_allowed", "no_cash_here")
    line = (await client.get("/api/v1/cart")).json()["lines"][0]["id"]
    await client.patch(f"/api/v1/cart/lines/{line}", json={"quantity": 16})  # 16 tees are 64 cm high
    too_big = await client.post(QUOTE, json={"delivery": tokens(locker, sqlite_database)})
    assert (too_big.status_code, too_big.json()["code"], too_big.json()["reason"]) == (422, "parcel_too_big", "size")
    await Branch.filter(ref=locker.ref).update(max_weight_g=1_000, width_cm=0, length_cm=0, height_cm=0)
    total = (await client.get("/api/v1/cart")).json()["total"]
    too_heavy = await buy(client, total, delivery=tokens(locker, sqlite_database))
    assert (too_heavy.status_code, too_heavy.json()["reason"]) == (422, "weight")


async def test_the_carriers_price_is_asked_once_in_a_quarter_of_an_hour(
    client: httpx2.AsyncClient, line: Line, sqlite_database: Settings
) -> None:
    codes, point = await put_on_shelf(), await a_point("Львів")
    await fill(client, {codes["M"]: 1})
    for _ in range(3):
        await total_at(client, tokens(point, sqlite_database))
    assert line.asked == ["getDocumentPrice", "getDocumentDeliveryDate"]
    with later(minutes=16):
        await total_at(client, tokens(point, sqlite_database))
    assert len(line.asked) == 4
    assert await DeliveryQuote.all().count() == 1


async def test_a_carrier_that_is_slow_costs_a_shopper_a_moment_and_tells_the_next_one(
    line: Line, sqlite_database: Settings
) -> None:
    answered, background = asyncio.Event(), Background(patience=0)
    codes, point = await put_on_shelf(), await a_point("Львів")
    app = shop_front(sqlite_database, ports={Carrier: line.carrier()}, background=background)
    async with shopper(app, sqlite_database) as client:
        await fill(client, {codes["M"]: 1})
        line.held = answered
        first = await total_at(client, tokens(point, sqlite_database))
        answered.set()
        await background.finish()
        second = await total_at(client, tokens(point, sqlite_database))

    assert (first["shipping"], second["shipping"]) == (8_000, 7_400)
    assert line.asked == ["getDocumentPrice", "getDocumentDeliveryDate"]


class Glance(Background):
    """Waits for nothing, and notes for how many seconds it was asked to."""

    def __init__(self) -> None:
        super().__init__(patience=0)
        self.asked: list[float | None] = []

    async def within(self, work: Coroutine[Any, Any, None], most: float | None = None) -> bool:
        self.asked.append(most)
        return await super().within(work, most)


async def test_one_shopper_waits_in_vain_for_a_carrier_that_hangs_and_nobody_after_them_until_it_answers(
    line: Line, sqlite_database: Settings
) -> None:
    answered, background = asyncio.Event(), Glance()
    codes = await put_on_shelf()
    cities = [tokens(await a_point(name), sqlite_database) for name in ("Львів", "Полтава", "Одеса", "Суми")]
    app = shop_front(sqlite_database, ports={Carrier: line.carrier()}, background=background)
    async with shopper(app, sqlite_database) as client:
        await fill(client, {codes["M"]: 1})
        line.held = answered
        hanging = [(await total_at(client, city))["shipping"] for city in cities[:3]]
        answered.set()
        await background.finish()
        await total_at(client, cities[3])
        await background.finish()

    assert hanging == [8_000, 8_000, 8_000]
    assert background.asked == [PATIENCE, 0, 0, PATIENCE]
    assert await DeliveryQuote.all().count() == 4, "each was asked in the background all the same"


async def test_the_day_is_the_carriers_own(
    client: httpx2.AsyncClient, sqlite_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes, point = await put_on_shelf(stock={"M": 3}), await a_point("Львів")
    await fill(client, {codes["M"]: 1})
    tuesday = clock.now().replace(year=2026, month=11, day=3, hour=8)
    with clock.frozen(tuesday):
        told = await total_at(client, tokens(point, sqlite_database))

        english = await client.post(
            QUOTE, json={"delivery": tokens(point, sqlite_database)}, headers={"accept-language": "en"}
        )

    assert (told["day_from"], told["day_to"]) == (str(date(2026, 11, 5)), str(date(2026, 11, 5)))
    assert told["arrival"] == "Отримаєте орієнтовно чт, 5\u00a0листопада."
    assert english.json()["arrival"] == "Expect it about Thu, 5\u00a0November."


async def test_without_scripts_a_shopper_looks_the_words_up_and_picks_a_point(
    client: httpx2.AsyncClient, sqlite_database: Settings
) -> None:
    codes, point = await put_on_shelf(), await a_point("Львів", typed="відділення 12")
    await fill(client, {codes["M"]: 1})
    page = (await client.get("/checkout/")).text
    form = {**FORM, "city": "lviv", "key": hidden(page, "key"), "expected_total": hidden(page, "expected_total")}

    looked = await client.post("/checkout/", data={**form, "act": "places"})
    picked = tokens(point, sqlite_database)

    assert looked.status_code == 200
    assert picked["city_token"] in looked.text
    assert picked["branch_token"] in looked.text
    assert await Order.all().count() == 0
    placed = await client.post("/checkout/", data={**form, **picked, "key": hidden(looked.text, "key")})
    assert placed.status_code == 303, placed.text
    assert (await Order.get()).branch_ref == point.ref


async def test_a_page_with_a_forged_choice_comes_back_with_words_and_everything_typed(
    client: httpx2.AsyncClient,
) -> None:
    codes = await put_on_shelf()
    await fill(client, {codes["M"]: 1})
    page = (await client.get("/checkout/")).text
    form = {**FORM, "key": hidden(page, "key"), "expected_total": hidden(page, "expected_total")}

    refused = await client.post("/checkout/", data={**form, "city_token": "x.y", "branch_token": "x.z"})

    assert refused.status_code == 422
    assert "Оберіть ще раз" in refused.text
    assert "увечері" in refused.text
    assert "x.z" not in refused.text


async def test_a_parcel_too_big_for_its_locker_is_told_at_the_field(
    client: httpx2.AsyncClient, sqlite_database: Settings
) -> None:
    codes, locker = await put_on_shelf(price=10_000), await a_point("Львів", PointKind.LOCKER)
    await fill(client, {codes["M"]: 16})
    page = (await client.get("/checkout/")).text
    form = {**FORM, "city": "Львів", "key": hidden(page, "key"), "expected_total": hidden(page, "expected_total")}

    refused = await client.post("/checkout/", data={**form, **tokens(locker, sqlite_database)})

    assert refused.status_code == 422
    assert "Посилка завелика для цього поштомата" in refused.text
