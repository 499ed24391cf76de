"""A built site as a set of files: which address leads to which of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from commerce_api.foundation.kit import urls

SIDECAR: Final = (
    "/cart/", "/checkout/", "/order/", "/account/", "/admin/", "/find/", "/api/", "/live/", "/auth/", "/webhooks/",
    "/beacon", "/favourites/", "/restock/",
)  # fmt: skip
"""Paths that the sidecar answers, in every language."""
UNLISTED: Final = frozenset({"404.html", "500.html", "503.html", "gone.html", "offline.html"})
"""Pages that nobody links to: a server shows them when it has to."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a feed says of one SKU."""

    price: int
    available: bool
    page: str


@dataclass(frozen=True, slots=True)
class Site:
    """The files below `root`; `url` is the scheme and host that the pages name as theirs, without a slash."""

    root: Path
    url: str
    files: frozenset[str]
    hosts: frozenset[str] = frozenset()
    offers: Mapping[str, Offer] = field(default_factory=dict)

    def target(self, page: str, address: str) -> str | None:
        """The file that an address on a page leads to, there or not; None for other hosts and the sidecar."""
        own = address.removeprefix(self.url) or "/"
        if own.startswith("/") and not own.startswith("//"):
            return _absolute(own)
        parts = urlsplit(own)
        if parts.scheme or parts.netloc or is_sidecar(parts.path):
            return None
        return file_of(page, parts.path)

    def page_of(self, address: str) -> str | None:
        """The file of an absolute address of ours; None when it is none or there is no such file."""
        if not address.startswith(self.url + "/"):
            return None
        file = file_of("", urlsplit(address.removeprefix(self.url)).path)
        return file if file in self.files else None


@lru_cache(maxsize=100_000)
def _absolute(address: str) -> str | None:
    """What `Site.target` says of a path from the root: pages share most of theirs."""
    path = address.partition("#")[0].partition("?")[0]
    return None if is_sidecar(path) else file_of("", path)


def is_sidecar(path: str) -> bool:
    """Whether the sidecar answers a path."""
    plain = "/" + path.split("/", 2)[2] if path[1:3].isalpha() and path[3:4] == "/" else path
    return plain.startswith(SIDECAR)


def file_of(page: str, path: str) -> str:
    """The file that a path on a page leads to."""
    if not path:
        return page
    whole = path if path.startswith("/") and "/." not in path else urljoin(f"/{page}", path)
    file = unquote(whole)[1:]
    return f"{file}index.html" if not file or file.endswith("/") else file


def address_of(file: str) -> str:
    """The path under which a page is served."""
    return "/" + file.removesuffix("index.html")


def language_of(file: str) -> str:
    """The language that a page's folder stands for."""
    first = file.partition("/")[0]
    return first if len(first) == 2 and first.isalpha() else urls.DEFAULT_LANGUAGE


def is_home(file: str) -> bool:
    """Whether a file is the home page of a language."""
    return address_of(file) in {urls.home(language_of(file)), "/"}
