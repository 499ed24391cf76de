"""Staff edit an order before it leaves, exchange a size, and place one over the telephone."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, ShopError
from commerce_api.foundation.kit import clock
from commerce_api.foundation.kit.money import hryvnias
from commerce_api.foundation.outbox.relay import run_due
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.background import Background
from commerce_api.shop.catalog import renaming
from commerce_api.shop.catalog.errors import OutOfStock, ProductGone
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.checkout import desk
from commerce_api.shop.checkout.errors import PaymentNotAllowed
from commerce_api.shop.checkout.places import meant
from commerce_api.shop.loyalty import queries as points
from commerce_api.shop.loyalty.service import settle
from commerce_api.shop.orders import service
from commerce_api.shop.orders.draft import AppliedPromo, Contact, Delivery
from commerce_api.shop.orders.editing import Edit, Edited, exchange
from commerce_api.shop.orders.errors import EmptyOrder, NotEditable, OrderChanged, OrderUnknown
from commerce_api.shop.orders.models import OrderLine
from commerce_api.shop.orders.placing import PlacedOrder, place
from commerce_api.shop.orders.queries import OrderView, order_by_number
from commerce_api.shop.orders.status import CancelReason, OrderStatus
from commerce_api.shop.pricing.codes import CodeKind
from commerce_api.shop.pricing.lines import PricedLine
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.promotions.models import PromoCode, PromoUse, UseState
from commerce_api.shop.promotions.queries import terms_of
from commerce_api.shop.shipping import choices
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.errors import ParcelTooBig
from commerce_api.shop.shipping.parcels import Limits
from commerce_api.shop.shipping.states import PointKind
from commerce_api.wiring import Adapters, handlers
from tests.commerce_api.shop.cart.builders import promo, put_on_shelf, reprice, shop_front, shopper, take_off_shelf
from tests.commerce_api.shop.orders.builders import CUSTOMER, STAFF, draft, placed
from tests.commerce_api.shop.orders.staff import AuditLog, signed_in
from tests.commerce_api.shop.pricing.builders import SHOP
from tests.commerce_api.shop.shipping.builders import a_point, mirrored

pytestmark = pytest.mark.anyio

KEY = "a key under which customers are known"
WORDS = (DeliveryKind.BRANCH, "Львів", "біля школи")


async def edit(number: str, wanted: Edit) -> Edited:
    """The desk's edit in a transaction of its own."""
    return await transact(partial(desk.edit, number, wanted, STAFF, "test", SHOP))


async def with_code(wanted: dict[str, int], code: str) -> PlacedOrder:
    """An order that a code takes something off."""
    ready, terms = await draft(wanted), await terms_of(code)
    assert terms
    lines = [PricedLine(line.sku, line.unit_price, line.quantity, line.product, "t-shirts") for line in ready.lines]
    totals = quote(lines, SHOP, code=terms, at=clock.now())
    applied = replace(ready, totals=totals, promo=AppliedPromo(terms, KEY))
    return await transact(lambda: place(applied, CUSTOMER, "checkout"))


async def counts(code: str) -> tuple[int | None, int]:
    sku = await Sku.get(code=code)
    return sku.stock, sku.reserved


def adds_up(order: OrderView) -> None:
    """The laws of one order (rules.md 1)."""
    assert order.gross == sum(line.line_total for line in order.lines)
    assert order.discount == sum(line.discount for line in order.lines)
    assert order.payable == order.gross - order.discount + order.shipping
    assert 0 <= order.due_now <= order.payable


async def test_kept_lines_keep_their_price_and_new_ones_come_at_today_s(database: Settings) -> None:
    tee = await put_on_shelf(stock={"M": 10, "L": 10})
    hoodie = await put_on_shelf("maky-hoodie", price=hryvnias(1_000), stock={"M": 10})
    told = await placed({tee["M"]: 2, tee["L"]: 1})
    await reprice("kolos-tee", hryvnias(999))

    edited = await edit(told.number, Edit(lines={tee["M"]: 3, hoodie["M"]: 1}))

    order = await order_by_number(told.number)
    assert {line.sku: (line.quantity, line.unit_price) for line in order.lines} == {
        tee["M"]: (3, hryvnias(890)),
        hoodie["M"]: (1, hryvnias(1_000)),
    }
    assert (order.gross, order.shipping, order.payable) == (hryvnias(3_670), 0, hryvnias(3_670))
    adds_up(order)
    assert (edited.payable_before, edited.payable) == (told.payable, order.payable)
    assert [await counts(code) for code in (tee["M"], tee["L"], hoodie["M"])] == [(7, 3), (10, 0), (9, 1)]
    step = order.history[-1]
    assert (step.field, step.old, step.new, step.actor) == (
        "edit",
        str(told.payable),
        str(order.payable),
        "staff:7",
    )
    assert step.reason == f"{tee['L']} 1>0, {tee['M']} 2>3, {hoodie['M']} 0>1"


