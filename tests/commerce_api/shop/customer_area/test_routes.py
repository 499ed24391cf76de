"""Every route of the sidecar and the office, asked by everybody: one table says who gets through the door.

A route is added to the shop by code alone; this test finds it, and fails when the table does not say whom it is for.
"""

import re
from collections.abc import Iterator
from typing import Final

import httpx2
import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import paths
from commerce_api.office.admin.shell import mount_office
from commerce_api.office_app import VIEWS, make_office
from commerce_api.shop.accounts.roles import Role
from commerce_api.wiring import OPERATIONS, PAGES
from tests.commerce_api.shop.cart.builders import put_on_shelf, shopper
from tests.commerce_api.shop.customer_area.builders import come_in, somebody, whole_shop
from tests.commerce_api.shop.orders.builders import placed

pytestmark = pytest.mark.anyio

EVERYBODY: Final = "everybody"
MEMBERS: Final = "members"
SIGNED: Final = "a service outside"
ALL_STAFF: Final = frozenset(Role)
TABLE: Final[tuple[tuple[str, str | frozenset[Role]], ...]] = (
    (r".+ /account/favourites/", EVERYBODY),
    (r".+ /account/(sign-in|register|reset|verify|code|join)/.*", EVERYBODY),
    (r"GET /auth/.*", EVERYBODY),
    ("POST /account/sign-out", EVERYBODY),
    (r".+ /account/.*", MEMBERS),
    (r"POST /order/\{token\}/claim", MEMBERS),
    (r".+ /(cart|checkout|order|find|restock)/.*", EVERYBODY),
    (r"POST /api/v1/auth/(register|login|logout|reset)", EVERYBODY),
    (r".+ /api/v1/(auth/tokens|account|favourites).*", MEMBERS),
    (r".+ /api/v1/staff/(orders|refunds).*", frozenset({Role.ORDERS, Role.OWNER})),
    (r".+ /api/v1/staff/ai-.*", frozenset({Role.CONTENT, Role.OWNER})),
    (r".+ /api/v1/staff/(products|rebuild).*", frozenset({Role.CATALOGUE, Role.OWNER})),
    (r".+ /api/v1/(products|categories|cart|checkout|orders|delivery|restock|search).*", EVERYBODY),
    (r"GET /live/.*", EVERYBODY),
    (r"POST /webhooks/.*", SIGNED),
)
"""The first row that fits a route says whom it is for: everybody, members (any account), or staff of these roles."""

OFFICE: Final = {
    "orders": {Role.ORDERS},
    "parcels": {Role.ORDERS},
    "payments": {Role.ORDERS},
    "refunds": {Role.ORDERS},
    "products": {Role.CATALOGUE},
    "promos": {Role.MARKETING},
    "restock": {Role.CATALOGUE},
    "search-misses": {Role.CATALOGUE},
    "texts": {Role.CONTENT},
    "text-runs": {Role.CONTENT},
    "audit": set(),
}
"""Lists of the office and who may open them; the owner opens all."""


def routes() -> Iterator[tuple[str, str]]:
    """Method and path of every route of the sidecar, as written."""
    yield from ((operation.method, operation.path) for operation in OPERATIONS)
    yield from ((page.method, page.path) for page in PAGES)


def meant_for(method: str, path: str) -> str | frozenset[Role]:
    """What the table says of a route."""
    for pattern, whom in TABLE:
        if re.fullmatch(pattern, f"{method} {path}"):
            return whom
    raise AssertionError(f"{method} {path} is not in the table: say whom it is for")


def test_every_route_is_in_the_table() -> None:
    for method, path in routes():
        meant_for(method, path)


def test_every_list_of_the_office_is_in_its_table() -> None:
    assert len(OFFICE) == len(VIEWS) + 1  # the audit log is the office's own


def turned_away(answer: httpx2.Response) -> bool:
    """Whether the door stayed shut: not known, not allowed, or led to the sign-in."""
    led = answer.status_code == 303 and answer.headers["location"].startswith("/account/sign-in/")
    return answer.status_code in {401, 403} or led


async def knock(client: httpx2.AsyncClient, method: str, path: str) -> httpx2.Response:
    """Ask without saying anything: whoever is let in is refused for that, later and in another way."""
    filled = re.sub(r"\{[^}]+\}", "1", path)
    json: dict[str, object] | None = {} if paths.is_json(filled) and method not in {"GET", "HEAD"} else None
    return await client.request(method, filled, json=json)


@pytest.mark.parametrize("who", ["guest", "shopper", *Role])
async def test_each_route_lets_in_whom_the_table_names(sqlite_database: Settings, who: str) -> None:
    roles = [Role(who)] if who in ALL_STAFF else []
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        if who != "guest":
            await somebody("me@example.com", *roles)
        for method, path in routes():
            if who != "guest" and (path.startswith("/account/sign-in") or "/auth/log" in path):
                continue  # for those outside: an empty try is a wrong password
            if who != "guest" and not client.cookies.get("u"):
                await come_in(client, "me@example.com")
            answer = await knock(client, method, path)
            whom = meant_for(method, path)
            expected = whom == EVERYBODY or (whom == MEMBERS and who != "guest") or bool(set(roles) & set(whom))
            assert answer.status_code < 500, f"{method} {path}"
            # An empty sign-in is a wrong one; the second step belongs to those who took the first.
            if not re.search(r"/account/(code|join)/|/auth/login|/account/sign-in/", path):
                assert turned_away(answer) is not expected, f"{who}: {method} {path} -> {answer.status_code}"


@pytest.mark.parametrize("who", ["guest", "shopper", *Role])
async def test_each_list_of_the_office_opens_to_its_role_alone(sqlite_database: Settings, who: str) -> None:
    office = make_office(sqlite_database)
    mount_office(office, sqlite_database, VIEWS)
    roles = [Role(who)] if who in ALL_STAFF else []
    async with shopper(whole_shop(sqlite_database), sqlite_database) as door:
        if who != "guest":
            await somebody("me@example.com", *roles)
            await come_in(door, "me@example.com")
        transport = httpx2.ASGITransport(app=office)
        cookies = {"sid": door.cookies.get("sid") or ""}
        async with httpx2.AsyncClient(
            transport=transport, base_url=sqlite_database.site_url, cookies=cookies
        ) as client:
            for name, allowed in OFFICE.items():
                answer = await client.get(f"/admin/{name}/list")
                expected = bool(set(roles) & {*allowed, Role.OWNER})
                assert (answer.status_code == 200) is expected, f"{who}: {name} -> {answer.status_code}"


async def test_a_staff_member_who_is_signed_out_has_no_rights_left(sqlite_database: Settings) -> None:
    await somebody("me@example.com", Role.OWNER)
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await come_in(client, "me@example.com")
        session = client.cookies["sid"]
        assert (await client.get("/api/v1/staff/orders")).status_code == 200
        await client.post("/account/sign-out")
        stale = await client.get("/api/v1/staff/orders", headers={"cookie": f"sid={session}"})
    assert stale.status_code == 401


async def test_nobody_else_moves_or_sees_an_order_by_its_number(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    order = await placed({codes["M"]: 1})
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await come_in(client)
        for path in (f"/order/{order.number}/", f"/api/v1/orders/{order.number}", f"/account/orders/{order.number}/"):
            assert (await client.get(path)).status_code == 404
        moved = await client.post(f"/api/v1/staff/orders/{order.number}/transition", json={"to": "confirmed"})
    assert moved.status_code == 403
