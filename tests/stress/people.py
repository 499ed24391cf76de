"""Shoppers at a shop that is killed under their hands, beside services that fail, and what they do at the bank."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Final

from tests.commerce_api.shop.checkout.builders import LINES
from tests.stress.arrivals import comes
from tests.stress.staff import AT_THE_DESK
from tests.stress.town import BEAT, TURNS, Bought, Browser, Json, Town

PAYMENTS: Final = ("online_full", "prepay_200", "cod")


async def buy(town: Town, number: int, chance: Random, browser: Browser, account: str) -> Bought:
    """Somebody puts one or two pieces into a cart and orders them, under one key until there is an answer. `account` is
    the address of the account that is open in the browser, "" for a guest."""
    quantity, payment = chance.randint(1, 2), PAYMENTS[number % len(PAYMENTS)]
    filled = await town.ask("POST", LINES, json={"sku": town.sku, "quantity": quantity}, cookies=browser)
    assert filled is not None
    browser.update(filled.cookies)
    total, email = filled.json()["total"], account or f"shopper{number}@stress.example"
    wish = {
        "contact": {
            "name": "Шевченко Оксана",
            "phone": f"067 123-{number // 100:02}-{number % 100:02}",
            "email": email,
        },
        "delivery": {"city": "Харків", "branch": "Відділення №12"},
        "payment": payment,
        "expected_total": total,
    }
    headers = {"idempotency-key": f"key-of-{number}"}
    placed = await town.ask("POST", "/api/v1/checkout", json=wish, cookies=browser, headers=headers)
    if placed is None or placed.status_code != 201:
        raise AssertionError(f"no order: {placed and placed.text}")
    told: Json = placed.json()
    page = (told.get("payment") or {}).get("redirect_url") or ""
    bought = Bought(told["number"], told["token"], email, payment, told["payable"], told["due_now"], page, account)
    town.bought.append(bought)
    return bought


async def find_page(town: Town, bought: Bought) -> bool:
    """Ask for the page on which the order can be paid until it is there; False for who gives up."""
    for _ in range(TURNS):
        answer = await town.ask("POST", f"/api/v1/orders/{bought.token}/pay")
        page = answer.json().get("redirect_url") if answer is not None and answer.status_code == 200 else ""
        if page:
            bought.page = page
            return True
        if answer is not None and answer.json().get("code") in {"nothing_to_pay", "pay_too_late"}:
            return False
        await asyncio.sleep(BEAT)
    return False


async def pays(town: Town, bought: Bought) -> None:
    await town.click(bought, "pay")


async def pays_twice(town: Town, bought: Bought) -> None:
    await asyncio.gather(town.click(bought, "pay"), town.click(bought, "pay"))


async def fails_then_pays(town: Town, bought: Bought) -> None:
    await town.click(bought, "fail")
    if await find_page(town, bought):
        await town.click(bought, "pay")


async def fails(town: Town, bought: Bought) -> None:
    await town.click(bought, "fail")


async def leaves(town: Town, bought: Bought) -> None:
    await town.click(bought, "abandon")


async def pays_the_carrier(town: Town, bought: Bought) -> None:
    await town.click(bought, "abandon")
    await town.ask("POST", f"/order/{bought.token}/pay-on-receipt", data={})


async def cancels(town: Town, bought: Bought) -> None:
    await town.ask("POST", f"/api/v1/orders/{bought.token}/cancel", json={})


async def cancels_and_pays(town: Town, bought: Bought) -> None:
    """The page is still open in another tab."""
    await asyncio.gather(cancels(town, bought), town.click(bought, "pay"))


async def pays_and_cancels(town: Town, bought: Bought) -> None:
    await town.click(bought, "pay")
    await cancels(town, bought)


AT_THE_BANK: Final[tuple[Callable[[Town, Bought], Awaitable[None]], ...]] = (
    pays, pays, pays, pays_twice, fails_then_pays, fails, leaves, pays_the_carrier, cancels_and_pays, pays_and_cancels,
)  # fmt: skip
"""What shoppers do on the bank's page; most of them pay."""


async def live(town: Town, number: int, chance: Random) -> None:
    """One shopper and what staff do with the order, some of it at the same moment."""
    bought = await buy(town, number, chance, *await comes(town, number, chance))
    at_the_bank, at_the_desk = chance.choice(AT_THE_BANK), chance.choice(AT_THE_DESK)

    async def pay() -> None:
        if bought.due and (bought.page or await find_page(town, bought)):
            await at_the_bank(town, bought)

    if chance.random() < 0.3:
        await asyncio.gather(pay(), at_the_desk(town, bought))
    else:
        await pay()
        await asyncio.sleep(chance.random())
        await at_the_desk(town, bought)
