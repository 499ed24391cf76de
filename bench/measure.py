"""A program run to its end, with what it cost: wall time, CPU of all its processes, memory of all of them at the peak.

CPU comes from the kernel's account of the process and of every descendant that was waited for, so that a child shorter
than a sample is counted too. Memory is sampled: the sum of the proportional set sizes (PSS), in which a page that
forked processes share counts once, and the sum of the resident sets (RSS), in which it counts for each.
"""

import math
import os
import statistics
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

import psutil  # type: ignore[import-untyped]

PERIOD: Final = 0.1
"""Seconds between two looks at memory: often enough for builds of seconds, seldom enough to cost them nothing."""


class Failed(Exception):
    """A measured program ended badly; the message holds its last words."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds and bytes."""

    wall: float
    user: float
    system: float
    pss: int
    rss: int
    output: str = ""

    @property
    def cpu(self) -> float:
        """User and system seconds of all processes."""
        return self.user + self.system


def middle(runs: Sequence[Usage]) -> Usage:
    """The median of several runs, figure by figure; the output is that of the last."""
    return Usage(
        wall=statistics.median(run.wall for run in runs),
        user=statistics.median(run.user for run in runs),
        system=statistics.median(run.system for run in runs),
        pss=round(statistics.median(run.pss for run in runs)),
        rss=round(statistics.median(run.rss for run in runs)),
        output=runs[-1].output,
    )


def memory_of(pid: int) -> tuple[int, int]:
    """PSS and RSS in bytes of a process and all its descendants; those that end meanwhile count nothing."""
    pss = rss = 0
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0, 0
    for process in family:
        try:
            found = process.memory_full_info()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        pss += found.pss
        rss += found.rss
    return pss, rss


def cpu_of(pid: int) -> float:
    """Seconds of user and system time that a process and its living descendants have used so far."""
    total = 0.0
    root = psutil.Process(pid)
    for process in (root, *root.children(recursive=True)):
        try:
            spent = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += spent.user + spent.system
    return total


class Sampler:
    """The peak memory of a process and its descendants, watched from a thread until `stop`."""

    def __init__(self, pid: int) -> None:
        self.pss = self.rss = 0
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._done.wait(PERIOD):
            pss, rss = memory_of(self._pid)
            self.pss, self.rss = max(self.pss, pss), max(self.rss, rss)

    def stop(self) -> None:
        """End watching; the peaks stay."""
        self._done.set()
        self._thread.join()


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None, log: Path) -> Usage:
    """Run a program to its end, its output into the file `log`. Raises Failed when it does not end well."""
    with log.open("wb") as out:
        started = perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=out, stderr=subprocess.STDOUT)
        sampler = Sampler(process.pid)
        _, status, spent = os.wait4(process.pid, 0)
        wall = perf_counter() - started
        sampler.stop()
    # Popen did not wait for it itself and would warn of a process left running.
    process.returncode = os.waitstatus_to_exitcode(status)
    said = log.read_text("utf-8", errors="replace")
    if process.returncode:
        raise Failed(f"{' '.join(command[:4])} ended with {process.returncode}:\n{said[-2000:]}")
    return Usage(wall, spent.ru_utime, spent.ru_stime, sampler.pss, sampler.rss, said)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
