"""Everybody in front of the shop and of its office: each route asked as asks.py says, and what that cost."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import httpx2
from starlette.applications import Starlette
from starlette.types import ASGIApp

from commerce_api.foundation.db import setup
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.application import make_application
from commerce_api.integrations.telegram import Telegram
from commerce_api.office.admin.shell import mount_office
from commerce_api.office_app import DESKS, VIEWS, make_office
from commerce_api.shop.accounts.bearers import account_of_token
from commerce_api.shop.accounts.chats import ChatBot
from commerce_api.shop.accounts.queries import roles_of
from commerce_api.shop.cart.browser import CART
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.wiring import OPERATIONS, PAGES, ROUTES, adapters
from sandbox.environment import BOT_TOKEN
from tests import services
from tests.commerce_api import asks
from tests.commerce_api.asks import GUEST, Ask
from tests.commerce_api.crowd import Crowd, gather
from tests.commerce_api.integrations.issuers import HOST, Issuers
from tests.commerce_api.shop.cart.builders import shop_front
from tests.commerce_api.shop.settlement.builders import Desk
from tests.commerce_api.shop.settlement.builders import desk as bank_desk
from tests.commerce_api.shop.shipping.builders import Line
from tests.commerce_api.statements import statements

HOOK_SECRET: Final = "a-secret-of-telegram-and-the-shop"


@dataclass(frozen=True, slots=True)
class Spent:
    """What came of one call: status, headers and words of the answer, and the statements it sent."""

    status: int
    headers: Mapping[str, str]
    said: str
    sent: list[str]


def filled(value: Any, names: Mapping[str, Any]) -> Any:
    """A body with the crowd's own words in it."""
    match value:
        case str():
            alone = re.fullmatch(r"\{(\w+)\}", value)
            return names[alone[1]] if alone else value.format(**names)
        case dict():
            return {name: filled(inner, names) for name, inner in value.items()}
        case list():
            return [filled(inner, names) for inner in value]
    return value


@dataclass
class Doors:
    """A shop and its office over the open database, with every service outside at hand."""

    settings: Settings
    desk: Desk
    line: Line
    shop: Starlette
    calls: int = 0

    @property
    def office(self) -> Starlette:
        """The office; made while the database is open."""
        office = make_office(self.settings)
        mount_office(office, self.settings, VIEWS, DESKS)
        return office

    async def gather(self, size: int) -> Crowd:
        """A crowd that knows everything that asks name."""
        crowd = await gather(size, self.settings, self.desk, self.line)
        crowd.names |= {"hook_secret": HOOK_SECRET, "total": 0}
        cart = await self.ask(self.shop, crowd, "GET /api/v1/cart", asks.ROUTES["GET /api/v1/cart"])
        found = re.search(r'"total":(\d+)', cart.said)
        assert found, cart.said
        crowd.names["total"] = int(found[1])
        return crowd

    async def ask(self, app: ASGIApp, crowd: Crowd, name: str, ask: Ask) -> Spent:
        """One call, from an address of its own."""
        method, _, template = name.partition(" ")
        path = filled(ask.path or template, crowd.names)
        body: dict[str, Any] = {}
        if ask.form is not None:
            body["data"] = {field: str(value) for field, value in filled(ask.form, crowd.names).items()}
        elif ask.json is not None:
            said = filled(ask.json, crowd.names)
            body |= {"content": said} if isinstance(said, bytes) else {"json": said}
        self.calls += 1
        transport = httpx2.ASGITransport(app=app, client=(f"10.0.{self.calls // 250}.{self.calls % 250}", 1))
        cookie = f"{CART}={crowd.guest_cart}" if ask.who == GUEST else f"sid={crowd.sessions[ask.who]}"
        headers = {"origin": self.settings.site_url, "accept-language": "uk", "cookie": cookie}
        headers |= filled(ask.headers or {}, crowd.names)
        query = f"?{filled(ask.query, crowd.names)}" if ask.query else ""
        async with httpx2.AsyncClient(transport=transport, base_url=self.settings.site_url, headers=headers) as client:
            with statements() as sent:
                answer = await client.request(method, path + query, **body)
        return Spent(answer.status_code, answer.headers, answer.text, list(sent))


def doors(given: Settings) -> Doors:
    """The doors of a shop with these settings."""
    issuers, desk, line = Issuers(), bank_desk(), Line()
    secret = replace(given.outside.telegram, webhook_secret=HOOK_SECRET)
    settings = issuers.connected(replace(given, outside=replace(given.outside, telegram=secret)))
    shop_front(settings)
    bot = Telegram(BOT_TOKEN, f"{HOST}/telegram", issuers.transport)
    made = adapters(settings, issuers.transport_of)
    shop = make_application(
        settings, operations=OPERATIONS, pages=PAGES, routes=ROUTES, roles_of=roles_of, bearer_of=account_of_token,
        ports={**made.ports, **desk.ports, Carrier: line.carrier(), ChatBot: bot},
    )  # fmt: skip
    return Doors(settings, desk, line, shop)


def put(source: Path, target: Path) -> None:
    """Make the database of one file that of another, which may be open."""
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as here:
        here.execute("PRAGMA synchronous = OFF")
        there.backup(here)


async def visited(size: int, folder: Path) -> dict[str, Spent]:
    """Every route asked once in a shop on SQLite with a crowd of `size`. After each call that may have written
    something the database is put back to what it was."""
    here = doors(services.make_settings(folder))
    await services.copy_sqlite(here.settings)
    live, kept = setup.sqlite_file(here.settings.database_url), folder / "kept.sqlite3"
    spent: dict[str, Spent] = {}
    async with setup.opened(here.settings):
        crowd, office = await here.gather(size), here.office
        put(live, kept)
        for app, listed in ((here.shop, asks.ROUTES), (office, asks.OFFICE)):
            for name, ask in listed.items():
                spent[name] = await here.ask(app, crowd, name, ask)
                if not name.startswith("GET"):
                    put(kept, live)
    return spent
