"""What stands in the way of a start is said before anything is harmed."""

import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.launch import alone, require_folders
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
