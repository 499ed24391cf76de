"""The outbox delivers everything at least once, and nothing that was rolled back."""

import asyncio
from datetime import timedelta

import asyncpg  # type: ignore[import-untyped]
import pytest

from commerce_api.foundation.db.clock import database_now
from commerce_api.foundation.db.tx import NoTransaction, atomic
from commerce_api.foundation.events import OrderPlaced
from commerce_api.foundation.outbox import relay
from commerce_api.foundation.outbox.models import Delivery, DeliveryState, OutboxEvent
from commerce_api.foundation.outbox.service import record
from commerce_api.foundation.settings import Settings

pytestmark = pytest.mark.anyio

EVENT = OrderPlaced(order_id=7, number="TWC23112026N01", channel="retail", pay_type="cod", payable=129_900)


async def claim_all() -> list[relay.Claimed]:
    """What a worker holds that claims everything due at once."""
    held: list[relay.Claimed] = []
    while claimed := await relay.claim_next():
        held.append(claimed)
    return held


async def placed() -> None:
    async with atomic():
        await record(EVENT)


async def test_an_event_reaches_each_of_its_handlers_once(database: Settings) -> None:
    # given two handlers that listen
    heard: list[tuple[str, OrderPlaced]] = []

    async def first(event: OrderPlaced) -> None:
        heard.append(("first", event))

    async def second(event: OrderPlaced) -> None:
        heard.append(("second", event))

    handlers: relay.Handlers = {OrderPlaced: {"first": first, "second": second}}
    await placed()
    # when the worker runs twice
    await relay.run_due(handlers)
    await relay.run_due(handlers)
    # then each heard it once, with the values that were recorded
    assert sorted(heard, key=lambda pair: pair[0]) == [("first", EVENT), ("second", EVENT)]
    assert await Delivery.filter(state=DeliveryState.DONE).count() == 2


async def test_an_event_outside_a_transaction_is_refused(sqlite_database: Settings) -> None:
    with pytest.raises(NoTransaction):
        await record(EVENT)


async def test_an_event_that_was_rolled_back_never_happened(database: Settings) -> None:
    async def place_and_fail() -> None:
        async with atomic():
            await record(EVENT)
            raise RuntimeError("no order after all")

    with pytest.raises(RuntimeError, match="no order after all"):
        await place_and_fail()
    assert await OutboxEvent.all().count() == 0


async def test_a_handler_that_fails_is_tried_again_later_and_not_at_once(sqlite_database: Settings) -> None:
    # given a handler that fails the first time
    tries: list[int] = []

    async def fails_once(event: OrderPlaced) -> None:
        tries.append(event.order_id)
        if len(tries) == 1:
            raise ConnectionError("nobody there")

    handlers: relay.Handlers = {OrderPlaced: {"fragile": fails_once}}
    await placed()
    await relay.run_due(handlers)
    # when the worker looks again before the pause is over
    await relay.run_due(handlers)
    assert len(tries) == 1
    # and after it
    await Delivery.all().update(available_at=await database_now() - timedelta(seconds=1))
    await relay.run_due(handlers)
    # then the second try succeeded
    assert len(tries) == 2
    delivery = await Delivery.get()
    assert delivery.state is DeliveryState.DONE
    assert delivery.last_error is None


async def test_what_no_retry_can_mend_waits_for_a_person_at_once(sqlite_database: Settings) -> None:
    async def refused(_event: OrderPlaced) -> None:
        raise relay.GivenUp("550 no such mailbox")

    await placed()
    await relay.run_due({OrderPlaced: {"mail": refused}})

    delivery = await Delivery.get()
    assert (delivery.state, delivery.attempts, delivery.last_error) == (DeliveryState.DEAD, 1, "550 no such mailbox")


async def test_a_poisoned_event_stops_nobody_and_waits_for_a_person_in_the_end(sqlite_database: Settings) -> None:
    # given one event whose handler always fails and one that is fine
    heard: list[int] = []

    async def picky(event: OrderPlaced) -> None:
        if event.order_id == 7:
            raise ValueError("poison")
        heard.append(event.order_id)

    handlers: relay.Handlers = {OrderPlaced: {"picky": picky}}
    await placed()
    async with atomic():
        await record(OrderPlaced(order_id=8, number="TWC23112026N02", channel="retail", pay_type="cod", payable=1))
    # when it is tried as often as anything is
    for _ in range(relay.TRIES):
        await Delivery.all().update(available_at=await database_now() - timedelta(seconds=1))
        await relay.run_due(handlers)
    # then the good one went through and the bad one is set aside with its reason
    assert heard == [8]
    dead = [row for row in await relay.waiting() if row.state == "dead"]
    assert [(row.attempts, row.last_error) for row in dead] == [(relay.TRIES, "ValueError: poison")]
    # and a person can give it another chance
    assert await relay.retry_dead() == 1
    assert [row.state for row in await relay.waiting()] == ["pending"]


async def test_two_workers_never_hold_one_delivery_at_the_same_time(database: Settings) -> None:
    # given twenty events
    async with atomic():
        for number in range(20):
            await record(OrderPlaced(number, f"TWC{number}", "retail", "cod", 1))
    await relay.dispatch_new({OrderPlaced: {"only": _nothing}})
    # when two claim at once
    first, second = await asyncio.gather(claim_all(), claim_all())
    # then each delivery is held once
    ids = [claimed.id for claimed in (*first, *second)]
    assert len(ids) == len(set(ids)) == 20


