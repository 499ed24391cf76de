"""Parcels are followed in batches, ever less often, and never for ever."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.shop.shipping import shipments, tracking
from commerce_api.shop.shipping.carrier import Reading, Waybill
from commerce_api.shop.shipping.codes import CODES, ParcelState
from commerce_api.shop.shipping.models import Shipment, ShipmentEvent
from commerce_api.shop.shipping.states import CashState
from tests.commerce_api.shop.shipping.builders import Line

pytestmark = pytest.mark.anyio
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


async def a_shipment(number: str = "20450000000001", order_id: int = 1, cash: int = 0) -> int:
    """A waybill that is made, and due to be asked about in half an hour."""
    want = partial(shipments.want, order_id, f"TWC02112026N{order_id:02d}", 89_000, cash, "staff:7")
    wanted, _ = await transact(want)
    made = await transact(partial(shipments.made, wanted.id, Waybill("ref", number, 7_000, None)))
    return made.id


async def hear(shipment_id: int, code: str, text: str = "", at: datetime | None = None, **more: Any) -> Shipment:
    """The carrier says a code."""
    row = await Shipment.get(id=shipment_id)
    readings = [Reading(row.waybill, code, text, None, **more)]
    await transact(partial(tracking.take_in, [shipment_id], readings, at or clock.now()))
    return await Shipment.get(id=shipment_id)


async def told(name: str) -> list[dict[str, Any]]:
    return [dict(row.payload) for row in await OutboxEvent.filter(name=name).order_by("id")]


@pytest.mark.parametrize("code", CODES)
async def test_every_code_of_the_table_puts_the_parcel_where_it_says(sqlite_database: Settings, code: str) -> None:
    row = await hear(await a_shipment(), code, "слова перевізника")

    meant = CODES[code]
    expected = ParcelState.MADE if meant.state is ParcelState.MISSING else meant.state
    assert (row.parcel, row.code, row.text) == (expected, code, "слова перевізника")
    moved = await told("ParcelMoved")
    assert [(one["old"], one["new"], one["code"]) for one in moved] == (
        [] if expected is ParcelState.MADE else [("made", expected.value, code)]
    )


async def test_an_unknown_code_is_kept_as_it_was_said_and_moves_nothing(sqlite_database: Settings) -> None:
    id_ = await a_shipment()
    await hear(id_, "5", at=clock.now())

    row = await hear(id_, "777", "Щось нове", at=clock.now() + timedelta(minutes=1))

    assert (row.parcel, row.code, row.text) == (ParcelState.MOVING, "777", "Щось нове")
    assert [(one.code, one.known) for one in await ShipmentEvent.all().order_by("id")] == [("5", True), ("777", False)]
    assert len(await told("ParcelMoved")) == 1
    assert row.next_poll_at is not None


async def test_the_same_code_again_is_written_once(sqlite_database: Settings) -> None:
    id_ = await a_shipment()
    for minute in range(3):
        await hear(id_, "5", at=clock.now() + timedelta(minutes=minute))

    assert await ShipmentEvent.all().count() == 1
    assert len(await told("ParcelMoved")) == 1


async def test_an_answer_that_is_older_than_the_last_changes_nothing(sqlite_database: Settings) -> None:
    id_, now = await a_shipment(), clock.now()
    await hear(id_, "9", at=now + timedelta(minutes=5))

    row = await hear(id_, "5", at=now)

    assert (row.code, row.parcel) == ("9", ParcelState.RECEIVED)


async def test_what_was_received_stays_received(sqlite_database: Settings) -> None:
    id_ = await a_shipment(cash=97_000)
    await hear(id_, "9", at=clock.now())

    row = await hear(id_, "103", at=clock.now() + timedelta(minutes=1))

    assert row.parcel is ParcelState.RECEIVED


async def test_cash_is_with_the_carrier_until_it_says_that_it_paid(sqlite_database: Settings) -> None:
    id_, now = await a_shipment(cash=97_000), clock.now()
    states = []
    for minute, code in enumerate(("7", "9", "10", "11")):
        row = await hear(id_, code, at=now + timedelta(minutes=minute))
        states.append((row.cash_state, row.next_poll_at is not None))

    assert states == [
        (CashState.AWAITED, True),
        (CashState.WITH_CARRIER, True),
        (CashState.WITH_CARRIER, True),
        (CashState.WITH_CARRIER, False),  # until dispatch books it
    ]
    assert [one["code"] for one in await told("ParcelMoved")] == ["7", "9", "11"]


async def test_without_cash_nobody_asks_about_a_parcel_that_was_received(sqlite_database: Settings) -> None:
    assert (await hear(await a_shipment(), "9")).next_poll_at is None


async def test_a_number_that_leads_nowhere_is_asked_a_few_times_and_set_aside(sqlite_database: Settings) -> None:
    line = Line()
    asked = 0
    with clock.frozen(START):
        id_ = await a_shipment("20459999999999")
    for hour in range(24 * 30):
        with clock.frozen(START + timedelta(hours=hour)):
            asked += await tracking.track(line.carrier())

    row = await Shipment.get(id=id_)
    assert asked == len(line.asked) == tracking.MOST_MISSES
    assert row.quarantined_at is not None
    assert row.next_poll_at is None
    assert [(one["shipment_id"], one["reason"]) for one in await told("WaybillDead")] == [(id_, "not_found")]
    assert await told("ParcelMoved") == []


async def test_a_person_can_have_a_dead_number_asked_again(sqlite_database: Settings) -> None:
    line, now = Line(), clock.now() - timedelta(days=1)
    id_ = await a_shipment("20459999999999")
    for number in range(tracking.MOST_MISSES):
        await hear(id_, "3", at=now + timedelta(hours=number))

    await transact(partial(shipments.follow_again, id_))

    assert await tracking.track(line.carrier()) == 1
    assert (await Shipment.get(id=id_)).quarantined_at is None


async def test_parcels_are_asked_about_less_often_the_older_they_are(sqlite_database: Settings) -> None:
    asked: list[datetime] = []
    with clock.frozen(START):
        id_ = await a_shipment()
    for hour in range(24 * 30):
        at = START + timedelta(hours=hour)
        due = (await Shipment.get(id=id_)).next_poll_at
        if due and due <= at:
            asked.append(at)
            await hear(id_, "5", at=at)

    by_age = [
        sum(START + timedelta(days=a) <= at < START + timedelta(days=b) for at in asked)
        for a, b in ((0, 2), (2, 7), (7, 20), (20, 30))
    ]
    assert by_age == [47, 60, 52, 10]


async def test_a_parcel_that_travels_for_two_months_is_shown_to_a_person(sqlite_database: Settings) -> None:
    with clock.frozen(START):
        id_ = await a_shipment()

    row = await hear(id_, "5", at=START + timedelta(days=61))

    assert row.quarantined_at is not None
    assert [one["reason"] for one in await told("WaybillDead")] == ["too_long"]


async def test_a_hundred_numbers_go_into_one_question_and_the_rest_into_the_next(sqlite_database: Settings) -> None:
    line = Line()
    with clock.frozen(START):
        for number in range(103):
            await a_shipment(f"20450000{number:06d}", number + 1)

    with clock.frozen(START + timedelta(hours=1)):
        assert await tracking.track(line.carrier()) == 103

    assert line.asked == ["getStatusDocuments"] * 2


async def test_a_carrier_that_is_away_loses_nothing(sqlite_database: Settings) -> None:
    line = Line()
    line.broken["*"] = "silent"
    with clock.frozen(START):
        id_ = await a_shipment()
    with clock.frozen(START + timedelta(hours=1)):
        assert await tracking.track(line.carrier()) == 0

        row = await Shipment.get(id=id_)
        assert (row.misses, row.code, row.quarantined_at) == (0, "", None)
        line.broken.clear()
        assert await tracking.track(line.carrier()) == 1


async def test_a_refused_parcel_is_followed_on_its_way_back(sqlite_database: Settings) -> None:
    id_ = await a_shipment()

    await hear(id_, "103", back="20450000000777")

    back = await Shipment.get(direction="back")
    assert (back.waybill, back.order_id, back.next_poll_at is not None) == ("20450000000777", 1, True)
    assert (await Shipment.get(id=id_)).next_poll_at is None


async def test_an_order_has_one_open_parcel(database: Settings) -> None:
    want = partial(shipments.want, 5, "TWC02112026N05", 1, 0, "staff:7")

    answers: Sequence[Any] = [await transact(want), await transact(want)]

    assert answers[0][0].id == answers[1][0].id
    assert [new for _, new in answers] == [True, False]
    await transact(partial(shipments.void, answers[0][0].id, "made anew"))
    again, new = await transact(want)
    assert (new, again.attempt, again.reference) == (True, 2, "TWC02112026N05-2")


async def test_an_answer_that_cannot_be_taken_holds_up_no_other_parcel(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given three parcels, and a day of the first that is none
    numbers = [f"2045000000000{number}" for number in range(3)]
    for place, number in enumerate(numbers):
        await a_shipment(number, order_id=place + 1)
    carrier, days = Line().carrier(), dict[str, Any]({numbers[0]: object()})

    async def track(asked: Sequence[str]) -> list[Reading]:
        return [Reading(number, "5", "", None, day=days.get(number)) for number in asked]

    monkeypatch.setattr(carrier, "track", track)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        # when they are asked about, then the others are heard of, and the first is named and stays due
        with capture_logs() as logged, pytest.raises(ExceptionGroup):
            await tracking.track(carrier)
        assert [line["row"] for line in logged if line["event"] == "row_failed"] == [numbers[0]]
        assert await Shipment.filter(code="5").count() == 2
        days.clear()
        assert await tracking.track(carrier) == 1
