"""Whether two builds made the same pages: the same files, and in each the same elements, attributes and words.

White space between words and the order of attributes are left out of it, and so is how a character is escaped:
generators differ there and browsers do not.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path
from typing import Any

SHOWN = 160


class _Reader(HTMLParser):
    """A page as a list of what matters."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[object] = []
        self._text: list[str] = []
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.flush()
        self._is_data = ("type", "application/ld+json") in attrs
        self.parts.append((tag, tuple(sorted((name, " ".join((value or "").split())) for name, value in attrs))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self.flush()
        self.parts.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if self._is_data and text.strip():
            self.parts.append(_json(text))
        elif text.strip():
            self.parts.append(" ".join(text.split()))


def _json(text: str) -> Any:
    return json.loads(text)


def parts_of(html: str) -> list[object]:
    """Elements with their attributes, words, and embedded JSON, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return reader.parts


def difference(one: str, other: str) -> str:
    """The first place where two pages differ, empty when they are the same."""
    for left, right in zip_longest(parts_of(one), parts_of(other)):
        if left != right:
            return f"{str(left)[:SHOWN]} | {str(right)[:SHOWN]}"
    return ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Pages of both builds: how many there are, how many were read and are the same, and what differs."""

    pages: int
    compared: int
    same: int
    only_one: tuple[str, ...]
    only_other: tuple[str, ...]
    differences: tuple[str, ...]

    @property
    def equal(self) -> bool:
        return self.same == self.compared and not self.only_one and not self.only_other


def pages_below(folder: Path) -> dict[str, int]:
    """The HTML files of a site and their sizes."""
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*.html")}


def compare(one: Path, other: Path, every: int = 1) -> Comparison:
    """Compare two sites, reading every nth page."""
    left, right = pages_below(one), pages_below(other)
    both = sorted(left.keys() & right.keys())
    read = both[::every]
    differences = list(_differences(one, other, read))
    return Comparison(
        pages=len(left),
        compared=len(read),
        same=len(read) - len(differences),
        only_one=tuple(sorted(left.keys() - right.keys())),
        only_other=tuple(sorted(right.keys() - left.keys())),
        differences=tuple(differences),
    )


def _differences(one: Path, other: Path, files: Iterable[str]) -> Iterable[str]:
    for file in files:
        found = difference((one / file).read_text("utf-8"), (other / file).read_text("utf-8"))
        if found:
            yield f"{file}: {found}"
