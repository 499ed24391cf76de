"""An order's row, kept from changing: whoever moves an order, its lines or its money comes after whoever did before."""

from tortoise.queryset import QuerySet

from commerce_api.foundation.db.tx import lock_rows
from commerce_api.shop.orders.errors import OrderUnknown
from commerce_api.shop.orders.models import Order


async def locked(one: QuerySet[Order]) -> Order:
    """The order that a query finds, locked until the transaction ends. Raises OrderUnknown and NoTransaction."""
    rows = await lock_rows(one)
    if not rows:
        raise OrderUnknown()
    return rows[0]
