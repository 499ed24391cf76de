"""Whole runs: all races, and buying under kill -9, each with everything that was wrong in words."""

import asyncio
from dataclasses import dataclass
from random import Random
from typing import Final

from commerce_api.foundation.db import setup
from commerce_api.foundation.settings import Settings
from tests.commerce_api.shop.cart.builders import shopper
from tests.commerce_api.shop.customer_area.builders import whole_shop
from tests.stress import laws
from tests.stress.racers import Said, buy_until_killed, race
from tests.stress.races import RACES, checkout, shelf, stage

POINTS: Final = ("before_commit", "after_commit", "before_reply", None)
"""Where a buyer dies in turn; None is SIGKILL at whatever it does."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many were run, and what was wrong."""

    runs: int
    wrong: tuple[str, ...]


async def run_races(settings: Settings, rounds: int) -> Outcome:
    """Every race so many times between two processes; the database of `settings` is migrated, empty and closed."""
    async with setup.opened(settings), shopper(whole_shop(settings), settings) as client:
        made = await stage(settings, client)
        pairs = [(name, await one.prepare(made, n)) for name, one in RACES.items() for n in range(rounds)]
    first, second = await asyncio.to_thread(
        race, settings, [pair[0] for _, pair in pairs], [pair[1] for _, pair in pairs]
    )
    wrong = [
        f"{name}: {ours.status} {ours.body.get('code', '')} and {theirs.status} {theirs.body.get('code', '')}"
        for (name, _), ours, theirs in zip(pairs, first, second, strict=True)
        if not RACES[name].judge(ours, theirs)
    ]
    queries = [(name, query) for name, one in RACES.items() for query in one.wrong]
    for (name, _), rows in zip(queries, await laws.ask(settings.database_url, *(q for _, q in queries)), strict=True):
        wrong += [f"{name}: not exactly once: {row}" for row in rows]
    return Outcome(len(pairs), (*wrong, *await lawless(settings)))


async def run_kills(settings: Settings, orders: int, seed: int = 1) -> Outcome:
    """Buy so many carts in processes that are killed on the way, each cart under one key until it is answered.

    The database of `settings` is migrated, empty and closed. `runs` counts the kills.
    """
    chance, kills = Random(seed), 0  # noqa: S311 - no secret hangs on it
    async with setup.opened(settings), shopper(whole_shop(settings), settings) as client:
        made = await stage(settings, client)
        sku = await shelf("killed", orders)
        carts = [await made.cart(sku) for _ in range(orders)]
    asks = [checkout(secret, total, f"key-{n}") for n, (secret, total) in enumerate(carts)]
    told: list[Said] = []
    while len(told) < orders:
        point, answers = POINTS[kills % len(POINTS)], chance.randint(1, 6)
        told += await asyncio.to_thread(buy_until_killed, settings, asks[len(told) :], point, answers)
        kills += 1
    wrong = [f"{said.status} {said.body.get('code', '')}" for said in told if said.status != 201]
    numbers = [f"{said.body.get('number')} {said.body.get('payable')}" for said in told]
    (stored,) = await laws.ask(settings.database_url, "SELECT number || ' ' || payable FROM shop_order")
    wrong += [f"acknowledged and lost: {number}" for number in sorted(set(numbers) - set(stored))]
    wrong += [f"placed and never told: {number}" for number in sorted(set(stored) - set(numbers))]
    if len(set(numbers)) != orders:
        wrong.append(f"{orders} carts became {len(set(numbers))} orders")
    events = "SELECT COUNT(*) FROM outbox_event WHERE name = 'OrderPlaced'"
    (count,) = (await laws.ask(settings.database_url, events))[0]
    if int(count) != orders:
        wrong.append(f"{orders} orders left {count} events")
    return Outcome(kills, (*wrong, *await lawless(settings)))


async def lawless(settings: Settings) -> list[str]:
    """The laws that do not hold, in words."""
    return [f"{law}: {', '.join(rows[:5])}" for law, rows in (await laws.broken(settings.database_url)).items()]
