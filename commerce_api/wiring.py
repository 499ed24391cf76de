"""The porter: who answers which address, who listens to which event, what the calendar asks for.

Everything is a table. Importing this module imports the rooms of the sidecar and the worker, and nothing heavy: no
picture library, no generator, no staff office.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.events import OrderPlaced, OrderStatusChanged
from commerce_api.foundation.outbox.relay import Handlers
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.openapi import Operations
from commerce_api.foundation.web.pages import Pages
from commerce_api.foundation.web.sessions import sweep_sessions
from commerce_api.office.admin import audit
from commerce_api.office.notifications.channels import LogChannel, StaffChannel
from commerce_api.office.notifications.handlers import on_order_placed, on_order_status_changed
from commerce_api.shop.cart import api as cart_api
from commerce_api.shop.cart import pages as cart_pages
from commerce_api.shop.catalog import api as catalog_api
from commerce_api.shop.catalog import service as catalog_service
from commerce_api.shop.catalog import staff_api as catalog_staff_api
from commerce_api.shop.checkout import api as checkout_api
from commerce_api.shop.checkout import pages as checkout_pages
from commerce_api.shop.orders import api as orders_api

OPERATIONS: Final[Operations] = (
    *catalog_api.OPERATIONS,
    *cart_api.OPERATIONS,
    *checkout_api.OPERATIONS,
    *orders_api.operations(audit.record),
    *catalog_staff_api.operations(audit.record),
)
PAGES: Final[Pages] = (*cart_pages.PAGES, *checkout_pages.PAGES)


def staff_channel(settings: Settings) -> StaffChannel:
    """Where staff notices go."""
    return LogChannel()


def handlers(settings: Settings) -> Handlers:
    """Who does what when something happened. A handler's name is stored with its deliveries: never rename one."""
    channel = staff_channel(settings)
    return {
        OrderPlaced: {"notifications.order_placed": on_order_placed(channel)},
        OrderStatusChanged: {"notifications.order_status_changed": on_order_status_changed(channel)},
    }


async def publish_due() -> None:
    """Publish the products whose hour has come."""
    await transact(catalog_service.publish_due)


SCHEDULE: Final[tuple[tuple[str, float, Callable[[], Awaitable[object]]], ...]] = (
    ("publish_due", 20.0, publish_due),
    ("sweep_sessions", 3600.0, sweep_sessions),
)
"""Name, seconds between two runs, the job. Each is safe to run twice and by two workers at once."""
