"""The served site in memory: takes a change of the shop and puts exactly the pages it touches in their place."""

import os
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sitegen import card_files, images, kept, publish
from sitegen.batch import Batch, Ready
from sitegen.config import Config
from sitegen.content import ContentView
from sitegen.dirty import content_keys, stale_keys
from sitegen.exchange import Finished, Shown, cards, exchanged, only_prices, pages_of
from sitegen.feeds.xml import FeedIncomplete
from sitegen.fingerprint import Catalogue
from sitegen.idle import differences, since
from sitegen.inputs import fingerprint
from sitegen.late import Owed, is_late
from sitegen.page import Output, Stream
from sitegen.pages import expand, files_of, redirect_table
from sitegen.parallel import PageFailed
from sitegen.plugin import warm
from sitegen.receipt import Receipt
from sitegen.snapshot import Left, Snapshot
from sitegen.source import CatalogView, ProductView
from sitegen.store import Packed, brotli_twin, gzip_twin, has_twins, pack

PACKED: Final = 8
"""Brotli twins that are made in one go; a price waits no longer than that."""
KIND: Final = "incremental"
LATE: Final = "late"
NOTHING: Final[Mapping[str, Sequence[Finished]]] = MappingProxyType({})


class MovedOn(Exception):
    """Another process published a release, or rolled one back, since this one looked."""


