"""Alive and ready: two different questions."""

import pytest
import structlog

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.application import make_application
from tests.commerce_api.foundation.web.apps import visiting

pytestmark = pytest.mark.anyio


async def fine() -> None:
    return None


async def broken() -> None:
    raise OSError("password=secret")


async def test_a_process_that_cannot_serve_is_alive_but_not_ready(settings: Settings) -> None:
    app = make_application(settings, checks={"database": broken, "disk": fine})

    with structlog.testing.capture_logs() as logs:
        async with visiting(app) as watcher:
            alive, ready = await watcher.get("/healthz"), await watcher.get("/readyz")

    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert ready.status_code == 503
    assert ready.json() == {
        "status": "not ready",
        "checks": {"database": "failed", "disk": "ok"},
        "uses": {"limits": "off", "answers": "database"},
    }
    assert "secret" not in ready.text + str(logs)


async def test_a_process_whose_checks_pass_is_ready(settings: Settings) -> None:
    async with visiting(make_application(settings, checks={"disk": fine})) as watcher:
        ready = await watcher.get("/readyz")

    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
