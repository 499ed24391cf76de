"""The served site in memory: takes a change of the shop and puts exactly the pages it touches in their place."""

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

from sitegen import images, publish
from sitegen.build import differences
from sitegen.config import Config
from sitegen.content import ContentView
from sitegen.dirty import content_keys, stale_keys
from sitegen.fingerprint import Catalogue, fingerprint
from sitegen.page import Output
from sitegen.pages import expand, files_of, redirect_table
from sitegen.plugin import warm
from sitegen.receipt import Receipt
from sitegen.snapshot import Left, Snapshot
from sitegen.source import CatalogView, ProductView
from sitegen.store import Packed, pack

KIND: Final = "incremental"


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

    def change_products(
        self,
        changed: Mapping[str, ProductView | None],
        left: Left | None = None,
        *,
        forced: Iterable[str] = (),
        reasons: Sequence[str] = (),
        request_ids: Sequence[int] = (),
    ) -> Receipt:
        """Publish some products as they are now, None for those that are gone.

        `left` are the addresses that products have left, where they may have changed too. `forced` are page keys to
        render even when no product changed. On any failure the site and this object stay as they were. Raises MovedOn,
        sitegen.snapshot.UnknownCategory (both: build everything), and what rendering raises.
        """
        started = time.perf_counter()
        after = replace(self.shop.with_products(changed), left=left or self.shop.left)
        keys = stale_keys(self.shop, after, changed) | set(forced)
        present = [product for product in changed.values() if product]
        problems = images.derive(self.config, present)
        gone = self._pictures_gone(after, changed)
        receipt = self._publish(after, keys, set(changed), images.files(self.config, present), gone)
        self.catalogue.change(changed, after.left)
        self._remember({"catalogue": self.catalogue.digest})
        return replace(
            receipt,
            reasons=tuple(reasons),
            request_ids=tuple(request_ids),
            errors=(*problems, *self._moved_problems(keys)),
            milliseconds=round((time.perf_counter() - started) * 1000),
        )

    def change_content(
        self, content: Sequence[ContentView], reasons: Sequence[str] = (), problems: Sequence[str] = ()
    ) -> Receipt:
        """Publish pages and articles as they are now. Raises as `change_products` does."""
        started = time.perf_counter()
        after = replace(self.shop, content=tuple(content))
        keys = content_keys(self.shop, after)
        receipt = self._publish(after, keys, set(), (), ())
        self._remember({"content": fingerprint(self.config, "")["content"]})
        spent = round((time.perf_counter() - started) * 1000)
        errors = (*problems, *self._moved_problems(keys))
        return replace(receipt, reasons=tuple(reasons), errors=errors, milliseconds=spent)

    def _moved_problems(self, keys: set[str]) -> tuple[str, ...]:
        return redirect_table(self.shop).problems if "redirects" in keys else ()

    def _publish(
        self,
        after: Snapshot,
        keys: set[str],
        changed: set[str],
        pictures: Iterable[tuple[str, os.PathLike[str]]],
        pictures_gone: Iterable[str],
    ) -> Receipt:
        before = self.shop
        self.renderer.show(after, changed)
        try:
            fresh = self._render(after, keys)
            removed = self._removed(before, after, keys) | set(pictures_gone)
            with publish.lock(self.config.build):
                self._check_release()
                self._write(fresh, removed, pictures)
        except BaseException:
            self.renderer.show(before, changed)
            raise
        self.shop = after
        release = os.path.basename(self.folder.root)
        return Receipt(KIND, release, pages=tuple(sorted(fresh)), removed=tuple(sorted(removed)))

    def _render(self, after: Snapshot, keys: set[str]) -> dict[str, bytes]:
        """The files of `keys` whose bytes are not those that are served."""
        fresh: dict[str, bytes] = {}
        for output in _outputs(after, keys):
            data = self.renderer.render(output)
            if any(self.folder.differs(file, data) for file in output.files):
                fresh.update(dict.fromkeys(output.files, data))
        return fresh

    def _removed(self, before: Snapshot, after: Snapshot, keys: set[str]) -> set[str]:
        gone = {file for key in keys for file in files_of(before, key)}
        gone -= {file for key in keys for file in files_of(after, key)}
        return gone & self.folder.sums.keys()

    def _write(
        self,
        fresh: Mapping[str, bytes],
        removed: Iterable[str],
        pictures: Iterable[tuple[str, os.PathLike[str]]],
    ) -> None:
        by_data: dict[bytes, list[str]] = {}
        for file, data in fresh.items():
            by_data.setdefault(data, []).append(file)
        packed = self._pack(by_data)
        pictures = [(file, source) for file, source in pictures if file not in self.folder.sums]
        self.journal.unsure([*fresh, *removed, *(file for file, _ in pictures)])
        # What pages refer to comes first, what they no longer refer to goes last.
        for file, source in pictures:
            self.folder.place(file, os.fspath(source))
        for (data, files), twins in zip(by_data.items(), packed, strict=True):
            self.folder.put_all(files, data, twins)
        for file in removed:
            self.folder.remove(file)
        written = {file: self.folder.sums[file] for file in [*fresh, *(file for file, _ in pictures)]}
        self.journal.done(written, removed)

    def _pack(self, by_data: Mapping[bytes, Sequence[str]]) -> list[Packed]:
        # Packing is most of the work of a small change, and both packers let other threads run meanwhile.
        if not self.config.compress:
            return [{} for _ in by_data]
        with ThreadPoolExecutor(self.config.workers) as pool:
            return list(pool.map(lambda item: pack(item[1][0], item[0]), by_data.items()))

    def _pictures_gone(self, after: Snapshot, changed: Iterable[str]) -> set[str]:
        """Pictures that only the old form of the changed products showed."""
        before = {slug: self.shop.products[slug] for slug in changed if slug in self.shop.products}
        lost = _picture_keys(before.values())
        lost -= _picture_keys(after.products[slug] for slug in before if slug in after.products)
        if lost:
            lost -= _picture_keys(after.products.values())
        return {f"images/{name}" for key in lost for name in images.names(key)} & self.folder.sums.keys()

    def _check_release(self) -> None:
        if publish.current(self.config.build) != os.path.basename(self.folder.root):
            raise MovedOn("another release is served now")

    def _remember(self, inputs: Mapping[str, str]) -> None:
        self.inputs = {**self.inputs, **inputs}
        state = publish.State(os.path.basename(self.folder.root), self.inputs)
        publish.write_state(self.config.build, state)


def _outputs(shop: Snapshot, keys: set[str]) -> Iterable[Output]:
    """The pages of `keys`; one page of a category is left to its whole category where both are named."""
    for key in sorted(keys):
        if key.startswith("category:") and key.count(":") == 3 and ":".join(key.split(":")[:2]) in keys:
            continue
        yield from expand(shop, key)


def _picture_keys(products: Iterable[ProductView]) -> set[str]:
    return {image.key for product in products for variant in product.variants for image in variant.images}
