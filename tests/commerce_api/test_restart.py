"""A sidecar is replaced while people buy: nothing that was acknowledged is lost, nothing is doubled, and whoever comes
at the wrong moment is told when to come again."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx2
import pytest

from commerce_api.edge import make_edge
from commerce_api.foundation.db import setup
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import paths
from commerce_api.integrations.upstream import Upstream
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.orders.models import Order, OrderLine
from commerce_api.supervisor import answers
from tests.commerce_api.foundation.web.apps import visiting
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.checkout.builders import LINES, body
from tests.services import copy_sqlite
from tests.waiting import until

pytestmark = pytest.mark.anyio

SHOPPERS = 4
STOCK = 10_000
PATIENCE = 20.0
"""Seconds for a sidecar to answer or to end; it only ends a test that has failed."""
PAUSE = 0.1
"""Seconds until somebody who was told to come again does, which is sooner than they were told."""


Begin = Callable[[], object]
Restart = Callable[[str, "subprocess.Popen[bytes]", Begin], Awaitable[None]]


@dataclass
class Street:
    """Shoppers who buy again and again until the street is closed; what they were told, and what they bought."""

    front: httpx2.AsyncClient
    closed: bool = False
    bought: dict[str, int] = field(default_factory=dict)
    told: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    async def ask(self, path: str, headers: dict[str, str], json: object) -> httpx2.Response:
        """The answer to one wish, asked for again whenever the shop says so."""
        while True:
            self.front.cookies.clear()
            answer = await self.front.post(path, json=json, headers=headers)
            self.told[answer.status_code] += 1
            if answer.status_code != 503:
                return answer
            if "retry-after" not in answer.headers:
                self.wrong.append(f"{path}: 503 without a word when to come again")
            await asyncio.sleep(PAUSE)

    async def shop(self, sku: str, name: str) -> None:
        """One order after the other: two pieces, one by one, then the checkout."""
        number = 0
        while not self.closed:
            number += 1
            # A guest of their own for each order.
            headers = {"origin": "http://localhost:8000", "idempotency-key": f"{name}-{number}"}
            for _ in range(2):
                filled = await self.ask(LINES, headers, {"sku": sku, "quantity": 1})
                headers.setdefault("cookie", "; ".join(f"{key}={value}" for key, value in filled.cookies.items()))
            placed = await self.ask("/api/v1/checkout", headers, body(filled.json()["total"]))
            if placed.status_code != 201:
                self.wrong.append(f"{placed.status_code} {placed.text[:300]}")
                return
            self.bought[placed.json()["number"]] = filled.json()["lines"][0]["quantity"]

    async def busy(self) -> None:
        """Waits until several more orders were placed, or something is wrong."""
        before = len(self.bought)

        async def placed() -> bool:
            return bool(self.wrong) or len(self.bought) > before + SHOPPERS

        await until(placed, "people buy")


def start(settings: Settings, address: str) -> "subprocess.Popen[bytes]":
    """Another sidecar at the same address."""
    environ = {
        **os.environ,
        "TWOCOMMS_ENV": "test",
        "TWOCOMMS_VAR_DIR": str(settings.var_dir),
        "TWOCOMMS_BUILD_DIR": str(settings.build_dir),
        "DATABASE_URL": settings.database_url,
        "LOG_FILE": str(settings.var_dir / "sidecar.log"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "commerce_api.serve", "commerce_api.app:create", address], env=environ
    )


async def ready(address: str) -> None:
    """Waits until somebody answers there."""
    await until(partial(asyncio.to_thread, answers, address, "/readyz"), "somebody answers")


async def ended(sidecar: "subprocess.Popen[bytes]") -> None:
    """Tells a sidecar to stop and waits until it has."""
    sidecar.send_signal(signal.SIGTERM)
    # uvicorn ends as the signal asked, after its lifespan has closed the database.
    assert await asyncio.to_thread(sidecar.wait, PATIENCE) in {0, -signal.SIGTERM}


async def replaced_at_once(address: str, old: "subprocess.Popen[bytes]", begin: Begin) -> None:
    """The next one takes over the address of the old one, which is stopped then."""
    socket = Path(address.removeprefix("unix:"))
    before = os.stat(socket).st_ino
    begin()

    async def taken_over() -> bool:
        return os.stat(socket).st_ino != before

    await until(taken_over, "the next one takes over")
    await ended(old)


async def stopped_and_started(address: str, old: "subprocess.Popen[bytes]", begin: Begin) -> None:
    """The next one begins when the old one has ended."""
    await ended(old)
    begin()
    await ready(address)


@asynccontextmanager
async def busy_street(settings: Settings, address: str, sku: str) -> AsyncIterator[Street]:
    """People who buy through the edge all the time; on leaving, everybody finishes what they began."""
    async with AsyncExitStack() as stack:
        behind = await stack.enter_async_context(aclosing(Upstream(address)))
        edge = make_edge(settings, sidecar=behind, office=behind)
        street = Street(await stack.enter_async_context(visiting(edge)))
        people = await stack.enter_async_context(asyncio.TaskGroup())
        for number in range(SHOPPERS):
            people.create_task(street.shop(sku, f"shopper-{number}"))
        try:
            yield street
        finally:
            street.closed = True


@pytest.mark.parametrize(
    ("restart", "lets_people_wait"),
    [(stopped_and_started, True), (replaced_at_once, False)],
    ids=["stopped-and-started", "replaced-at-once"],
)
async def test_people_go_on_buying_while_the_sidecar_is_replaced(
    settings: Settings, restart: Restart, lets_people_wait: bool
) -> None:
    await copy_sqlite(settings)
    async with setup.opened(settings):
        sku = (await put_on_shelf(stock={"M": STOCK}))["M"]
    address, processes = paths.socket_address(settings.var_dir, "sidecar"), ExitStack()

    def begin() -> "subprocess.Popen[bytes]":
        began = start(settings, address)
        processes.callback(began.wait, PATIENCE)
        processes.callback(began.terminate)
        return began

    with processes:
        # given a street of people who buy
        old = begin()
        await ready(address)
        async with busy_street(settings, address, sku) as street:
            await street.busy()
            # when another sidecar takes the place of the one that they buy from
            await restart(address, old, begin)
            before = len(street.bought)
            await street.busy()

    # then they were answered, or told when to come again
    assert street.wrong == []
    assert street.told.keys() <= {200, 201, 503}
    assert (street.told[503] > SHOPPERS) == lets_people_wait
    assert len(street.bought) > before > SHOPPERS
    async with setup.opened(settings):
        # and every order that they were told of is there once, with what they put into it, and no other
        kept = {order.number: order.id for order in await Order.all()}
        pieces = {line.order_id: line.quantity for line in await OrderLine.all()}
        assert {number: pieces[row] for number, row in kept.items()} == dict.fromkeys(street.bought, 2)
        left = await Sku.get(code=sku)
    assert (left.stock, left.reserved) == (STOCK - 2 * len(street.bought), 2 * len(street.bought))
