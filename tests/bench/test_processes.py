"""Processes of the grader: none is left when it is done."""

import signal
import subprocess
import sys

import pytest

from bench.grade.processes import ended

QUICK = "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)"
DEAF = "import signal, time; [signal.signal(each, signal.SIG_IGN) for each in (signal.SIGINT, signal.SIGTERM)]"


def begun(script: str) -> "subprocess.Popen[bytes]":
    """A process that has come as far as its script, and waits."""
    command = [sys.executable, "-c", f"{script}; print(flush=True); import time; time.sleep(600)"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    process.stdout.close()
    return process


@pytest.mark.parametrize(
    ("script", "by"),
    [(QUICK, signal.SIGINT), (DEAF, signal.SIGKILL)],
)
def test_a_process_is_asked_to_end_and_killed_when_it_does_not_listen(script: str, by: signal.Signals) -> None:
    process = begun(script)

    with ended(process, signal.SIGINT, patience=30.0 if by is signal.SIGINT else 0.1):
        assert process.poll() is None

    assert process.returncode == -by, "and it is waited for"


def test_a_process_is_ended_whatever_went_wrong_meanwhile() -> None:
    process = begun("pass")

    with pytest.raises(ValueError, match="graded"), ended(process, signal.SIGTERM):
        raise ValueError("graded")

    assert process.returncode == -signal.SIGTERM
