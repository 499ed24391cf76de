"""Rows of a run, each on its own."""

import pytest
from structlog.testing import capture_logs

from commerce_api.foundation.schedule.apart import apart


def work(name: str) -> None:
    if name != "good":
        raise {"bad": ValueError, "silent": TimeoutError}[name](name)


def run_over(*names: str) -> list[str]:
    """The rows that were begun until the run ended, and how it ended."""
    begun: list[str] = []
    with apart("sweep", TimeoutError) as run:
        for name in names:
            begun.append(name)
            with run.row(name):
                work(name)
    return begun


def test_a_broken_row_holds_up_no_other_and_the_run_says_so_at_its_end() -> None:
    with capture_logs() as logged, pytest.raises(ExceptionGroup, match="2 broken in sweep") as caught:
        run_over("bad", "good", "bad", "good")

    assert [str(error) for error in caught.value.exceptions] == ["bad", "bad"]
    assert [(line["event"], line["job"], line["row"]) for line in logged] == [("row_failed", "sweep", "bad")] * 2


def test_a_run_of_sound_rows_ends_in_silence() -> None:
    assert run_over("good", "good") == ["good", "good"]


def test_what_meets_every_row_alike_ends_the_run_at_once() -> None:
    with capture_logs() as logged, pytest.raises(TimeoutError):
        run_over("bad", "silent", "bad")

    assert [line["row"] for line in logged] == ["bad"]
