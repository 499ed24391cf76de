"""Reading a built site as a visitor would: every link, fragment, picture and script must lead somewhere."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

import brotli  # type: ignore[import-untyped]

from commerce_api.foundation.kit import urls
from sitegen.store import PART, TWINS, files_below

BUDGETS: Final[Mapping[str, int]] = {".css": 8_000, ".js": 10_000, ".html": 40_000, ".avif": 150_000, ".jpg": 250_000}
"""Bytes a file may have as it travels: text after brotli, pictures as they are."""
SIDECAR: Final = ("/cart/", "/checkout/", "/order/", "/account/", "/admin/", "/find/", "/api/", "/live/", "/auth/")
"""Paths that the sidecar answers, in every language."""
SOURCES: Final = {"img": "src", "script": "src", "source": "srcset", "link": "href", "a": "href", "form": "action"}
DATA_SCRIPTS: Final = frozenset({"application/ld+json", "speculationrules"})


@dataclass(frozen=True, slots=True)
class Report:
    """What was read and what is wrong with it."""

    pages: int
    files: int
    problems: tuple[str, ...]

    def json(self) -> str:
        """One line for programs."""
        return json.dumps({"pages": self.pages, "files": self.files, "problems": self.problems}, ensure_ascii=False)

    def sentence(self) -> str:
        """Lines for people."""
        found = f"{len(self.problems)} problems" if self.problems else "nothing wrong"
        return "\n".join([f"{self.pages} pages, {self.files} files: {found}", *self.problems])


@dataclass(slots=True)
class Reading:
    """What one page holds: where it leads, the ids it has, and what is wrong within it."""

    links: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    """Collects a page's reading."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = Reading()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag's addresses, its id, and what it lacks."""
        given = dict(attrs)
        if given.get("id"):
            self.reading.ids.add(str(given["id"]))
        address = given.get(SOURCES.get(tag, ""))
        if address is not None:
            listed = address.split(",") if tag == "source" else [address]
            self.reading.links += [part.split()[0] for part in listed if part.strip()]
        self._notice(tag, given)

    def _notice(self, tag: str, given: Mapping[str, str | None]) -> None:
        problems = self.reading.problems
        if tag == "img":
            problems += [f"a picture without {name}" for name in ("alt", "width", "height") if name not in given]
        if tag == "style" or "style" in given:
            problems.append("inline style")
        if tag == "script" and not given.get("src") and given.get("type") not in DATA_SCRIPTS:
            problems.append("inline script")
        problems += [f"inline handler {name}" for name in given if name.startswith("on")]


def read_page(html: str) -> Reading:
    """The links, ids and inner problems of one page."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.reading


def check(root: Path) -> Report:
    """Read every file of a built site. Links to the sidecar and to other hosts are taken on trust."""
    files = {file for file in files_below(str(root)) if not file.endswith((*TWINS, PART))}
    pages = sorted(file for file in files if file.endswith(".html"))
    readings = {page: read_page((root / page).read_text("utf-8")) for page in pages}
    problems: list[str] = []
    for page, reading in readings.items():
        problems += [f"{page}: {problem}" for problem in dict.fromkeys(reading.problems)]
        problems += [f"{page}: {problem}" for problem in _dead(page, reading, readings, files)]
    problems += _too_big(root, files)
    return Report(len(pages), len(files), tuple(problems))


def _dead(page: str, reading: Reading, readings: Mapping[str, Reading], files: set[str]) -> Iterator[str]:
    for link in dict.fromkeys(reading.links):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or _is_elsewhere(parts.path):
            continue
        target = _file_of(page, parts.path)
        if target not in files:
            yield f"dead link {link}"
        elif parts.fragment and target in readings and unquote(parts.fragment) not in readings[target].ids:
            yield f"dead fragment {link}"


def _is_elsewhere(path: str) -> bool:
    plain = "/" + path.split("/", 2)[2] if path[1:3].isalpha() and path[3:4] == "/" else path
    return plain.startswith(SIDECAR) or plain == urls.cart_add(urls.DEFAULT_LANGUAGE)


def _file_of(page: str, path: str) -> str:
    """The file that a path on a page leads to."""
    if not path:
        return page
    file = unquote(urljoin(f"/{page}", path))[1:]
    return f"{file}index.html" if not file or file.endswith("/") else file


def _too_big(root: Path, files: set[str]) -> Iterator[str]:
    for file in sorted(files):
        budget = BUDGETS.get(os.path.splitext(file)[1])
        if budget is None:
            continue
        size = (root / file).stat().st_size
        if size > budget and file.endswith((".css", ".js", ".html")):
            size = len(brotli.compress((root / file).read_bytes()))
        if size > budget:
            yield f"{file}: {size} bytes, at most {budget} may travel"
