"""The whole sidecar, people with accounts, and the letters they get."""

import re
from pathlib import Path

import httpx2
from starlette.applications import Starlette

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.application import make_application
from commerce_api.office.notifications.mail import MAIL_FOLDER
from commerce_api.shop.accounts import passwords, service
from commerce_api.shop.accounts.bearers import account_of_token
from commerce_api.shop.accounts.models import Account
from commerce_api.shop.accounts.queries import Person, person, roles_of
from commerce_api.shop.accounts.roles import Role
from commerce_api.wiring import OPERATIONS, PAGES, Adapters
from tests.commerce_api.shop.cart.builders import shop_front
from tests.commerce_api.working import work

PASSWORD = "вітер над очеретом 7"
EMAIL = "oksana@example.com"


def whole_shop(settings: Settings, connected: Adapters | None = None) -> Starlette:
    """Every route of the sidecar, with the services outside that a test connects."""
    shop_front(settings)  # writes the addresses of the assets
    return make_application(
        settings,
        operations=OPERATIONS,
        pages=PAGES,
        roles_of=roles_of,
        bearer_of=account_of_token,
        ports=(connected or Adapters()).ports,
    )


async def somebody(email: str = EMAIL, *roles: Role, verified: bool = True) -> Person:
    """An account with the password of these tests; staff where roles are given."""
    if roles:
        return await transact(lambda: service.create_staff(email, "Олена", PASSWORD, roles))
    at = clock.now()
    made = await Account.create(
        email=email,
        name="",
        password_hash=await passwords.hash_password(PASSWORD),
        created_at=at,
        verified_at=at if verified else None,
    )
    found = await person(made.id)
    assert found is not None
    return found


async def come_in(client: httpx2.AsyncClient, email: str = EMAIL, password: str = PASSWORD) -> httpx2.Response:
    """Sign in by the form."""
    return await client.post("/account/sign-in/", data={"email": email, "password": password})


async def letters(settings: Settings) -> list[str]:
    """Let the worker send what is owed; every letter so far, the oldest first."""
    await work(settings)
    folder = Path(settings.var_dir) / MAIL_FOLDER
    return [path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))] if folder.is_dir() else []


def link_in(letter: str, site_url: str) -> str:
    """The path of the link in a letter."""
    found = re.search(rf"{re.escape(site_url)}(/\S+)", letter)
    assert found, letter
    return found.group(1)
