"""What orders know of a person. An order stays for the books; the person in it is forgotten (rules.md 7), and with
them what staff wrote of them beside its history."""

from typing import Final

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.errors import Conflict
from commerce_api.shop.orders.models import Order, OrderLine
from commerce_api.shop.orders.status import CancelReason, OrderStatus

FORGET: Final = """
UPDATE shop_order SET account_id = NULL, name = '', phone = '', email = NULL, city = '', branch = '', city_ref = '',
    branch_ref = '', comment = '', search = LOWER(number)
WHERE account_id = ?
"""
FORGET_WORDS: Final = f"""
UPDATE order_status_change
SET reason = CASE {"WHEN reason = ? OR reason LIKE ? THEN ? " * len(CancelReason)} ELSE '' END
WHERE field <> 'edit' AND reason <> '' AND order_id IN (SELECT id FROM shop_order WHERE account_id = ?)
"""  # noqa: S608 - places of values
"""Of why an order moved the code of the list stays. Why it was edited names goods and sums alone."""
CLOSED: Final = (OrderStatus.DELIVERED, OrderStatus.CANCELLED, OrderStatus.RETURNED)


class OrdersOpen(Conflict):
    """Somebody waits for a parcel; `count`."""

    code = "orders_open"


async def export(account_id: int) -> list[dict[str, object]]:
    """Every order of the account, with what it says of the person."""
    orders = await Order.filter(account_id=account_id).order_by("id")
    lines: dict[int, list[dict[str, object]]] = {order.id: [] for order in orders}
    for line in await OrderLine.filter(order_id__in=list(lines)).order_by("order_id", "position"):
        lines[line.order_id].append({"sku": line.sku, "name": line.name, "quantity": line.quantity})
    return [
        {
            "number": order.number,
            "placed_at": order.placed_at.isoformat(),
            "status": order.status.value,
            "payment_status": order.payment_status.value,
            "payable": order.payable,
            "name": order.name,
            "phone": order.phone,
            "email": order.email,
            "city": order.city,
            "branch": order.branch,
            "comment": order.comment,
            "promo": order.promo_code,
            "lines": lines[order.id],
        }
        for order in orders
    ]


async def ids_of(account_id: int) -> list[int]:
    """The account's orders, for rooms that know something of them."""
    return [int(str(found)) for found in await Order.filter(account_id=account_id).values_list("id", flat=True)]


async def erase(account_id: int) -> int:
    """Take the person out of the account's orders; how many there are. Numbers, sums and goods stay.

    Raises OrdersOpen while a parcel is on its way, which needs its name and number, and NoTransaction.
    """
    require_transaction()
    open_ones = await Order.filter(account_id=account_id).exclude(status__in=list(CLOSED)).count()
    if open_ones:
        raise OrdersOpen(count=open_ones)
    codes = [text for code in CancelReason for text in (code.value, f"{code.value}: %", code.value)]
    await plain.change(FORGET_WORDS, *codes, account_id)
    return await plain.change(FORGET, account_id)
