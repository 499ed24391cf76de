"""A courier to the door: the form without scripts, its sums, its ways to pay, and what the order then says."""

from collections.abc import AsyncIterator
from html import unescape

import httpx2
import pytest

from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.shop.orders.models import Order
from commerce_api.shop.payments.gateway import PaymentGateway
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping import choices
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.directory import find_cities
from tests.commerce_api.shop.cart.builders import put_on_shelf, shop_front, shopper
from tests.commerce_api.shop.checkout.builders import FORM, fill, hidden
from tests.commerce_api.shop.settlement.builders import desk
from tests.commerce_api.shop.shipping.builders import mirrored

pytestmark = pytest.mark.anyio
DOOR = {"way": "courier", "street": "вул. Франка", "house": "5а", "flat": "12", "payment": "online_full"}


@pytest.fixture
async def client(database: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A shopper with a T-shirt, of a shop that has a bank and a carrier."""
    line = await mirrored()
    app = shop_front(database, ports={Carrier: line.carrier(), **desk().ports})
    async with shopper(app, database) as made:
        await fill(made, {(await put_on_shelf())["M"]: 1})
        yield made


async def city_token(name: str, settings: Settings) -> str:
    city = (await find_cities(name))[0]
    return choices.city_token(city.ref, city.name, settings.secret_key)


async def opened(client: httpx2.AsyncClient, path: str = "/checkout/", **typed: str) -> dict[str, str]:
    """The form filled in for a door, with the key and the sum of the page."""
    page = (await client.get(path)).text
    form = {**FORM, **DOOR, "key": hidden(page, "key"), "expected_total": hidden(page, "expected_total")}
    return {**form, **typed}


def said(page: str) -> str:
    """What a page says of the days."""
    return page.partition("data-arrival>")[2].partition("<")[0]


async def test_the_page_offers_a_door_with_its_price_and_the_autofill_that_browsers_know(
    client: httpx2.AsyncClient,
) -> None:
    page = unescape((await client.get("/checkout/")).text)

    assert 'name="way" value="point" checked' in page
    assert 'name="way" value="courier"' in page
    assert "Від 120\u00a0₴. Оплата карткою на сайті." in page
    assert "Від 70\u00a0₴." in page
    for name, known_as in (("city", "address-level2"), ("street", "address-line1"), ("flat", "address-line2")):
        field = page[page.index(f'id="{name}" name="{name}"') :].partition(">")[0]
        assert f'autocomplete="{known_as}"' in field


async def test_an_order_to_a_door_is_told_its_sum_first_and_placed_by_the_next_press(
    client: httpx2.AsyncClient, database: Settings
) -> None:
    form = await opened(client, city="Дземброня")

    told = await client.post("/checkout/", data=form)
    again = {**form, **{name: hidden(told.text, name) for name in ("key", "expected_total")}}
    placed = await client.post("/checkout/", data=again)

    assert told.status_code == 409
    assert again["expected_total"] == "101000"
    assert 'name="way" value="courier" checked' in told.text
    assert 'value="вул. Франка"' in told.text
    assert placed.status_code == 303, placed.text
    assert "pay" in placed.headers["location"]
    order = await Order.get()
    assert (order.delivery_kind, order.city, order.branch) == (
        DeliveryKind.COURIER,
        "Дземброня",
        "вул. Франка, 5а, 12",
    )
    assert (order.shipping, order.payable, order.branch_ref) == (12_000, 101_000, "")
    page = unescape((await client.get(f"/order/{order.token}/")).text)
    assert "Дземброня, вул. Франка, 5а, кв. 12" in page
    assert texts("uk")("delivery.ways.courier") in page


async def test_a_city_of_the_directory_brings_the_carriers_own_price(
    client: httpx2.AsyncClient, database: Settings
) -> None:
    form = await opened(client, city="lviv")
    looked = (await client.post("/checkout/", data={**form, "act": "places"})).text
    token = await city_token("Львів", database)
    assert f'<option value="{token}" selected>' in looked
    assert 'name="branch_token"' not in looked
    picked = {**form, "city_token": token, **{n: hidden(looked, n) for n in ("key", "expected_total")}}

    placed = await client.post("/checkout/", data=picked)

    assert placed.status_code == 303, placed.text
    order = await Order.get()
    assert (order.city, order.shipping) == ("Львів", 11_900)
    assert order.city_ref


async def test_without_scripts_the_day_follows_the_way_and_the_city(client: httpx2.AsyncClient) -> None:
    tuesday = clock.now().replace(year=2026, month=11, day=3, hour=8)
    with clock.frozen(tuesday):
        form = await opened(client, city="lviv")
        first = unescape((await client.get("/checkout/")).text)
        door = unescape((await client.post("/checkout/", data={**form, "act": "places"})).text)
        unknown = unescape((await client.post("/checkout/", data={**form, "city": "Дземброня", "act": "places"})).text)
        here = unescape((await client.post("/checkout/", data={**form, "city": "Київ", "act": "places"})).text)

    assert said(first) == said(unknown) == "Отримаєте орієнтовно пт, 6\u00a0листопада – нд, 8\u00a0листопада."
    assert said(door) == "Отримаєте орієнтовно сб, 7\u00a0листопада."
    assert said(here) == "Отримаєте орієнтовно пт, 6\u00a0листопада."


async def test_a_list_that_was_made_before_the_word_was_changed_leads_nobody_to_the_wrong_city(
    client: httpx2.AsyncClient, database: Settings
) -> None:
    form = await opened(client, city="Полтава", city_token=await city_token("Львів", database), expected_total="101000")

    placed = await client.post("/checkout/", data=form)

    assert placed.status_code == 303, placed.text
    assert (await Order.get()).city == "Полтава"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"street": ""}, "errors.street_missing"),
        ({"house": ""}, "errors.house_missing"),
        ({"city": ""}, "errors.city_missing"),
        ({"house": "5" * 21}, "errors.house_too_long"),
        ({"payment": "cod"}, "errors.payment_not_allowed"),
        ({"payment": "prepay_200"}, "errors.payment_not_allowed"),
    ],
)
async def test_what_a_door_lacks_is_said_at_its_field_and_nothing_typed_is_lost(
    client: httpx2.AsyncClient, change: dict[str, str], words: str
) -> None:
    form = await opened(client, **change)

    refused = await client.post("/checkout/", data=form)

    page = unescape(refused.text)
    assert refused.status_code == 422
    assert texts("uk")(words) in page
    name = next(iter(change))
    assert f'id="{name}-error"' in page
    for field in ("name", "city", "street", "house", "flat"):
        assert f'value="{form[field]}"' in page
    assert await Order.all().count() == 0


async def test_nobody_is_bothered_with_fields_of_the_other_way(client: httpx2.AsyncClient) -> None:
    door = await opened(client, branch="--", branch_token="x" * 90, expected_total="101000")
    assert (await client.post("/checkout/", data=door)).status_code == 303
    point = {**FORM, "street": "x", "house": "5" * 30, "way": "point"}
    await fill(client, {(await Order.get().prefetch_related("lines")).lines[0].sku: 1})
    page = (await client.get("/checkout/")).text
    point |= {name: hidden(page, name) for name in ("key", "expected_total")}
    assert (await client.post("/checkout/", data=point)).status_code == 303


async def test_a_house_that_a_browser_filled_in_with_the_street_is_taken_from_there(client: httpx2.AsyncClient) -> None:
    form = await opened(client, street="вул. Франка, 5а", house="", expected_total="101000")

    placed = await client.post("/checkout/", data=form)

    assert placed.status_code == 303, placed.text
    assert (await Order.get()).branch == "вул. Франка, 5а, 12"


async def test_the_english_page_says_it_in_english(client: httpx2.AsyncClient) -> None:
    form = await opened(client, "/en/checkout/", expected_total="101000")

    placed = await client.post("/en/checkout/", data=form)

    assert placed.status_code == 303, placed.text
    order = await Order.get()
    page = unescape((await client.get(f"/en/order/{order.token}/")).text)
    assert "вул. Франка, 5а, flat 12" in page
    assert "Courier to your door" in page


async def test_cash_stays_open_to_points_and_closed_to_doors(client: httpx2.AsyncClient) -> None:
    form = await opened(client)

    looked = unescape((await client.post("/checkout/", data={**form, "payment": "cod", "act": "places"})).text)

    assert looked.count(texts("uk")("pay_reason.needs_branch")) >= 2
    assert 'id="payment-cod" name="payment" value="cod" required disabled' in looked
    assert 'id="payment-online_full" name="payment" value="online_full" required checked' in looked


async def test_without_a_bank_no_door_is_offered_because_it_could_not_be_paid(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    app = shop_front(sqlite_database)
    assert PaymentGateway not in app.state._state.get("ports", {})
    async with shopper(app, sqlite_database) as client:
        await fill(client, {codes["M"]: 1})
        page = (await client.get("/checkout/")).text

    assert 'name="way"' not in page
    assert 'name="street"' not in page
