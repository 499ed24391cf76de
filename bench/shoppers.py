"""Shoppers who buy two things each: add, add, check out with cash on delivery, every answer looked at."""

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from bench.http import Answer, Connection
from commerce_api.foundation.settings import ShopSettings

CREATED: Final = 201
OK: Final = 200
FORWARDED: Final = "X-Forwarded-For"
CONTACT: Final = {"name": "Богдан Лепкий", "phone": "+380501234567"}
DELIVERY: Final = {"city": "Харків", "branch": "12"}


class WrongAnswer(Exception):
    """The shop said something else than what it owes; the message holds what was asked and what came."""


@dataclass(slots=True)
class Tally:
    """What the shoppers know at the end: seconds per order (three requests) and per checkout, numbers, pieces sold."""

    orders: list[float] = field(default_factory=list)
    checkouts: list[float] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    pieces: Counter[str] = field(default_factory=Counter)
    wall: float = 0.0


def _expect(answer: Answer, status: int, what: str) -> Any:
    if answer.status != status:
        raise WrongAnswer(f"{what}: {answer.status} {answer.body[:500].decode(errors='replace')}")
    return answer.json


def _owed(prices: Sequence[int], shop: ShopSettings) -> tuple[int, int]:
    """Goods and the sum to pay for a branch, in kopiyky."""
    goods = sum(prices)
    return goods, goods + (0 if goods >= shop.free_delivery_from else shop.branch_price)


def address_of(shopper: int, journey: int) -> str:
    """Where a visitor comes from: each is somebody else, so that none comes too often."""
    return f"10.{shopper % 256}.{journey // 256 % 256}.{journey % 256}"


async def fill_cart(
    connection: Connection,
    chosen: Sequence[str],
    prices: Mapping[str, int],
    shop: ShopSettings,
    address: str = "10.0.0.1",
) -> tuple[dict[str, str], int]:
    """A new visitor puts one of each into the cart: the cookies of the visitor, the sum to pay. Raises WrongAnswer."""
    cookies: dict[str, str] = {}
    total = 0
    for place, sku in enumerate(chosen, 1):
        body, headers = {"sku": sku, "quantity": 1}, {FORWARDED: address}
        answer = await connection.send("POST", "/api/v1/cart/lines", body, cookies, headers)
        cart = _expect(answer, OK, f"adding {sku}")
        cookies.update(answer.cookies)
        goods, total = _owed([prices[each] for each in chosen[:place]], shop)
        if (len(cart["lines"]), cart["goods"], cart["total"]) != (place, goods, total):
            raise WrongAnswer(f"the cart of {chosen[:place]} says {cart}")
    return cookies, total


async def check_out(
    connection: Connection, cookies: Mapping[str, str], total: int, address: str = "10.0.0.1", payment: str = "cod"
) -> str:
    """The order of the visitor's cart: its number. Raises WrongAnswer."""
    asked = {"contact": CONTACT, "delivery": DELIVERY, "payment": payment, "expected_total": total}
    headers = {"Idempotency-Key": uuid.uuid4().hex, FORWARDED: address}
    placed = _expect(await connection.send("POST", "/api/v1/checkout", asked, cookies, headers), CREATED, "checkout")
    if placed["payable"] != total or placed["due_now"] != (0 if payment == "cod" else total):
        raise WrongAnswer(f"an order of {total} says {placed}")
    number: str = placed["number"]
    return number


async def shop_together(
    addresses: Sequence[str],
    site: str,
    prices: Mapping[str, int],
    shop: ShopSettings,
    *,
    shoppers: int,
    orders: int,
    payment: str = "cod",
) -> Tally:
    """`shoppers` at once until `orders` are placed, spread evenly over the servers. Raises WrongAnswer, BadAnswer."""
    tally = Tally()
    skus = sorted(prices)
    left = iter(range(orders))

    async def visit(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - the same choices in every run
        connection = Connection(addresses[number % len(addresses)], site)
        try:
            for journey in left:
                chosen, address = chance.sample(skus, 2), address_of(number, journey)
                begun = perf_counter()
                cookies, total = await fill_cart(connection, chosen, prices, shop, address)
                filled = perf_counter()
                tally.numbers.add(await check_out(connection, cookies, total, address, payment))
                tally.checkouts.append(perf_counter() - filled)
                tally.orders.append(perf_counter() - begun)
                tally.pieces.update(chosen)
        finally:
            await connection.close()

    started = perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for number in range(shoppers):
            tasks.create_task(visit(number))
    tally.wall = perf_counter() - started
    return tally
