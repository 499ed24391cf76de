"""What this room knows of a person. Postings name an account's number and stay: they are bookkeeping, and after the
account is gone the number is nobody's."""

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.kit.paging import PageRequest
from commerce_api.shop.loyalty.models import Reward
from commerce_api.shop.loyalty.queries import movements, points_of, rewards_of


async def export(account_id: int) -> dict[str, object]:
    """Balances, the newest hundred movements, and the codes."""
    points = await points_of(account_id)
    moved = await movements(account_id, PageRequest(1, 100))
    return {
        "spendable": points.spendable,
        "pending": points.pending,
        "movements": [{"at": one.at.isoformat(), "kind": one.kind, "amount": one.amount} for one in moved.items],
        "codes": [{"code": one.code, "at": one.at.isoformat()} for one in await rewards_of(account_id)],
    }


async def erase(account_id: int) -> None:
    """Forget which codes were whose; the codes stay good for whoever has them. Raises NoTransaction."""
    require_transaction()
    await Reward.filter(account_id=account_id).delete()
