"""A folder of finished files: nothing unchanged is written, text has compressed twins, bytes are summed.

Three uses, one set of rules: a new release (unchanged files are hard links to the release before), the
release that is live (each file is replaced by a rename), and Pelican's plain output folder.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final
from zlib import compress as deflate

import brotli  # type: ignore[import-untyped]

TEXT: Final = frozenset({".html", ".css", ".js", ".svg", ".xml", ".txt", ".json", ".webmanifest"})
"""Suffixes of files that get compressed twins."""
TWINS: Final = (".br", ".gz")
SMALLEST: Final = 256
"""Shorter files travel in one packet anyway and get no twins."""
Packed = Mapping[str, bytes]
PART: Final = ".part"
"""Suffix of a file that is being written; it is renamed when whole."""


def gzip_twin(data: bytes) -> bytes:
    """`data` in gzip form without a time of making, so that equal input gives equal bytes."""
    return deflate(data, 6, 31)


def brotli_twin(data: bytes) -> bytes:
    """`data` in brotli form, at the quality that costs no more than writing the file."""
    packed: bytes = brotli.compress(data, quality=5)
    return packed


PACKERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {".br": brotli_twin, ".gz": gzip_twin}


def pack(file: str, data: bytes) -> Packed:
    """The compressed twins of a file by suffix; none when they would save nothing."""
    if not has_twins(file, len(data)):
        return {}
    return {suffix: packer(data) for suffix, packer in PACKERS.items()}


def has_twins(file: str, size: int) -> bool:
    """Whether a file of `size` bytes is written with compressed twins."""
    return size >= SMALLEST and os.path.splitext(file)[1] in TEXT


@dataclass(slots=True)
class Folder:
    """Files below `root` by their path relative to it, and what happened to them.

    `sums` holds the SHA-256 of every file that is known to lie here; `live` says that readers look at the
    folder now, so that a file is replaced whole or not at all; `earlier` is the release whose unchanged files
    may be linked. `written` collects the paths whose bytes are new compared with `sums` or `earlier`.
    """

    root: str
    compress: bool = True
    live: bool = False
    sums: dict[str, str] = field(default_factory=dict)
    earlier: "Folder | None" = None
    written: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    _made: set[str] = field(default_factory=set)

    def put(self, file: str, data: bytes) -> bool:
        """Write `data` unless the same bytes are there; true when they were new.

        Raises OSError when the disk refuses.
        """
        return self.put_all((file,), data)

    def put_all(self, files: Sequence[str], data: bytes, packed: Packed | None = None) -> bool:
        """Write the same `data` under several names, packing it once; true when any was new.

        `packed` holds the twins where they were made already. Raises OSError when the disk refuses.
        """
        digest = sha256(data).hexdigest()
        self.kept.update(files)
        changed = [file for file in files if self.sums.get(file) != digest]
        fresh = [file for file in changed if not self._link_earlier(file, digest, len(data))]
        if fresh and packed is None:
            packed = pack(fresh[0], data) if self.compress else {}
        for file in fresh:
            self._put_new(file, data, packed or {})
            self.sums[file] = digest
            self.written.append(file)
        return bool(fresh)

    def _put_new(self, file: str, data: bytes, packed: Packed) -> None:
        self._make_parent(file)
        path = f"{self.root}/{file}"
        for suffix in TWINS:
            if suffix in packed:
                self._write(path + suffix, packed[suffix])
            elif self.live and os.path.exists(path + suffix):
                os.unlink(path + suffix)
        self._write(path, data)

    def differs(self, file: str, data: bytes) -> bool:
        """Whether `put` would write."""
        return self.sums.get(file) != sha256(data).hexdigest()

    def place(self, file: str, source: str) -> bool:
        """Let `file` be the finished file `source`, by a hard link where possible; true when it is new here.

        Raises FileNotFoundError when there is no such source.
        """
        self.kept.add(file)
        path = f"{self.root}/{file}"
        before = self.earlier or self
        known = before.sums.get(file)
        if known and _same_file(f"{before.root}/{file}", source):
            if before is not self:
                self._make_parent(file)
                _link(source, path)
                self.sums[file] = known
            return False
        digest = sha256(Path(source).read_bytes()).hexdigest()
        self._make_parent(file)
        if os.path.exists(path + PART):
            os.unlink(path + PART)
        _link(source, path + PART)
        os.rename(path + PART, path)
        self.sums[file] = digest
        if known != digest:
            self.written.append(file)
        return known != digest

    def remove(self, file: str) -> bool:
        """Take a file away with its twins and the folders it leaves empty; false when it was not there."""
        path = f"{self.root}/{file}"
        self.sums.pop(file, None)
        if not os.path.exists(path):
            return False
        for name in (path, *(path + suffix for suffix in TWINS)):
            if os.path.exists(name):
                os.unlink(name)
        folder = os.path.dirname(path)
        while folder != self.root and not os.listdir(folder):
            os.rmdir(folder)
            self._made.discard(folder)
            folder = os.path.dirname(folder)
        return True

    def absorb(self, sums: Mapping[str, str], written: Iterable[str], kept: Iterable[str]) -> None:
        """Take over what another process wrote into the same folder."""
        self.sums.update(sums)
        self.written.extend(written)
        self.kept.update(kept)

    def survey(self) -> None:
        """Learn the sums of the files that lie here already, by reading them."""
        for file in files_below(self.root):
            if not file.endswith((*TWINS, PART)):
                self.sums[file] = sha256(Path(self.root, file).read_bytes()).hexdigest()

    def _link_earlier(self, file: str, digest: str, size: int) -> bool:
        earlier = self.earlier
        if earlier is None or earlier.sums.get(file) != digest:
            return False
        twins = TWINS if self.compress and has_twins(file, size) else ()
        self._make_parent(file)
        for suffix in ("", *twins):
            try:
                _link(f"{earlier.root}/{file}{suffix}", f"{self.root}/{file}{suffix}")
            except FileNotFoundError:
                # Somebody tidied the earlier release by hand: the caller writes the file anew.
                return False
        self.sums[file] = digest
        return True

    def _make_parent(self, file: str) -> None:
        parent = os.path.dirname(f"{self.root}/{file}")
        if parent not in self._made:
            os.makedirs(parent, exist_ok=True)
            self._made.add(parent)

    def _write(self, path: str, data: bytes) -> None:
        target = path + PART if self.live else path
        # A new file each time: writing into the old one would change every release that shares it by a link.
        if not self.live and os.path.lexists(path):
            os.unlink(path)
        with open(target, "wb", buffering=0) as out:
            out.write(data)
        if self.live:
            os.rename(target, path)


def files_below(root: str) -> Iterable[str]:
    """Every file below `root`, relative to it, in no particular order."""
    for folder, _, names in os.walk(root):
        prefix = os.path.relpath(folder, root)
        for name in names:
            yield name if prefix == "." else f"{prefix}/{name}"


def _same_file(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except FileNotFoundError:
        return False


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        os.unlink(target)
        os.link(source, target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EMLINK, errno.EPERM):
            raise
        shutil.copyfile(source, target)
