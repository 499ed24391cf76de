"""Releases: a finished folder each, one of them current, the switch between them a single rename.

build/releases/<id>/         a whole site; unchanged files are links to the release before
build/releases/<id>.sha256   what it holds, in the form `sha256sum -c` reads
build/releases/<id>.changes  what small changes have done to it since
build/current                link to the release that is served
build/kept/                  what pages of earlier releases name, for a while (sitegen/kept.py)
build/state.json             fingerprint of what was built, and whether a rollback has paused building
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sitegen import kept
from sitegen.store import Folder

KEPT: Final = 5
"""Releases that stay on disk, the current one among them."""
UNSURE: Final = "-"
"""Stands in the journal for a file that is about to change."""


class NotWhole(Exception):
    """A release lacks files or holds others than its list says; it must not be served."""


class NothingToRollBack(Exception):
    """There is no earlier release."""


@dataclass(frozen=True, slots=True)
class State:
    """What the last build knew. `fingerprint` maps each kind of input to a hash; `owing` says that late groups are
    not made of these inputs yet; `stamp` is that of the catalogue (`site_feed.read_stamp`), empty when not known."""

    release: str = ""
    fingerprint: Mapping[str, str] = field(default_factory=dict)
    paused: bool = False
    owing: bool = False
    stamp: str = ""


def read_state(build: Path) -> State:
    """The state of the last build; an empty one before the first or after a torn write."""
    try:
        loaded: dict[str, Any] = json.loads((build / "state.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return State()
    return State(
        loaded.get("release", ""),
        loaded.get("fingerprint", {}),
        loaded.get("paused", False),
        loaded.get("owing", False),
        loaded.get("stamp", ""),
    )


def write_state(build: Path, state: State) -> None:
    """Replace the state whole."""
    part = build / "state.json.part"
    part.write_text(json.dumps(asdict(state), indent=1))
    part.rename(build / "state.json")


@contextmanager
def lock(build: Path) -> Iterator[None]:
    """Hold the only right to change the site; waits for whoever holds it. A killed holder lets go by dying."""
    build.mkdir(parents=True, exist_ok=True)
    with open(build / "lock", "a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def current(build: Path) -> str:
    """The id of the release that is served, empty when there is none."""
    try:
        return os.path.basename(os.readlink(build / "current"))
    except FileNotFoundError:
        return ""


def releases(build: Path) -> list[str]:
    """Ids of all finished releases, oldest first."""
    folder = build / "releases"
    return sorted(path.stem for path in folder.glob("*.sha256")) if folder.is_dir() else []


def begin(build: Path, compress: bool) -> Folder:
    """An empty release beside the current one, ready to be filled. Leftovers of killed builds are removed."""
    folder = build / "releases"
    folder.mkdir(parents=True, exist_ok=True)
    whole = set(releases(build))
    for path in folder.iterdir():
        if path.is_dir() and path.name not in whole:
            shutil.rmtree(path)
    now = current(build)
    earlier = Folder(str(folder / now), compress, sums=read_sums(build, now)) if now else None
    root = folder / datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    root.mkdir()
    return Folder(str(root), compress, earlier=earlier)


def finish(build: Path, folder: Folder) -> str:
    """List, verify and switch to a filled release; its id.

    Raises NotWhole when files are missing; the earlier release is then still served.
    """
    release = os.path.basename(folder.root)
    missing = [file for file in folder.sums if not os.path.exists(f"{folder.root}/{file}")]
    if missing:
        raise NotWhole(f"{release} lacks {len(missing)} files, {missing[0]} among them")
    os.sync()
    listing = build / "releases" / f"{release}.sha256"
    _write_synced(listing, "".join(f"{digest}  {file}\n" for file, digest in sorted(folder.sums.items())))
    if folder.earlier:
        kept.keep(build, folder.earlier.root, folder.earlier.sums.keys() - folder.sums.keys())
    switch(build, release)
    _prune(build)
    kept.prune(build)
    return release


def switch(build: Path, release: str) -> None:
    """Serve `release` from now on: every reader sees the old site or the new one, whole."""
    link = build / "current.part"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / release)
    link.rename(build / "current")
    handle = os.open(build, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def abandon(folder: Folder) -> None:
    """Remove a release that was not finished."""
    shutil.rmtree(folder.root, ignore_errors=True)


def rollback(build: Path) -> tuple[str, str]:
    """Serve the release before the current one and pause building; the ids (left, entered).

    Raises NothingToRollBack, and NotWhole when the earlier release is damaged.
    """
    now = current(build)
    earlier = [release for release in releases(build) if release < now]
    if not earlier:
        raise NothingToRollBack("there is no release before the current one")
    target = earlier[-1]
    verify(build, target)
    kept.keep(build, str(build / "releases" / now), read_sums(build, now).keys() - read_sums(build, target).keys())
    switch(build, target)
    write_state(build, State(target, {}, paused=True))
    return now, target


def verify(build: Path, release: str) -> None:
    """Compare every file of a release with its list.

    Raises NotWhole naming the first file that differs.
    """
    root = build / "releases" / release
    for file, digest in read_sums(build, release).items():
        path = root / file
        if not path.is_file():
            raise NotWhole(f"{release} lacks {file}")
        if digest != UNSURE and sha256(path.read_bytes()).hexdigest() != digest:
            raise NotWhole(f"{file} of {release} is not what was built")


def read_sums(build: Path, release: str) -> dict[str, str]:
    """What a release holds: its list with the small changes since."""
    sums: dict[str, str] = {}
    folder = build / "releases"
    for path in (folder / f"{release}.sha256", folder / f"{release}.changes"):
        if path.is_file():
            for line in path.read_text().splitlines():
                digest, _, file = line.partition("  ")
                if digest == "removed":
                    sums.pop(file, None)
                else:
                    sums[file] = digest
    return sums


def live(build: Path, compress: bool) -> Folder:
    """The release that is served, for small changes file by file."""
    release = current(build)
    root = build / "releases" / release
    return Folder(str(root), compress, live=True, sums=read_sums(build, release))


class Journal:
    """Notes small changes to a live release, so that the next build knows what lies in it even after a crash.

    A file is noted as unsure before it changes and with its sum after: a build between the two writes it anew.
    """

    def __init__(self, build: Path, folder: Folder) -> None:
        self._path = build / "releases" / f"{os.path.basename(folder.root)}.changes"

    def unsure(self, files: Iterable[str]) -> None:
        """These files are about to be replaced or removed."""
        self._append(f"{UNSURE}  {file}\n" for file in files)

    def done(self, sums: Mapping[str, str], removed: Iterable[str]) -> None:
        """These files are whole again, those are gone."""
        self._append(f"{digest}  {file}\n" for file, digest in sums.items())
        self._append(f"removed  {file}\n" for file in removed)

    def _append(self, lines: Iterable[str]) -> None:
        text = "".join(lines)
        if text:
            with open(self._path, "a") as out:
                out.write(text)


def _write_synced(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    with open(part, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    part.rename(path)


def _prune(build: Path) -> None:
    now = current(build)
    for release in [r for r in releases(build) if r != now][: 1 - KEPT or None]:
        folder = build / "releases"
        # The list goes first: a release without one counts as unfinished, however much of it is left.
        (folder / f"{release}.sha256").unlink()
        (folder / f"{release}.changes").unlink(missing_ok=True)
        shutil.rmtree(folder / release, ignore_errors=True)
