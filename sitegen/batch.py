"""Finished pages on their way into a folder."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from hashlib import sha256

from sitegen.store import Folder, Packed


@dataclass(frozen=True, slots=True)
class Ready:
    """A page that can be written: its files, bytes, their SHA-256 and twins; `is_new` where they are not there yet."""

    files: Sequence[str]
    data: bytes
    digest: str
    packed: Packed
    is_new: bool


@dataclass(slots=True)
class Batch:
    """Pages whose bytes are not in `folder` yet, each summed and packed while the next one is made.

    `pack` gives the twins of the files that share some bytes. Both happen in the threads of `workers`, which must
    outlive the last look into the batch.
    """

    folder: Folder
    pack: Callable[[Sequence[str], bytes], Packed]
    workers: Executor
    _jobs: list[Future[Ready]] = field(default_factory=list)
    _pages: list[Ready] = field(default_factory=list)

    def add(self, files: Sequence[str], data: bytes) -> None:
        """Take a page that is to lie in `files`."""
        self._jobs.append(self.workers.submit(self.ready, files, data))

    def ready(self, files: Sequence[str], data: bytes) -> Ready:
        """The page summed, and packed if it is not there already. May be called in any thread."""
        digest = sha256(data).hexdigest()
        is_new = any(self.folder.sums.get(file) != digest for file in files)
        packed = self.pack(files, data) if is_new and self.folder.compress else {}
        return Ready(files, data, digest, packed, is_new)

    def take(self, pages: Iterable[Ready]) -> None:
        """Take pages that are ready."""
        self._pages += (page for page in pages if page.is_new)

    def finish(self) -> None:
        """Wait for every page that was added. Raises what packing raised."""
        self.take(job.result() for job in self._jobs)
        self._jobs.clear()

    def __iter__(self) -> Iterator[str]:
        """The files that `write` will touch."""
        return (file for page in self._pages for file in page.files)

    def write(self) -> None:
        """Put every page into the folder. Raises OSError when the disk refuses."""
        for page in self._pages:
            self.folder.put_all(page.files, page.data, page.packed, page.digest)
