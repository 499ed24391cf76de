"""Shoppers and staff at a shop that is killed under their hands, beside a bank and a carrier that fail.

What somebody asks for and hears nothing of is asked again where that is safe, as a browser and a patient person would;
`Town.wrong` keeps every answer that nobody should ever get.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import httpx2

from commerce_api.foundation.kit import ids
from tests.commerce_api.shop.checkout.builders import LINES

BEAT: Final = 0.15
TURNS: Final = 40
"""How often somebody looks for the bank's page before they give up."""
PAYMENTS: Final = ("online_full", "prepay_200", "cod")
ORIGIN: Final = re.compile(r"https?://[^/]+")
Json = dict[str, Any]


@dataclass(slots=True)
class Bought:
    """An order as its shopper knows it. `page` is the bank's page, once it was shown."""

    number: str
    token: str
    email: str
    payment: str
    payable: int
    due: int
    page: str = ""


@dataclass(slots=True)
class Town:
    """Where people live: the shop and the sandbox, what was bought, what staff were promised, and what was wrong."""

    shop: str
    sandbox: str
    staff: str
    sku: str
    http: httpx2.AsyncClient
    bought: list[Bought] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    async def ask(
        self, method: str, path: str, *, again: bool = True, cookies: Mapping[str, str] | None = None, **options: Any
    ) -> httpx2.Response | None:
        """The shop's answer; asked anew while nobody is there or the shop says that somebody else is away. None for a
        question that may not be asked twice and got no answer."""
        headers = {"origin": self.shop, "accept": "application/json", **options.pop("headers", {})}
        if cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        for turn in range(TURNS * 10):
            try:
                # Many people share this client, and none of them the others' cookies.
                self.http.cookies.clear()
                answer = await self.http.request(method, self.shop + path, headers=headers, **options)
            except httpx2.TransportError as error:
                if not again and not isinstance(error, httpx2.ConnectError):
                    return None
                await asyncio.sleep(BEAT)
                continue
            if answer.status_code == 500:
                self.wrong.append(f"{method} {ORIGIN.sub('', path)[:60]}: 500 {answer.text[:200]}")
            if answer.status_code != 503 or not again or turn > TURNS:
                return answer
            await asyncio.sleep(BEAT)
        raise TimeoutError(f"the shop does not answer {method} {path}")

    async def as_staff(self, method: str, path: str, json: Any = None, *, again: bool = True) -> httpx2.Response | None:
        """The same by somebody of the staff."""
        return await self.ask(
            method,
            f"/api/v1/staff{path}",
            again=again,
            cookies={"sid": self.staff},
            headers={"idempotency-key": ids.token()},
            **({"json": json} if json else {}),
        )

    async def click(self, bought: Bought, how: str) -> None:
        """Press a button of the bank's page, and come back to the shop as often as not."""
        answer = await self.http.post(bought.page, data={"how": how}, headers={"origin": self.sandbox})
        back = answer.headers.get("location", "")
        if back.startswith(self.shop) and bought.due % 3:
            await self.ask("GET", back.removeprefix(self.shop))

    async def push(self, waybill: str, move: str) -> None:
        """Somebody at the carrier's moves a parcel."""
        await self.http.post(f"{self.sandbox}/nova-poshta/parcels/{waybill}/{move}")


async def buy(town: Town, number: int, chance: Random) -> Bought:
    """A new visitor puts one or two pieces into a cart and orders them, under one key until there is an answer."""
    quantity, payment = chance.randint(1, 2), PAYMENTS[number % len(PAYMENTS)]
    filled = await town.ask("POST", LINES, json={"sku": town.sku, "quantity": quantity}, again=True)
    assert filled is not None
    cookies, total = {"cart": filled.cookies["cart"]}, filled.json()["total"]
    email = f"shopper{number}@stress.example"
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
    placed = await town.ask("POST", "/api/v1/checkout", json=wish, cookies=cookies, headers=headers)
    if placed is None or placed.status_code != 201:
        raise AssertionError(f"no order: {placed and placed.text}")
    told: Json = placed.json()
    page = (told.get("payment") or {}).get("redirect_url") or ""
    bought = Bought(told["number"], told["token"], email, payment, told["payable"], told["due_now"], page)
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


