"""How many statements each route may send: a loop over rows is noticed here before anybody waits for it.

Every route is asked once in a shop with two rows of each kind and once in one with twenty (crowd.py, asks.py). More
rows may cost no more statements, and no call more than its budget.
"""

import asyncio
from collections.abc import Iterator
from typing import Final

import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.office_app import DESKS, VIEWS
from commerce_api.wiring import OPERATIONS, PAGES, ROUTES
from tests.commerce_api import asks
from tests.commerce_api.visits import Spent, visited

FEW: Final = 2
"""One row less, and a shelf or a cart is empty, which is another case."""
MANY: Final = 20
LISTED: Final = {**asks.ROUTES, **asks.OFFICE}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Spent]]:
    """Every route asked in a small and in a large shop."""
    return {size: asyncio.run(visited(size, tmp_path_factory.mktemp(f"crowd{size}"))) for size in (FEW, MANY)}


def routes() -> Iterator[str]:
    """Every route of the rooms of the sidecar."""
    yield from (f"{operation.method} {operation.path}" for operation in OPERATIONS)
    yield from (f"{page.method} {page.path}" for page in PAGES)
    yield from (f"{method} {route.path}" for route in ROUTES for method in route.methods or ())


def pages_of_office() -> Iterator[str]:
    """Every page of the office."""
    keys = [*(view().key for view in VIEWS), "audit"]
    yield from (f"GET /admin/{key}/{page}" for key in keys for page in ("list", "detail"))
    yield from (f"GET /admin{desk().path}" for desk in DESKS)


def test_every_route_has_a_budget() -> None:
    assert [name for name in routes() if name not in asks.ROUTES] == []


@pytest.mark.anyio
async def test_every_page_of_the_office_has_a_budget(sqlite_database: Settings) -> None:
    assert [name for name in pages_of_office() if name not in asks.OFFICE] == []


@pytest.mark.parametrize("name", LISTED)
def test_a_route_spends_no_more_than_its_budget_nor_more_for_more_rows(
    visits: dict[int, dict[str, Spent]], name: str
) -> None:
    ask, few, many = LISTED[name], visits[FEW][name], visits[MANY][name]

    for spent in (few, many):
        assert spent.status == ask.status, spent.said[:600]
    assert len(many.sent) <= len(few.sent) + ask.grows * (MANY - FEW), "\n".join(many.sent)
    assert len(few.sent) <= ask.most, "\n".join(few.sent)
