"""What the shop asks its database for is found by an index, however many years it has been open: no statement of a
page, a list, a call or a job of the calendar looks at more than a small part of a table.

The database itself says how much it looked at: PostgreSQL the rows of each step of its plan, SQLite the steps of its
machine, which are the same on every run. Fifty thousand orders lie in each (years.py).
"""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, Final

import orjson
import pytest
from starlette.requests import Request
from starlette_admin import RequestAction
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from commerce_api.foundation.db import setup
from commerce_api.foundation.db.retention import overdue, purge
from commerce_api.foundation.db.tx import atomic, transact
from commerce_api.foundation.kit.paging import PageRequest
from commerce_api.foundation.outbox import relay
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.staff_views import ServiceView
from commerce_api.office.admin.staff import AuditView
from commerce_api.office_app import VIEWS
from commerce_api.shop.orders import queries as orders
from commerce_api.shop.orders.claiming import claim_by_address
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.status import OrderStatus
from commerce_api.shop.payments import queries as payments
from commerce_api.shop.shipping import shipments
from commerce_api.wiring import RETENTIONS, Adapters, calendar
from tests.commerce_api import asks, years
from tests.commerce_api.crowd import Crowd
from tests.commerce_api.statements import INSERTS, hearing
from tests.commerce_api.visits import Doors, doors

pytestmark = pytest.mark.anyio

MOST_ROWS: Final = 2_000
"""Rows that one statement may look at on PostgreSQL."""
MOST_STEPS: Final = 30_000
"""Steps of SQLite's machine for one statement; a walk through all orders takes some hundred thousand."""
GRANULE: Final = 1_000
"""How exactly steps are counted."""

Statement = tuple[str, Sequence[Any]]
Asked = Callable[[], Awaitable[object]]


@contextmanager
def heard() -> Iterator[list[Statement]]:
    """Every statement of the block that is not an insert, with its values."""
    seen: list[Statement] = []

    def note(way: str, query: str, values: Sequence[Any]) -> None:
        if way not in INSERTS:
            seen.append((query, list(values[0] or ()) if values else []))

    with hearing(note):
        yield seen


def lists(here: Doors, crowd: Crowd) -> Iterator[tuple[str, Asked]]:
    """Everything that is asked for again and again, by name."""
    for app, listed in ((here.shop, asks.ROUTES), (here.office, asks.OFFICE)):
        reading = {name: ask for name, ask in listed.items() if name.startswith("GET")}
        yield from ((name, partial(here.ask, app, crowd, name, ask)) for name, ask in reading.items())
    for view in (*VIEWS, AuditView):
        yield f"the second page of {view.__name__}, in its own order", partial(_page_of, view)
    for one in RETENTIONS:
        yield f"what is too old: {one.name}", partial(purge, one)
        yield f"how old: {one.name}", partial(overdue, one)
    for job in calendar(here.settings, Adapters(carrier=here.line.carrier(), gateway=here.desk.gateway)):
        yield f"the calendar: {job.name}", job.run
    first = PageRequest()
    yield "orders of a status", partial(orders.for_staff, first, status=OrderStatus.NEW)
    yield "orders of a phone", partial(orders.for_staff, first, "067 100 00 07")
    yield "orders of an account", partial(orders.of_account, years.FIRST + 7, first)
    yield "an order by its number", partial(orders.order_by_number, "N7")
    yield "an order by its token", partial(orders.order_by_token, "token-token-token-7")
    yield "orders of an address", partial(transact, partial(claim_by_address, years.FIRST + 7, "p9@example.com"))
    yield "refunds of an order", partial(payments.refunds_of, years.FIRST + 7)
    yield "payments of an order", partial(payments.attempts_of, years.FIRST + 7)
    yield "an attempt by its invoice", partial(payments.by_invoice, "I-7")
    yield "parcels of orders", partial(shipments.of_orders, [years.FIRST + 7, years.FIRST + 8])
    yield "deliveries that are owed", relay.waiting
    yield "events that are new", partial(relay.dispatch_new, {})
    yield "the delivery that is next", relay.claim_next
    yield "how far the workers are behind", relay.backlog
    yield "dead deliveries, tried again", relay.retry_dead


async def _page_of(view: Callable[[], ServiceView]) -> object:
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""})
    request.state.action = RequestAction.LIST
    shown = view()
    order: Any = shown.fields_default_sort
    sorts = [(name, "desc" if down else "asc") for name, down in order]
    return await shown.find_all(request, skip=shown.page_size, limit=shown.page_size, sorts=sorts)


