"""What payments know of a person: money that went back to them, and why, in staff's own words."""

from collections.abc import Sequence

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.shop.payments.models import Refund


async def export(order_ids: Sequence[int]) -> list[dict[str, object]]:
    """The refunds of a person's orders; sums are kopiyky."""
    rows = await Refund.filter(order_id__in=list(order_ids)).order_by("id")
    return [
        {
            "reference": row.reference,
            "amount": row.amount,
            "status": row.status.value,
            "asked_at": row.created_at.isoformat(),
            "why": row.note,
        }
        for row in rows
    ]


async def erase(order_ids: Sequence[int]) -> None:
    """Forget why; sums and codes stay for the books. Raises NoTransaction."""
    require_transaction()
    await Refund.filter(order_id__in=list(order_ids)).exclude(note="").update(note="")
