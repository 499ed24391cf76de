"""Staff programs place an order over the telephone, edit it and exchange a size."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from commerce_api.foundation.kit.money import hryvnias
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.background import Background
from commerce_api.shop.checkout import desk
from commerce_api.shop.checkout.places import meant
from commerce_api.shop.orders.draft import Contact, Delivery
from commerce_api.shop.orders.editing import Edit
from commerce_api.shop.orders.queries import order_by_number
from commerce_api.shop.pricing.codes import CodeKind
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping import choices
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.states import PointKind
from tests.commerce_api.shop.cart.builders import promo, put_on_shelf, shop_front, shopper
from tests.commerce_api.shop.checkout.desks import WORDS, adds_up, counts, edit
from tests.commerce_api.shop.orders.builders import placed
from tests.commerce_api.shop.orders.staff import AuditLog, signed_in
from tests.commerce_api.shop.pricing.builders import SHOP
from tests.commerce_api.shop.shipping.builders import a_point, mirrored

pytestmark = pytest.mark.anyio


def dictated(**changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "contact": {"name": "Ґудзь Ганна", "phone": "050 111-22-33"},
        "delivery": {"city": "Львів", "branch": "Відділення 3"},
        "payment": "cod",
    }
    return {**said, **changes}


async def test_staff_place_an_order_once_and_it_is_noted(database: Settings) -> None:
    tee = await put_on_shelf(stock={"M": 5})
    await promo()
    audit, key = AuditLog(), {"idempotency-key": "call-1"}
    said = dictated(lines=[{"sku": tee["M"], "quantity": 2}], promo="drop10")
    async with signed_in(database, 2, audit) as client:
        first = await client.post("/api/v1/staff/orders", json=said, headers=key)
        again = await client.post("/api/v1/staff/orders", json=said, headers=key)
        other = await client.post("/api/v1/staff/orders", json={**said, "comment": "інше"}, headers=key)
        seen = (await client.get(f"/api/v1/staff/orders/{first.json()['number']}")).json()

    assert (first.status_code, again.content) == (201, first.content)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert (seen["payable"], seen["discount"], seen["promo"]) == (hryvnias(1_602) + 8_000, hryvnias(178), "DROP10")
    assert seen["contact"] == {"name": "Ґудзь Ганна", "phone": "+380501112233"}
    assert seen["history"][0]["actor"] == "staff:2"
    assert await counts(tee["M"]) == (3, 2)
    assert audit.entries[0][:3] == (2, "order.place", seen["number"]), "those of the retries were rolled back"
    assert "Ганна" not in str(audit.entries)


async def test_an_order_of_the_desk_costs_what_the_carrier_asks_and_what_the_settings_say_where_it_is_silent(
    database: Settings,
) -> None:
    tee, line = await put_on_shelf(stock={"M": 9}), await mirrored()
    lines = [{"sku": tee["M"], "quantity": 1}]

    async def shipping(key: str, city: str, kind: PointKind = PointKind.BRANCH) -> int:
        point = await a_point(city, kind)
        delivery = {
            "city_token": choices.city_token(point.city_ref, point.city, database.secret_key),
            "branch_token": choices.branch_token(point.ref, point.city_ref, point.name, database.secret_key),
        }
        said = dictated(lines=lines, delivery=delivery)
        answer = await client.post("/api/v1/staff/orders", json=said, headers={"idempotency-key": key})
        assert answer.status_code == 201, answer.text
        order = await order_by_number(answer.json()["number"])
        adds_up(order)
        assert (order.city_ref, order.branch_ref) == (point.city_ref, point.ref)
        return order.shipping

    async with signed_in(database, 2, AuditLog(), {Carrier: line.carrier()}) as client:
        assert await shipping("k1", "Львів") == 7_400
        line.broken["*"] = "silent"
        assert await shipping("k2", "Львів") == 7_400, "it was told a moment ago"
        assert await shipping("k3", "Полтава") == SHOP.branch_price


async def test_the_carrier_is_not_asked_about_what_cannot_be_placed(sqlite_database: Settings) -> None:
    tee, line = await put_on_shelf(stock={"M": 9}), await mirrored()
    point = await a_point()
    there = Delivery(point.delivery, point.city, point.name, point.city_ref, point.ref)
    contact = Contact("Шевченко Оксана", "+380671234567", None)

    for lines, delivery in (({tee["M"]: 1, "TC-NOTHING-M": 1}, there), ({tee["M"]: 1}, Delivery(*WORDS))):
        said = desk.Dictated(lines, contact, delivery, PayType.COD)
        await desk.ask_carrier(said, SHOP, line.carrier(), Background())

    assert line.asked == []


@pytest.mark.parametrize(
    ("kind", "city", "branch", "reaches"),
    [
        (DeliveryKind.BRANCH, "м. львів", "відділення 12", True),
        (DeliveryKind.LOCKER, "Львів", "відділення 12", False),
        (DeliveryKind.BRANCH, "Львів", "біля школи", False),
        (DeliveryKind.BRANCH, "Криворівня", "відділення 12", False),
    ],
)
async def test_typed_words_are_the_point_that_they_can_only_mean(
    sqlite_database: Settings, kind: DeliveryKind, city: str, branch: str, reaches: bool
) -> None:
    await mirrored()
    words = Delivery(kind, city, branch)

    where = await meant(words)

    assert bool(where.point) is bool(where.delivery.branch_ref) is reaches
    assert reaches or where.delivery == words
    assert (await meant(Delivery(DeliveryKind.COURIER, city, "вул. Франка, 5"))).delivery.branch == "вул. Франка, 5"


async def test_a_staff_order_is_refused_for_what_a_shopper_s_is(sqlite_database: Settings) -> None:
    tee = await put_on_shelf(stock={"M": 1})
    await promo("EXTRA", CodeKind.FIXED, hryvnias(50), minimum=hryvnias(5_000))
    one = [{"sku": tee["M"], "quantity": 1}]
    cases = [
        (dictated(lines=[{"sku": tee["M"], "quantity": 2}]), 409, "out_of_stock"),
        (dictated(lines=[{"sku": "TC-NOTHING-M", "quantity": 1}]), 409, "product_gone"),
        (dictated(lines=[*one, *one]), 422, "invalid"),
        (dictated(lines=[]), 422, "invalid"),
        (dictated(lines=one, promo="NOSUCH"), 422, "promo_unknown"),
        (dictated(lines=one, promo="EXTRA"), 422, "promo_minimum"),
        (dictated(lines=one, payment="online_full"), 422, "payment_not_allowed"),
        (dictated(lines=one, expected_total=1), 409, "price_changed"),
        (dictated(lines=one, lang="de"), 422, "invalid"),
    ]
    async with signed_in(sqlite_database, 2, AuditLog()) as client:
        for body, status, code in cases:
            answer = await client.post("/api/v1/staff/orders", json=body, headers={"idempotency-key": "k"})
            assert (answer.status_code, answer.json()["code"]) == (status, code), body
        assert (await client.get("/api/v1/staff/orders")).json()["total"] == 0


async def test_which_languages_an_order_may_speak_is_the_shop_s_setting(sqlite_database: Settings) -> None:
    tee = await put_on_shelf()
    alone = replace(sqlite_database, shop=replace(sqlite_database.shop, languages=("uk",)))
    said = dictated(lines=[{"sku": tee["M"], "quantity": 1}], lang="en")
    answers = []
    for settings in (alone, sqlite_database):
        async with signed_in(settings, 2, AuditLog()) as client:
            answers.append(await client.post("/api/v1/staff/orders", json=said, headers={"idempotency-key": "k"}))

    assert [answer.status_code for answer in answers] == [422, 201]


async def test_programs_edit_and_exchange_and_the_note_stands_or_falls_with_the_deed(database: Settings) -> None:
    tee = await put_on_shelf(stock={"M": 5, "L": 5})
    told = await placed({tee["M"]: 2})
    path, audit = f"/api/v1/staff/orders/{told.number}", AuditLog()
    async with signed_in(database, 2, audit) as client:
        read = (await client.get(path)).json()
        edited = await client.patch(path, json={"comment": "Подзвонити", "version": read["version"]})
        stale = await client.patch(path, json={"comment": "ще", "version": read["version"]})
        wish = {"sku": tee["M"], "to_sku": tee["L"]}
        swapped = await client.post(f"{path}/exchange", json=wish, headers={"idempotency-key": "k"})
        audit.broken = True
        lost = await client.patch(path, json={"lines": [{"sku": tee["L"], "quantity": 5}]})

    assert (edited.status_code, edited.json()["comment"]) == (200, "Подзвонити")
    assert (stale.status_code, stale.json()["code"]) == (409, "order_changed")
    assert [line["sku"] for line in swapped.json()["lines"]] == [tee["L"]]
    assert lost.status_code == 500
    assert [entry[1] for entry in audit.entries] == ["order.edit", "order.edit"]
    assert audit.entries[1][3]["lines"] == [{tee["M"]: 2}, {tee["L"]: 2}]
    assert await counts(tee["L"]) == (3, 2)


async def test_a_part_of_a_line_is_exchanged_once_for_a_key(database: Settings) -> None:
    tee = await put_on_shelf(stock={"M": 5, "L": 5})
    told = await placed({tee["M"]: 3})
    path = f"/api/v1/staff/orders/{told.number}/exchange"
    wish = {"sku": tee["M"], "to_sku": tee["L"], "quantity": 1}
    async with signed_in(database, 2, AuditLog()) as client:

        async def asked(key: str | None, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            headers = {} if key is None else {"idempotency-key": key}
            answer = await client.post(path, json=body, headers=headers)
            return answer.status_code, answer.json()

        unnamed, _ = await asked(None, wish)
        first = await asked("k1", wish)
        again = await asked("k1", wish)
        other, refused = await asked("k1", {**wish, "quantity": 2})
        both = await asyncio.gather(asked("k2", wish), asked("k2", wish))
        rest, _ = await asked("k3", {"sku": tee["M"], "to_sku": tee["L"]})
        last, told_again = await asked("k3", {"sku": tee["M"], "to_sku": tee["L"]})

    assert unnamed == 422
    assert (first[0], again) == (200, first)
    assert (other, refused["code"]) == (422, "idempotency_mismatch")
    assert [status for status, _ in both] == [200, 200]
    assert (rest, last) == (200, 200), "although no such line is left"
    assert {line["sku"]: line["quantity"] for line in told_again["lines"]} == {tee["L"]: 3}
    assert [step["field"] for step in told_again["history"]].count("edit") == 3


async def test_the_customer_sees_the_edited_order_and_not_its_edits(sqlite_database: Settings) -> None:
    tee = await put_on_shelf()
    told = await placed({tee["M"]: 1})
    await edit(told.number, Edit(lines={tee["M"]: 2}))
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        seen = (await client.get(f"/api/v1/orders/{told.token}")).json()
        page = await client.get(f"/order/{told.token}/")
    assert seen["lines"][0]["quantity"] == 2
    assert [step["status"] for step in seen["history"]] == ["new"]
    assert page.status_code == 200
