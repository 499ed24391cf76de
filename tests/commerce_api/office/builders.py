"""An office that is open: staff of every role, a product, and one order of it."""

import shutil
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from starlette.testclient import TestClient

from commerce_api.foundation.db import setup
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import Settings
from commerce_api.office_app import make_office
from commerce_api.shop.accounts import service as accounts
from commerce_api.shop.accounts.roles import Role
from commerce_api.wiring import Adapters
from tests import services
from tests.commerce_api.shop.catalog.builders import a_product, add
from tests.commerce_api.shop.orders.builders import placed

T = TypeVar("T")

PASSWORD = "a long enough one"


@dataclass(frozen=True, slots=True)
class Office:
    """A running office with one product and one order of it."""

    client: TestClient
    number: str

    def sign_in(self, role: Role) -> None:
        """Come in as the staff member who has this role."""
        self.client.cookies.clear()
        form = {"username": f"{role.value}@shop.example", "password": PASSWORD, "csrftoken": self.token("/admin/login")}
        answer = self.client.post("/admin/login", data=form, follow_redirects=False)
        assert answer.status_code == 303, answer.text

    def token(self, page: str = "/admin/login") -> str:
        """The token that forms of the office carry."""
        self.client.get(page)
        return str(self.client.cookies["starlette_admin_csrftoken"])

    def act(self, view: str, name: str, pk: int = 1, **form: str) -> int:
        """Post a row action; returns the status."""
        answer = self.client.post(
            f"/admin/_api/{view}/row-action",
            params={"pk": str(pk), "name": name},
            data=form,
            headers={"X-CSRFToken": self.token("/admin/")},
        )
        return answer.status_code


async def furnish(settings: Settings) -> str:
    """Staff of every role, a product and an order, whose number it returns."""
    await services.copy_sqlite(settings)
    async with setup.opened(settings):
        for role in Role:
            await transact(partial(accounts.create_staff, f"{role.value}@shop.example", role.value, PASSWORD, [role]))
        await transact(lambda: accounts.create_staff("nobody@shop.example", "Nobody", PASSWORD, []))
        await add(a_product("kolos-tee"))
        return (await placed({"TC-KOLOS-TEE-COAL-M": 1})).number


@contextmanager
def opened(settings: Settings, furnished: tuple[Path, str], connected: Adapters | None = None) -> Iterator[Office]:
    """An office over a copy of a furnished database, with the services outside that a test connects."""
    file, number = furnished
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, settings.var_dir)
    app = make_office(settings, connected)
    with TestClient(app, base_url=settings.site_url, headers={"origin": settings.site_url}) as client:
        yield Office(client, number)


def read(office: Office, query: Awaitable[T]) -> T:
    """The result of a query, asked on the loop in which the office runs."""
    assert office.client.portal is not None

    async def ask() -> T:
        return await query

    return office.client.portal.call(ask)
