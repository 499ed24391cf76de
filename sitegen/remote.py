"""Copying a release elsewhere: what pages refer to first, then pages, then word to the CDN, and deletions last.

So at every moment each page of the copy finds its files, also when a run breaks off; the next one goes on where it
stopped. Files that no page names any more stay for as long as beside the releases (kept.py).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from sitegen import copied as notes
from sitegen import kept, publish, s3_redirects
from sitegen.copied import Copied
from sitegen.store import TWINS
from sitegen.target import Target

AT_ONCE: Final = 8
CHUNK: Final = 200
"""Files between two notes: as many are sent again after a broken run."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a copy lacks and has too much of; `sent` are in the order of sending."""

    release: str
    files: tuple[str, ...]
    leads: Mapping[str, str]
    stale: tuple[str, ...]
    leaving: tuple[str, ...]

    def sentence(self) -> str:
        """One line for people."""
        if not (self.files or self.leads or self.stale):
            return f"{self.release}: nothing to send"
        words = f"{len(self.files)} files to send, {len(self.leads)} redirects, {len(self.stale)} to delete"
        return f"{self.release}: {words}"


def plan(release: str, sums: Mapping[str, str], leads: Mapping[str, str], there: Copied, today: date) -> Plan:
    """What to do so that a copy becomes `sums`, with redirects at the paths of `leads`."""
    wanted = {**sums, **{key: s3_redirects.sum_of(to) for key, to in leads.items()}}
    missing = [file for file, digest in wanted.items() if there.sums.get(file) != digest]
    extra = there.sums.keys() - wanted.keys()
    oldest = (today - timedelta(days=kept.DAYS)).isoformat()
    waiting = {file for file in extra if kept.HASHED.fullmatch(file) and there.left.get(file, "9999") >= oldest}
    return Plan(
        release=release,
        files=tuple(sorted((file for file in missing if file in sums), key=_turn)),
        leads={key: leads[key] for key in missing if key in leads},
        stale=tuple(sorted(extra - waiting)),
        leaving=tuple(sorted(waiting - there.left.keys())),
    )


def _turn(file: str) -> tuple[int, str]:
    """Hashed files, other files that pages load, pages, and last what tells machines of pages."""
    if kept.HASHED.fullmatch(file):
        return 0, file
    if file.endswith(".html"):
        return 2, file
    return (3 if file.endswith((".xml", ".txt", ".map")) or file == "sw.js" else 1), file


def site_of(build: Path, target: Target) -> tuple[str, dict[str, str], dict[str, str]]:
    """The release that is served: its id, its sums, and for a bucket the redirects that are objects there."""
    with publish.lock(build):
        release = publish.current(build)
        sums = publish.read_sums(build, release)
        root = build / "releases" / release
        for file, digest in list(sums.items()):
            if digest == publish.UNSURE:
                # A crash left it so: the bytes themselves say what they are.
                path = root / file
                if path.is_file():
                    sums[file] = sha256(path.read_bytes()).hexdigest()
                else:
                    del sums[file]
        leads = s3_redirects.read(root) if target.bucket else {}
    if target.bucket:
        sums = {file: digest for file, digest in sums.items() if not file.startswith(".")}
    return release, sums, {key: to for key, to in leads.items() if key not in sums}


def look(build: Path, target: Target) -> Plan:
    """What `send` would do now. Raises sitegen.target.TargetRefused."""
    release, sums, leads = site_of(build, target)
    return plan(release, sums, leads, notes.read(target), _today())


def send(build: Path, target: Target, purge: Callable[[], object] = lambda: None, today: date | None = None) -> Plan:
    """Make the copy equal to the release that is served; what was done.

    `purge` is called when all new files are there and nothing was taken away. Raises sitegen.target.TargetRefused; what
    was sent until then stays, and the next call goes on.
    """
    today = today or _today()
    release, sums, leads = site_of(build, target)
    there = notes.read(target)
    todo = plan(release, sums, leads, there, today)
    root = build / "releases" / release
    returned = [file for file in there.left if file in sums]
    for chunk in _chunks(todo.files):
        notes.note(target, there, sums=dict.fromkeys(chunk), back=[file for file in chunk if file in returned])
        notes.note(target, there, sums=_send_files(target, root, {file: sums[file] for file in chunk}))
    for chunk in _chunks(tuple(todo.leads)):
        notes.note(target, there, sums=dict.fromkeys(chunk))
        _each(lambda key: s3_redirects.put(target, key, todo.leads[key]), chunk)
        notes.note(target, there, sums={key: s3_redirects.sum_of(todo.leads[key]) for key in chunk})
    purge()
    notes.note(target, there, left=dict.fromkeys(todo.leaving, today.isoformat()), back=returned)
    for chunk in _chunks(todo.stale):
        target.delete([file + suffix for file in chunk for suffix in ("", *(() if target.bucket else TWINS))])
        notes.note(target, there, gone=chunk)
    notes.settle(target, there)
    return todo


def _send_files(target: Target, root: Path, sums: Mapping[str, str]) -> dict[str, str]:
    """Send files that still are what the plan knew; the sums of those. Later ones are of the next plan."""

    def one(file: str) -> str:
        try:
            data = (root / file).read_bytes()
            if sha256(data).hexdigest() != sums[file]:
                return ""
            target.put(file, data, {} if target.bucket else _twins(root / file))
        except FileNotFoundError:
            return ""
        return file

    return {file: sums[file] for file in _each(one, list(sums)) if file}


def _twins(path: Path) -> dict[str, bytes]:
    found = {suffix: Path(f"{path}{suffix}") for suffix in TWINS}
    return {suffix: twin.read_bytes() for suffix, twin in found.items() if twin.is_file()}


def _each(deed: Callable[[str], str], files: Sequence[str]) -> list[str]:
    """Do `deed` to several files at once; the first failure ends it."""
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="copy")
    try:
        return list(pool.map(deed, files))
    finally:
        pool.shutdown(cancel_futures=True)


def _chunks(files: Sequence[str]) -> Iterable[Sequence[str]]:
    """Runs of files of one turn: the next turn begins when all of this one are there."""
    start = 0
    for place, file in enumerate(files):
        if place and (place - start == CHUNK or _turn(file)[0] != _turn(files[place - 1])[0]):
            yield files[start:place]
            start = place
    if files:
        yield files[start:]


def _today() -> date:
    return datetime.now(UTC).date()
