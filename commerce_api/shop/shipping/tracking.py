"""Following parcels: the calendar asks the carrier about a hundred numbers at a time, less often the older they are.

What the carrier says is stored as it said it. Only a code that its documentation names moves anything (codes.py), and a
number that leads nowhere is asked a few times and then set aside for a person (lessons.md 27 to 29).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from commerce_api.foundation import metrics, telemetry
from commerce_api.foundation.db.tx import lock_rows, transact
from commerce_api.foundation.events import ParcelMoved, WaybillDead
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.service import record
from commerce_api.foundation.schedule.apart import Apart, apart
from commerce_api.shop.shipping.carrier import Carrier, CarrierFailed, CarrierRefused, Reading
from commerce_api.shop.shipping.codes import NOT_FOUND, Meaning, ParcelState, meaning
from commerce_api.shop.shipping.models import Shipment, ShipmentEvent
from commerce_api.shop.shipping.shipments import open_return
from commerce_api.shop.shipping.states import CashState, Direction, ShipmentState

BATCH: Final = 100
"""Numbers in one question, the carrier's own limit."""
MOST_BATCHES: Final = 20
MOST_MISSES: Final = 8
"""Answers of "not found" after which a number is dead: with their pauses about four days."""
OLDEST: Final = timedelta(days=60)
"""No parcel travels longer; one that still does is for a person to look at."""
PAUSES: Final = (
    (timedelta(days=2), timedelta(minutes=30)),
    (timedelta(days=7), timedelta(hours=2)),
    (timedelta(days=20), timedelta(hours=6)),
)
"""Age of a parcel below which it is asked about so often; older ones once a day."""
DAILY: Final = timedelta(days=1)
FIRST_MISS: Final = timedelta(hours=1)

log = telemetry.logger(__name__)


async def track(carrier: Carrier, *, eager: bool = False) -> int:
    """Ask about every parcel that is due; how many were answered for. A job, hence an edge: calls outside transactions,
    the answers of each in one of their own. A carrier that is away is asked again at the next beat. One parcel whose
    answer cannot be taken holds up no other: raises BrokenRows after the last of them.

    `eager` asks about every parcel that still travels: for a stand-in, whose parcels arrive in minutes.
    """
    heard, asked = 0, set[int]()
    with apart("track_parcels") as run:
        for _ in range(MOST_BATCHES):
            # Each is asked about once, whatever became of the answer: two clocks need not agree on what is due.
            due = await _due(asked, eager)
            if not due:
                break
            asked.update(row.id for row in due)
            asked_at = clock.now()
            try:
                readings = await carrier.track([row.waybill for row in due])
            except (CarrierFailed, CarrierRefused) as error:
                log.warning("parcels_not_tracked", count=len(due), cause=str(error))
                break
            heard += await _take_in_all(due, readings, asked_at, run)
    return heard


async def _take_in_all(due: Sequence[Shipment], readings: Sequence[Reading], asked_at: datetime, run: Apart) -> int:
    try:
        return await transact(partial(take_in, [row.id for row in due], readings, asked_at))
    except Exception as error:
        log.warning("parcels_taken_in_one_by_one", count=len(due), cause=type(error).__name__)
    heard = 0
    for row in due:
        with run.row(row.waybill):
            heard += await transact(partial(take_in, [row.id], readings, asked_at))
    return heard


async def _due(asked: set[int], eager: bool) -> list[Shipment]:
    until = clock.now() + (OLDEST if eager else timedelta())
    rows = Shipment.filter(state=ShipmentState.MADE, next_poll_at__lte=until)
    rows = rows.exclude(id__in=asked) if asked else rows
    return await rows.order_by("next_poll_at", "id").limit(BATCH)


