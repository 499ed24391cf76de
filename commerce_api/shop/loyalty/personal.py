"""What this room knows of a person. Postings name an account's number and stay: they are bookkeeping, and after the
account is gone the number is nobody's."""

from typing import Final

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.kit.paging import PageRequest
from commerce_api.shop.ledger.queries import Movement
from commerce_api.shop.loyalty.models import Reward
from commerce_api.shop.loyalty.queries import movements, points_of, rewards_of

PAGE: Final = 100
"""Movements that are read together."""


async def export(account_id: int) -> dict[str, object]:
    """Balances, every movement, and the codes."""
    points = await points_of(account_id)
    return {
        "spendable": points.spendable,
        "pending": points.pending,
        "movements": [
            {"at": one.at.isoformat(), "kind": one.kind, "amount": one.amount} for one in await _all(account_id)
        ],
        "codes": [{"code": one.code, "at": one.at.isoformat()} for one in await rewards_of(account_id, most=None)],
    }


async def _all(account_id: int) -> list[Movement]:
    """The movements of the spendable points, newest first, a page of them at a time."""
    first = await movements(account_id, PageRequest(1, PAGE))
    rest = [await movements(account_id, PageRequest(number, PAGE)) for number in range(2, first.pages + 1)]
    return [one for page in (first, *rest) for one in page.items]


async def erase(account_id: int) -> None:
    """Forget which codes were whose; the codes stay good for whoever has them. Raises NoTransaction."""
    require_transaction()
    await Reward.filter(account_id=account_id).delete()
