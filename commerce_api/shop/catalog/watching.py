"""Saved files of content/catalog go into the database by themselves, while a shop runs on a desk."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from commerce_api.shop.catalog.importing import CATALOG_FOLDER, ImportReport

DEBOUNCE: Final = 0.15
"""Seconds of silence after which a save is complete: editors write a file in several steps."""
LONGEST: Final = 1.0
"""Seconds after which an import begins although files still change."""

Import = Callable[[], Awaitable[ImportReport]]
OnReport = Callable[[ImportReport], None]

_READS: Final = frozenset({"opened", "closed_no_write"})


class _Handler(FileSystemEventHandler):
    def __init__(self, loop: asyncio.AbstractEventLoop, saved: asyncio.Event) -> None:
        self._loop = loop
        self._saved = saved

    def on_any_event(self, event: FileSystemEvent) -> None:
        # Hidden files are editors' own and our half-written ones.
        name = Path(str(event.dest_path or event.src_path)).name
        if event.event_type not in _READS and not event.is_directory and not name.startswith("."):
            self._loop.call_soon_threadsafe(self._saved.set)


async def watch_catalog(content_dir: Path, import_now: Import, on_report: OnReport) -> None:
    """Import after each save below `content_dir`/catalog, until cancelled; each report goes to `on_report`.

    `import_now` is import_catalog with its arguments, the database open around it. Raises what it raises.
    """
    saved = asyncio.Event()
    observer = Observer()
    observer.schedule(_Handler(asyncio.get_running_loop(), saved), str(content_dir / CATALOG_FOLDER), recursive=True)
    observer.start()
    try:
        while True:
            await saved.wait()
            await _settled(saved)
            on_report(await import_now())
    finally:
        observer.stop()
        await asyncio.to_thread(observer.join)


async def _settled(saved: asyncio.Event) -> None:
    """Wait until nothing was saved for a moment, but not for ever."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + LONGEST
    while saved.is_set() and loop.time() < deadline:
        saved.clear()
        await asyncio.sleep(DEBOUNCE)
    saved.clear()
