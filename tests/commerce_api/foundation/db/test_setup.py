"""Opening the database: where it works from, and what a person reads when it does not."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from tortoise.connection import get_connection

from commerce_api.foundation.db import migrate, setup
from commerce_api.foundation.db.setup import DatabaseUnavailable
from commerce_api.foundation.settings import Settings
from commerce_api.shop.orders.models import NumberCounter
from deploy.services import free_port

pytestmark = pytest.mark.anyio


def test_requests_see_the_database_that_a_lifespan_opened(settings: Settings) -> None:
    async def count(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(await NumberCounter.all().count()))

    asyncio.run(migrate.migrate(settings))
    app = Starlette(routes=[Route("/", count)], lifespan=lambda app: setup.opened(settings))

    with TestClient(app) as client:
        assert client.get("/").text == "0"


async def test_the_database_opens_again_after_it_was_closed(database: Settings) -> None:
    await setup.close()
    async with setup.opened(database):
        assert await NumberCounter.all().count() == 0
    await setup.close()


async def test_opening_twice_is_a_fault_and_leaves_the_first_open(sqlite_database: Settings) -> None:
    with pytest.raises(RuntimeError, match="open already"):
        await setup.connect(sqlite_database)

    assert await NumberCounter.all().count() == 0


async def test_the_folder_of_an_sqlite_file_is_made(settings: Settings, tmp_path: Path) -> None:
    async with setup.opened(replace(settings, database_url=f"sqlite://{tmp_path}/deep/down/shop.sqlite3")):
        pass

    assert await asyncio.to_thread((tmp_path / "deep" / "down" / "shop.sqlite3").exists)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sqlite://{tmp}/file/shop.sqlite3", "cannot be written .* name another place in DATABASE_URL"),
        ("sqlite://{tmp}/file", "is not an SQLite file"),
        ("sqlite://:memory:", "should name a file"),
        ("sqlite://{tmp}/shop.sqlite3?sync=1", "has sync, and the shop knows only busy_timeout"),
        ("postgres://shop:hush@127.0.0.1:{port}/shop?sslmode=off", "has sslmode, and the shop knows only minsize"),
        ("postgres://shop:hush@127.0.0.1:{port}/shop?minsize=few", "cannot be read"),
        ("postgres://shop:hush@127.0.0.1:{port}/shop", r"127\.0\.0\.1:\d+/shop does not answer: start the server"),
    ],
)
async def test_a_database_that_cannot_be_had_is_told_in_one_line_without_secrets(
    settings: Settings, tmp_path: Path, address: str, said: str
) -> None:
    await asyncio.to_thread((tmp_path / "file").write_text, "x" * 4096)
    broken = replace(settings, database_url=address.format(tmp=tmp_path, port=free_port()))

    for deed in (setup.connect, migrate.migrate):
        with pytest.raises(DatabaseUnavailable, match=said) as caught:
            await deed(broken)
        assert "hush" not in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.postgres
async def test_a_missing_database_and_a_wrong_user_are_told_apart(settings: Settings, postgres_server: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="does not exist: create it"):
        await setup.connect(replace(settings, database_url=f"{postgres_server}/nowhere"))
    stranger = postgres_server.replace("shop@", "stranger@") + "/shop"
    with pytest.raises(DatabaseUnavailable, match="refuses the user"):
        await setup.connect(replace(settings, database_url=stranger))


async def test_the_start_proves_that_a_rollback_takes_rows_back(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await setup.check_engine()

    # An engine that ignores transactions, as MyISAM does: its rollback commits.
    transaction: Any = type(get_connection("default")._in_transaction())
    ends = transaction.__aexit__

    async def commits(self: Any, *error: object) -> None:
        await ends(self, None, None, None)

    monkeypatch.setattr(transaction, "__aexit__", commits)
    with pytest.raises(DatabaseUnavailable, match="keeps rows of a transaction that was rolled back"):
        await setup.check_engine()
    await get_connection("default").execute_query("DELETE FROM tortoise_migrations WHERE app = 'canary'")
