"""Masters of pictures: the key of their content and their size, without decoding them.

Only the command line imports this module: it brings libvips with it, which no web process needs.
"""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
import pyvips

SUFFIXES: Final = frozenset({".avif", ".jpg", ".jpeg", ".png", ".webp"})
KEY_LENGTH: Final = 20
SETTLED: Final = 2.0
"""Seconds after which a file's time stamp tells any later change of it."""


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """`key` is the head of the content's SHA-256: a new master has a new address."""

    key: str
    width: int
    height: int


class BadPicture(Exception):
    """The file cannot be read as a picture; the message says why."""


def read_picture(path: Path) -> PictureFacts:
    """Key and size of a master; only its header is decoded.

    Raises BadPicture, and OSError when the file cannot be read.
    """
    content = path.read_bytes()
    try:
        image = pyvips.Image.new_from_buffer(content, "", access="sequential")
    except pyvips.Error as error:
        raise BadPicture(str(error).strip().splitlines()[-1]) from error
    return PictureFacts(hashlib.sha256(content).hexdigest()[:KEY_LENGTH], image.width, image.height)


class PictureBook:
    """Facts of the masters that were read before, by path, size and time stamp, kept in a file between runs.

    Without a file it remembers for its own life only. A file that cannot be understood is begun anew.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._known: dict[str, list[int | str]] = {}
        self._changed = False
        if file and file.exists():
            try:
                known = orjson.loads(file.read_bytes())
            except orjson.JSONDecodeError:
                known = {}
            self._known = known if isinstance(known, dict) else {}

    def look(self, path: Path) -> PictureFacts:
        """Facts of a master, read only when it changed. Raises as read_picture does."""
        state = path.stat()
        stamp = [state.st_size, state.st_mtime_ns]
        known = self._known.get(str(path))
        if known and known[:2] == stamp:
            return PictureFacts(str(known[2]), int(known[3]), int(known[4]))
        facts = read_picture(path)
        # A file written a moment ago may be written again within the same tick of the clock.
        if time.time() - state.st_mtime > SETTLED:
            self._known[str(path)] = [*stamp, facts.key, facts.width, facts.height]
            self._changed = True
        return facts

    def look_all(self, folder: Path) -> tuple[Mapping[str, PictureFacts], Mapping[str, str]]:
        """Facts of every picture of a folder by name, and what is wrong with those that are none."""
        found: dict[str, PictureFacts] = {}
        refused: dict[str, str] = {}
        for path in sorted(folder.iterdir()):
            if path.suffix in SUFFIXES and not path.name.startswith("."):
                try:
                    found[path.name] = self.look(path)
                except (BadPicture, OSError) as error:
                    refused[path.name] = str(error)
        return found, refused

    def save(self) -> None:
        """Keep what was learnt, if there was anything."""
        if self._file and self._changed:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._file.with_suffix(".new")
            fresh.write_bytes(orjson.dumps(self._known))
            fresh.replace(self._file)
            self._changed = False
