"""Databases without tables, and tiny shops in them."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from commerce_api.foundation.settings import Settings
from tests import services
from tests.commerce_api.foundation.db.tiny import TinyShop

ON_POSTGRES = pytest.mark.parametrize(
    "database_kind", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""For what SQLite cannot show: it has one connection and one lock."""


@pytest.fixture
def tiny_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyShop:
    package = f"tiny_{uuid.uuid4().hex}"
    folder = tmp_path / package
    (folder / "migrations").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "migrations" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return TinyShop(package, folder)


@pytest.fixture
async def empty_database(anyio_backend: str, database_kind: str, settings: Settings) -> AsyncIterator[Settings]:
    """Settings whose database has no tables yet, on each kind in turn."""
    if database_kind == "sqlite":
        yield settings
        return
    server = settings.database_url.rpartition("/")[0]
    own = replace(settings, database_url=f"{server}/{services.run_name()}{uuid.uuid4().hex}?minsize=1")
    await services.empty_postgres(own)
    try:
        yield own
    finally:
        await services.drop_postgres(own)
