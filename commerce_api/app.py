"""The sidecar as an ASGI application: `uvicorn commerce_api.app:create --factory`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from tortoise.connection import get_connection

from commerce_api.foundation import crash
from commerce_api.foundation.db import migrate, setup
from commerce_api.foundation.settings import Settings, load
from commerce_api.foundation.telemetry import configure_logging
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.background import Background
from commerce_api.foundation.web.figures import database_figures
from commerce_api.foundation.web.health import Check
from commerce_api.integrations.alerts import start_alerts
from commerce_api.shop.accounts.bearers import account_of_token
from commerce_api.shop.accounts.queries import roles_of
from commerce_api.shop.shipping import quotes
from commerce_api.wiring import OPERATIONS, PAGES, RETENTIONS, ROUTES, Adapters, adapters


async def database_answers() -> None:
    """Raises when the database does not."""
    await get_connection(setup.CONNECTION).execute_query_dict("SELECT 1 AS one")


def checks(settings: Settings) -> dict[str, Check]:
    """What has to hold before a process of the shop may answer: its database is there, and has the newest schema."""

    async def schema_is_newest() -> None:
        missing = await migrate.pending(settings)
        if missing:
            raise setup.DatabaseUnavailable(f"The database lacks {', '.join(missing)}")

    return {"database": database_answers, "migrations": schema_is_newest}


def make_sidecar(settings: Settings, connected: Adapters | None = None) -> Starlette:
    """The sidecar over given settings; opens the database for its lifetime. Tests give adapters of their own."""
    outside = adapters(settings) if connected is None else connected
    background = Background()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with setup.opened(settings):
            await quotes.sound_out(outside.carrier, background)
            yield
        await outside.aclose()

    return make_application(
        settings,
        operations=OPERATIONS,
        pages=PAGES,
        routes=ROUTES,
        roles_of=roles_of,
        bearer_of=account_of_token,
        checks=checks(settings),
        lifespan=lifespan,
        figures=database_figures(RETENTIONS),
        payment_origins=(settings.outside.monobank.page_origin,) if settings.outside.monobank.token else (),
        ports=outside.ports,
        background=background,
    )


def create() -> Starlette:
    """The sidecar of this process, from its environment."""
    settings = load()
    configure_logging(settings, process="sidecar")
    start_alerts(settings, process="sidecar")
    crash.arm(settings.crash_point)
    return make_sidecar(settings)