async def test_a_worker_slower_than_its_lease_does_not_undo_its_successor(sqlite_database: Settings) -> None:
    # given a worker that claimed a delivery and lost its lease
    handlers: relay.Handlers = {OrderPlaced: {"only": _nothing}}
    await placed()
    await relay.dispatch_new(handlers)
    (slow,) = await claim_all()
    await Delivery.all().update(locked_until=await database_now() - timedelta(seconds=1))
    # when another one takes over and finishes first
    (fast,) = await claim_all()
    await relay.deliver(fast, handlers)
    # then the slow one's failure changes nothing
    await relay._finish(slow, state=DeliveryState.DEAD)
    assert (await Delivery.get()).state is DeliveryState.DONE


async def test_a_delivery_that_has_just_failed_rests_for_every_worker(sqlite_database: Settings) -> None:
    async def fails(_event: OrderPlaced) -> None:
        raise ConnectionError("nobody there")

    await placed()
    await relay.run_due({OrderPlaced: {"fragile": fails}})

    assert await relay.claim_next() is None


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
async def test_a_row_that_a_rival_is_taking_is_skipped_and_not_waited_for(database: Settings) -> None:
    # given two deliveries, and a rival in the midst of taking the first
    for _ in range(2):
        await placed()
    await relay.dispatch_new({OrderPlaced: {"only": _nothing}})
    first = await Delivery.all().order_by("id").first()
    assert first is not None
    rival = await asyncpg.connect(database.database_url.partition("?")[0])
    try:
        await rival.execute("BEGIN")
        await rival.execute("SELECT 1 FROM outbox_delivery WHERE id = $1 FOR UPDATE", first.id)
        # then a worker takes the other, at once
        async with asyncio.timeout(5):
            claimed = await relay.claim_next()
            assert claimed is not None
            assert claimed.id != first.id
            assert await relay.claim_next() is None
    finally:
        await rival.close()


@pytest.mark.parametrize(
    ("name", "payload"),
    [("OrderTeleported", {"order_id": 1}), ("OrderPlaced", {"a_field_of_another_release": 1})],
)
async def test_an_event_of_another_release_stops_nobody(
    sqlite_database: Settings, name: str, payload: dict[str, object]
) -> None:
    # given an event that this release cannot read, as after a rollback, and one that it can
    heard: list[str] = []

    async def hear(event: OrderPlaced) -> None:
        heard.append(event.number)

    handlers: relay.Handlers = {OrderPlaced: {"only": hear}}
    await OutboxEvent.create(name=name, payload=payload, created_at=await database_now())
    await placed()
    # when the worker runs
    await relay.run_due(handlers)
    # then the good one went through, and the other waits for a release that knows it
    assert heard == [EVENT.number]
    strange = await OutboxEvent.get(name=name, payload=payload)
    waits = await Delivery.filter(event_id=strange.id, state=DeliveryState.PENDING).exists()
    assert waits or strange.dispatched_at is None


async def test_a_delivery_of_an_unknown_event_waits_with_its_reason(sqlite_database: Settings) -> None:
    handlers: relay.Handlers = {OrderPlaced: {"only": _nothing}}
    await placed()
    await relay.dispatch_new(handlers)
    await OutboxEvent.all().update(name="OrderTeleported")
    await relay.run_due(handlers)
    (row,) = await relay.waiting()
    assert row.state == "pending"
    assert "OrderTeleported" in (row.last_error or "")


async def test_a_handler_that_hangs_is_given_up_before_its_lease_ends(
    sqlite_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert relay.LEASE.total_seconds() > relay.PATIENCE
    monkeypatch.setattr(relay, "PATIENCE", 0.05)

    async def hangs(_event: OrderPlaced) -> None:
        await asyncio.sleep(3600)

    await placed()
    async with asyncio.timeout(10):
        await relay.run_due({OrderPlaced: {"slow": hangs}})
    (row,) = await relay.waiting()
    assert (row.state, row.attempts) == ("pending", 1)
    assert (row.last_error or "").startswith("TimeoutError")


async def test_a_delivery_that_kills_every_worker_is_set_aside(sqlite_database: Settings) -> None:
    # given a delivery whose workers all died without a word
    heard: list[int] = []

    async def hear(event: OrderPlaced) -> None:
        heard.append(event.order_id)

    handlers: relay.Handlers = {OrderPlaced: {"deadly": hear}}
    await placed()
    await relay.dispatch_new(handlers)
    await Delivery.all().update(attempts=relay.TRIES, locked_until=await database_now() - timedelta(seconds=1))
    # when the next one comes
    await relay.run_due(handlers)
    # then it does not even begin
    assert heard == []
    assert [row.state for row in await relay.waiting()] == ["dead"]


async def test_who_is_told_to_stop_claims_nothing_more(sqlite_database: Settings) -> None:
    # given two deliveries, and a worker that is told to stop during the first
    stopping = asyncio.Event()

    async def stop(_event: OrderPlaced) -> None:
        stopping.set()

    await placed()
    await placed()
    await relay.run_due({OrderPlaced: {"only": stop}}, stopping=stopping)
    # then the other is free for the next worker, without waiting for a lease
    assert await Delivery.filter(state=DeliveryState.DONE).count() == 1
    assert await relay.claim_next() is not None


def test_pauses_double_up_to_an_hour() -> None:
    pauses = [relay.pause_after(attempt).total_seconds() for attempt in range(1, 15)]
    assert pauses[:4] == [2, 4, 8, 16]
    assert max(pauses) == 3600
    assert pauses == sorted(pauses)


async def _nothing(_event: OrderPlaced) -> None:
    return
