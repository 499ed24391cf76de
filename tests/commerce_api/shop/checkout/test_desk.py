"""Staff edit an order before it leaves, and exchange a size."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, ShopError
from commerce_api.foundation.kit import clock
from commerce_api.foundation.kit.money import hryvnias
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog import renaming
from commerce_api.shop.catalog.errors import OutOfStock, ProductGone
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.checkout import desk
from commerce_api.shop.checkout.errors import PaymentNotAllowed
from commerce_api.shop.loyalty import queries as points
from commerce_api.shop.loyalty.service import settle
from commerce_api.shop.orders import service
from commerce_api.shop.orders.draft import AppliedPromo, Contact, Delivery
from commerce_api.shop.orders.editing import Edit, exchange
from commerce_api.shop.orders.errors import EmptyOrder, NotEditable, OrderChanged, OrderUnknown
from commerce_api.shop.orders.models import OrderLine
from commerce_api.shop.orders.placing import PlacedOrder, place
from commerce_api.shop.orders.queries import order_by_number
from commerce_api.shop.orders.status import CancelReason, OrderStatus
from commerce_api.shop.pricing.lines import PricedLine
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.promotions.models import PromoCode, PromoUse, UseState
from commerce_api.shop.promotions.queries import terms_of
from commerce_api.shop.shipping.errors import ParcelTooBig
from commerce_api.shop.shipping.parcels import Limits
from commerce_api.shop.shipping.states import PointKind
from tests.commerce_api.shop.cart.builders import promo, put_on_shelf, reprice, take_off_shelf
from tests.commerce_api.shop.checkout.desks import adds_up, counts, edit
from tests.commerce_api.shop.orders.builders import CUSTOMER, STAFF, draft, placed
from tests.commerce_api.shop.pricing.builders import SHOP
from tests.commerce_api.shop.shipping.builders import a_point, mirrored
from tests.commerce_api.working import work

pytestmark = pytest.mark.anyio


KEY = "a key under which customers are known"


async def with_code(wanted: dict[str, int], code: str) -> PlacedOrder:
    """An order that a code takes something off."""
    ready, terms = await draft(wanted), await terms_of(code)
    assert terms
    lines = [PricedLine(line.sku, line.unit_price, line.quantity, line.product, "t-shirts") for line in ready.lines]
    totals = quote(lines, SHOP, code=terms, at=clock.now())
    applied = replace(ready, totals=totals, promo=AppliedPromo(terms, KEY))
    return await transact(lambda: place(applied, CUSTOMER, "checkout"))


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
    await work(database)

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
