"""Orders of guests that an account takes over, after a proof that they are the same person.

A proven address is proof for every order placed with it. An order's number is none: it is no secret. Whoever holds the
secret link of an order has to know its telephone number too, which its page shows only in part.
"""

from commerce_api.foundation.db.tx import lock_rows, require_transaction
from commerce_api.foundation.errors import Invalid
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.queries import TOKEN


class ClaimRefused(Invalid):
    """The same for an unknown order, another phone, and an order that has its account."""

    code = "claim_refused"

    def __init__(self) -> None:
        super().__init__({"phone": "phone_other"})


async def claim_by_address(account_id: int, email: str) -> list[int]:
    """Give guests' orders placed with a proven address to its account; their ids, the oldest first.

    Raises NoTransaction.
    """
    require_transaction()
    # Locked, so that of two who claim at once only one counts each order.
    ids = [order.id for order in await lock_rows(Order.filter(email=email, account_id__isnull=True))]
    if ids:
        await Order.filter(id__in=ids).update(account_id=account_id)
    return ids


async def claim_by_link(account_id: int, token: str, phone: str) -> int:
    """Give the guest's order behind a link to an account; `phone` (E.164) has to be the order's. Returns its id.

    Raises ClaimRefused, and NoTransaction.
    """
    require_transaction()
    order = await Order.get_or_none(token=token).only("id", "phone") if TOKEN.fullmatch(token) else None
    if order is None or order.phone != phone or not await _take(order.id, account_id):
        raise ClaimRefused()
    return order.id


async def _take(order_id: int, account_id: int) -> bool:
    return bool(await Order.filter(id=order_id, account_id__isnull=True).update(account_id=account_id))
