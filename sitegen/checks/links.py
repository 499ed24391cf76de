"""Every address on a page must lead somewhere, and only to hosts that were chosen."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from sitegen.checks.reading import Reading
from sitegen.checks.site import Site, address_of, language_of

OTHER_SCHEMES = frozenset({"mailto", "tel", "sms", "viber"})
IN_STYLE: Final = re.compile(r"""url\(\s*["']?([^"')\s]+)""")
Fragment = tuple[str, str]
"""A page's file and an id that must be on it."""


def dead(site: Site, page: str, reading: Reading) -> Iterator[str]:
    """Addresses that lead nowhere, and ids that the page itself lacks."""
    for address in dict.fromkeys((*reading.pages, *reading.parts)):
        target = site.target(page, address)
        if target is None:
            continue
        fragment = address.partition("#")[2]
        if target not in site.files:
            yield f"dead link {address}"
        elif fragment and target == page and unquote(fragment) not in reading.ids:
            yield f"dead fragment {address}"


def dead_in_styles(site: Site) -> Iterator[tuple[str, str]]:
    """Stylesheets whose fonts and drawings are not there, with a sentence each."""
    for file in sorted(site.files):
        if file.endswith(".css"):
            for address in dict.fromkeys(IN_STYLE.findall((site.root / file).read_text("utf-8", "replace"))):
                if is_foreign(address) and not address.startswith(site.url + "/"):
                    if not address.startswith("data:"):
                        yield file, f"fetches {address} from another host"
                elif not address.startswith("#") and site.target(file, address) not in site.files:
                    yield file, f"dead link {address}"


def strange_hosts(site: Site, reading: Reading) -> Iterator[str]:
    """Parts fetched from another host, and links to hosts that the shop does not know."""
    for address in dict.fromkeys(reading.parts):
        if is_foreign(address) and not address.startswith(site.url + "/"):
            yield f"fetches {address} from another host"
    for address in filter(is_foreign, dict.fromkeys(reading.pages)):
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and not address.startswith(site.url) and parts.netloc not in site.hosts:
            yield f"links to the unexpected host {parts.netloc}"
        elif parts.scheme and parts.scheme not in ("http", "https") and parts.scheme not in OTHER_SCHEMES:
            yield f"links with the scheme {parts.scheme}:"


def is_foreign(address: str) -> bool:
    """Whether an address names a scheme or a host."""
    return "//" in address[:10] or ":" in address[:12]


def followed(site: Site, page: str, reading: Reading) -> Iterator[tuple[str, str]]:
    """Other pages that the page leads to in its own language, with the fragment asked of each."""
    for address in dict.fromkeys(reading.pages):
        target = site.target(page, address)
        if target and target != page and target in site.files and target.endswith(".html"):
            fragment = unquote(address.partition("#")[2])
            if fragment or language_of(target) == language_of(page):
                yield target, fragment


def address(file: str, fragment: str) -> str:
    """The address of a place on a page."""
    return f"{address_of(file)}#{fragment}"
