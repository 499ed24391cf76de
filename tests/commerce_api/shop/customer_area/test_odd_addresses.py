"""What stands in an address is anybody's word: numbers that no column holds, other digits, bytes that no text has."""

import re
from typing import Final

import httpx2
import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import paths
from commerce_api.office.admin.shell import mount_office
from commerce_api.office_app import DESKS, VIEWS, make_office
from commerce_api.shop.accounts.roles import Role
from tests.commerce_api.shop.cart.builders import shopper
from tests.commerce_api.shop.customer_area.builders import come_in, somebody, whole_shop
from tests.commerce_api.shop.customer_area.test_routes import OFFICE, routes

pytestmark = pytest.mark.anyio

ODD: Final = ("0", "-1", str(2**31), str(2**63), "9" * 5000, "1e9", "٣", "1.0", "%00", "%0A", "a" * 300)
"""As they stand in an address. Nothing has such a name."""


@pytest.mark.parametrize("value", ODD)
async def test_no_route_stumbles_over_an_odd_part_of_its_address(database: Settings, value: str) -> None:
    await somebody("me@example.com", Role.OWNER)
    async with shopper(whole_shop(database), database) as client:
        await come_in(client, "me@example.com")
        for method, path in routes():
            if "{" not in path:
                continue
            asked = re.sub(r"\{[^}]+\}", value, path)
            json: dict[str, object] | None = {} if paths.is_json(path) and method not in {"GET", "HEAD"} else None
            answer = await client.request(method, asked, json=json)
            assert answer.status_code < 500, f"{method} {path}"


@pytest.mark.parametrize("value", ODD)
async def test_no_list_and_no_desk_of_the_office_has_such_a_row(database: Settings, value: str) -> None:
    await somebody("me@example.com", Role.OWNER)
    office = make_office(database)
    mount_office(office, database, VIEWS, DESKS)
    async with shopper(whole_shop(database), database) as door:
        await come_in(door, "me@example.com")
        session = {"sid": door.cookies["sid"]}
    transport = httpx2.ASGITransport(app=office)
    async with httpx2.AsyncClient(transport=transport, base_url=database.site_url, cookies=session) as client:
        assert (await client.get(f"/admin/desk/{value}")).status_code == 404
        for name in OFFICE:
            assert (await client.get(f"/admin/{name}/detail?pk={value}")).status_code == 404, name
            assert (await client.get(f"/admin/{name}/edit?pk={value}")).status_code in {403, 404}, name
            shown = [await client.get(f"/admin/{name}/list?{what}={value}") for what in ("page", "q")]
            assert [answer.status_code for answer in shown] == [200, 200], name
            found = await client.get(f"/admin/_api/{name}/relation-lookup?pks={value}")
            assert (found.status_code, found.json()["total"]) == (200, 0), name
