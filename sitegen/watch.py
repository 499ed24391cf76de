"""The warm process that keeps the site true: changes of the shop, and files that people save.

A change names products; they are read again, the pages that show them rendered, and those whose bytes differ
written. Theme and site.toml rebuild everything; content files only what is made of them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from jinja2 import TemplateError
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from commerce_api.foundation import theming
from sitegen import publish
from sitegen.afterwards import Afterwards
from sitegen.assets import BadAssets
from sitegen.build import build
from sitegen.config import Config
from sitegen.content import BadContent
from sitegen.dirty import demand, moves_addresses
from sitegen.late import Calm
from sitegen.live import LiveSite, MovedOn
from sitegen.parallel import PageFailed
from sitegen.plugin import read_content
from sitegen.receipt import Receipt
from sitegen.snapshot import Left, UnknownCategory
from sitegen.source import CatalogView, Source, report_of

log = logging.getLogger("sitegen")
PATIENCE: Final = 30.0
"""Seconds to wait for a change before looking around once more."""
QUIET: Final = 0.15
"""Seconds without another save after which a batch of files counts as saved."""
LATE_QUIET: Final = 2.0
"""Seconds without a change after which what may come late is made."""
LATE_MOST: Final = 10.0
"""Seconds after the first change at which it is made however many others come."""
PAUSE: Final = 5.0
"""Seconds before a build that failed, or that a rollback has paused, is tried again."""
SAVED: Final = frozenset({"created", "modified", "moved", "deleted"})
CONTENT: Final = ("pages", "journal", "legal")
FAILURES: Final = (
    BadAssets,
    BadContent,
    PageFailed,
    TemplateError,
    theming.ThemeIncomplete,
    publish.NotWhole,
    OSError,
)
"""What a person can mend; the site stays as it was until then. Anything else ends the process."""

Tell = Callable[[Receipt], None]


async def watch_folder(
    paths: Sequence[Path], on_change: Callable[[set[Path]], Awaitable[None]], quiet: float = QUIET
) -> None:
    """Call `on_change` with the files saved below `paths`, once per burst of saves. Runs until cancelled.

    A burst ends after `quiet` seconds without a save. Saves during a call come with the next one.
    """
    loop = asyncio.get_running_loop()
    saved: asyncio.Queue[Path] = asyncio.Queue()

    class Handler(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            names = (event.src_path, event.dest_path) if event.event_type in SAVED else ()
            for name in names:
                path = Path(str(name))
                if name and not event.is_directory and not _is_scratch(path):
                    loop.call_soon_threadsafe(saved.put_nowait, path)

    observer = Observer()
    for path in paths:
        observer.schedule(Handler(), str(path), recursive=True)
    observer.start()
    try:
        while True:
            await on_change(await _burst(saved, quiet))
    finally:
        observer.stop()
        await asyncio.to_thread(observer.join)


async def _burst(saved: asyncio.Queue[Path], quiet: float) -> set[Path]:
    paths = {await saved.get()}
    while True:
        try:
            async with asyncio.timeout(quiet):
                paths.add(await saved.get())
        except TimeoutError:
            return paths


def _is_scratch(path: Path) -> bool:
    """Files that editors make for a moment."""
    return path.name.startswith((".", "#")) or path.name.endswith(("~", ".part", ".tmp")) or path.name == "4913"


class Watcher:
    """Keeps the site of `config` equal to what `source` says. `tell` is given every receipt."""

    def __init__(self, config: Config, source: Source, tell: Tell) -> None:
        self.config = config
        self.source = source
        self.tell = tell
        self.live: LiveSite | None = None
        self.afterwards = Afterwards(config, self._report)
        self._busy = asyncio.Lock()
        self._last_problem = ""
        self._calm = Calm(LATE_QUIET, LATE_MOST)
        self._late: Receipt | None = None

    async def run(self) -> None:
        """Bring the site up to date, then follow changes until cancelled."""
        folders = [self.config.theme, self.config.content]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watch_folder(folders, self.files_saved))
            tasks.create_task(self._follow())
            tasks.create_task(self.afterwards.run())

    async def _follow(self) -> None:
        started = False
        while True:
            if not started:
                done = started = await self.start()
            else:
                waits = await self.source.wait_for_changes(self._patience())
                done = await (self.shop_changed() if waits else self.make_late())
                # Under a steady flow of changes nobody is ever quiet.
                if done and waits and not self._patience():
                    done = await self.make_late()
            if not done:
                await asyncio.sleep(PAUSE)

    async def start(self) -> bool:
        """Build what is not built yet and take the site into memory; false when that failed."""
        async with self._busy:
            return await self._guarded(self._everything, ["start of the watcher"])

    async def shop_changed(self) -> bool:
        """Take up all changes and rebuild requests that wait; false when they must be tried again later."""
        async with self._busy:
            return await self._guarded(self._take_changes)

    def _patience(self) -> float:
        """Seconds until there is something to do by itself."""
        return self._calm.left() if self.live and self.live.owed else PATIENCE

    async def make_late(self) -> bool:
        """Make one of the groups that are owed, where it is time; false when that must be tried again later."""
        async with self._busy:
            if self.live is None or not self.live.owed or self._calm.left():
                return True
            return await self._guarded(self._make_late, self.live)

    async def _make_late(self, live: LiveSite) -> bool:
        try:
            receipt = live.make_late()
        except MovedOn as reason:
            return await self._everything([str(reason)])
        if receipt:
            self._late = receipt.after(self._late)
        if not live.owed.passing:
            self._calm.over(more=bool(live.owed))
            whole, self._late = self._late, None
            if whole and (whole.pages or whole.removed):
                await self._report(whole)
        return True

    async def files_saved(self, paths: set[Path]) -> None:
        """Take up files of the theme and of content/; files of the catalogue are imported elsewhere."""
        async with self._busy:
            masters = self.config.masters
            mine = sorted(path for path in paths if not path.is_relative_to(masters))
            if mine and not publish.read_state(self.config.build).paused:
                await self._guarded(self._take_files, mine)

    async def _guarded(self, deed: Callable[..., Awaitable[bool]], *arguments: object) -> bool:
        try:
            done = await deed(*arguments)
        except FAILURES as failure:
            problem = str(failure)
            if problem != self._last_problem:
                self._last_problem = problem
                release = publish.current(self.config.build)
                await self._report(Receipt("incremental", release, errors=(problem,)))
            return False
        self._last_problem = ""
        return done

    async def _take_changes(self) -> bool:
        # The rows are read before the shop: one that is committed in between is built now and once more later.
        changes = await self.source.pending_changes()
        requests = await self.source.rebuild_requests()
        if not requests and publish.read_state(self.config.build).paused:
            return False
        reasons = list(dict.fromkeys(change.reason or change.key for change in changes))
        reasons += [f"rebuild {request.id} asked for: {request.scope}" for request in requests]
        request_ids = [request.id for request in requests]
        asked = {key for request in requests for key in request.keys}
        everything = any(request.scope == "all" for request in requests)
        done = not everything and await self._few({change.key for change in changes}, asked, reasons, request_ids)
        if not done:
            await self._everything(reasons, bool(requests), request_ids)
        await self.source.mark_built([change.id for change in changes])
        return True

    async def _few(self, keys: set[str], asked: set[str], reasons: list[str], request_ids: list[int]) -> bool:
        """Rebuild only the pages that changes touch; false when that cannot be known."""
        if self.live is None:
            return False
        wanted = demand(keys | asked, self.live.shop)
        if wanted.everything:
            return False
        found = {view.slug: view for view in await self.source.read_products(sorted(wanted.products))}
        changed = {slug: found.get(slug) for slug in wanted.products}
        left = None
        if moves_addresses(self.live.shop, changed):
            # Which addresses were left is known with the whole catalogue only; its products are of the same moment.
            view = await self.source.read_all()
            found = {product.slug: product for product in view.products}
            changed, left = {slug: found.get(slug) for slug in changed}, Left.of(view)
        try:
            receipt = self.live.change_products(changed, left, forced=asked, reasons=reasons, request_ids=request_ids)
        except (UnknownCategory, MovedOn) as reason:
            log.info("building everything: %s", reason)
            return False
        self._calm.changed()
        await self._report(receipt)
        return True

    async def _everything(self, reasons: Sequence[str], force: bool = False, request_ids: Sequence[int] = ()) -> bool:
        view = await self.source.read_all()
        paused = publish.read_state(self.config.build).paused
        if not paused or request_ids:
            # Whoever rolls back while this waits for its turn has paused it all the same.
            asked = bool(request_ids)
            receipt = build(self.config, view, force=force, reasons=reasons, request_ids=request_ids, ends_pause=asked)
            await self._report(receipt)
        self.live = self._alive(view)
        self._calm.over(more=False)
        return True

    def _alive(self, view: CatalogView) -> LiveSite | None:
        try:
            return LiveSite(self.config, view)
        except MovedOn as reason:
            # A rollback is in force, or somebody saved a file meanwhile: the next change builds everything.
            log.info("not following page by page: %s", reason)
            return None

    async def _take_files(self, paths: list[Path]) -> bool:
        content = self.config.content
        texts = all(any(path.is_relative_to(content / folder) for folder in CONTENT) for path in paths)
        reasons = [f"{path.name} saved" for path in paths]
        theming.texts.cache_clear()
        if self.live is None or not texts:
            return await self._everything(reasons)
        try:
            views, failed = read_content(self.config, await self.source.read_all())
            receipt = self.live.change_content(views, reasons, failed)
            self._calm.changed()
            await self._report(receipt)
        except MovedOn:
            return await self._everything(reasons)
        return True

    async def _report(self, receipt: Receipt) -> None:
        self.tell(receipt)
        self.afterwards.published(receipt)
        await self.source.report_build(report_of(receipt))