def may_be_long(query: str) -> bool:
    """How many there are at all is counted by the smallest index there is, without a look at the rows; and which events
    are owed to nobody any more is asked of an index once an hour."""
    counted = "COUNT(" in query and "WHERE" not in query
    return counted or 'NOT IN (SELECT "event_id"' in query


def steps_of(connection: sqlite3.Connection, statement: Statement) -> int:
    """How many steps SQLite takes for a statement, which is undone afterwards."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += GRANULE
        return 0

    query, values = statement
    connection.execute("BEGIN")
    connection.set_progress_handler(count, GRANULE)
    try:
        connection.execute(query, values).fetchall()
    except sqlite3.IntegrityError:
        # A change that was made already, and cannot be made twice: its row was found all the same.
        pass
    finally:
        connection.set_progress_handler(None, 0)
        connection.execute("ROLLBACK")
    return taken


def rows_of(step: dict[str, Any]) -> int:
    """The most rows that a step of a plan of PostgreSQL, or one below it, looked at."""
    removed = step.get("Rows Removed by Filter", 0) + step.get("Rows Removed by Join Filter", 0)
    own = int((step.get("Actual Rows", step["Plan Rows"]) + removed) * step.get("Actual Loops", 1))
    return max([own, *(rows_of(below) for below in step.get("Plans", ()))])


class _Undone(Exception):
    """Ends a transaction that must leave nothing."""


async def rows_for(statement: Statement) -> int:
    """How many rows PostgreSQL looks at for a statement, which is undone afterwards."""
    found = 0
    try:
        async with atomic():
            found = rows_of(await plan_of("EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF)", statement))
            raise _Undone
    except _Undone:
        pass
    except IntegrityError:
        # A change that was made already, and cannot be made twice: what the planner expects has to do.
        found = rows_of(await plan_of("EXPLAIN (FORMAT JSON)", statement))
    return found


async def plan_of(explain: str, statement: Statement) -> dict[str, Any]:
    """The plan of a statement, as PostgreSQL tells it."""
    query, values = statement
    told = await get_connection("default").execute_query_dict(f"{explain} {query}", list(values))
    plan: dict[str, Any] = orjson.loads(told[0]["QUERY PLAN"])[0]["Plan"]
    return plan


@pytest.fixture
async def old_shop(database: Settings) -> AsyncIterator[tuple[Doors, Crowd]]:
    """A shop some years after a crowd was there."""
    here = doors(database)
    crowd = await here.gather(1)
    await years.pass_by()
    yield here, crowd
    if years.is_sqlite():
        setup.sqlite_file(database.database_url).unlink()
    else:
        # Deleted rows would still be walked through by the tests that follow.
        tables = ", ".join(model._meta.db_table for model, *_ in years.YEARS)
        await get_connection("default").execute_script(f"TRUNCATE {tables} CASCADE")


async def measured(statements: Sequence[Statement], settings: Settings) -> list[int]:
    """What the database looks at for each statement, in its own measure."""
    if not years.is_sqlite():
        # What was purged meanwhile is not expected any more, as on any other day.
        await get_connection("default").execute_script("ANALYZE")
        return [await rows_for(statement) for statement in statements]
    file = setup.sqlite_file(settings.database_url)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        return [steps_of(connection, statement) for statement in statements]


async def test_nothing_that_is_asked_again_and_again_walks_through_all_that_ever_was(
    old_shop: tuple[Doors, Crowd], database: Settings
) -> None:
    here, crowd = old_shop
    most = MOST_STEPS if years.is_sqlite() else MOST_ROWS
    asked: dict[tuple[str, str], Statement] = {}
    for name, work in lists(here, crowd):
        with heard() as seen:
            await work()
        chosen = [
            (query, values) for query, values in seen if query.lstrip().startswith(("SELECT", "UPDATE", "DELETE"))
        ]
        asked |= {(name, query): (query, values) for query, values in chosen if not may_be_long(query)}

    taken = zip(asked, await measured(list(asked.values()), database), strict=True)
    walking = {f"{name}: {query}": much for (name, query), much in taken if much > most}
    assert walking == {}, "\n\n".join(f"{much} {query}" for query, much in walking.items())

    # and a list without an index would be noticed
    with heard() as seen:
        await Order.filter(comment="x").order_by("updated_at").limit(5).values_list("id")
        await Order.all().order_by("updated_at").limit(5).values_list("id")
    assert [much > most for much in await measured(seen, database)] == [True, True]
