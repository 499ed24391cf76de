"""When a parcel ordered now arrives: a range of days, until the carrier says its own (storefront.md 57)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from commerce_api.foundation.kit.clock import KYIV
from commerce_api.foundation.settings import ShopSettings

SUNDAY: Final = 6
"""The one day on which the shop hands nothing over; the carrier drives every day."""


@dataclass(frozen=True, slots=True)
class DayRange:
    """Kyiv days, both included."""

    first: date
    last: date


def arrival(at: datetime, shop: ShopSettings, *, printed: bool = False, road: int | None = None) -> DayRange:
    """The days on which a parcel ordered at that moment (aware) may arrive; `printed` when some of it is made to order,
    `road` how many days the carrier itself says it takes.

    What is ordered before the cut-off hour of a working day leaves that day, everything else on the next working day,
    and what has to be printed first some days later; then the carrier takes its days.
    """
    local = at.astimezone(KYIV)
    leaves = local.date() if local.hour < shop.cutoff_hour else local.date() + timedelta(days=1)
    leaves += timedelta(days=shop.print_days if printed else 0)
    if leaves.weekday() == SUNDAY:
        leaves += timedelta(days=1)
    if road is not None:
        return DayRange(leaves + timedelta(days=road), leaves + timedelta(days=road))
    return DayRange(leaves + timedelta(days=shop.travel_days_from), leaves + timedelta(days=shop.travel_days_to))
