"""The text writer as a process, against a served stand-in: killed in the middle, and by the command line."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commerce_api import cli
from commerce_api.foundation.db import setup
from commerce_api.foundation.db.clock import database_now
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import Settings
from commerce_api.office.copywriting import queries, service
from commerce_api.office.copywriting.models import AiRun, Draft
from commerce_api.shop.catalog import feed
from deploy.services import free_port
from sandbox.serve import server
from sandbox.world import World
from tests import services
from tests.commerce_api.office.copywriting.builders import PRODUCTS, named, start
from tests.commerce_api.shop.catalog.builders import add

ROOT = Path(__file__).parents[2]
KILLED = 137
ACTOR = "account:1"


@pytest.fixture
def world() -> Iterator[World]:
    """A sandbox that is served at its own address, by another thread: commands block the one that calls them."""
    port = free_port()
    here = World(f"http://127.0.0.1:{port}")
    serving = server(here, port)
    thread = threading.Thread(target=lambda: asyncio.run(serving.serve()), daemon=True)
    thread.start()
    wait_for(lambda: serving.started)
    yield here
    serving.should_exit = True
    thread.join(10)


def wait_for(ready: Callable[[], bool]) -> None:
    """Waits for a server in another thread; the limit only ends a test that has failed."""
    for _ in range(1000):
        if ready():
            return
        time.sleep(0.01)
    raise TimeoutError


def environment(settings: Settings, world: World, **more: str) -> dict[str, str]:
    return {
        "TWOCOMMS_ENV": "test",
        "TWOCOMMS_VAR_DIR": str(settings.var_dir),
        "TWOCOMMS_BUILD_DIR": str(settings.build_dir),
        "DATABASE_URL": settings.database_url,
        "TWOCOMMS_AI_ENABLED": "on",
        "OPENAI_API_KEY": "sandbox",
        "OPENAI_BASE_URL": f"{world.public_url}/openai/v1",
        **more,
    }


async def write(settings: Settings, world: World, run_id: int, **more: str) -> int:
    """Run the process to its end; its exit code."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "commerce_api.copywriter", str(run_id)),
        cwd=ROOT,
        env={**os.environ, **environment(settings, world, **more)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return await running.wait()


def calls(world: World) -> int:
    return sum(entry.what == "wrote a text" for entry in world.journal.entries("openai"))


@pytest.mark.anyio
async def test_a_writer_killed_after_the_answer_loses_no_text_and_pays_for_one_twice(
    database: Settings, world: World
) -> None:
    await add(named("kolos-tee"), named("sova-tee"))
    run_id = await start(PRODUCTS)

    assert await write(database, world, run_id, TWOCOMMS_CRASH_POINT="worker_after_call") == KILLED
    assert (await queries.standing(run_id)).drafts == {"writing": 1, "waiting": 3}
    assert calls(world) == 1
    await Draft.filter(status="writing").update(locked_until=await database_now() - timedelta(seconds=1))

    assert await write(database, world, run_id) == 0
    run = await queries.standing(run_id)
    assert (run.state, run.drafts) == ("done", {"draft": 4})
    assert calls(world) == 5
    drafts = await Draft.filter(run_id=run_id).order_by("id")
    assert [draft.attempts for draft in drafts] == [2, 1, 1, 1]
    assert (await AiRun.get(id=run_id)).cost == sum(draft.cost for draft in drafts)

    # and what people of the shop see of it: nothing, until one of them says so
    assert (await feed.read_products(["sova-tee"], ("uk",)))[0].texts["uk"].story_html is None
    ids = await service.approvable(run_id)
    await transact(partial(service.approve, ids, ACTOR))
    assert "Сова" in ((await feed.read_products(["sova-tee"], ("uk",)))[0].texts["uk"].story_html or "")
    assert all(entry.facts["kept"] == "no" for entry in world.journal.entries("openai") if "kept" in entry.facts)


def test_the_command_line_asks_waits_tells_and_publishes(
    settings: Settings, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def furnish() -> None:
        await services.copy_sqlite(settings)
        async with setup.opened(settings):
            await add(named("kolos-tee"))

    asyncio.run(furnish())
    for name, value in {**environment(settings, world), "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, code: int = 0) -> str:
        said = CliRunner().invoke(cli.app, ["ai", *arguments])
        assert said.exit_code == code, said.output
        return said.stdout

    told = json.loads(run("generate", "--subject", "product", "--json"))
    assert (told["state"], told["drafts"], told["written"]) == ("done", {"draft": 2}, 2)
    assert json.loads(run("status", "--json"))[0]["id"] == told["id"]
    shown = run("status", str(told["id"]))
    assert "draft 2" in shown
    assert "1.00 dollars a million tokens in, 8.00 out" in shown
    assert json.loads(run("approve", "--run", str(told["id"]), "--json")) == {"published": 2, "rejected": 0}
    assert "kolos-tee: off" in run("consent", "kolos-tee", "off")
    assert "no consent 2" in run("generate", "--subject", "product", "--force", "--dry-run")
    assert "0 texts are rejected" in run("reject", "1")
    run("generate", "--subject", "orders", code=1)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "run 1 skipped: TWOCOMMS_AI_ENABLED is off"),
        ({"TWOCOMMS_AI_ENABLED": "on"}, "run 1 skipped: OPENAI_API_KEY is missing"),
    ],
)
def test_a_shop_without_texts_says_skipped_and_is_no_failure(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], says: str
) -> None:
    asyncio.run(services.copy_sqlite(settings))
    values = {"TWOCOMMS_ENV": "test", "TWOCOMMS_VAR_DIR": str(settings.var_dir), "DATABASE_URL": settings.database_url}
    for name, value in {**values, **given}.items():
        monkeypatch.setenv(name, value)
    said = CliRunner().invoke(cli.app, ["ai", "generate"])
    assert said.exit_code == 0
    assert says in said.stdout
    assert json.loads(CliRunner().invoke(cli.app, ["ai", "generate", "--json"]).stdout)["state"] == "skipped"


def test_the_sidecar_and_the_office_never_bring_the_package_of_the_model() -> None:
    look = "import sys, commerce_api.app, commerce_api.office_app, commerce_api.cli; print('openai' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
