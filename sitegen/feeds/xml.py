"""Text as XML, and files too large to hold, written piece by piece."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from markupsafe import Markup

FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML may hold."""
SPECIAL: Final = re.compile('[<>&"]|' + FORBIDDEN.pattern)
BREAK: Final = re.compile(r"</(?:p|li|h[1-6]|blockquote|tr)>|<br\s*/?>")
HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


class FeedIncomplete(Exception):
    """A feed lacks products of the catalogue, or names one twice; the message says which and why."""


def text(value: str) -> str:
    """Any text as the content of an element or of a double-quoted attribute."""
    # Most texts have nothing to escape, and a large feed asks a million times.
    return escape(FORBIDDEN.sub("", value), {'"': "&quot;"}) if SPECIAL.search(value) else value


def tag(name: str, value: str) -> str:
    """An element with a text in it."""
    return f"<{name}>{text(value)}</{name}>"


def plain(html: str, most: int) -> str:
    """The words of HTML on one line, at most `most` characters, cut after a word."""
    words = " ".join(Markup(BREAK.sub(" ", html)).striptags().split())  # noqa: S704 - only its words are used
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0]


@dataclass(slots=True)
class Counted:
    """Items on their way into a feed: each id once, and as many as the catalogue has."""

    file: str
    wanted: int
    seen: set[str]
    refused: list[str]

    @classmethod
    def of(cls, file: str, wanted: int) -> "Counted":
        """A count for `file`, which must come to `wanted` items."""
        return cls(file, wanted, set(), [])

    def add(self, sku: str) -> None:
        """One more item.

        Raises FeedIncomplete when it is already there.
        """
        if sku in self.seen:
            raise FeedIncomplete(f"{self.file}: {sku} stands in it twice")
        self.seen.add(sku)

    def refuse(self, sku: str, why: str) -> None:
        """An item that cannot be listed."""
        self.refused.append(f"{sku} {why}")

    def close(self) -> None:
        """All items are written.

        Raises FeedIncomplete when some are missing.
        """
        if len(self.seen) < self.wanted:
            why = f": {'; '.join(self.refused[:5])}" if self.refused else ""
            raise FeedIncomplete(f"{self.file}: {len(self.seen)} items where the catalogue has {self.wanted} SKUs{why}")


GATHER: Final = 1 << 18


def gathered(pieces: Iterable[str]) -> Iterator[bytes]:
    """Small pieces joined to blocks that are worth writing."""
    block: list[str] = []
    size = 0
    for piece in pieces:
        block.append(piece)
        size += len(piece)
        if size >= GATHER:
            yield "".join(block).encode()
            block.clear()
            size = 0
    if block:
        yield "".join(block).encode()
