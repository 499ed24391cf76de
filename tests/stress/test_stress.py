"""A small set of every run of `make stress`: the races between two processes, kill -9, and the laws that notice."""

from dataclasses import replace

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.ledger.service import post
from commerce_api.shop.loyalty.accounts import SHOP, spendable
from commerce_api.shop.orders.draft import AppliedPromo
from commerce_api.shop.orders.placing import place
from commerce_api.shop.pricing.lines import PricedLine
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.promotions.queries import terms_of
from tests import services
from tests.commerce_api.shop.cart.builders import promo
from tests.commerce_api.shop.orders.builders import CUSTOMER, draft, placed
from tests.commerce_api.shop.pricing.builders import SHOP as SETTINGS
from tests.commerce_api.shop.settlement.builders import apply, attempt_for, desk
from tests.stress import laws
from tests.stress.races import shelf
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
    "an order has what its attempts and the carrier brought": (
        "UPDATE shop_order SET paid = payable WHERE pay_type = 'cod'"
    ),
    "what came by an attempt is its order's or goes back": "UPDATE payment SET credited = credited - 1",
    "what the bank gave back of an attempt is in refunds": "UPDATE payment SET returned = 1",
    "an order gave back what its refunds say": "UPDATE shop_order SET paid = payable, refunded = 1",
    "sums of an order are the sums of its lines": "UPDATE order_line SET unit_price = unit_price + 1",
    "an order stands where its history ends": "UPDATE shop_order SET status = 'packed'",
    "a code counts its uses and stays within its limit": "UPDATE promo_code SET uses = uses + 1",
    "a use is worth what its order was given, and ends with it": "UPDATE promo_use SET discount = discount + 1",
    "postings sum to zero": "UPDATE ledger_entry SET amount = amount + 1",
    "balances are the sums of their entries": "UPDATE ledger_account SET balance = balance + 1",
}
"""What somebody might do to the rows that the database itself does not forbid."""
FORBIDDEN = {
    "no count is below zero": "UPDATE sku SET reserved = -1",
    "payable is gross less discount plus shipping, and money is in bounds": "UPDATE shop_order SET payable = 1",
    "no balance is below its bound": "UPDATE ledger_account SET lowest = balance + 1",
}
"""What it does forbid."""


async def sound() -> None:
    """An order by cash with a code, one that was paid at the bank, and points that were given."""
    sku = await shelf("lawful", 9)
    await promo("LAWFUL10", max_uses=5)
    ready, terms = await draft({sku: 2}), await terms_of("LAWFUL10")
    assert terms is not None
    lines = [PricedLine(line.sku, line.unit_price, line.quantity) for line in ready.lines]
    totals = quote(lines, SETTINGS, code=terms, at=clock.now())
    with_code = replace(ready, totals=totals, promo=AppliedPromo(terms, "key"))
    await transact(lambda: place(with_code, CUSTOMER, "checkout"))
    told, here = await placed({sku: 1}, pay_type=PayType.ONLINE_FULL), desk()
    attempt = await attempt_for(here, told)
    here.there.pay(attempt.invoice_id or "", "pay")
    await apply(told.id, attempt.id, await here.gateway.check(attempt.invoice_id or ""))
    await transact(lambda: post("gift", "points_earned", {spendable(1): 100, SHOP: -100}))


@pytest.mark.parametrize("law", list(BREACHES))
async def test_a_broken_law_is_named(database: Settings, law: str) -> None:
    await sound()
    assert await laws.broken(database.database_url) == {}

    await get_connection("default").execute_script(BREACHES[law])

    assert law in await laws.broken(database.database_url)


@pytest.mark.parametrize("law", list(FORBIDDEN))
async def test_what_the_database_forbids_cannot_be_broken(database: Settings, law: str) -> None:
    await sound()

    with pytest.raises(IntegrityError):
        await get_connection("default").execute_query(FORBIDDEN[law])

    assert await laws.broken(database.database_url) == {}


def test_every_law_of_the_rows_is_broken_once_or_guarded_by_the_database() -> None:
    assert {*BREACHES, *FORBIDDEN} == {*laws.LAWS}
    assert BREACHES.keys().isdisjoint(FORBIDDEN)
