"""The till over HTTP: one order for one wish, at the price that was seen, or a refusal that names what is wrong."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import structlog
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from commerce_api.foundation import telemetry
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.models import KeptAnswer
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.orders.models import NumberCounter, Order, OrderLine, StatusChange
from commerce_api.shop.orders.queries import order_by_number
from tests import services
from tests.commerce_api.shop.cart.builders import (
    everything,
    put_on_shelf,
    reprice,
    shop_front,
    shopper,
    take_off_shelf,
)
from tests.commerce_api.shop.checkout.builders import body, buy, fill

pytestmark = pytest.mark.anyio


async def test_a_guest_buys_two_different_things_with_cash_on_delivery(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": 5})
    async with shopper(shop_front(database), database) as client:
        total = await fill(client, {codes["M"]: 1, codes["L"]: 1})
        answer = await buy(client, total, comment="Подзвоніть")
        told = answer.json()
        cart = (await client.get("/api/v1/cart")).json()
        order = (await client.get(f"/api/v1/orders/{told['token']}")).json()

    assert answer.status_code == 201
    assert told == {
        "number": told["number"],
        "token": told["token"],
        "url": f"/order/{told['token']}/",
        "payable": total,
        "due_now": 0,
        "payment": {"status": "unpaid"},
    }
    assert (cart["lines"], client.cookies["n"]) == ([], "0")
    assert (order["number"], order["status"], order["payable"], order["shipping"]) == (
        told["number"],
        "new",
        total,
        8_000,
    )
    assert order["contact"] == {
        "name": "Шевченко Оксана",
        "phone": "+380\u00a067\u00a0•••\u00a0••\u00a067",
        "email": "o•••@example.com",
    }
    assert [step["status"] for step in order["history"]] == ["new"]
    stored = await order_by_number(told["number"])
    assert (stored.phone, stored.city, stored.branch, stored.comment) == (
        "+380671234567",
        "Харків",
        "Відділення 12",
        "Подзвоніть",
    )


async def test_the_total_that_was_seen_is_the_total_that_is_charged_or_nothing_is(database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(database), database) as client:
        total = await fill(client, {codes["M"]: 1})
        await reprice("kolos-tee", 95_000)
        refused = await buy(client, total)
        new_total = refused.json()["total"]
        accepted = await buy(client, new_total)

    assert (refused.status_code, refused.json()["code"]) == (409, "price_changed")
    assert (refused.json()["expected"], new_total) == (97_000, 103_000)
    assert accepted.json()["payable"] == 103_000, "the same key may go on after a refusal"
    assert await Order.all().count() == 1


async def test_what_ran_out_or_is_gone_is_named_and_nothing_is_ordered(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 3, "L": None})
    other = await put_on_shelf("maky-tee", name="Футболка «Маки»")
    async with shopper(shop_front(database), database) as client:
        total = await fill(client, {codes["M"]: 3, codes["L"]: 1, other["M"]: 1})
        await Sku.filter(code=codes["M"]).update(stock=2)
        short = await buy(client, total)
        await take_off_shelf("maky-tee")
        gone = await buy(client, total)
        cart = (await client.get("/api/v1/cart")).json()

    assert (short.status_code, short.json()["code"]) == (409, "out_of_stock")
    assert short.json()["lines"] == [{"sku": codes["M"], "name": "Футболка «Колос»", "left": 2}]
    assert (gone.status_code, gone.json()["code"]) == (409, "product_gone")
    assert gone.json()["lines"] == [{"sku": other["M"], "name": "Футболка «Маки»"}]
    assert len(cart["lines"]) == 3
    for table in (Order, OrderLine, StatusChange, NumberCounter, OutboxEvent, KeptAnswer):
        assert await table.all().count() == 0, table


async def test_nothing_is_ordered_from_an_empty_cart(sqlite_database: Settings) -> None:
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        answer = await buy(client, 0)
    assert (answer.status_code, answer.json()["code"]) == (409, "cart_empty")


@pytest.mark.parametrize(
    ("payment", "delivery", "reason"),
    [
        ("online_full", None, "no_bank"),
        ("prepay_200", None, "no_bank"),
        ("cod", {"courier": {"city": "Харків", "street": "Сумська", "house": "1"}}, "needs_branch"),
    ],
)
async def test_a_way_to_pay_that_is_not_open_says_why(
    sqlite_database: Settings, payment: str, delivery: dict[str, Any] | None, reason: str
) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        total = await fill(client, {codes["M"]: 1})
        place = delivery or {"city": "Харків", "branch": "12"}
        answer = await buy(client, total, payment=payment, delivery=place)

    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (422, "payment_not_allowed", reason)
    assert "payment" in answer.json()["fields"]


async def test_cash_on_delivery_ends_at_five_thousand(sqlite_database: Settings) -> None:
    codes = await put_on_shelf(price=250_000)
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        total = await fill(client, {codes["M"]: 3})
        refused = await buy(client, total)
        line = (await client.get("/api/v1/cart")).json()["lines"][0]["id"]
        await client.patch(f"/api/v1/cart/lines/{line}", json={"quantity": 2})
        accepted = await buy(client, 500_000)

    assert (refused.status_code, refused.json()["reason"]) == (422, "cod_limit")
    assert (accepted.status_code, accepted.json()["payable"]) == (201, 500_000)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"contact": {"name": "О", "phone": "0671234567"}}, "contact.name"),
        ({"contact": {"name": "О" * 121, "phone": "0671234567"}}, "contact.name"),
        ({"contact": {"name": "Оксана", "phone": "12345"}}, "contact.phone"),
        ({"contact": {"name": "Оксана", "phone": "+48601234567"}}, "contact.phone"),
        ({"contact": {"name": "Оксана", "phone": "0671234567", "email": "nobody"}}, "contact.email"),
        ({"contact": {"name": "Оксана", "phone": "0671234567", "vip": True}}, "contact.vip"),
        ({"delivery": {"city": "Харків"}}, "delivery.branch"),
        ({"delivery": {}}, "delivery.city"),
        ({"delivery": {"city": "61000", "branch": "1"}}, "delivery.city"),
        ({"delivery": {"courier": {"city": "Харків", "street": "Сумська"}}}, "delivery.courier.house"),
        ({"delivery": {"courier": {"city": "Харків", "house": "1"}}}, "delivery.courier.street"),
        ({"payment": "barter"}, "payment"),
        ({"comment": "ї" * 501}, "comment"),
        ({"expected_total": -1}, "expected_total"),
        ({"expected_total": 2**70}, "expected_total"),
        ({"discount": 97_000}, "discount"),
    ],
)
async def test_what_cannot_be_delivered_is_refused_by_field(
    sqlite_database: Settings, change: dict[str, Any], field: str
) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        await fill(client, {codes["M"]: 1})
        answer = await client.post(
            "/api/v1/checkout", json={**body(97_000), **change}, headers={"idempotency-key": "key-1"}
        )

    assert answer.status_code == 422, answer.text
    assert field in answer.json()["fields"]
    assert await Order.all().count() == 0


async def test_names_travel_on_one_line_and_phones_in_one_spelling(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        total = await fill(client, {codes["M"]: 1})
        contact = {"name": " Шевченко\r\nBcc: all@example.com ", "phone": "8 (067) 123 45 67", "email": None}
        told = (await buy(client, total, contact=contact)).json()

    order = await order_by_number(told["number"])
    assert (order.name, order.phone, order.email) == ("Шевченко Bcc: all@example.com", "+380671234567", None)


async def test_an_idempotency_key_is_needed(sqlite_database: Settings) -> None:
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        missing = await client.post("/api/v1/checkout", json=body(1))
        too_long = await buy(client, 1, key="k" * 256)
    assert (missing.status_code, too_long.status_code) == (422, 422)
    assert "Idempotency-Key" in missing.json()["fields"]


async def test_a_quote_is_what_the_order_will_cost_and_changes_nothing(database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(database), database) as client:
        await fill(client, {codes["M"]: 1})
        before = await everything()
        plain = (await client.post("/api/v1/checkout/quote", json={})).json()
        door = {
            "delivery": {"courier": {"city": "Харків", "street": "Сумська", "house": "1"}},
            "payment": "online_full",
        }
        courier = (await client.post("/api/v1/checkout/quote", json=door)).json()
        assert await everything() == before
        told = (await buy(client, plain["payable"])).json()

    assert told["payable"] == plain["payable"] == 97_000
    assert plain["payments"] == [
        {"kind": "online_full", "allowed": False, "reason": "no_bank"},
        {"kind": "prepay_200", "allowed": False, "reason": "no_bank"},
        {"kind": "cod", "allowed": True},
    ]
    assert (courier["shipping"], courier["due_now"]) == (12_000, 101_000)
    assert courier["payments"][2] == {"kind": "cod", "allowed": False, "reason": "needs_branch"}


async def test_an_order_opens_by_its_token_only(database: Settings) -> None:
    codes = await put_on_shelf()
    app = shop_front(database)
    async with shopper(app, database) as client, shopper(app, database) as stranger:
        told = (await buy(client, await fill(client, {codes["M"]: 1}))).json()
        known = await stranger.get(f"/api/v1/orders/{told['token']}")
        answers = [
            await stranger.get(f"/api/v1/orders/{guess}")
            for guess in (told["number"], "1", "x" * 32, told["token"][:-1] + "x", "%00", "x" * 3_000)
        ]
        cancels = [await stranger.post(f"/api/v1/orders/{guess}/cancel") for guess in (told["number"], "x" * 32)]

    assert known.status_code == 200
    assert [answer.status_code for answer in (*answers, *cancels)] == [404] * 8
    assert len({answer.text for answer in answers if "order_unknown" in answer.text}) == 1
    assert not [answer for answer in answers if "Шевченко" in answer.text]


async def test_looking_at_an_order_writes_nothing(database: Settings) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(database), database) as client:
        told = (await buy(client, await fill(client, {codes["M"]: 1}))).json()
        before = await everything()
        paths = (f"/api/v1/orders/{told['token']}", told["url"], f"/en{told['url']}", "/checkout/", "/cart/")
        answers = [await client.get(path) for path in paths]
        tempted = await client.get(f"{told['url']}cancel")

    assert [answer.status_code for answer in answers] == [200, 200, 200, 303, 200]
    assert tempted.status_code == 405
    assert await everything() == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
BODIES = st.fixed_dictionaries(
    {
        "contact": JSON | st.fixed_dictionaries({"name": JSON, "phone": JSON | st.just("0671234567"), "email": JSON}),
        "delivery": JSON
        | st.fixed_dictionaries({"city": JSON, "branch": JSON})
        | st.fixed_dictionaries({"courier": JSON}),
        "payment": JSON | st.sampled_from(["cod", "online_full", "prepay_200"]),
        "expected_total": JSON | st.just(97_000),
    },
    optional={"comment": JSON, "extra": JSON},
)


async def test_whatever_a_program_sends_is_answered_without_an_error_of_ours(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    sent: list[tuple[str, Any]] = []

    @given(st.sampled_from(["/api/v1/checkout", "/api/v1/checkout/quote"]), BODIES | JSON)
    @hypothesis_settings(max_examples=150)
    def collect(path: str, value: Any) -> None:
        sent.append((path, value))

    collect()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        await fill(client, {codes["M"]: 1})
        for number, (path, value) in enumerate(sent):
            raw = json.dumps(value).encode("utf-8", "surrogatepass")
            headers = {"content-type": "application/json", "idempotency-key": f"key-{number}"}
            answer = await client.post(path, content=raw, headers=headers)
            assert answer.status_code < 500, (path, raw, answer.text)


async def test_the_customer_cancels_while_the_table_allows_it(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 2})
    async with shopper(shop_front(database), database) as client:
        told = (await buy(client, await fill(client, {codes["M"]: 2}))).json()
        cancelled = await client.post(f"/api/v1/orders/{told['token']}/cancel")
        again = await client.post(f"/api/v1/orders/{told['token']}/cancel")

    assert (cancelled.status_code, cancelled.json()["status"], cancelled.json()["can_cancel"]) == (
        200,
        "cancelled",
        False,
    )
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
    sku = await Sku.get(code=codes["M"])
    assert (sku.stock, sku.reserved) == (2, 0)


async def test_the_last_unit_goes_to_exactly_one_of_two_carts(database: Settings) -> None:
    app = shop_front(database)
    for round_ in range(6):
        codes = await put_on_shelf(f"tee-{round_}", stock={"M": 1})
        async with shopper(app, database) as first, shopper(app, database) as second:
            total = await fill(first, {codes["M"]: 1})
            await fill(second, {codes["M"]: 1})
            answers = await asyncio.gather(buy(first, total), buy(second, total))

        assert sorted(answer.status_code for answer in answers) == [201, 409]
        lost = next(answer.json() for answer in answers if answer.status_code == 409)
        assert (lost["code"], [line["left"] for line in lost["lines"]]) == ("out_of_stock", [0])
        sku = await Sku.get(code=codes["M"])
        assert (sku.stock, sku.reserved) == (0, 1)


async def test_two_tabs_of_one_cart_make_one_order(database: Settings) -> None:
    app = shop_front(database)
    codes = await put_on_shelf(stock={"M": 10})
    for _ in range(6):
        async with shopper(app, database) as client:
            total = await fill(client, {codes["M"]: 1})
            answers = await asyncio.gather(buy(client, total, "tab-1"), buy(client, total, "tab-2"))
        outcomes = sorted((answer.status_code, answer.json().get("code", "")) for answer in answers)
        assert outcomes == [(201, ""), (409, "cart_empty")]
    assert await Order.all().count() == 6


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """Everything that is logged within the test, as in production."""
    handlers, level, configured = logging.root.handlers[:], logging.root.level, structlog.get_config()
    file = tmp_path / "shop.log"
    telemetry.configure_logging(services.make_settings(tmp_path, LOG_FILE=str(file)))
    yield file
    for handler in logging.root.handlers:
        handler.close()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.configure(**configured)


async def test_what_is_logged_and_stored_as_events_names_nobody(sqlite_database: Settings, log_file: Path) -> None:
    codes = await put_on_shelf()
    secrets = ("Таємниця Ярина", "0997654321", "997654321", "yaryna@example.com", "Кропивницький", "потайки")
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        total = await fill(client, {codes["M"]: 1})
        answer: httpx2.Response = await buy(
            client,
            total,
            contact={"name": secrets[0], "phone": secrets[1], "email": secrets[3]},
            delivery={"city": secrets[4], "branch": "7"},
            comment=secrets[5],
        )
        await client.get(f"/api/v1/orders/{answer.json()['token']}")
        await client.post(f"/api/v1/orders/{answer.json()['token']}/cancel")
        await client.post(f"/api/v1/orders/{answer.json()['token']}/cancel")

    told = await asyncio.to_thread(log_file.read_text, "utf-8")
    assert "/api/v1/checkout" in told
    told += json.dumps([event.payload for event in await OutboxEvent.all()], ensure_ascii=False)
    assert not [secret for secret in (*secrets, answer.json()["token"]) if secret in told]
