"""A shop of one product for programs that try everything: served by a real process, the owner signed in.

The product is the one of the examples in the OpenAPI document, so that what a fuzzer sends can be bought.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2

from commerce_api.foundation.db import setup
from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.models import Session
from commerce_api.shop.accounts.models import Account, AccountRole
from commerce_api.shop.cart.models import Cart, CartLine
from commerce_api.shop.orders.models import Order
from tests.commerce_api.shop.catalog.builders import a_colour, a_product, add, counts
from tests.services import copy_sqlite

SKU = "TC-KOLOS-TEE-COAL-M"
PATIENCE = 30.0
"""Seconds for the server to answer its first request."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a fuzzer may carry: the session of the owner, and the token of a cart with one piece in it."""

    session: str
    cart: str


async def seed(settings: Settings) -> Seeded:
    """Fills the empty database of `settings` and closes it."""
    await copy_sqlite(settings)
    seeded, now = Seeded(ids.token(), ids.token()), clock.now()
    async with setup.opened(settings):
        await add(a_product(colours=(a_colour(stock=counts(S=5, M=500)),)))
        owner: Any = await Account.create(email="owner@example.com", name="Owner", created_at=now, verified_at=now)
        await AccountRole.create(account=owner, role="owner")
        await Session.create(
            digest=ids.digest(seeded.session),
            account_id=owner.id,
            staff=True,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=12),
        )
        cart = await Cart.create(token_digest=ids.digest(seeded.cart), created_at=now, seen_at=now)
        await CartLine.create(cart=cart, sku=SKU, name="Kolos", quantity=1, seen_price=89_000, added_at=now)
    return seeded


async def orders(settings: Settings) -> int:
    """How many orders there are."""
    async with setup.opened(settings):
        return await Order.all().count()


@contextmanager
def served(settings: Settings, port: int, log: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A sidecar over the database of `settings` in a process of its own: its address, and the process."""
    address = f"http://127.0.0.1:{port}"
    environ = {
        **os.environ,
        "TWOCOMMS_ENV": "test",
        "TWOCOMMS_SITE_URL": address,
        "TWOCOMMS_VAR_DIR": str(settings.var_dir),
        "TWOCOMMS_BUILD_DIR": str(settings.build_dir),
        "DATABASE_URL": settings.database_url,
        "LOG_FILE": str(log),
    }
    command = [sys.executable, "-m", "commerce_api.serve", "commerce_api.app:create", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=environ)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8') if log.exists() else ''}")
            time.sleep(0.1)
        yield address, process
    finally:
        process.terminate()
        process.wait(15)


def _answers(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/readyz", timeout=2).status_code == 200
    except httpx2.HTTPError:
        return False