async def order_of(town: Town, bought: Bought) -> Json:
    """The order as staff see it."""
    answer = await town.as_staff("GET", f"/orders/{bought.number}")
    assert answer is not None
    told: Json = answer.json()
    return told


async def moves(town: Town, bought: Bought, to: str, **details: str) -> bool:
    """Whether staff could move the order; where they heard nothing they look."""
    answer = await town.as_staff("POST", f"/orders/{bought.number}/transition", {"to": to, **details}, again=False)
    return answer is not None and answer.status_code == 200 or (await order_of(town, bought))["status"] == to


async def packs(town: Town, bought: Bought) -> bool:
    """Confirm what is paid on receipt, and pack."""
    if (await order_of(town, bought))["status"] == "new" and not await moves(town, bought, "confirmed"):
        return False
    return await moves(town, bought, "packed")


async def waybill(town: Town, bought: Bought) -> str:
    """Press for the waybill until it is there or refused for a reason that stays; its number, "" without one."""
    path = f"/orders/{bought.number}/waybill"
    for _ in range(TURNS // 4):
        answer = await town.as_staff("POST", path, again=False)
        if answer is not None and answer.status_code == 201:
            return str(answer.json()["waybill"])
        if answer is not None and answer.json().get("code") in {"waybill_not_now", "order_unknown"}:
            return ""
        await asyncio.sleep(BEAT)
    return ""


async def ships(town: Town, bought: Bought) -> None:
    if await packs(town, bought) and (number := await waybill(town, bought)):
        for _ in range(4):
            await town.push(number, "next")


async def two_press_for_a_waybill(town: Town, bought: Bought) -> None:
    if await packs(town, bought):
        await asyncio.gather(waybill(town, bought), waybill(town, bought))


async def takes_a_waybill_back(town: Town, bought: Bought) -> None:
    if await packs(town, bought) and await waybill(town, bought):
        await town.as_staff("DELETE", f"/orders/{bought.number}/waybill", again=False)
        await waybill(town, bought)


async def cancels_what_is_packed(town: Town, bought: Bought) -> None:
    if await packs(town, bought):
        await asyncio.gather(waybill(town, bought), moves(town, bought, "cancelled", reason="customer_asked"))


async def refunds(town: Town, bought: Bought, amount: int) -> None:
    """Once: who hears nothing looks into the queue and does not press again."""
    answer = await town.as_staff(
        "POST", f"/orders/{bought.number}/refunds", {"amount": amount, "reason": "stress"}, again=False
    )
    if answer is not None and answer.status_code == 201:
        town.promised += [item["reference"] for item in answer.json()["items"]]


async def refunds_all(town: Town, bought: Bought) -> None:
    await refunds(town, bought, bought.due or bought.payable)


async def refunds_in_parts(town: Town, bought: Bought) -> None:
    part = (bought.due or bought.payable) // 3
    await refunds(town, bought, part)
    await asyncio.gather(refunds(town, bought, part), refunds(town, bought, 2 * part))


async def refunds_and_cancels(town: Town, bought: Bought) -> None:
    part = (bought.due or bought.payable) // 2
    await asyncio.gather(refunds(town, bought, part), moves(town, bought, "cancelled", reason="out_of_stock"))


async def edits(town: Town, bought: Bought) -> None:
    for quantity in (3, 1):
        wanted = {"lines": [{"sku": town.sku, "quantity": quantity}]}
        await town.as_staff("PATCH", f"/orders/{bought.number}", wanted, again=False)


async def nothing(_town: Town, _bought: Bought) -> None:
    return


AT_THE_DESK: Final[tuple[Callable[[Town, Bought], Awaitable[None]], ...]] = (
    ships, ships, two_press_for_a_waybill, takes_a_waybill_back, cancels_what_is_packed, refunds_all, refunds_in_parts,
    refunds_and_cancels, edits, nothing,
)  # fmt: skip
"""What staff do with an order."""


async def live(town: Town, number: int, chance: Random) -> None:
    """One shopper and what staff do with the order, some of it at the same moment."""
    bought = await buy(town, number, chance)
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
