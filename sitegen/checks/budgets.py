"""What may travel: bytes of each kind of file, and of all that a product page needs to be read."""

import gzip
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import brotli  # type: ignore[import-untyped]

from sitegen.checks.reading import Reading
from sitegen.checks.site import Site
from sitegen.store import TWINS, has_twins

FILES: Final[Mapping[str, int]] = {
    ".css": 8_000, ".js": 10_000, ".html": 40_000, ".woff2": 24_000, ".avif": 150_000, ".jpg": 250_000,
}  # fmt: skip
"""Bytes a file may have as it travels: text after brotli, pictures and fonts as they are."""
TEXT: Final = (".css", ".js", ".html")
PRODUCT_PAGE: Final = 55_000
"""Bytes of a product page without pictures."""
REQUESTS: Final = 12
"""Requests of a product page without pictures, before it idles."""
SCRIPTS: Final = 10_000
FONTS: Final = 31_000
FONT: Final = re.compile(rb"""url\(["']?/?([^"')]+\.woff2)""")
UNPACK: Final[Mapping[str, Callable[[bytes], bytes]]] = {".br": brotli.decompress, ".gz": gzip.decompress}


def too_big(site: Site) -> Iterator[tuple[str, str]]:
    """Files above their budget, with a sentence each."""
    for file in sorted(site.files):
        budget = FILES.get(os.path.splitext(file)[1])
        if budget is None or (site.root / file).stat().st_size <= budget:
            continue
        size = travels(site.root, file)
        if size > budget:
            yield file, f"{size} bytes, at most {budget} may travel"


def unpacked(site: Site) -> Iterator[tuple[str, str]]:
    """Text that would travel as it is, in a site whose pages lie packed beside themselves."""
    if not os.path.exists(site.root / "index.html.br"):
        return
    for file in sorted(site.files):
        path = os.path.join(site.root, file)
        lacking = [twin for twin in TWINS if has_twins(file, os.stat(path).st_size) and not os.path.exists(path + twin)]
        if lacking:
            yield file, f"has no {' and no '.join(lacking)} beside it and travels unpacked"


def stale(site: Site, file: str, data: bytes) -> Iterator[str]:
    """Packed twins of a file that hold anything but `data`, what the file holds: visitors are sent the twin."""
    path = Path(site.root, file)
    for suffix in UNPACK:
        # A page that is published meanwhile is looked at once more, before it is blamed.
        if not _agree(path, suffix, data) and not _agree(path, suffix, path.read_bytes()):
            yield f"its {suffix} holds something else than it does"


def _agree(path: Path, suffix: str, data: bytes) -> bool:
    """Whether a twin holds `data`, or there is none."""
    try:
        return UNPACK[suffix](Path(f"{path}{suffix}").read_bytes()) == data
    except FileNotFoundError:
        return True
    except (brotli.error, OSError, EOFError, zlib.error):
        return False


@lru_cache(maxsize=4096)
def travels(root: Path, file: str) -> int:
    """Bytes of a file as it travels: its brotli twin for text, itself for everything else; 0 when it is missing."""
    path = root / file
    for candidate in (f"{path}.br", path) if file.endswith(TEXT) else (path,):
        if os.path.exists(candidate):
            size = os.stat(candidate).st_size
            if candidate is path and file.endswith(TEXT):
                size = len(brotli.compress(path.read_bytes(), quality=5))
            return size
    return 0


@lru_cache(maxsize=256)
def fonts_of(root: Path, style: str) -> frozenset[str]:
    """The fonts that a stylesheet may ask for."""
    path = root / style
    if not path.exists():
        return frozenset()
    return frozenset(name.decode() for name in FONT.findall(path.read_bytes()))


def heavy(site: Site, page: str, reading: Reading) -> Iterator[str]:
    """What is too heavy about a page: its scripts, its fonts, and for a product all of it without pictures."""
    styles = [file for address in reading.styles if (file := site.target(page, address))]
    scripts = [file for address in dict.fromkeys(reading.scripts) if (file := site.target(page, address))]
    fonts = frozenset[str]().union(*(fonts_of(site.root, style) for style in styles))
    weights = {
        "scripts": (sum(travels(site.root, file) for file in scripts), SCRIPTS),
        "fonts": (sum(travels(site.root, file) for file in fonts), FONTS),
    }
    if page.startswith("product/") or page[2:].startswith("/product/"):
        needed = (page, *styles, *scripts, *fonts)
        weights["the page without pictures"] = (sum(travels(site.root, file) for file in needed), PRODUCT_PAGE)
        if len(needed) > REQUESTS:
            yield f"{len(needed)} requests without pictures, at most {REQUESTS}"
    for what, (size, most) in weights.items():
        if size > most:
            yield f"{what}: {size} bytes travel, at most {most}"
