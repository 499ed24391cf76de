"""The sidecar and the office as they are served: ready only when their database is."""

from collections.abc import Callable

import httpx2
import pytest
from starlette.applications import Starlette
from tortoise.connection import get_connection

from commerce_api.app import make_sidecar
from commerce_api.foundation.db import setup
from commerce_api.foundation.settings import Settings
from commerce_api.office_app import make_office
from tests import services

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("make", [make_sidecar, make_office])
async def test_ready_means_that_the_database_answers_and_has_the_newest_schema(
    settings: Settings, make: Callable[[Settings], Starlette]
) -> None:
    await services.copy_sqlite(settings)
    app = make(settings)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=settings.site_url) as watcher,
    ):
        ready = await watcher.get("/readyz")
        assert (ready.status_code, ready.json()["checks"]) == (200, {"database": "ok", "migrations": "ok"})
        # given a database that is behind, as before `twocomms db migrate` of a new release
        await get_connection(setup.CONNECTION).execute_query("DELETE FROM tortoise_migrations")
        behind = await watcher.get("/readyz")
        assert (behind.status_code, behind.json()["checks"]) == (503, {"database": "ok", "migrations": "failed"})
        assert (await watcher.get("/healthz")).status_code == 200
