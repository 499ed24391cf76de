"""`python -m sitegen.smaller BUILD`: packs the release that is served once more, slowly and smaller.

A build packs with brotli 5, which costs no more than writing the file; this makes brotli 11 of it, at the lowest
priority. A twin is replaced only when it got smaller and its page is still the one that was packed. It ends when
another release begins, and a later run goes on where it stopped.
"""

import json
import os
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

import brotli  # type: ignore[import-untyped]

from sitegen import publish

QUALITY: Final = 11
NOTE_EVERY: Final = 200
"""Files between two notes of what is done."""


def make_smaller(build: Path) -> int:
    """Pack every file of the release that has a brotli twin; how many twins got smaller.

    Raises OSError when the disk refuses.
    """
    release = publish.current(build)
    if not release:
        return 0
    root = build / "releases" / release
    with publish.lock(build):
        sums = publish.read_sums(build, release)
    done = _read(build)
    improved = 0
    for count, file in enumerate(sorted(sums, key=_turn)):
        twin = root / f"{file}.br"
        if not twin.is_file() or done.get(sums[file]) == twin.stat().st_size:
            continue
        if _moved_on(build, release):
            break
        improved += _pack(build, release, root / file, twin, sums[file])
        if twin.is_file():
            done[sums[file]] = twin.stat().st_size
        if count % NOTE_EVERY == 0:
            _write(build, done)
    # What no file is any more need not be known.
    _write(build, {digest: size for digest, size in done.items() if digest in set(sums.values())})
    return improved


def _turn(file: str) -> tuple[bool, str]:
    """Styles and scripts first: every page loads them."""
    return not file.startswith("assets/"), file


def _pack(build: Path, release: str, path: Path, twin: Path, digest: str) -> bool:
    try:
        data, size = path.read_bytes(), twin.stat().st_size
    except FileNotFoundError:
        return False
    if sha256(data).hexdigest() != digest:
        return False
    best: bytes = brotli.compress(data, quality=QUALITY)
    if len(best) >= size:
        return False
    part = twin.with_name(f"{twin.name}.smaller")
    with publish.lock(build):
        # Nobody may change the site now; a page that was replaced meanwhile keeps its own twin.
        if publish.current(build) != release or not twin.is_file() or path.read_bytes() != data:
            return False
        part.write_bytes(best)
        part.rename(twin)
    return True


def _moved_on(build: Path, release: str) -> bool:
    """Whether another release is served or being made."""
    newest = max((path.name for path in (build / "releases").iterdir() if path.is_dir()), default="")
    return publish.current(build) != release or newest > release


def _read(build: Path) -> dict[str, int]:
    try:
        done: dict[str, int] = json.loads((build / "cache" / "smaller.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return done


def _write(build: Path, done: dict[str, int]) -> None:
    path = build / "cache" / "smaller.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(json.dumps(done))
    part.rename(path)


if __name__ == "__main__":
    os.nice(19)
    make_smaller(Path(sys.argv[1]))
