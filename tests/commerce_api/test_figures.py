"""`/metrics` of the real sidecar."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from commerce_api.app import make_sidecar
from commerce_api.foundation import metrics
from commerce_api.foundation.db import setup
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import Delivery, DeliveryState, OutboxEvent
from commerce_api.foundation.publishing.models import BuildReceipt, PageChange
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.middleware import METHODS
from tests.commerce_api.foundation.web.apps import OWN

pytestmark = pytest.mark.anyio

LINE = re.compile(r'[a-z_]+(\{[a-z_]+="(?:[^"\\]|\\.)*"(,[a-z_]+="(?:[^"\\]|\\.)*")*\})? [-+0-9.e]+')


@pytest.fixture
async def watcher(database: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    app = make_sidecar(database)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=database.site_url, headers=OWN) as client:
        yield client


async def figures(watcher: httpx2.AsyncClient) -> dict[str, float]:
    answer = await watcher.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    samples = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert [line for line in samples if not LINE.fullmatch(line)] == []
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in samples)}


async def test_requests_are_told_by_the_pattern_of_their_route(watcher: httpx2.AsyncClient) -> None:
    fine, missing, nowhere = (
        ("GET", "/api/v1/categories", "2xx"), ("GET", "/api/v1/products/{slug}", "4xx"), ("GET", "other", "4xx"),
    )  # fmt: skip
    before = {labels: metrics.REQUESTS.count(*labels) for labels in (fine, missing, nowhere)}

    await watcher.get("/api/v1/categories")
    await watcher.get("/api/v1/products/no-such-thing")
    await watcher.get("/api/v1/made-up-by-somebody")

    assert {labels: metrics.REQUESTS.count(*labels) - count for labels, count in before.items()} == {
        fine: 1,
        missing: 1,
        nowhere: 1,
    }
    assert "made-up" not in (await watcher.get("/metrics")).text


async def test_a_method_that_nobody_knows_has_no_series_of_its_own(watcher: httpx2.AsyncClient) -> None:
    await watcher.request("BREW", "/api/v1/categories")

    assert {labels[0] for labels in metrics.REQUESTS.counts} <= METHODS | {"other"}


async def test_the_outbox_and_the_site_say_how_far_they_are_behind(watcher: httpx2.AsyncClient) -> None:
    long_ago = clock.now() - timedelta(minutes=10)
    event = await OutboxEvent.create(name="OrderPlaced", payload={}, created_at=long_ago, dispatched_at=long_ago)
    for name, state in (("a", DeliveryState.PENDING), ("b", DeliveryState.DEAD)):
        await Delivery.create(event=event, handler=name, state=state, available_at=long_ago)
    await PageChange.create(key="product:a", reason="price", created_at=long_ago)
    empty: dict[str, Any] = {
        "pages": [],
        "removed": [],
        "reasons": [],
        "errors": [],
        "page_count": 0,
        "milliseconds": 1,
    }
    await BuildReceipt.create(kind="all", release="r", created_at=long_ago, **empty)

    told = await figures(watcher)

    assert told["twocomms_outbox_dead"] == told["twocomms_outbox_pending"] == told["twocomms_database_up"] == 1
    for name in ("outbox_lag", "site_build_age", "site_stale"):
        assert 600 <= told[f"twocomms_{name}_seconds"] < 700
    assert told['twocomms_purge_overdue_seconds{rows="cart"}'] == 0


async def test_without_its_database_a_process_still_tells_what_it_counted(sqlite_database: Settings) -> None:
    app = make_sidecar(sqlite_database)
    await setup.close()
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=sqlite_database.site_url) as client:
        told = await figures(client)

    assert told["twocomms_database_up"] == 0
    assert "twocomms_incidents_total" in told
