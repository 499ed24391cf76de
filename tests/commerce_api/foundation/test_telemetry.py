"""Logs for programs: one object a line, and nobody's phone in it."""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation import telemetry
from commerce_api.foundation.settings import Settings


@pytest.fixture
def logging_kept() -> Iterator[None]:
    """Gives the logging of the tests back afterwards."""
    root = logging.getLogger()
    before = list(root.handlers), root.level
    yield
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    for handler in before[0]:
        root.addHandler(handler)
    root.setLevel(before[1])
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def log_file(logging_kept: None, settings: Settings, tmp_path: Path) -> Path:
    path = tmp_path / "logs" / "shop.log"
    telemetry.configure_logging(replace(settings, log_file=path), process="worker")
    return path


@pytest.fixture
def left_pipe() -> Iterator[TextIO]:
    """A stream whose reader has gone, as that of `twocomms | head`."""
    reader, writer = os.pipe()
    os.close(reader)
    stream = os.fdopen(writer, "w")
    yield stream
    with suppress(BrokenPipeError):
        stream.close()


def written(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_an_event_is_one_line_with_its_request_and_process(log_file: Path) -> None:
    telemetry.begin_context(request_id="r-1")

    telemetry.logger("shop.orders").info("order placed\nfalse line", number="TWC-1")

    (line,) = written(log_file)
    assert line["event"] == "order placed\nfalse line"
    assert (line["number"], line["request_id"], line["process"]) == ("TWC-1", "r-1", "worker")
    assert (line["level"], line["logger"]) == ("info", "shop.orders")
    assert str(line["timestamp"]).endswith("Z")


def test_personal_values_and_texts_are_cut_from_our_lines_and_those_of_libraries(log_file: Path) -> None:
    telemetry.logger("shop").info("call 067 123 45 67", city="Кропивницький", note="mail a.b@example.com")
    logging.getLogger("library").warning("GET /order/%s/ by %s", "abcdefghijklmnopqrst", "a@example.com")

    text = log_file.read_text("utf-8")
    for secret in ("123 45 67", "Кропивницький", "example.com", "abcdefghijklmnopqrst"):
        assert secret not in text
    assert "/order/…/" in text


def test_a_traceback_is_logged_without_the_values_of_variables(log_file: Path) -> None:
    def fail(secret: str) -> None:
        raise ValueError("broken")

    canary = "canary-" + "value"
    try:
        fail(canary)
    except ValueError as error:
        telemetry.logger("shop").error("incident", exc_info=error)

    (line,) = written(log_file)
    assert "ValueError: broken" in str(line["exception"])
    assert canary not in log_file.read_text("utf-8")


@pytest.mark.parametrize("made_anew", [True, False])
def test_after_rotation_the_log_goes_on_in_a_new_file(log_file: Path, made_anew: bool) -> None:
    telemetry.logger("shop").info("before")
    log_file.rename(log_file.with_suffix(".1"))
    if made_anew:
        log_file.touch()
    telemetry.logger("shop").info("after")

    assert [line["event"] for line in written(log_file)] == ["after"]


def test_the_file_stays_open_between_lines(log_file: Path) -> None:
    telemetry.logger("shop").info("first")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        telemetry.logger("shop").info("next")

    assert len(os.listdir("/proc/self/fd")) == before
    assert len(written(log_file)) == 6


@pytest.mark.usefixtures("logging_kept")
def test_whoever_logs_goes_on_when_nobody_reads_the_log_any_more(settings: Settings, left_pipe: TextIO) -> None:
    telemetry.configure_logging(replace(settings, log_file=None))

    with redirect_stdout(left_pipe):
        telemetry.logger("shop").info("order placed")
        logging.getLogger("uvicorn.error").warning("a line of a library")


def test_a_log_that_cannot_be_opened_loses_its_lines_and_closes_nothing_else(log_file: Path) -> None:
    telemetry.logger("shop").info("before")
    log_file.rename(log_file.with_suffix(".1"))
    log_file.mkdir()
    telemetry.logger("shop").info("lost")
    with (log_file.parent / "somebody").open("w") as other:  # takes the number that the log had
        telemetry.logger("shop").info("lost")
        other.write("whole")
    log_file.rmdir()
    telemetry.logger("shop").info("after")

    assert [line["event"] for line in written(log_file)] == ["after"]
    assert (log_file.parent / "somebody").read_text() == "whole"


@pytest.mark.parametrize(
    "text",
    ["TWC-20261123-0001", "order 42 of 1299.50", "2026-11-23T12:00:00.123456Z", "0123456789abcdef", "ms=1234.5678"],
)
def test_numbers_that_are_no_phones_stay(text: str) -> None:
    assert telemetry.redact(text) == text


@given(
    st.sampled_from(["0671234567", "+380671234567", "067 123 45 67", "+38 (067) 123-45-67", "a.b+c@mail.example.ua"])
)
def test_phones_and_addresses_go_wherever_they_stand(secret: str) -> None:
    assert secret not in telemetry.redact(f"call ({secret}), now")
    assert secret not in telemetry.redact(secret)


def test_redacting_twice_changes_nothing_more() -> None:
    once = telemetry.redact("call 0671234567 or a@b.ua at /order/abcdefghijklmnopqrst/")

    assert telemetry.redact(once) == once