async def test_an_order_keeps_its_code_when_its_product_has_another_name_since(database: Settings) -> None:
    # given an order with a code for one product, which is renamed then
    tee = await put_on_shelf(stock={"M": 10})
    await promo(products=["kolos-tee"])
    told = await with_code({tee["M"]: 2}, "DROP10")
    await transact(partial(renaming.rename_slug, "kolos-tee", "wheat-tee"))
    while await run_due(handlers(database, Adapters())):
        pass

    # when a piece is taken off
    edited = await edit(told.number, Edit(lines={tee["M"]: 1}))

    # then the code takes its share of the rest
    order = await order_by_number(told.number)
    assert (edited.dropped, order.promo_code, order.discount) == (None, "DROP10", hryvnias(89))


async def test_staff_are_held_to_what_a_point_takes_as_shoppers_are(sqlite_database: Settings) -> None:
    tee = await put_on_shelf()
    told = await placed({tee["M"]: 1})
    await mirrored()
    cashless = await a_point(kind=PointKind.LOCKER, cash=False)
    narrow = replace(cashless, cash=True, limits=Limits(weight_g=1))

    for point, refusal in ((cashless, PaymentNotAllowed), (narrow, ParcelTooBig)):
        there = Delivery(point.delivery, point.city, point.name, point.city_ref, point.ref)
        contact = Contact("Шевченко Оксана", "+380671234567", None)
        said = desk.Dictated({tee["M"]: 1}, contact, there, PayType.COD, point=point)
        with pytest.raises(refusal):
            await transact(partial(desk.place_for, said, STAFF, "test", sqlite_database))
        with pytest.raises(refusal):
            await transact(partial(desk.edit, told.number, Edit(delivery=there), STAFF, "test", SHOP, point))
    assert (await order_by_number(told.number)).city == "Харків"


async def test_a_refused_edit_changes_nothing(database: Settings) -> None:
    tee = await put_on_shelf(stock={"M": 3, "L": 1})
    gone = await put_on_shelf("maky-tee", stock={"M": 5})
    told = await placed({tee["M"]: 2})
    await take_off_shelf("maky-tee")
    before = await order_by_number(told.number)

    refusals: dict[type[ShopError], Edit] = {
        OutOfStock: Edit(lines={tee["M"]: 1, tee["L"]: 2}),
        ProductGone: Edit(lines={tee["M"]: 1, gone["M"]: 1}),
        EmptyOrder: Edit(lines={}),
        Invalid: Edit(lines={tee["M"]: 51}),
        OrderChanged: Edit(lines={tee["M"]: 1}, version=before.version - 1),
        PaymentNotAllowed: Edit(delivery=Delivery(DeliveryKind.COURIER, "Львів", "Коперника, 1")),
    }
    for error, wanted in refusals.items():
        with pytest.raises(error):
            await edit(told.number, wanted)
    with pytest.raises(OrderUnknown):
        await edit("TWC01012026N99", Edit(comment="x"))

    assert await order_by_number(told.number) == before
    assert [await counts(code) for code in (tee["M"], tee["L"])] == [(1, 2), (1, 0)]


@pytest.mark.parametrize("status", [OrderStatus.SHIPPED, OrderStatus.CANCELLED])
async def test_what_left_the_house_or_never_will_is_not_edited(sqlite_database: Settings, status: OrderStatus) -> None:
    tee = await put_on_shelf()
    told = await placed({tee["M"]: 1})
    way = [OrderStatus.CONFIRMED, OrderStatus.PACKED, OrderStatus.SHIPPED]
    if status is OrderStatus.CANCELLED:
        await transact(lambda: service.cancel(told.number, CancelReason.OTHER, STAFF, "test"))
    else:
        for step in way:
            await transact(partial(service.change_status, told.number, step, STAFF, "test"))
    with pytest.raises(NotEditable) as refused:
        await edit(told.number, Edit(lines={tee["M"]: 2}))
    assert refused.value.details == {"number": told.number, "status": status.value}


async def test_the_discount_is_shared_anew_and_a_code_that_fits_no_more_is_given_back(database: Settings) -> None:
    tee = await put_on_shelf()
    await promo("DROP10", minimum=hryvnias(1_500), max_uses=1, once_per_customer=True)
    told = await with_code({tee["M"]: 2}, "DROP10")
    # The only use is this order's, and the code ended meanwhile: what was promised stays.
    await PromoCode.filter(code="DROP10").update(active=False)

    await edit(told.number, Edit(lines={tee["M"]: 3}))
    order = await order_by_number(told.number)
    adds_up(order)
    assert (order.discount, order.promo_code) == (hryvnias(267), "DROP10")
    assert (await PromoUse.get(order_id=order.id)).discount == hryvnias(267)

    edited = await edit(told.number, Edit(lines={tee["M"]: 1}))
    order = await order_by_number(told.number)
    adds_up(order)
    assert (edited.dropped, order.promo_code, order.discount) == ("DROP10", "", 0)
    assert (await PromoUse.get(order_id=order.id)).state is UseState.RELEASED
    assert (await PromoCode.get(code="DROP10")).uses == 0


