"""Serving the built site by the rules a CDN or nginx would follow. Pure but for reading files.

Compressed twins lie beside the files; each representation has an ETag of its own content. A path is decoded once, by
the server; whatever tries to leave the folder or to see hidden files is told that there is nothing.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote

from commerce_api.foundation.kit import served

ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""Best first; the suffix of the twin."""

_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f\\]")
_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says that matters to a file."""

    path: str
    query: str = ""
    accept_encoding: str = ""
    if_none_match: str = ""
    range: str = ""
    if_range: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and the whole body: files of the shop are small."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


def clean(path: str) -> str | None:
    """`path` without its first slash, or None when no file of ours can be meant.

    Refused: control characters, backslashes, empty segments, `.` and `..`, and every hidden file.
    """
    if not path.startswith("/") or _UNFIT.search(path):
        return None
    segments = path[1:].split("/")
    if any(not segment for segment in segments[:-1]) or any(segment.startswith(".") for segment in segments):
        return None
    return path[1:]


def locate(root: str, relative: str) -> str | None:
    """The file below `root` that `relative` names, links resolved; None when it lies elsewhere or is no file."""
    try:
        found = os.path.realpath(os.path.join(root, relative))
    except ValueError:
        return None
    inside = found.startswith(root + os.sep)
    return found if inside and os.path.isfile(found) else None


def accepted(header: str) -> dict[str, float]:
    """An Accept-Encoding header as weights."""
    weights: dict[str, float] = {}
    for part in header[:300].lower().split(","):
        name, _, quality = part.partition(";")
        try:
            weights[name.strip()] = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weights[name.strip()] = 0.0
    return weights


def pick_encoding(header: str, available: Sequence[str]) -> str | None:
    """The encoding to send of those available; equal weights take the first."""
    weights = accepted(header)
    usable = [(weights.get(name, weights.get("*", 0.0)), -at, name) for at, name in enumerate(available)]
    best = max(usable, default=(0.0, 0, ""))
    return best[2] if best[0] > 0 else None


def etag_of(body: bytes) -> str:
    """A strong ETag: the same bytes have the same one on every machine and after every build."""
    return f'"{sha256(body).hexdigest()[:20]}"'


def _matches(if_none_match: str, etag: str) -> bool:
    return if_none_match.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}


def _slice(wanted: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range, or None for one that cannot be satisfied."""
    match = _RANGE.fullmatch(wanted.strip())
    assert match  # noqa: S101 - asked only for ranges that fit the pattern
    first, last = match.groups()
    if not first:
        begin, end = max(0, size - int(last or 0)), size - 1
    else:
        begin, end = int(first), min(int(last) if last else size - 1, size - 1)
    return (begin, end) if begin <= end < size and (first or last) else None


def _read(file: str, encoding: str | None) -> bytes:
    suffix = dict(ENCODINGS).get(encoding or "", "")
    return Path(file + suffix).read_bytes()


def serve_file(file: str, asked: Asked, *, status: int = 200, cache: str | None = None) -> Answer:
    """The answer with a file that exists. `cache` replaces the cache rule of its name."""
    available = [name for name, suffix in ENCODINGS if os.path.isfile(file + suffix)]
    ranged = status == 200 and bool(_RANGE.fullmatch(asked.range.strip()))
    encoding = None if ranged else pick_encoding(asked.accept_encoding, available)
    body = _read(file, encoding)
    etag = etag_of(body)
    named = status == 200 and not asked.path.endswith("/")
    sent = [
        ("content-type", served.content_type(asked.path if named else file)),
        ("cache-control", cache or served.cache_control(asked.path)),
    ]
    if available:
        sent.append(("vary", "Accept-Encoding"))
    if status != 200:
        return Answer(status, (*sent, *_encoded(encoding)), body)
    sent += [("etag", etag), ("accept-ranges", "bytes")]
    if asked.if_none_match and _matches(asked.if_none_match, etag):
        return Answer(304, tuple(sent[1:]))
    if ranged and asked.if_range in {"", etag}:
        return _part(body, asked, sent)
    return Answer(200, (*sent, *_encoded(encoding)), body)


def _encoded(encoding: str | None) -> tuple[tuple[str, str], ...]:
    return (("content-encoding", encoding),) if encoding else ()


def _part(body: bytes, asked: Asked, sent: list[tuple[str, str]]) -> Answer:
    part = _slice(asked.range, len(body))
    if part is None:
        return Answer(416, (("content-range", f"bytes */{len(body)}"), *sent[1:]))
    begin, end = part
    return Answer(206, (*sent, ("content-range", f"bytes {begin}-{end}/{len(body)}")), body[begin : end + 1])


def add_slash(asked: Asked) -> Answer:
    """301 to the same folder with its slash, the query kept."""
    return moved_to(asked.path + "/", asked)


def moved_to(path: str, asked: Asked) -> Answer:
    """301 to `path`, the query kept."""
    target = quote(path, safe="/~!$&'()*+,;=:@-._")
    where = f"{target}?{asked.query}" if asked.query else target
    return Answer(301, (("location", where), ("cache-control", served.cache_control(asked.path))))


def serve_site(root: str, asked: Asked, fallbacks: Mapping[str, str] | None = None) -> Answer | None:
    """The answer of the folder `root` (its real path) to a GET, or None when it has no such page.

    `fallbacks` names, by first path segment, another folder for files that only pages of older releases link to.
    """
    relative = clean(asked.path)
    if relative is None or relative.endswith(tuple(suffix for _, suffix in ENCODINGS)):
        return None
    if asked.path.endswith("/"):
        index = locate(root, relative + "index.html")
        return serve_file(index, asked) if index else None
    file = locate(root, relative)
    if file:
        return serve_file(file, asked)
    if locate(root, relative + "/index.html"):
        return add_slash(asked)
    first, _, rest = relative.partition("/")
    older = (fallbacks or {}).get(first)
    kept = locate(os.path.realpath(older), rest) if older and rest else None
    return serve_file(kept, asked) if kept else None


@dataclass(frozen=True, slots=True)
class LeftPaths:
    """Paths that are no pages any more, of the release at hand: where they lead, and which lead nowhere."""

    stamp: tuple[int, ...] = ()
    redirects: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()

    def lead(self, path: str) -> str | None:
        """The page that an old path leads to, however it is written."""
        return self.redirects.get(_as_listed(path))

    def is_gone(self, path: str) -> bool:
        """Whether what stood here is gone for good."""
        return _as_listed(path) in self.gone


def _as_listed(path: str) -> str:
    # Small Latin letters alone, as nginx compares them.
    small = path.encode(errors="surrogateescape").lower().decode(errors="surrogateescape")
    return small if small.endswith("/") else small + "/"


def left_paths(root: str, known: LeftPaths) -> LeftPaths:
    """`redirects.json` of the release `root`: `known` itself until another file stands there."""
    file = os.path.join(root, "redirects.json")
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return LeftPaths()
    stamp = (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
    if stamp == known.stamp:
        return known
    said = json.loads(Path(file).read_bytes())
    return LeftPaths(stamp, said["redirects"], frozenset(said["gone"]))
