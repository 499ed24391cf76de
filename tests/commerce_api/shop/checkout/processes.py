"""A sidecar's process of its own that buys on command: races and crashes are only real between processes."""

import asyncio
import multiprocessing
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any, Final

from commerce_api.foundation import crash
from commerce_api.foundation.db import setup
from commerce_api.foundation.settings import Settings
from tests.commerce_api.shop.cart.builders import shop_front, shopper
from tests.commerce_api.shop.checkout.builders import buy

SPAWN: Final = multiprocessing.get_context("spawn")
PATIENCE: Final = 60
"""Seconds after which a process that does not come is given up."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One checkout: the cart's secret, the key, and the total that was seen."""

    cart: str
    key: str
    total: int


async def _buy(settings: Settings, purchases: list[Purchase], barrier: Barrier | None) -> list[tuple[int, Any]]:
    outcomes = []
    async with setup.opened(settings):
        app = shop_front(settings)
        for purchase in purchases:
            async with shopper(app, settings) as client:
                client.cookies.set("cart", purchase.cart)
                if barrier:
                    barrier.wait(PATIENCE)
                answer = await buy(client, purchase.total, purchase.key)
                outcomes.append((answer.status_code, answer.json()))
    return outcomes


def _work(
    settings: Settings, purchases: list[Purchase], barrier: Barrier | None, told: "Queue[Any]", point: str | None
) -> None:
    crash.arm(point)
    told.put(asyncio.run(_buy(settings, purchases, barrier)))


def buy_in_processes(settings: Settings, *parts: list[Purchase]) -> list[list[tuple[int, Any]]]:
    """Each part in a process of its own, purchase by purchase at the same moment; status and body of each."""
    barrier, told = SPAWN.Barrier(len(parts)), SPAWN.Queue()
    workers = [SPAWN.Process(target=_work, args=(settings, part, barrier, told, None)) for part in parts]
    for worker in workers:
        worker.start()
    try:
        return [told.get(timeout=PATIENCE) for _ in workers]
    finally:
        for worker in workers:
            worker.join(PATIENCE)
            worker.kill()


def buy_and_die(settings: Settings, purchase: Purchase, point: str) -> int | None:
    """The exit code of a process that buys with a crash point armed."""
    told = SPAWN.Queue()  # kept here: a queue that nobody holds is gone before the process has opened it
    worker = SPAWN.Process(target=_work, args=(settings, [purchase], None, told, point))
    worker.start()
    worker.join(PATIENCE)
    worker.kill()
    return worker.exitcode
