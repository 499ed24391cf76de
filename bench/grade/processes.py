"""Processes that stand while a shop is graded."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 30.0
"""Seconds that a process gets to end by itself."""


@contextmanager
def ended(process: "subprocess.Popen[bytes]", ending: signal.Signals, patience: float = PATIENCE) -> Iterator[None]:
    """A process that is asked to end by this signal when the block is left, and killed when it does not listen."""
    try:
        yield
    finally:
        process.send_signal(ending)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