async def test_an_address_costs_what_its_kind_costs_and_the_history_does_not_tell_it(database: Settings) -> None:
    tee = await put_on_shelf()
    told = await placed({tee["M"]: 1})
    moved = Delivery(DeliveryKind.LOCKER, "Львів", "Поштомат 5")

    edited = await edit(
        told.number, Edit(delivery=moved, contact=Contact("Ґудзь Ганна", "+380501112233", None), comment="Без дзвінка")
    )

    order = await order_by_number(told.number)
    assert (order.city, order.branch, order.shipping) == ("Львів", "Поштомат 5", 7_000)
    assert (order.name, order.phone, order.email, order.comment) == (
        "Ґудзь Ганна",
        "+380501112233",
        None,
        "Без дзвінка",
    )
    assert edited.changed == ("address", "contact", "comment")
    assert order.history[-1].reason == "address, contact, comment"
    adds_up(order)
    again = await edit(told.number, Edit(delivery=moved, lines={tee["M"]: 1}))
    assert again.changed == ()
    assert (await order_by_number(told.number)).version == edited.step


async def test_a_size_is_exchanged_at_the_price_that_was_promised(database: Settings) -> None:
    tee = await put_on_shelf(stock={"M": 5, "L": 1})
    other = await put_on_shelf("maky-tee", stock={"L": 5})
    told = await placed({tee["M"]: 2})
    await reprice("kolos-tee", hryvnias(1_500))

    wanted = await exchange(told.number, tee["M"], tee["L"], 1)
    await edit(told.number, wanted)

    order = await order_by_number(told.number)
    assert {line.sku: (line.quantity, line.unit_price, line.size) for line in order.lines} == {
        tee["M"]: (1, hryvnias(890), "M"),
        tee["L"]: (1, hryvnias(890), "L"),
    }
    assert order.payable == told.payable
    assert [await counts(code) for code in (tee["M"], tee["L"])] == [(4, 1), (0, 1)]
    for old, new, quantity in ((tee["M"], other["L"], 1), (tee["M"], tee["M"], 1), (tee["M"], tee["L"], 9)):
        with pytest.raises(Invalid):
            await exchange(told.number, old, new, quantity)


async def test_what_the_carrier_asked_for_when_the_order_was_placed_is_asked_for_after_an_exchange(
    database: Settings,
) -> None:
    tee = await put_on_shelf(stock={"M": 5, "L": 5})
    ready = await draft({tee["M"]: 2})
    lines = [PricedLine(line.sku, line.unit_price, line.quantity, line.product) for line in ready.lines]
    quoted = replace(ready, totals=quote(lines, SHOP, told=hryvnias(95)))
    told = await transact(lambda: place(quoted, CUSTOMER, "checkout"))

    await edit(told.number, await exchange(told.number, tee["M"], tee["L"], 1))

    order = await order_by_number(told.number)
    assert (order.shipping, order.payable) == (hryvnias(95), told.payable)
    adds_up(order)
    await edit(told.number, Edit(delivery=Delivery(DeliveryKind.LOCKER, "Львів", "Поштомат 5")))
    assert (await order_by_number(told.number)).shipping == SHOP.locker_price


async def test_pieces_that_hold_no_stock_stay_apart_from_those_that_do(database: Settings) -> None:
    tee = await put_on_shelf(stock={"M": None})
    told = await placed({tee["M"]: 2})
    await Sku.filter(code=tee["M"]).update(stock=5)

    await edit(told.number, Edit(lines={tee["M"]: 4}))
    assert await counts(tee["M"]) == (3, 2)
    rows = await OrderLine.filter(order_id=told.id).order_by("position").values_list("quantity", "reserved")
    assert [tuple(row) for row in rows] == [(2, False), (2, True)]
    await edit(told.number, Edit(lines={tee["M"]: 1}))

    assert await counts(tee["M"]) == (5, 0)
    rows = await OrderLine.filter(order_id=told.id).values_list("quantity", "reserved")
    assert [tuple(row) for row in rows] == [(1, False)]


async def test_points_on_the_way_follow_an_edit(database: Settings) -> None:
    tee = await put_on_shelf()
    told = await placed({tee["M"]: 1}, account_id=7)
    await transact(partial(service.confirm, told.number, STAFF, "test"))
    await transact(lambda: settle(told.id))
    await edit(told.number, Edit(lines={tee["M"]: 3}))
    assert (await points.points_of(7)).pending == 3 * 44

    for step in (OrderStatus.PACKED, OrderStatus.SHIPPED, OrderStatus.DELIVERED):
        await transact(partial(service.change_status, told.number, step, STAFF, "test"))
    await transact(lambda: settle(told.id))

    now = await points.points_of(7)
    assert (now.pending, now.spendable) == (0, 3 * 44)


async def test_of_two_who_edit_what_they_both_read_one_does(database: Settings) -> None:
    tee = await put_on_shelf(stock={"M": 20})
    told = await placed({tee["M"]: 1})
    version = (await order_by_number(told.number)).version

    done = await asyncio.gather(
        *(edit(told.number, Edit(lines={tee["M"]: count}, version=version)) for count in (2, 3)), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in done) == ["Edited", "OrderChanged"]
    left, held = await counts(tee["M"])
    assert (left, held) == (20 - held, sum(line.quantity for line in (await order_by_number(told.number)).lines))


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
