"""What stands in the way of a start is said before anything is harmed."""

from dataclasses import replace

import pytest

from commerce_api import launch
from commerce_api.foundation.settings import Settings
from commerce_api.launch import alone, processes, require_folders, stand_in_settings
from commerce_api.supervisor import CannotRun


def test_a_second_shop_in_the_same_folder_is_refused_and_the_first_keeps_its_sockets(settings: Settings) -> None:
    require_folders(settings)

    def start_again() -> None:
        with alone(settings):
            pytest.fail("two shops hold one folder")

    with alone(settings), pytest.raises(CannotRun, match="a shop runs from"):
        start_again()


def test_a_folder_is_free_again_when_its_shop_has_closed(settings: Settings) -> None:
    require_folders(settings)
    with alone(settings):
        pass
    with alone(settings):
        pass


# the services outside


@pytest.fixture
def connected(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A shop in development, for which two services have stand-ins."""
    monkeypatch.setattr(launch, "SERVICES", ("monobank", "google"))
    return replace(settings, env="dev", port=9000)


def test_a_shop_in_development_starts_beside_the_stand_ins_and_is_led_to_them(connected: Settings) -> None:
    led = stand_in_settings(connected, {"GOOGLE_CLIENT_ID": "mine"})
    started = processes(connected, led)

    assert set(led) == {"MONOBANK_TOKEN", "MONOBANK_API_URL"}
    assert led["MONOBANK_API_URL"] == "http://localhost:9001/monobank"
    assert started[0].name == "sandbox"
    assert "9001" in started[0].argv
    assert all(process.env == led for process in started[1:])


def test_no_stand_in_is_started_in_production_or_where_every_service_is_given(connected: Settings) -> None:
    tokens = {"MONOBANK_TOKEN": "real", "GOOGLE_CLIENT_ID": "real"}
    addresses = {"MONOBANK_API_URL": "x", "GOOGLE_CLIENT_SECRET": "real", "GOOGLE_ISSUER": "x"}

    assert stand_in_settings(replace(connected, env="production"), {}) == {}
    led = stand_in_settings(connected, {**tokens, **addresses})
    assert led == {}
    assert "sandbox" not in [process.name for process in processes(connected, led)]
