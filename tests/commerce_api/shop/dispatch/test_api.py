"""Waybills for staff programs, and what they mean for an edit of the order."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.application import make_application
from commerce_api.shop.accounts.bearers import account_of_token
from commerce_api.shop.accounts.queries import roles_of
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.wiring import OPERATIONS, PAGES
from tests.commerce_api.shop.cart.builders import shopper
from tests.commerce_api.shop.customer_area.builders import come_in, somebody, whole_shop
from tests.commerce_api.shop.dispatch.builders import an_order
from tests.commerce_api.shop.shipping.builders import Line, mirrored

pytestmark = pytest.mark.anyio
KEY = {"idempotency-key": "1"}


@pytest.fixture
async def line(sqlite_database: Settings) -> Line:
    return await mirrored()


@pytest.fixture
async def client(sqlite_database: Settings, line: Line) -> AsyncIterator[httpx2.AsyncClient]:
    """A program of the staff."""
    whole_shop(sqlite_database)
    app = make_application(
        sqlite_database,
        operations=OPERATIONS,
        pages=PAGES,
        roles_of=roles_of,
        bearer_of=account_of_token,
        ports={Carrier: line.carrier()},
    )
    async with shopper(app, sqlite_database) as made:
        await somebody("me@example.com", Role.ORDERS)
        await come_in(made, "me@example.com")
        yield made


async def test_a_program_makes_reads_and_takes_back_a_waybill(client: httpx2.AsyncClient, line: Line) -> None:
    order = await an_order()
    path = f"/api/v1/staff/orders/{order.number}/waybill"
    none = await client.get(path)
    made, again = [await client.post(path, json={}, headers=KEY) for _ in range(2)]
    read = await client.get(path)

    assert (none.status_code, none.json()["code"]) == (409, "no_waybill")
    assert made.status_code == 201, made.text
    assert made.json() == again.json() == read.json()
    assert (made.json()["cash"], made.json()["declared"]) == (97_000, 89_000)
    assert len(line.depot.documents) == 1
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 409
    # A repeat that comes late makes no second parcel; a new wish does.
    assert (await client.post(path, json={}, headers=KEY)).json() == made.json()
    assert (await client.get(path)).status_code == 409
    assert (await client.post(path, json={})).status_code == 422
    elsewhere = f"/api/v1/staff/orders/{(await an_order()).number}/waybill"
    assert (await client.post(elsewhere, json={}, headers=KEY)).json()["code"] == "idempotency_mismatch"
    assert (await client.post(path, json={}, headers={"idempotency-key": "2"})).status_code == 201


async def test_an_order_with_a_waybill_is_not_changed_before_that_is_taken_back(client: httpx2.AsyncClient) -> None:
    order = await an_order()
    path = f"/api/v1/staff/orders/{order.number}"
    edit = {"delivery": {"city": "Полтава", "branch": "3"}}
    await client.post(f"{path}/waybill", json={}, headers=KEY)

    refused = await client.patch(path, json=edit)
    await client.delete(f"{path}/waybill")
    taken = await client.patch(path, json=edit)

    assert (refused.status_code, refused.json()["code"]) == (409, "waybill_exists")
    assert taken.status_code == 200, taken.text


async def test_the_page_of_an_order_shows_its_parcel_and_where_to_follow_it(client: httpx2.AsyncClient) -> None:
    order = await an_order()
    before = (await client.get(f"/order/{order.token}/")).text
    made = (await client.post(f"/api/v1/staff/orders/{order.number}/waybill", json={}, headers=KEY)).json()
    after = (await client.get(f"/order/{order.token}/")).text

    assert "щойно посилка поїде" in before
    assert "Накладну створено" in after
    assert f"/tracking/{made['waybill']}" in after
