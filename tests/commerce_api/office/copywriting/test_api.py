"""Asking for texts over HTTP."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx2
import pytest
from starlette.requests import Request

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import sessions
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.openapi import api as operation
from commerce_api.office.copywriting import api, writing
from commerce_api.office.copywriting.models import AiRun
from tests import services
from tests.commerce_api.office.copywriting.builders import Scripted, desk, named
from tests.commerce_api.shop.catalog.builders import add

pytestmark = pytest.mark.anyio

OLENA, IVAN = 7, 8
Deeds = list[tuple[int, str, str]]


@operation("POST", "/api/v1/sign-in/{account}", summary="Sign in, for tests")
async def sign_in(request: Request, account: int) -> None:
    await sessions.open_session(request, account, staff=True)


@asynccontextmanager
async def office(settings: Settings, deeds: Deeds, account: int = OLENA) -> AsyncIterator[httpx2.AsyncClient]:
    """The calls, with somebody signed in; Olena minds the texts."""

    async def audit(account_id: int, action: str, subject: str, changes: Mapping[str, object]) -> None:
        require_transaction()
        deeds.append((account_id, action, subject))

    async def roles_of(account_id: int) -> frozenset[str] | None:
        return frozenset({"staff_content"} if account_id == OLENA else {"staff_orders"})

    app = make_application(settings, operations=[*api.operations(audit), sign_in], roles_of=roles_of)
    headers = {"origin": settings.site_url}
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=settings.site_url, headers=headers) as client:
        await client.post(f"/api/v1/sign-in/{account}")
        yield client


def with_ai(settings: Settings, **more: str) -> Settings:
    """The same shop with texts wanted."""
    given = {"TWOCOMMS_AI_ENABLED": "on", "OPENAI_API_KEY": "k", "DATABASE_URL": settings.database_url, **more}
    return services.make_settings(settings.var_dir.parent, **given)


async def test_a_run_is_asked_for_and_its_progress_told(sqlite_database: Settings) -> None:
    await add(named("kolos-tee"))
    deeds: Deeds = []
    async with office(with_ai(sqlite_database), deeds) as client:
        asked = await client.post("/api/v1/staff/ai-runs", json={"subjects": ["product"], "languages": ["uk"]})
        assert asked.status_code == 202
        assert asked.json() == {"id": 1, "state": "queued", "reason": ""}
        assert deeds == [(OLENA, "ai.run", "1")]

        await writing.work(desk(Scripted()))
        told = (await client.get("/api/v1/staff/ai-runs/1")).json()
        assert (told["state"], told["total"], told["written"], told["drafts"]) == ("done", 1, 1, {"draft": 1})
        assert (told["tokens"], told["cost"]) == (1600, 3700)
        assert (told["cents_in"], told["cents_out"]) == (100, 800), "by the prices of the settings"
        assert (await client.get("/api/v1/staff/ai-runs/99")).status_code == 404


@pytest.mark.parametrize(
    ("given", "reason"), [({"TWOCOMMS_AI_ENABLED": "off"}, "ai_off"), ({"OPENAI_API_KEY": ""}, "not_connected")]
)
async def test_a_shop_without_texts_says_skipped(sqlite_database: Settings, given: dict[str, str], reason: str) -> None:
    async with office(with_ai(sqlite_database, **given), []) as client:
        asked = await client.post("/api/v1/staff/ai-runs", json={})
        assert (asked.status_code, asked.json()["state"], asked.json()["reason"]) == (202, "skipped", reason)
        assert (await client.get(f"/api/v1/staff/ai-runs/{asked.json()['id']}")).json()["state"] == "skipped"


async def test_a_budget_can_be_lowered_and_never_raised(sqlite_database: Settings) -> None:
    async with office(
        with_ai(sqlite_database, TWOCOMMS_SHOP_AI_TOKENS="5000", TWOCOMMS_SHOP_AI_CENTS="7"), []
    ) as client:
        await client.post("/api/v1/staff/ai-runs", json={"tokens": 100, "cents": 1_000})
        await client.post("/api/v1/staff/ai-runs", json={"tokens": 100_000})
    runs = await AiRun.all().order_by("id")
    assert [(run.budget_tokens, run.budget_cost) for run in runs] == [(100, 70_000), (5_000, 70_000)]


@pytest.mark.parametrize("body", [{"subjects": ["orders"]}, {"tokens": 0}, {"prompt": "x"}, {"products": [""]}])
async def test_what_makes_no_sense_is_refused(sqlite_database: Settings, body: dict[str, object]) -> None:
    async with office(with_ai(sqlite_database), []) as client:
        assert (await client.post("/api/v1/staff/ai-runs", json=body)).status_code == 422
    assert await AiRun.all().count() == 0


async def test_other_staff_ask_for_nothing(sqlite_database: Settings) -> None:
    async with office(with_ai(sqlite_database), [], account=IVAN) as client:
        assert (await client.post("/api/v1/staff/ai-runs", json={})).status_code == 403
        assert (await client.get("/api/v1/staff/ai-runs/1")).status_code == 403
