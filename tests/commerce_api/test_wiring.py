"""What the calendar asks for, by what the shop is connected to."""

import pytest

from commerce_api.foundation.outside_settings import NOVA_POSHTA_API
from commerce_api.foundation.settings import parse
from commerce_api.wiring import adapters, calendar

STAND_IN = "http://localhost:8001/nova-poshta/v2.0/json/"


@pytest.mark.parametrize(("url", "seconds"), [(STAND_IN, 8.0), (NOVA_POSHTA_API, 30.0)])
def test_in_development_only_a_stand_in_is_asked_about_parcels_every_moment(url: str, seconds: float) -> None:
    settings = parse({"TWOCOMMS_ENV": "dev", "NOVA_POSHTA_API_KEY": "key", "NOVA_POSHTA_API_URL": url})

    every = {job.name: job.every for job in calendar(settings, adapters(settings))}

    assert every["track_parcels"] == seconds
