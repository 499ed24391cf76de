"""Reading points: what somebody has, how it came to be, and the codes it was turned into."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commerce_api.foundation.kit.paging import Page, PageRequest
from commerce_api.shop.ledger.queries import Movement, balance, statement
from commerce_api.shop.loyalty.accounts import pending, spendable
from commerce_api.shop.loyalty.models import Reward

MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Points:
    """`spendable` now (may be below zero after a return), and `pending` until parcels are received."""

    spendable: int
    pending: int


@dataclass(frozen=True, slots=True)
class RewardView:
    """A personal code that was bought with points."""

    code: str
    points: int
    at: datetime


async def points_of(account_id: int) -> Points:
    """What an account has."""
    return Points(await balance(spendable(account_id)), await balance(pending(account_id)))


async def movements(account_id: int, page: PageRequest) -> Page[Movement]:
    """What came in and went out of the spendable points, newest first."""
    return await statement(spendable(account_id), page)


async def rewards_of(account_id: int, most: int | None = MOST_SHOWN) -> list[RewardView]:
    """Codes bought, newest first: all of them when `most` is None."""
    bought = Reward.filter(account_id=account_id).order_by("-id")
    rows = await (bought if most is None else bought.limit(most))
    return [RewardView(row.code, row.points, row.at) for row in rows]
