"""A folder of finished files: nothing unchanged is written, text has compressed twins, bytes are summed.

Three uses, one set of rules: a new release (unchanged files are hard links to the release before), the
release that is live (each file is replaced by a rename), and Pelican's plain output folder.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final
from zlib import compress as deflate
from zlib import compressobj

import brotli  # type: ignore[import-untyped]

TEXT: Final = frozenset({".html", ".css", ".js", ".svg", ".xml", ".txt", ".json", ".webmanifest", ".md"})
"""Suffixes of files that get compressed twins."""
TWINS: Final = (".br", ".gz")
SMALLEST: Final = 256
"""Shorter files travel in one packet anyway and get no twins."""
Packed = Mapping[str, bytes]
PART: Final = ".part"
"""Suffix of a file that is being written; it is renamed when whole."""
NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
"""How a file is opened that must not be there yet."""


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

    def put_all(
        self, files: Sequence[str], data: bytes, packed: Packed | None = None, digest: str | None = None
    ) -> bool:
        """Write the same `data` under several names, packing it once; true when any was new.

        `packed` holds the twins and `digest` the SHA-256 where they were made already. Raises OSError when the disk
        refuses.
        """
        digest = digest or sha256(data).hexdigest()
        self.kept.update(files)
        changed = [file for file in files if self.sums.get(file) != digest]
        fresh = [file for file in changed if not self._link_earlier(file, digest, len(data))]
        if fresh and packed is None:
            packed = pack(fresh[0], data) if self.compress else {}
        for file in fresh:
            if file is fresh[0] or self.live:
                self._put_new(file, data, packed or {})
            else:
                self._put_again(file, fresh[0], packed or {})
            self.sums[file] = digest
            self.written.append(file)
        return bool(fresh)

    def _put_again(self, file: str, same: str, packed: Packed) -> None:
        # A second name of the same bytes costs a fraction of writing them again.
        self._make_parent(file)
        for suffix in ("", *packed):
            _link(f"{self.root}/{same}{suffix}", f"{self.root}/{file}{suffix}")

    def _put_new(self, file: str, data: bytes, packed: Packed) -> None:
        self._make_parent(file)
        path = f"{self.root}/{file}"
        for suffix in TWINS:
            if suffix in packed:
                self._write(path + suffix, packed[suffix])
            elif self.live and os.path.exists(path + suffix):
                os.unlink(path + suffix)
        self._write(path, data)

    def put_stream(self, file: str, parts: Iterable[bytes]) -> bool:
        """Write a file part by part, holding none of it, unless the same bytes are there; true when they were new.

        Nothing is left behind when `parts` raises. Raises OSError when the disk refuses.
        """
        self._make_parent(file)
        path = f"{self.root}/{file}"
        suffixes = ("", *TWINS) if self.compress and os.path.splitext(file)[1] in TEXT else ("",)
        try:
            digest, size = _write_parts(path, suffixes, parts)
            self.kept.add(file)
            if self.sums.get(file) == digest or self._link_earlier(file, digest, size):
                return False
            for suffix in TWINS:
                if suffix not in suffixes and os.path.exists(path + suffix):
                    os.unlink(path + suffix)
            for suffix in suffixes:
                os.rename(path + suffix + PART, path + suffix)
        finally:
            for suffix in suffixes:
                if os.path.exists(path + suffix + PART):
                    os.unlink(path + suffix + PART)
        self.sums[file] = digest
        self.written.append(file)
        return True

    def put_twin(self, file: str, suffix: str, packed: bytes) -> None:
        """Write one twin of a file that is here. Raises OSError when the disk refuses."""
        self._write(f"{self.root}/{file}{suffix}", packed)

    def read(self, file: str) -> bytes | None:
        """The bytes of a file that lies here as it was put; None when there is no such file, or another."""
        try:
            data = Path(self.root, file).read_bytes()
        except FileNotFoundError:
            return None
        return data if self.sums.get(file) == sha256(data).hexdigest() else None

    def place(self, file: str, source: str) -> bool:
        """Let `file` be the finished file `source`, by a hard link where possible; true when it is new here.

        Text is written instead, with its twins. Raises FileNotFoundError when there is no such source.
        """
        if self.compress and os.path.splitext(file)[1] in TEXT:
            return self.put(file, Path(source).read_bytes())
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
                if not suffix:
                    # Somebody tidied the earlier release by hand: the caller writes the file anew.
                    return False
                # A price change leaves its brotli twins for later, and there was no later.
                data = Path(earlier.root, file).read_bytes()
                self._write(f"{self.root}/{file}{suffix}", PACKERS[suffix](data))
        self.sums[file] = digest
        return True

    def _make_parent(self, file: str) -> None:
        parent = os.path.dirname(f"{self.root}/{file}")
        if parent not in self._made:
            try:
                os.mkdir(parent)
            except FileExistsError:
                pass
            except FileNotFoundError:
                os.makedirs(parent, exist_ok=True)
            self._made.add(parent)

    def _write(self, path: str, data: bytes) -> None:
        target = path + PART if self.live else path
        # A new file each time: writing into the old one would change every release that shares it by a link.
        try:
            place = os.open(target, NEW, 0o666)
        except FileExistsError:
            os.unlink(target)
            place = os.open(target, NEW, 0o666)
        with open(place, "wb", buffering=0) as out:
            out.write(data)
        if self.live:
            os.rename(target, path)


def _write_parts(path: str, suffixes: Sequence[str], parts: Iterable[bytes]) -> tuple[str, int]:
    """Write parts and their twins beside the file they will be; the digest and size of the whole."""
    sums, size = sha256(), 0
    # A file of this kind is large and fetched by few: packing it quickly matters more than the last per cent.
    brotlied, gzipped = brotli.Compressor(quality=2), compressobj(1, wbits=31)
    with ExitStack() as opened:
        plain = opened.enter_context(open(path + PART, "wb"))
        twins = [
            (opened.enter_context(open(path + suffix + PART, "wb")), packer)
            for suffix, packer in ((".br", brotlied.process), (".gz", gzipped.compress))
            if suffix in suffixes
        ]
        for part in parts:
            sums.update(part)
            size += len(part)
            plain.write(part)
            for out, packer in twins:
                out.write(packer(part))
        for (out, _), finish in zip(twins, (brotlied.finish, gzipped.flush), strict=False):
            out.write(finish())
    return sums.hexdigest(), size


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
