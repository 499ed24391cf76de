"""The days on which a parcel may arrive."""

from datetime import date, datetime

import pytest

from commerce_api.foundation.kit.clock import KYIV
from commerce_api.shop.pricing.days import DayRange, arrival
from tests.commerce_api.shop.pricing.builders import SHOP


@pytest.mark.parametrize(
    ("moment", "printed", "days"),
    [
        ("2026-11-24T13:59", False, (25, 27)),  # a Tuesday: it leaves today
        ("2026-11-24T14:00", False, (26, 28)),  # after the cut-off: tomorrow
        ("2026-11-24T13:59", True, (27, 29)),  # printed first
        ("2026-11-21T14:00", False, (24, 26)),  # Saturday evening: Sunday hands nothing over, so Monday
        ("2026-11-22T09:00", False, (24, 26)),  # Sunday
    ],
)
def test_a_parcel_leaves_on_a_working_day_and_then_the_carrier_takes_its_days(
    moment: str, printed: bool, days: tuple[int, int]
) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=KYIV)

    assert arrival(at, SHOP, printed=printed) == DayRange(date(2026, 11, days[0]), date(2026, 11, days[1]))