class LiveSite:
    """The release that is served and the snapshot it was made of.

    Only a site whose inputs are those of its release may be changed page by page, so make one right after `build`.
    """

    def __init__(self, config: Config, view: CatalogView) -> None:
        self.config = config
        self.catalogue = Catalogue(view)
        self.shop, self.renderer, self.problems = warm(config, view)
        with publish.lock(config.build):
            self.inputs = fingerprint(config, self.catalogue.digest)
            state = publish.read_state(config.build)
            if differences(config, state, self.inputs):
                raise MovedOn("the release is not made of what is here now")
            self.folder = publish.live(config.build, config.compress)
        self.journal = publish.Journal(config.build, self.folder)
        self.owed = Owed(config.extras)

    def change_products(
        self,
        changed: Mapping[str, ProductView | None],
        left: Left | None = None,
        *,
        forced: Iterable[str] = (),
        reasons: Sequence[str] = (),
        request_ids: Sequence[int] = (),
    ) -> Receipt:
        """Publish some products as they are now, None for those that are gone. Late groups are owed afterwards.

        `left` are the addresses that products have left, where they may have changed too. `forced` are page keys to
        render even when no product changed. On any failure the site and this object stay as they were. Raises MovedOn,
        sitegen.snapshot.UnknownCategory (both: build everything), and what rendering raises.
        """
        started = time.perf_counter()
        before = self.shop
        after = replace(before.with_products(changed), left=left or before.left)
        stale, forced = stale_keys(before, after, changed), set(forced)
        keys = {key for key in stale if not is_late(key)} | forced
        # What has the names and pictures it had has its files too, and a price waits for no look at them.
        present = [each for slug, each in changed.items() if each and _drawn(each) != _drawn(before.products.get(slug))]
        problems = images.derive(self.config, present)
        if self.config.extras:
            problems += card_files.derive(self.config, after, present)
        gone = self._pictures_gone(after, changed)
        pictures = chain(images.files(self.config, present), card_files.files(self.config, after, present))
        finished = self._only_cards(after, keys - forced, changed)
        receipt = self._publish(after, keys, set(changed), pictures, gone, only_cards=finished)
        self.catalogue.change(changed, after.left)
        if stale:
            self.owed.add(before, changed, stale - keys)
        self._remember({"catalogue": self.catalogue.digest})
        return replace(
            receipt,
            reasons=tuple(reasons),
            request_ids=tuple(request_ids),
            errors=(*problems, *self._moved_problems(keys)),
            milliseconds=since(started),
        )

    def change_content(
        self, content: Sequence[ContentView], reasons: Sequence[str] = (), problems: Sequence[str] = ()
    ) -> Receipt:
        """Publish pages and articles as they are now. Raises as `change_products` does."""
        started = time.perf_counter()
        before = self.shop
        after = replace(before, content=tuple(content))
        stale = content_keys(before, after)
        keys = {key for key in stale if not is_late(key)}
        receipt = self._publish(after, keys, set(), (), ())
        if stale:
            self.owed.add(before, (), stale - keys)
        self._remember({"content": fingerprint(self.config, "")["content"]})
        spent = since(started)
        errors = (*problems, *self._moved_problems(keys))
        return replace(receipt, reasons=tuple(reasons), errors=errors, milliseconds=spent)

    def make_late(self) -> Receipt | None:
        """Make one group that is owed, or some twins; None at the end of a pass over all that were owed when it began.

        The receipt names its files that are new. Raises as `change_products` does; the group is then still owed.
        """
        started = time.perf_counter()
        self.owed.begin(self.shop)
        if self.owed.unpacked:
            self._pack_some()
            if not self.owed:
                self._remember({})
            return Receipt(LATE, os.path.basename(self.folder.root), milliseconds=since(started))
        waiting = self.owed.next()
        if waiting is None:
            self._remember({})
            return None
        key, there = waiting
        receipt = self._publish(self.shop, {key}, set(), (), (), there=there)
        self.owed.paid(key, files_of(self.shop, key))
        if not self.owed:
            self._remember({})
        return replace(receipt, kind=LATE, milliseconds=since(started))

    def _pack_some(self) -> None:
        files = sorted(self.owed.unpacked)[:PACKED]
        with publish.lock(self.config.build):
            self._check_release()
            for file in files:
                if file in self.folder.sums:
                    data = Path(self.folder.root, file).read_bytes()
                    self.folder.put_twin(file, ".br", brotli_twin(data))
        self.owed.unpacked.difference_update(files)

    def _only_cards(self, after: Snapshot, keys: set[str], changed: Collection[str]) -> dict[str, list[Finished]]:
        """The groups of pages in which nothing but cards of changed products is new, and their pages."""
        if not only_prices(self.shop, after, changed):
            return {}
        return {key: pages for key in sorted(keys) if (pages := pages_of(after, key, changed)) is not None}

    def _moved_problems(self, keys: set[str]) -> tuple[str, ...]:
        return redirect_table(self.shop).problems if "redirects" in keys else ()

    def _publish(
        self,
        after: Snapshot,
        keys: set[str],
        changed: set[str],
        pictures: Iterable[tuple[str, os.PathLike[str]]],
        pictures_gone: Iterable[str],
        *,
        there: set[str] | None = None,
        only_cards: Mapping[str, Sequence[Finished]] = NOTHING,
    ) -> Receipt:
        before = self.shop
        shown = {card for pages in only_cards.values() for page in pages for card in page.shown}
        old = cards(before, shown, self.renderer.card)
        self.renderer.show(after, changed)
        try:
            # Threads that read, sum and pack let this one go on, so that a page is packed while the next is rendered.
            with ThreadPoolExecutor(self.config.workers) as workers:
                batch = Batch(self.folder, self._packed, workers)
                cards_now = cards(after, shown, self.renderer.card)
                exchange = {
                    key: [workers.submit(self._with_cards, batch, page, old, cards_now) for page in pages]
                    for key, pages in only_cards.items()
                }
                streams = self._render(batch, after, keys - exchange.keys())
                failed = {key for key, jobs in exchange.items() if not _take(batch, jobs)}
                streams += self._render(batch, after, failed)
                batch.finish()
            removed = self._removed(before, after, keys, changed, there) | set(pictures_gone)
            with publish.lock(self.config.build):
                self._check_release()
                self._write(batch, removed, pictures)
                streamed = [stream.file for stream in streams if self._write_stream(stream)]
        except BaseException:
            self.renderer.show(before, changed)
            raise
        self.shop = after
        release = os.path.basename(self.folder.root)
        return Receipt(KIND, release, pages=tuple(sorted([*batch, *streamed])), removed=tuple(sorted(removed)))

    def _with_cards(
        self, batch: Batch, page: Finished, old: Mapping[Shown, str], new: Mapping[Shown, str]
    ) -> Ready | None:
        """A page with new cards in the places of the old ones; None when it has to be rendered."""
        there = self.folder.read(page.files[0])
        data = None if there is None else exchanged(there, page.shown, old, new)
        return None if data is None else batch.ready(page.files, data)

    def _render(self, batch: Batch, after: Snapshot, keys: set[str]) -> list[Stream]:
        """Render the files of `keys` into the batch; those too large to be held are given back."""
        streams: list[Stream] = []
        for output in _outputs(after, keys):
            if isinstance(output, Stream):
                streams.append(output)
            else:
                batch.add(output.files, self.renderer.render(output))
        return streams

    def _write_stream(self, stream: Stream) -> bool:
        """Write a large file as its parts come; whether its bytes are new."""
        self.journal.unsure([stream.file])
        try:
            new = self.folder.put_stream(stream.file, stream.parts())
        except FeedIncomplete as problem:
            raise PageFailed(str(problem)) from problem
        self.journal.done({stream.file: self.folder.sums[stream.file]}, ())
        return new

    def _removed(
        self, before: Snapshot, after: Snapshot, keys: set[str], changed: set[str], there: set[str] | None
    ) -> set[str]:
        if there is None and only_prices(before, after, changed):
            return set()
        gone = {file for key in keys for file in files_of(before, key)} if there is None else set(there)
        gone -= {file for key in keys for file in files_of(after, key)}
        return gone & self.folder.sums.keys()

    def _write(self, batch: Batch, removed: Iterable[str], pictures: Iterable[tuple[str, os.PathLike[str]]]) -> None:
        pictures = [(file, source) for file, source in pictures if file not in self.folder.sums]
        touched = [*batch, *(file for file, _ in pictures)]
        self.journal.unsure([*touched, *removed])
        # What pages refer to comes first, what they no longer refer to goes last.
        for file, source in pictures:
            self.folder.place(file, os.fspath(source))
        batch.write()
        kept.keep(self.config.build, self.folder.root, removed)
        for file in removed:
            self.folder.remove(file)
        self.journal.done({file: self.folder.sums[file] for file in touched}, removed)

    def _packed(self, files: Sequence[str], data: bytes) -> Packed:
        # A copy of the site elsewhere is sent right after the pages, with all twins.
        if self.config.publish_url or not has_twins(files[0], len(data)):
            return pack(files[0], data)
        self.owed.unpacked.update(files)
        return {".gz": gzip_twin(data)}

    def _pictures_gone(self, after: Snapshot, changed: Iterable[str]) -> set[str]:
        """Pictures that only the old form of the changed products showed."""
        before = {slug: self.shop.products[slug] for slug in changed if slug in self.shop.products}
        lost = _picture_keys(before.values())
        lost -= _picture_keys(after.products[slug] for slug in before if slug in after.products)
        if lost:
            lost -= _picture_keys(after.products.values())
        left = card_files.names(self.shop, before.values())
        left -= card_files.names(after, (after.products[slug] for slug in before if slug in after.products))
        return ({f"images/{name}" for key in lost for name in images.names(key)} | left) & self.folder.sums.keys()

    def _check_release(self) -> None:
        if publish.current(self.config.build) != os.path.basename(self.folder.root):
            raise MovedOn("another release is served now")

    def _remember(self, inputs: Mapping[str, str]) -> None:
        self.inputs = {**self.inputs, **inputs}
        state = publish.State(os.path.basename(self.folder.root), self.inputs, owing=bool(self.owed))
        with publish.lock(self.config.build):
            # The pause of a rollback that came meanwhile must stay.
            self._check_release()
            publish.write_state(self.config.build, state)


def _outputs(shop: Snapshot, keys: set[str]) -> Iterable[Output]:
    """The pages of `keys`; one page of a category is left to its whole category where both are named."""
    for key in sorted(keys):
        if key.startswith("category:") and key.count(":") == 3 and ":".join(key.split(":")[:2]) in keys:
            continue
        yield from expand(shop, key)


def _take(batch: Batch, jobs: Iterable[Future[Ready | None]]) -> bool:
    """Put the pages of a group into the batch; false, and none of them, when one of them could not be made."""
    made = [job.result() for job in jobs]
    pages = [page for page in made if page is not None]
    if len(pages) < len(made):
        return False
    batch.take(pages)
    return True


def _drawn(product: ProductView | None) -> object:
    """What the pictures and sharing cards of a product are made of, but for the brand."""
    if product is None:
        return None
    names = {lang: text.name for lang, text in product.texts.items()}
    return names, [(variant.colour, variant.images) for variant in product.variants]


def _picture_keys(products: Iterable[ProductView]) -> set[str]:
    return {image.key for product in products for variant in product.variants for image in variant.images}
