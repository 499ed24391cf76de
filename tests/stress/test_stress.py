"""A small set of every run of `make stress`: the races between two processes, kill -9, and the laws that notice."""

import pytest
from tortoise.connection import get_connection

from commerce_api.foundation.settings import Settings
from tests import services
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.orders.builders import placed
from tests.stress import laws
from tests.stress.runs import run_kills, run_races

pytestmark = pytest.mark.anyio

ROUNDS = 20


@pytest.fixture
async def closed(database_kind: str, settings: Settings) -> Settings:
    """A migrated, empty database that nobody has open."""
    await (services.clean_postgres if database_kind == "postgres" else services.copy_sqlite)(settings)
    return settings


async def test_of_two_who_want_one_thing_exactly_one_gets_it(closed: Settings) -> None:
    outcome = await run_races(closed, ROUNDS)
    assert outcome.wrong == ()
    assert outcome.runs >= 10 * ROUNDS


async def test_whoever_buys_while_sidecars_are_killed_gets_one_order_for_one_key(closed: Settings) -> None:
    outcome = await run_kills(closed, orders=12)
    assert outcome.wrong == ()
    assert outcome.runs >= 4


BREACHES = {
    "counts are the sums of their movements": "UPDATE sku SET stock = 7",
    "what is reserved is what orders hold": "UPDATE order_line SET quantity = quantity + 1",
    "only orders that are in the house hold stock": "UPDATE shop_order SET status = 'delivered'",
    "an order gave back what its refunds say": "UPDATE shop_order SET paid = payable, refunded = 1",
    "sums of an order are the sums of its lines": "UPDATE order_line SET unit_price = unit_price + 1",
    "an order stands where its history ends": "UPDATE shop_order SET status = 'packed'",
}
"""What somebody might do to the rows that the database itself does not forbid."""


@pytest.mark.parametrize("law", list(BREACHES))
async def test_a_broken_law_is_named(database: Settings, law: str) -> None:
    codes = await put_on_shelf(stock={"M": 5})
    await placed({codes["M"]: 2})
    await get_connection("default").execute_script(BREACHES[law])
    assert law in await laws.broken(database.database_url)
