"""What the carrier's codes mean: its documentation as one table (integrations.md 2.4, lessons.md 28).

Codes are texts. One that is not in the table is stored and shown as the carrier said it, and moves nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ParcelState(StrEnum):
    """Where a parcel is, as far as an order cares."""

    MADE = "made"
    MOVING = "moving"
    ARRIVED = "arrived"
    RECEIVED = "received"
    REFUSED = "refused"
    REMOVED = "removed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Meaning:
    """`state` of the parcel; `paid` once the carrier has passed the receiver's cash on to us; `last` when nothing more
    will come of a parcel without cash; `about` in the words of the carrier's documentation."""

    state: ParcelState
    about: str
    paid: bool = False
    last: bool = False


CODES: Final[Mapping[str, Meaning]] = {
    "1": Meaning(ParcelState.MADE, "created by the sender, not handed over"),
    "2": Meaning(ParcelState.REMOVED, "deleted", last=True),
    "3": Meaning(ParcelState.MISSING, "number not found"),
    "4": Meaning(ParcelState.MOVING, "in the sender's city, bound for another"),
    "41": Meaning(ParcelState.MOVING, "in the city, sent within it"),
    "5": Meaning(ParcelState.MOVING, "on the way to the receiver's city"),
    "6": Meaning(ParcelState.MOVING, "in the receiver's city, waiting for its branch"),
    "7": Meaning(ParcelState.ARRIVED, "arrived at the branch"),
    "8": Meaning(ParcelState.ARRIVED, "put into the locker"),
    "9": Meaning(ParcelState.RECEIVED, "received", last=True),
    "10": Meaning(ParcelState.RECEIVED, "received, the money transfer is on its way"),
    "11": Meaning(ParcelState.RECEIVED, "received, the money was paid out", paid=True, last=True),
    "12": Meaning(ParcelState.MOVING, "being packed by the carrier"),
    "101": Meaning(ParcelState.MOVING, "a courier is on the way to the receiver"),
    "102": Meaning(ParcelState.REFUSED, "refused, the sender ordered it back"),
    "103": Meaning(ParcelState.REFUSED, "the receiver refused"),
    "104": Meaning(ParcelState.MOVING, "the address was changed"),
    "105": Meaning(ParcelState.REFUSED, "storage has ended"),
    "106": Meaning(ParcelState.RECEIVED, "received, and a waybill back was made", last=True),
    "111": Meaning(ParcelState.MOVING, "an attempt to deliver failed"),
    "112": Meaning(ParcelState.MOVING, "the receiver moved the date"),
}
NOT_FOUND: Final = "3"


def meaning(code: str) -> Meaning | None:
    """What a code means; None for one that the documentation does not name."""
    return CODES.get(code)
