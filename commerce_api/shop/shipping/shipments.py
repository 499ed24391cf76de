"""Rows of shipments: intent before the carrier is asked, result after it answered. Inside the caller's transaction.

The carrier's `save` has no key that makes it safe to repeat, so an intent without a result is looked up before another
is made (integrations.md 2.5).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from tortoise.exceptions import IntegrityError

from commerce_api.foundation.db.tx import lock_rows, require_transaction, savepoint
from commerce_api.foundation.kit import clock
from commerce_api.shop.shipping.carrier import Waybill
from commerce_api.shop.shipping.codes import ParcelState
from commerce_api.shop.shipping.errors import ShipmentUnknown
from commerce_api.shop.shipping.models import Shipment
from commerce_api.shop.shipping.states import CashState, Direction, ShipmentState

IN_FLIGHT: Final = timedelta(seconds=90)
"""Longer than any call to the carrier lasts: an intent without a result that is older has lost its caller."""
FIRST_POLL: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """A shipment as other rooms read it; sums in kopiyky."""

    id: int
    order_id: int
    order_number: str
    attempt: int
    direction: Direction
    state: ShipmentState
    waybill: str
    ref: str
    declared: int
    cash: int
    cash_state: CashState
    due: date | None
    parcel: ParcelState
    code: str
    text: str
    created_at: datetime
    updated_at: datetime

    @property
    def reference(self) -> str:
        """Under which the carrier knows it as ours."""
        return f"{self.order_number}-{self.attempt}"

    @property
    def in_flight(self) -> bool:
        """Whether somebody is asking the carrier for it right now."""
        return self.state is ShipmentState.WANTED and clock.now() - self.updated_at < IN_FLIGHT


def viewed(row: Shipment) -> ShipmentView:
    """The row as other rooms read it."""
    return ShipmentView(
        id=row.id,
        order_id=row.order_id,
        order_number=row.order_number,
        attempt=row.attempt,
        direction=row.direction,
        state=row.state,
        waybill=row.waybill,
        ref=row.ref,
        declared=row.declared,
        cash=row.cash,
        cash_state=row.cash_state,
        due=row.due,
        parcel=row.parcel,
        code=row.code,
        text=row.text,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _slot(order_id: int, direction: Direction) -> str:
    return f"{order_id}:{direction.value}"


async def open_of(order_id: int) -> ShipmentView | None:
    """The order's parcel to the customer that is made or being made; None when there is none."""
    row = await Shipment.get_or_none(slot=_slot(order_id, Direction.OUT))
    return viewed(row) if row else None


async def shipment(shipment_id: int) -> ShipmentView:
    """One shipment. Raises ShipmentUnknown."""
    row = await Shipment.get_or_none(id=shipment_id)
    if row is None:
        raise ShipmentUnknown()
    return viewed(row)


async def of_orders(order_ids: list[int]) -> dict[int, ShipmentView]:
    """The open parcel to the customer of each order that has one."""
    slots = [_slot(order_id, Direction.OUT) for order_id in order_ids]
    return {row.order_id: viewed(row) for row in await Shipment.filter(slot__in=slots)}


async def want(order_id: int, number: str, declared: int, cash: int, actor: str) -> tuple[ShipmentView, bool]:
    """The order's intent to have a waybill, and whether it is new: of two who want one at once only one's is.

    Raises NoTransaction.
    """
    require_transaction()
    now, slot = clock.now(), _slot(order_id, Direction.OUT)
    attempt = await Shipment.filter(order_id=order_id, direction=Direction.OUT).count() + 1
    try:
        async with savepoint():
            row = await Shipment.create(
                order_id=order_id,
                order_number=number,
                attempt=attempt,
                direction=Direction.OUT,
                state=ShipmentState.WANTED,
                slot=slot,
                declared=declared,
                cash=cash,
                cash_state=CashState.AWAITED if cash else CashState.NONE,
                actor=actor,
                created_at=now,
                updated_at=now,
            )
    except IntegrityError:
        row = await Shipment.get(slot=slot)
        return viewed(row), False
    return viewed(row), True


async def take_up(shipment_id: int) -> bool:
    """Take over an intent whose caller is lost or got no answer; False when somebody else was quicker.

    Raises NoTransaction.
    """
    row = await _locked(shipment_id)
    if row.state not in {ShipmentState.WANTED, ShipmentState.UNKNOWN} or viewed(row).in_flight:
        return False
    row.state, row.updated_at = ShipmentState.WANTED, clock.now()
    await row.save()
    return True


async def made(shipment_id: int, waybill: Waybill) -> ShipmentView:
    """The carrier has it: the intent becomes a shipment that is tracked. Raises NoTransaction."""
    row = await _locked(shipment_id)
    now = clock.now()
    row.state, row.waybill, row.ref = ShipmentState.MADE, waybill.number, waybill.ref
    row.cost, row.due, row.made_at, row.updated_at = waybill.cost, waybill.day, now, now
    row.next_poll_at, row.reason = now + FIRST_POLL, ""
    await row.save()
    return viewed(row)


async def unanswered(shipment_id: int, reason: str) -> None:
    """Nobody knows whether the carrier made it: it is looked up before another is made. Raises NoTransaction."""
    await _end(shipment_id, ShipmentState.UNKNOWN, reason)


async def failed(shipment_id: int, reason: str) -> None:
    """The carrier did not make it; the order may have another. Raises NoTransaction."""
    await _end(shipment_id, ShipmentState.FAILED, reason)


async def void(shipment_id: int, reason: str) -> None:
    """The waybill is no more. Raises NoTransaction."""
    await _end(shipment_id, ShipmentState.VOID, reason)


async def _end(shipment_id: int, state: ShipmentState, reason: str) -> None:
    row = await _locked(shipment_id)
    row.state, row.reason, row.updated_at = state, reason[:200], clock.now()
    if state is not ShipmentState.UNKNOWN:
        row.slot, row.next_poll_at = None, None
    await row.save()


async def open_return(shipment_id: int, waybill: str) -> None:
    """Follow the parcel that comes back to us; once. Raises NoTransaction."""
    out = await _locked(shipment_id)
    slot = _slot(out.order_id, Direction.BACK)
    if await Shipment.filter(slot=slot).exists():
        return
    now = clock.now()
    await Shipment.create(
        order_id=out.order_id,
        order_number=out.order_number,
        attempt=out.attempt,
        direction=Direction.BACK,
        state=ShipmentState.MADE,
        slot=slot,
        waybill=waybill[:20],
        declared=out.declared,
        actor="carrier",
        made_at=now,
        created_at=now,
        updated_at=now,
        next_poll_at=now + FIRST_POLL,
    )


async def settle_cash(shipment_id: int) -> int:
    """The carrier paid what it collected: kopiyky that are ours now, 0 when they were before. Raises NoTransaction."""
    row = await _locked(shipment_id)
    if row.cash_state not in {CashState.AWAITED, CashState.WITH_CARRIER}:
        return 0
    row.cash_state, row.updated_at = CashState.SETTLED, clock.now()
    await row.save()
    return int(row.cash)


async def follow_again(shipment_id: int) -> None:
    """Staff look at a quarantined number and want it asked again. Raises NoTransaction."""
    row = await _locked(shipment_id)
    if row.state is not ShipmentState.MADE:
        raise ShipmentUnknown()
    row.misses, row.quarantined_at, row.next_poll_at, row.updated_at = 0, None, clock.now(), clock.now()
    await row.save()


async def _locked(shipment_id: int) -> Shipment:
    rows = await lock_rows(Shipment.filter(id=shipment_id))
    if not rows:
        raise ShipmentUnknown()
    return rows[0]
