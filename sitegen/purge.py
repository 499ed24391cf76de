"""Telling a CDN which addresses are new, so that it forgets what it keeps of them.

build/purge/<release>.json   the addresses and page keys that this release changed, for people and other programs
build/purge/pending.json     those that nobody has been told of yet

What is posted is what Cloudflare's purge takes and other CDNs can be taught: {"files": […], "tags": […]}, or
{"purge_everything": true} when most of the site is new.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2 as httpx

from sitegen import kept, publish

log = logging.getLogger("sitegen")
BATCH: Final = 30
"""Addresses of one request: as many as the smallest plan of a CDN takes."""
MOST: Final = 3000
"""Changed addresses from which on everything is forgotten at once."""
TRIES: Final = 3
PAUSE: Final = 0.5
"""Seconds before the second try; twice as many before each further one."""
TIMEOUT: Final = 10.0
GROUPS: Final = {"product": "product", "catalog": "category", "journal": "article"}
"""First segments of pages that stand in a group, and what the keys of the group begin with."""


class NotPurged(Exception):
    """The CDN was not told; the message says why. What it should hear stays pending."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a CDN should forget: addresses and page keys. `everything` stands for all of them; `notes` counts the
    publications that said so, and is none of what a list says."""

    files: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    everything: bool = False
    notes: int = field(default=0, compare=False)

    def with_more(self, other: "Changed") -> "Changed":
        """Both as one."""
        files, tags, notes = {*self.files, *other.files}, {*self.tags, *other.tags}, self.notes + other.notes
        if self.everything or other.everything or len(files) > MOST:
            return Changed(everything=True, notes=notes)
        return Changed(tuple(sorted(files)), tuple(sorted(tags)), notes=notes)


def changed(site_url: str, files: Iterable[str]) -> Changed:
    """What a CDN keeps of these files of the site; hashed ones never change, and hidden ones are shown to nobody."""
    paths = {
        "/" + file.removesuffix("index.html") if file == "index.html" or file.endswith("/index.html") else f"/{file}"
        for file in files
        if not kept.HASHED.fullmatch(file) and not file.startswith(".")
    }
    listed = tuple(sorted(site_url + path for path in paths))
    return Changed(listed, tuple(sorted({key_of(path) for path in paths})), notes=1).with_more(Changed())


def key_of(path: str) -> str:
    """The page key that a path belongs to, as the catalogue names what changed: `product:kolos-tee`, `home`."""
    parts = path.strip("/").split("/")
    if len(parts[0]) == 2:
        parts = parts[1:] or [""]
    if len(parts) > 1 and parts[0] in GROUPS:
        return f"{GROUPS[parts[0]]}:{parts[1]}"
    if parts[0] in {"", *GROUPS}:
        return parts[0] or "home"
    return f"content:{parts[0]}" if path.endswith("/") else parts[-1]


def note(build: Path, site_url: str, release: str, files: Iterable[str]) -> None:
    """Write down what a publication changed, for `send` and for whoever reads build/purge."""
    new = changed(site_url, files)
    if not (new.files or new.everything):
        return
    folder = build / "purge"
    with _held(build):
        for name in (release, "pending"):
            _write(folder / f"{name}.json", _read(folder / f"{name}.json").with_more(new))
        known = {*publish.releases(build), release, "pending"}
        for path in folder.glob("*.json"):
            if path.stem not in known:
                path.unlink(missing_ok=True)


def _held(build: Path) -> AbstractContextManager[None]:
    """The only right to write the lists, for as long as that takes: publications note while the CDN is told."""
    return publish.lock(build / "purge" / "lists")


def pending(build: Path) -> Changed:
    """What nobody was told of yet."""
    return _read(build / "purge" / "pending.json")


def send(build: Path, url: str, token: str, pause: Callable[[float], None] = time.sleep) -> int:
    """Tell the CDN what is pending; how many requests that took. What it took is pending no more.

    Raises NotPurged when it did not answer well in TRIES tries; the rest stays for the next time.
    """
    waiting = pending(build)
    sent = 0
    with httpx.Client(timeout=TIMEOUT, headers={"Authorization": f"Bearer {token}"} if token else {}) as client:
        for body, told in _batches(waiting):
            _post(client, url, body, pause)
            sent += 1
            _forget(build, told)
    return sent


def _batches(waiting: Changed) -> Iterable[tuple[dict[str, Any], Changed]]:
    if waiting.everything:
        yield {"purge_everything": True}, waiting
        return
    for start in range(0, len(waiting.files), BATCH):
        part = waiting.files[start : start + BATCH]
        tags = tuple(sorted({key_of("/" + file.partition("://")[2].partition("/")[2]) for file in part}))
        yield {"files": part, "tags": tags}, Changed(part, tags)


def _post(client: httpx.Client, url: str, body: dict[str, Any], pause: Callable[[float], None]) -> None:
    problem = ""
    for turn in range(TRIES):
        if turn:
            pause(PAUSE * 2 ** (turn - 1))
        try:
            answer = client.post(url, json=body)
        except httpx.HTTPError as error:
            problem = type(error).__name__
            continue
        if answer.is_success:
            return
        problem = f"status {answer.status_code}"
        if answer.status_code in (401, 403):
            raise NotPurged(f"the CDN refuses the token ({problem}): check TWOCOMMS_PURGE_TOKEN")
        if answer.status_code < 500 and answer.status_code != 429:
            break
    raise NotPurged(f"the CDN was not told of changed pages ({problem}): it is told at the next publication")


def _forget(build: Path, told: Changed) -> None:
    """Take off the list what was told; what came on it meanwhile stays."""
    path = build / "purge" / "pending.json"
    with _held(build):
        now = _read(path)
        if told.everything:
            # Whoever forgets everything cannot tell what of it is newer than the word: then it is said once more.
            rest = Changed() if now.notes == told.notes else now
        else:
            files: Sequence[str] = [file for file in now.files if file not in set(told.files)]
            tags = {key_of("/" + file.partition("://")[2].partition("/")[2]) for file in files}
            rest = Changed(tuple(files), tuple(sorted(tags)), now.everything)
        _write(path, rest)


def _read(path: Path) -> Changed:
    try:
        said: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Changed()
    except json.JSONDecodeError:
        log.warning("%s is torn: the CDN is asked to forget everything", path)
        return Changed(everything=True)
    return Changed(tuple(said["files"]), tuple(said["tags"]), said["everything"], said.get("notes", 0))


def _write(path: Path, what: Changed) -> None:
    part = path.with_name(f"{path.name}.part")
    said = {"files": what.files, "tags": what.tags, "everything": what.everything, "notes": what.notes}
    part.write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")
    part.rename(path)
