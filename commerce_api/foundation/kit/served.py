"""How files of the built site are served: the type and the cache rule of each, by its path.

One table for the edge, nginx and whatever copies the site elsewhere.
"""

import os
import re
from collections.abc import Mapping
from typing import Final

REVALIDATE: Final = "public, no-cache"
"""Public answers that are asked for again each time: an ETag saves the body."""
IMMUTABLE: Final = "public, max-age=31536000, immutable"
PAGE: Final = "public, max-age=300, stale-while-revalidate=86400"
FEED: Final = "public, max-age=900"
DAY: Final = "public, max-age=86400"

RULES: Final = "/r.json"
"""Which links a browser may open ahead (sitegen/speculation.py)."""
HASHED_FOLDERS: Final = ("assets", "images", "data")
"""Folders of the build whose files are kept for a while when no page names them any more."""

CACHE_BY_NAME: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"^/(?:assets|images)/"), IMMUTABLE),
    (re.compile(r"^/data/.*-[0-9a-f]{8,}\.json$"), IMMUTABLE),
    (re.compile(r"^/data/(?:find-[a-z]{2}|cities)\.json$"), REVALIDATE),
    (re.compile(r"^(?:/[a-z]{2})?/feeds/|^/sitemap[^/]*\.xml$|^/(?:robots|llms)\.txt$|\.md$"), FEED),
    (re.compile(r"^/(?:sw\.js|r\.json)$"), REVALIDATE),
    (re.compile(r"/$|\.html$"), PAGE),
    (re.compile(r""), DAY),
)
"""Static files only: the first pattern that fits the path decides."""

TYPES: Final[Mapping[str, str]] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".avif": "image/avif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".pdf": "application/pdf",
}
TYPE_BY_PATH: Final[Mapping[str, str]] = {RULES: "application/speculationrules+json"}
"""Files whose name does not tell what they are."""


def content_type(path: str) -> str:
    """The type of a file by the path it is served at."""
    known = TYPES.get(os.path.splitext(path)[1].lower(), "application/octet-stream")
    return TYPE_BY_PATH.get(path, known)


def cache_control(path: str) -> str:
    """How long a file may be kept, by the path it is served at."""
    return next(value for pattern, value in CACHE_BY_NAME if pattern.search(path))
