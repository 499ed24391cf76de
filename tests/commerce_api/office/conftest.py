"""An office for every test that asks for one."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from commerce_api.foundation.settings import Settings
from tests import services
from tests.commerce_api.office.builders import Office, furnish, opened


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A database file with accounts, a product and an order, and the order's number: hashing passwords takes long."""
    made = services.make_settings(tmp_path_factory.mktemp("furnished"))
    return made.var_dir / "shop.sqlite3", asyncio.run(furnish(made))


@pytest.fixture
def office(settings: Settings, furnished: tuple[Path, str]) -> Iterator[Office]:
    """An office without services outside."""
    with opened(settings, furnished) as here:
        yield here
