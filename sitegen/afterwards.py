"""What follows a publication and must never hold it up: the copy elsewhere, word to the CDN, smaller twins.

The release in build/ is served whatever becomes of these. What failed is told once and tried again.
"""

import asyncio
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Final

from sitegen import publish
from sitegen.config import Config
from sitegen.receipt import Receipt

KIND: Final = "sent"
AGAIN: Final = 60.0
"""Seconds before what failed is tried again."""
CALM: Final = 20.0
"""Seconds without a publication before twins are made smaller: a shop that has just opened has other things to do."""

Report = Callable[[Receipt], Awaitable[None]]


def wanted(config: Config) -> bool:
    """Whether anything is sent anywhere."""
    return bool(config.publish_url or config.purge_url)


def note(config: Config, receipt: Receipt) -> None:
    """Write down what a publication changed, for the CDN."""
    files = [*receipt.pages, *receipt.removed]
    if files and wanted(config):
        import_module("sitegen.purge").note(config.build, config.site_url, receipt.release, files)


def send(config: Config) -> list[str]:
    """Bring the copy up to date and tell the CDN: first what is new, then the word, deletions last.

    What could not be done is returned, a sentence each.
    """
    if not wanted(config):
        return []
    # Half a second of imports that a shop without a copy does not pay.
    purge, remote, target = (import_module(f"sitegen.{name}") for name in ("purge", "remote", "target"))
    problems: list[str] = []

    def tell() -> None:
        if config.purge_url:
            try:
                purge.send(config.build, config.purge_url, config.purge_token)
            except purge.NotPurged as failure:
                problems.append(str(failure))

    # A rollback by hand and the watcher may both have something to send.
    with publish.lock(config.build / "purge"):
        if not config.publish_url:
            tell()
            return problems
        try:
            remote.send(config.build, target.open_target(config.publish_url), tell)
        except target.TargetRefused as failure:
            problems.append(str(failure))
    return problems


def look(config: Config) -> list[str]:
    """What `send` would do, a line each."""
    purge, remote, target = (import_module(f"sitegen.{name}") for name in ("purge", "remote", "target"))
    lines: list[str] = []
    if config.publish_url:
        try:
            lines.append(remote.look(config.build, target.open_target(config.publish_url)).sentence())
        except target.TargetRefused as failure:
            lines.append(str(failure))
    if config.purge_url:
        waiting = purge.pending(config.build)
        lines.append("everything to forget" if waiting.everything else f"{len(waiting.files)} addresses to forget")
    return lines


class Afterwards:
    """The part of the watcher that follows its publications."""

    def __init__(self, config: Config, report: Report) -> None:
        self._config = config
        self._report = report
        self._woken = asyncio.Event()
        self._problems: list[str] = []
        self._smaller: Process | None = None
        self._due = True

    def published(self, receipt: Receipt) -> None:
        """Take note of a publication; the work is done by `run`."""
        note(self._config, receipt)
        if receipt.pages or receipt.removed:
            self._due = True
            self._woken.set()

    async def run(self) -> None:
        """Follow publications until cancelled. Begins with what an earlier process left undone."""
        self._woken.set()
        try:
            while True:
                woken = await self._wait()
                if woken or self._problems:
                    await self._send()
                elif self._due:
                    self._due = False
                    await self._start_smaller()
        finally:
            await self._stop_smaller()

    async def _wait(self) -> bool:
        """Whether there was a publication, before it is time for something else."""
        patience = AGAIN if self._problems else CALM if self._due else None
        try:
            # Not wait_for: on Python 3.11 it swallows a cancellation that comes right after the event.
            async with asyncio.timeout(patience):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    async def _send(self) -> None:
        started = time.perf_counter()
        problems = await asyncio.to_thread(send, self._config)
        if problems and problems != self._problems:
            spent = round((time.perf_counter() - started) * 1000)
            release = publish.current(self._config.build)
            await self._report(Receipt(KIND, release, milliseconds=spent, errors=tuple(problems)))
        self._problems = problems

    async def _start_smaller(self) -> None:
        # A process of its own, because hours of packing would hold up every change; it ends by itself when the release
        # it works on is left, and the loop takes its leave then.
        await self._stop_smaller()
        if self._config.compress and publish.current(self._config.build):
            self._smaller = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "sitegen.smaller", str(self._config.build), cwd=self._config.root
            )

    async def _stop_smaller(self) -> None:
        process, self._smaller = self._smaller, None
        if process and process.returncode is None:
            process.terminate()
            await process.wait()
