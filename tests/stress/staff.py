"""What the staff of a town do with orders, and the texts that they have written."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from tests.stress.town import BEAT, PRODUCTS, TURNS, Bought, Json, Town


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


async def asks_for_texts(town: Town) -> None:
    """Have the products described; who hears nothing presses again."""
    for _ in range(TURNS):
        answer = await town.as_staff("POST", "/ai-runs", {"products": PRODUCTS}, again=False)
        if answer is not None and answer.status_code == 202:
            town.runs.append(str(answer.json()["id"]))
            return
        await asyncio.sleep(BEAT)
