"""What the catalogue knows of a person: which sold-out sizes they wait for, by the address or number they left."""

from collections.abc import Collection

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.shop.catalog.models import RestockRequest


async def export(contacts: Collection[str]) -> list[dict[str, object]]:
    """The wishes of these contacts (as stored)."""
    rows = await RestockRequest.filter(contact__in=list(contacts)).order_by("id").select_related("sku")
    return [{"sku": row.sku.code, "contact": row.contact, "asked_at": row.created_at.isoformat()} for row in rows]


async def erase(contacts: Collection[str]) -> None:
    """Forget the wishes of these contacts. Raises NoTransaction."""
    require_transaction()
    await RestockRequest.filter(contact__in=list(contacts)).delete()
