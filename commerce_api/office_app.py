"""The staff office as an ASGI application of its own: its pages are rendered for tens of milliseconds at a time, and
would hold up shoppers in the sidecar. `uvicorn commerce_api.office_app:create --factory`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from commerce_api.app import checks
from commerce_api.foundation.db import setup
from commerce_api.foundation.settings import Settings, load
from commerce_api.foundation.telemetry import configure_logging
from commerce_api.foundation.web.application import make_application
from commerce_api.integrations.alerts import start_alerts
from commerce_api.office.admin.owed import OwedDesk
from commerce_api.office.admin.shell import mount_office
from commerce_api.office.copywriting.staff import DraftView
from commerce_api.office.copywriting.staff_runs import RunView
from commerce_api.shop.accounts.queries import roles_of
from commerce_api.shop.catalog.staff import ProductView
from commerce_api.shop.catalog.staff_restock import RestockView
from commerce_api.shop.checkout.desk_pages import OrderDesk
from commerce_api.shop.dispatch.staff import OrderParcelView, ParcelView
from commerce_api.shop.finding.staff import SearchMissView
from commerce_api.shop.promotions.staff import PromoView
from commerce_api.shop.settlement.staff import PaymentView, RefundView
from commerce_api.wiring import Adapters, adapters

VIEWS = (
    OrderParcelView,
    ParcelView,
    PaymentView,
    RefundView,
    ProductView,
    PromoView,
    RestockView,
    SearchMissView,
    DraftView,
    RunView,
)
"""The lists of the office in the order of its menu."""
DESKS = (OrderDesk, OwedDesk)
"""Pages where staff do what no list can."""


def make_office(settings: Settings, connected: Adapters | None = None) -> Starlette:
    """The office over given settings; opens the database for its lifetime. Tests give adapters of their own."""
    outside = adapters(settings) if connected is None else connected

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with setup.opened(settings):
            # Lists ask their models for relations, which are known only once the database is open.
            mount_office(app, settings, VIEWS, DESKS)
            yield
        await outside.aclose()

    return make_application(
        settings,
        operations=(),
        pages=(),
        routes=[],
        roles_of=roles_of,
        checks=checks(settings),
        lifespan=lifespan,
        ports=outside.ports,
    )


def create() -> Starlette:
    """The office of this process, from its environment."""
    settings = load()
    configure_logging(settings, process="office")
    start_alerts(settings, process="office")
    return make_office(settings)
