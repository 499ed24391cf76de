"""Points: expected from confirmation, spendable on delivery, taken back on return, and in proportion with
money that is given back (rules.md 7).

Every movement is one posting of the ledger under a cause of its own, so that an event told twice moves points once.
"""

from dataclasses import dataclass
from typing import Final

from commerce_api.foundation.db.tx import require_transaction, savepoint
from commerce_api.foundation.kit import clock
from commerce_api.shop.ledger.errors import AlreadyPosted
from commerce_api.shop.ledger.queries import balance, was_posted
from commerce_api.shop.ledger.service import AccountKey, post
from commerce_api.shop.loyalty.accounts import DONATED, SHOP, forfeited, pending, spendable
from commerce_api.shop.loyalty.models import Reward
from commerce_api.shop.orders import payment as orders
from commerce_api.shop.orders.queries import PointsOfOrder, points_of_order
from commerce_api.shop.orders.status import OrderStatus
from commerce_api.shop.pricing.codes import CodeKind
from commerce_api.shop.pricing.points import REWARD_PERCENT, REWARD_POINTS
from commerce_api.shop.promotions.making import NewPromo, create

ON_THE_WAY: Final = frozenset({OrderStatus.CONFIRMED, OrderStatus.PACKED, OrderStatus.SHIPPED})
LOST: Final = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUSED})


@dataclass(frozen=True, slots=True)
class Bought:
    """A personal code."""

    code: str


async def settle(order_id: int) -> None:
    """Move the points of an order to where its status says they belong, less those that money given back costs; what
    was moved before stays.

    Orders of guests have none; an order that is claimed later is settled then. Runs under the order's lock, so that a
    refund and a delivery heard at once reckon one after the other. Raises OrderUnknown and NoTransaction.
    """
    money = await orders.hold(order_id)
    order = await points_of_order(order_id)
    if order is None:
        return
    taken = await balance(forfeited(order_id))
    left = order.points - taken
    if order.status in ON_THE_WAY:
        await _once(order, "pending", left, SHOP, pending(order.account_id))
    elif order.status is OrderStatus.DELIVERED:
        await _earn(order, left)
    elif order.status is OrderStatus.RETURNED and not await _give_up(order, left):
        await _earn(order, left)
        await _once(order, "returned", left, spendable(order.account_id), SHOP)
    elif order.status in LOST:
        await _give_up(order, left)
    where = await _where(order)
    if where:
        lost = order.points * money.given_back // money.payable
        await _once(order, "refunded", lost - taken, where, forfeited(order_id), f":{order.version}")


async def follow_edit(order_id: int, account_id: int, difference: int, step: int) -> None:
    """An order was edited and is worth so many points more (or less): those on the way follow.

    `step` is the history row of the edit, for which points move once. Points that are not on the way yet are reckoned
    when they set out. Raises NoTransaction.
    """
    require_transaction()
    if difference and await was_posted(f"order:{order_id}:points_pending"):
        amounts = {pending(account_id): difference, SHOP: -difference}
        await post(f"order:{order_id}:points_edit:{step}", "points_edit", amounts)


async def buy_code(account_id: int, key: str) -> Bought:
    """Turn points into a personal code of one use; the same `key` (of the form) buys it once.

    Raises NotEnough, and NoTransaction.
    """
    require_transaction()
    cause = f"reward:{account_id}:{key}"
    try:
        async with savepoint():
            await post(
                cause,
                "points_spent",
                {spendable(account_id): -REWARD_POINTS, SHOP: REWARD_POINTS},
                spending=spendable(account_id),
            )
    except AlreadyPosted:
        return Bought((await Reward.get(cause=cause)).code)
    wanted = NewPromo(CodeKind.PERCENT, REWARD_PERCENT, max_uses=1, note=f"points, account {account_id}")
    code = await create(wanted)
    await Reward.create(account_id=account_id, cause=cause, code=code, points=REWARD_POINTS, at=clock.now())
    return Bought(code)


async def donate(account_id: int, points: int, key: str) -> None:
    """Give points away; the same `key` (of the form) gives once. Raises NotEnough, and NoTransaction."""
    require_transaction()
    amounts = {spendable(account_id): -points, DONATED: points}
    try:
        async with savepoint():
            await post(f"donation:{account_id}:{key}", "points_donated", amounts, spending=spendable(account_id))
    except AlreadyPosted:
        return


async def _earn(order: PointsOfOrder, points: int) -> None:
    """From those on the way to those to spend; an order claimed after its delivery had none on the way."""
    was_pending = await _posted(order, "pending")
    source = pending(order.account_id) if was_pending else SHOP
    await _once(order, "earned", points, source, spendable(order.account_id))


async def _give_up(order: PointsOfOrder, points: int) -> bool:
    """Take points on the way back; False when they have arrived or never set out."""
    if not await _posted(order, "pending") or await _posted(order, "earned"):
        return False
    await _once(order, "lost", points, pending(order.account_id), SHOP)
    return True


async def _where(order: PointsOfOrder) -> AccountKey | None:
    """Whose points those of the order are now; None before they set out and after they went back."""
    if await _posted(order, "earned"):
        return None if await _posted(order, "returned") else spendable(order.account_id)
    if await _posted(order, "pending"):
        return None if await _posted(order, "lost") else pending(order.account_id)
    return None


async def _once(
    order: PointsOfOrder, kind: str, points: int, source: AccountKey, target: AccountKey, step: str = ""
) -> None:
    if not points:
        return
    try:
        async with savepoint():
            await post(_cause(order, kind) + step, f"points_{kind}", {source: -points, target: points})
    except AlreadyPosted:
        return


async def _posted(order: PointsOfOrder, kind: str) -> bool:
    return await was_posted(_cause(order, kind))


def _cause(order: PointsOfOrder, kind: str) -> str:
    return f"order:{order.id}:points_{kind}"