async def take_in(shipment_ids: Sequence[int], readings: Sequence[Reading], asked_at: datetime) -> int:
    """Store what was said of these shipments; a number of which nothing was said counts as not found.

    An answer that was asked for before the one we have is old and changes nothing. Raises NoTransaction.
    """
    said = {reading.number: reading for reading in readings}
    rows = await lock_rows(Shipment.filter(id__in=list(shipment_ids), state=ShipmentState.MADE))
    for row in rows:
        if row.polled_at is None or row.polled_at < asked_at:
            await _hear(row, said.get(row.waybill) or Reading(row.waybill, NOT_FOUND, "", None), asked_at)
    return len(rows)


async def _hear(row: Shipment, reading: Reading, asked_at: datetime) -> None:
    meant = meaning(reading.code)
    metrics.PARCEL_CODES.add(reading.code if meant else "unknown")
    if reading.code != row.code:
        await ShipmentEvent.create(
            shipment_id=row.id,
            at=asked_at,
            told_at=reading.told_at,
            code=reading.code[:8],
            text=reading.text[:200],
            known=meant is not None,
        )
        if meant is None:
            log.warning("parcel_code_unknown", shipment=row.id, code=reading.code)
    before = (row.parcel, row.cash_state)
    row.code, row.text, row.polled_at, row.updated_at = reading.code[:8], reading.text[:200], asked_at, asked_at
    row.due = reading.day or row.due
    if meant:
        _move(row, meant)
    _plan(row, meant, asked_at)
    if row.parcel is ParcelState.REFUSED and reading.back and row.direction is Direction.OUT:
        await open_return(row.id, reading.back)
        row.next_poll_at = None
    if _dead(row, asked_at):
        await _set_aside(row, asked_at)
    await row.save()
    paid = meant is not None and meant.paid and row.cash_state is CashState.WITH_CARRIER
    if paid or (row.parcel, row.cash_state) != before:
        await record(
            ParcelMoved(
                order_id=row.order_id,
                number=row.order_number,
                shipment_id=row.id,
                old=before[0].value,
                new=row.parcel.value,
                code=row.code,
            )
        )


def _move(row: Shipment, meant: Meaning) -> None:
    """The parcel's state by a code of the table. "Not found" says nothing of where it is, and what was received stays
    received, whatever the number is used for later."""
    if meant.state is ParcelState.MISSING or (
        row.parcel is ParcelState.RECEIVED and meant.state is not ParcelState.RECEIVED
    ):
        return
    row.parcel = meant.state
    if meant.state is ParcelState.RECEIVED and row.cash_state is CashState.AWAITED:
        row.cash_state = CashState.WITH_CARRIER


def _plan(row: Shipment, meant: Meaning | None, asked_at: datetime) -> None:
    """When to ask again: never behind the last code, unless the carrier still holds our money."""
    if meant and meant.state is ParcelState.MISSING:
        row.misses += 1
        row.next_poll_at = asked_at + FIRST_MISS * 2 ** min(row.misses - 1, 4)
        return
    row.misses = 0
    owed = row.cash_state is CashState.WITH_CARRIER and not (meant and meant.paid)
    if meant and meant.last and not owed:
        row.next_poll_at = None
        return
    age = asked_at - (row.made_at or row.created_at)
    row.next_poll_at = asked_at + next((pause for limit, pause in PAUSES if age < limit), DAILY)


def _dead(row: Shipment, asked_at: datetime) -> bool:
    if row.next_poll_at is None:
        return False
    return row.misses >= MOST_MISSES or asked_at - (row.made_at or row.created_at) > OLDEST


async def _set_aside(row: Shipment, asked_at: datetime) -> None:
    reason = "not_found" if row.misses >= MOST_MISSES else "too_long"
    reason = "cash_missing" if row.cash_state is CashState.WITH_CARRIER else reason
    row.quarantined_at, row.next_poll_at, row.reason = asked_at, None, reason
    log.warning("waybill_dead", shipment=row.id, reason=reason)
    await record(WaybillDead(order_id=row.order_id, number=row.order_number, shipment_id=row.id, reason=reason))
