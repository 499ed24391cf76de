"""What is deleted when its time is over, and what never is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tortoise.models import Model

from commerce_api.foundation.db.retention import Retention, overdue, purge
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import Delivery, DeliveryState, OutboxEvent
from commerce_api.foundation.publishing.models import PageChange, RebuildRequest, RequestState
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.models import KeptAnswer
from commerce_api.office.notifications.models import Notice
from commerce_api.shop.cart.models import Cart, CartLine
from commerce_api.shop.payments.models import UnknownLine
from commerce_api.shop.settlement.reconcile import FAR_BACK
from commerce_api.wiring import RETENTIONS, SCHEDULE

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEPT = {one.name: one for one in RETENTIONS}


async def purged() -> dict[str, int]:
    job = next(each for each in SCHEDULE if each.name == "purge")
    with clock.frozen(NOW):
        answer: Any = await job.run()
    return {name: count for name, count in answer.items() if count}


def ago(retention: str, days: float) -> datetime:
    """A moment that lies this many days beyond the end of its time; before it when negative."""
    return NOW - KEPT[retention].kept - timedelta(days=days)


async def left(model: type[Model]) -> set[Any]:
    return set(await model.all().values_list("id", flat=True))


async def page_change(built_at: datetime | None) -> int:
    made: Any = await PageChange.create(key="product:a", reason="price", created_at=NOW, built_at=built_at)
    return int(made.id)


async def test_changes_that_were_built_go_and_those_that_wait_stay(database: Settings) -> None:
    await page_change(ago("page_change", 1))
    young, waiting = await page_change(ago("page_change", -1)), await page_change(None)

    assert await purged() == {"page_change": 1}
    assert await left(PageChange) == {young, waiting}


async def test_the_newest_change_stays_because_its_number_means_something(database: Settings) -> None:
    await page_change(ago("page_change", 30))
    newest = await page_change(ago("page_change", 20))

    await purged()

    assert await left(PageChange) == {newest}


async def event(dispatched_at: datetime | None, *states: DeliveryState) -> int:
    made: Any = await OutboxEvent.create(name="OrderPlaced", payload={}, created_at=NOW, dispatched_at=dispatched_at)
    for position, state in enumerate(states):
        done = dispatched_at if state is DeliveryState.DONE else None
        await Delivery.create(event=made, handler=f"h{position}", state=state, available_at=NOW, done_at=done)
    return int(made.id)


async def test_an_event_goes_when_everybody_has_heard_it_and_a_dead_letter_never_does(database: Settings) -> None:
    old = ago("outbox_event", 1)
    await event(old, DeliveryState.DONE, DeliveryState.DONE)
    await event(old)
    dead = await event(old, DeliveryState.DONE, DeliveryState.DEAD)
    pending = await event(old, DeliveryState.PENDING)
    new, young = await event(None), await event(ago("outbox_event", -1), DeliveryState.DONE)

    assert await purged() == {"outbox_delivery": 3, "outbox_event": 2}
    assert await left(OutboxEvent) == {dead, pending, new, young}
    states: Any = await Delivery.all().values_list("state", flat=True)
    assert set(states) == set(DeliveryState)


async def cart(seen_at: datetime, digest: str, account_id: int | None = None) -> int:
    made = await Cart.create(token_digest=digest, account_id=account_id, created_at=NOW, seen_at=seen_at)
    await CartLine.create(cart=made, sku="TC-A", name="A", quantity=1, seen_price=100, added_at=NOW)
    return int(made.id)


async def test_a_guests_cart_goes_with_its_lines_and_an_accounts_cart_waits_for_a_year(database: Settings) -> None:
    await cart(ago("cart", 1), "a")
    kept = {await cart(ago("cart", -1), "b"), await cart(ago("cart", 1), "c", account_id=7)}
    await cart(ago("account_cart", 1), "d", account_id=8)

    assert await purged() == {"cart": 1, "account_cart": 1}
    assert await left(Cart) == kept
    assert {line.cart_id for line in await CartLine.all()} == kept


async def test_stored_answers_and_finished_rebuilds_go_after_their_time(database: Settings) -> None:
    for name in ("checkout_answer", "rebuild_request"):
        for days in (1, -1):
            at = ago(name, days)
            if name == "checkout_answer":
                await KeptAnswer.create(key=f"k{days}", body_digest="d", status=201, answer={}, created_at=at)
            else:
                state = RequestState.DONE
                row: dict[str, Any] = {"scope": "all", "keys": [], "requested_by": "x", "errors": [], "created_at": at}
                await RebuildRequest.create(**row, state=state, finished_at=at)
    await RebuildRequest.create(scope="all", keys=[], requested_by="x", errors=[], created_at=NOW - timedelta(days=900))

    assert await purged() == {"checkout_answer": 1, "rebuild_request": 1}
    assert len(await left(RebuildRequest)) == 2


async def test_marks_of_notices_and_of_unknown_lines_go_when_nothing_can_ask_for_them_again(
    database: Settings,
) -> None:
    for days in (1, -1):
        await Notice.create(key=f"order_placed:{days}", channel="staff", sent_at=ago("notice", days))
        await UnknownLine.create(invoice_id=f"p2_{days}", seen_at=ago("statement_unknown", days))

    assert await purged() == {"notice": 1, "statement_unknown": 1}
    assert [mark.key for mark in await Notice.all()] == ["order_placed:-1"]
    assert KEPT["notice"].kept > 2 * KEPT["outbox_event"].kept, "an event outlives no mark of it"
    assert KEPT["statement_unknown"].kept > FAR_BACK


async def test_many_rows_go_a_few_at_a_time_and_the_delay_is_told(database: Settings) -> None:
    changes = Retention("page_change", PageChange, "built_at", timedelta(days=7))
    rows = [PageChange(key="k", reason="r", created_at=NOW, built_at=NOW - timedelta(days=8)) for _ in range(7)]
    await PageChange.bulk_create(rows)

    with clock.frozen(NOW):
        assert await overdue(changes) == 86_400
        assert await purge(changes, batch=3) == 7
        assert await overdue(changes) == 0


async def test_nothing_to_delete_is_no_error(sqlite_database: Settings) -> None:
    assert await purged() == {}
