"""Who is told of what (rules.md 11). Each handler may run more than once and tells once."""

from collections.abc import Awaitable, Callable

from commerce_api.foundation.events import OrderPlaced, OrderStatusChanged
from commerce_api.foundation.theming import texts
from commerce_api.office.notifications import messages
from commerce_api.office.notifications.channels import StaffChannel
from commerce_api.office.notifications.service import tell_staff
from commerce_api.shop.orders.queries import order_by_id

STAFF_LANGUAGE = "uk"
PROBLEMS = frozenset({"cancelled", "refused", "returned"})
"""Statuses that the staff hear about; the usual course of an order tells itself."""


def on_order_placed(channel: StaffChannel) -> Callable[[OrderPlaced], Awaitable[None]]:
    """Tell the staff that an order came in."""

    async def handle(event: OrderPlaced) -> None:
        order = await order_by_id(event.order_id)
        text = messages.order_placed(order, texts(STAFF_LANGUAGE))
        await tell_staff(channel, f"order_placed:{event.number}", text)

    return handle


def on_order_status_changed(channel: StaffChannel) -> Callable[[OrderStatusChanged], Awaitable[None]]:
    """Tell the staff of an order that was cancelled, refused or returned."""

    async def handle(event: OrderStatusChanged) -> None:
        if event.new in PROBLEMS:
            text = messages.order_moved(event.number, event.old, event.new, texts(STAFF_LANGUAGE))
            await tell_staff(channel, f"order_{event.new}:{event.number}", text)

    return handle
