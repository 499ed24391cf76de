"""The calls of staff programs: who may, what they see, and the note of every deed."""

import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.shop.orders.queries import order_by_number
from commerce_api.shop.orders.status import OrderStatus
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.orders.builders import placed
from tests.commerce_api.shop.orders.staff import AuditLog, signed_in

pytestmark = pytest.mark.anyio


@pytest.fixture
def audit() -> AuditLog:
    return AuditLog()


@pytest.mark.parametrize(("account", "status"), [(1, 200), (2, 200), (3, 403), (4, 403), (None, 401)])
async def test_only_staff_of_orders_and_the_owner_see_orders(
    sqlite_database: Settings, audit: AuditLog, account: int | None, status: int
) -> None:
    codes = await put_on_shelf()
    told = await placed({codes["M"]: 1})
    async with signed_in(sqlite_database, account, audit) as client:
        listed = await client.get("/api/v1/staff/orders")
        moved = await client.post(f"/api/v1/staff/orders/{told.number}/transition", json={"to": "confirmed"})

    assert (listed.status_code, moved.status_code) == (status, status)
    if status == 200:
        assert listed.json()["total"] == 1
        assert listed.headers["cache-control"] == "no-store"
    else:
        assert "Шевченко" not in listed.text
        assert (await order_by_number(told.number)).status is OrderStatus.NEW


async def test_staff_search_and_page_through_orders(database: Settings, audit: AuditLog) -> None:
    codes = await put_on_shelf()
    for name in ("Ґудзь Ганна", "Їжак Іван", "Ґудзь Гліб"):
        await placed({codes["M"]: 1}, name=name)
    async with signed_in(database, 2, audit) as client:
        found = (await client.get("/api/v1/staff/orders", params={"q": "ґудзь", "size": 1, "page": 2})).json()
        refused = await client.get("/api/v1/staff/orders", params={"status": "lost"})

    assert [row["name"] for row in found["items"]] == ["Ґудзь Ганна"]
    assert (found["page"], found["pages"], found["total"]) == (2, 2, 2)
    assert refused.status_code == 422


async def test_a_move_is_done_and_noted_in_one_transaction(database: Settings, audit: AuditLog) -> None:
    codes = await put_on_shelf()
    told = await placed({codes["M"]: 1})
    path = f"/api/v1/staff/orders/{told.number}/transition"
    async with signed_in(database, 2, audit) as client:
        confirmed = await client.post(path, json={"to": "confirmed"})
        illegal = await client.post(path, json={"to": "delivered"})
        no_reason = await client.post(path, json={"to": "cancelled"})
        audit.broken = True
        lost = await client.post(path, json={"to": "packed"})

    assert (confirmed.status_code, confirmed.json()) == (200, {"number": told.number, "status": "confirmed"})
    assert (illegal.status_code, illegal.json()["code"]) == (409, "illegal_transition")
    assert (no_reason.status_code, no_reason.json()["code"]) == (422, "reason_needed")
    assert lost.status_code == 500
    assert audit.entries == [(2, "order.transition", told.number, {"status": "confirmed", "reason": None})]
    order = await order_by_number(told.number)
    assert (order.status, order.history[-1].actor) == (OrderStatus.CONFIRMED, "staff:2")


async def test_an_unknown_number_is_not_found(sqlite_database: Settings, audit: AuditLog) -> None:
    async with signed_in(sqlite_database, 2, audit) as client:
        for number in ("TWC23112026N01", "x", "%00", "a" * 99):
            answer = await client.post(f"/api/v1/staff/orders/{number}/transition", json={"to": "confirmed"})
            assert answer.status_code == 404
