"""What staff did, written in the transaction in which they did it."""

from collections.abc import Mapping

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.kit import clock
from commerce_api.office.admin.models import AuditEntry


async def record(account_id: int, action: str, subject: str, changes: Mapping[str, object]) -> None:
    """Note one deed: who, what, to which object (its number or slug), with the values before and after.

    Raises NoTransaction outside one: a deed and its note stand or fall together.
    """
    require_transaction()
    await AuditEntry.create(
        at=clock.now(),
        account_id=account_id,
        actor=f"account:{account_id}",
        action=action,
        subject=subject,
        changes=dict(changes),
    )
