"""A part of the search data: its files, and how the pointer names them."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson

from sitegen.page import Document

FOLDER: Final = "data"
HASH: Final = 12
"""Hexadecimal digits of a file's content in its name."""

Addresses = str | list[str] | dict[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """Finished files, and their addresses as the pointer gives them to scripts."""

    addresses: Addresses
    documents: tuple[Document, ...]


def hashed(key: str, stem: str, content: Any) -> Document:
    """`content` as a JSON file that never changes: `data/<stem>-<hash of its bytes>.json`."""
    data = orjson.dumps(content)
    return Document(key, f"{FOLDER}/{stem}-{sha256(data).hexdigest()[:HASH]}.json", data.decode())


def address(document: Document) -> str:
    """Where a browser asks for it."""
    return f"/{document.file}"


class Memory:
    """What was made last, by name, and of what: made anew only when that differs.

    One change of the shop leaves nearly all of these files as they were, and comparing what they are made of is a
    thousand times cheaper than making them. What is compared must not change in place.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], tuple[object, Any]] = {}

    def recall(self, name: tuple[str, ...], of: object, make: Callable[[], Any]) -> Any:
        """What `make` gives, or gave the last time when it was made of the same."""
        known = self._kept.get(name)
        if known is None or known[0] != of:
            known = self._kept[name] = of, make()
        return known[1]
