"""Payments and parcels outlive the sandbox: a file beside the shop's own, written within a second of a change."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

KEPT_FILE: Final = "sandbox.json"
"""Its name among the files of a shop in development."""
EVERY: Final = 1.0
"""Seconds between two looks at what changed: a sandbox that is killed forgets no more than that."""
FORM: Final = 1
"""Written into the file: a sandbox that writes another form begins anew instead of misreading it."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What one emulator remembers: as JSON, from JSON, and no more. `load` raises KeyError, TypeError or ValueError for
    what it cannot read, and has changed nothing then."""

    dump: Callable[[], Any]
    load: Callable[[Any], None]
    empty: Callable[[], None]


def in_json(value: object) -> str:
    """Moments as texts. Raises TypeError for anything else that JSON does not know."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not kept")


class Keeper:
    """The file of a sandbox: `memories` are those of its emulators, by service, `ahead` how far its clock was moved."""

    def __init__(self, path: Path, memories: dict[str, Memory], ahead: Callable[[], timedelta]) -> None:
        self.path, self.memories, self.ahead = path, memories, ahead
        self._written = ""

    def read(self) -> tuple[timedelta, list[str]]:
        """Hand each emulator what it knew; how far the clock was moved on, and the services that could not read theirs.
        A file that is not there or no JSON is as good as none."""
        try:
            told = json.loads(self.path.read_text("utf-8"))
            ahead, kept = timedelta(seconds=float(told["ahead"])), dict(told["services"])
        except FileNotFoundError:
            return timedelta(), []
        except (OSError, ValueError, KeyError, TypeError):
            return timedelta(), sorted(self.memories)
        if told.get("form") != FORM:
            return ahead, sorted(self.memories)
        return ahead, [name for name, memory in self.memories.items() if name in kept and not _load(memory, kept[name])]

    def write(self) -> None:
        """Write down what is known, whole or not at all, if anything changed since."""
        services = {name: memory.dump() for name, memory in self.memories.items()}
        # Whole seconds: the clock itself is not a change.
        told = {"form": FORM, "ahead": round(self.ahead().total_seconds()), "services": services}
        text = json.dumps(told, ensure_ascii=False, default=in_json)
        if text == self._written:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".new")
        # It holds the key with which the stand-in of the bank signs.
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(self.path)
        self._written = text

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """While the sandbox is open, and once more when it closes."""
        writing = asyncio.create_task(self._write_often())
        try:
            yield
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            self.write()

    async def _write_often(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            self.write()


def _load(memory: Memory, told: Any) -> bool:
    try:
        memory.load(told)
    except (KeyError, TypeError, ValueError):
        return False
    return True
