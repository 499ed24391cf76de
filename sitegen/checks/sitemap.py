"""The sitemap: built as its schema says, complete, and naming nothing that is not to be found."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as Xml

from sitegen.checks.languages import Note
from sitegen.checks.report import Problem
from sitegen.checks.site import Site

ENTRY: Final = "sitemap.xml"
MAPS: Final = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGES: Final = "{http://www.google.com/schemas/sitemap-image/1.1}"
LINKS: Final = "{http://www.w3.org/1999/xhtml}"
CHILDREN: Final = frozenset({"loc", "lastmod", "changefreq", "priority"})
MOST_ADDRESSES: Final = 50_000
MOST_BYTES: Final = 50_000_000
MOST_IMAGES: Final = 1_000
LONGEST: Final = 2_048
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?")


def check(site: Site, notes: Mapping[str, Note]) -> Iterator[Problem]:
    """Everything wrong with sitemap.xml and the parts it names."""
    if ENTRY not in site.files:
        yield Problem("sitemap", ENTRY, "is missing")
        return
    listed: dict[str, str] = {}
    read: set[str] = set()
    for part in _parts(site):
        if isinstance(part, Problem):
            yield part
            continue
        if part in read:
            yield Problem("sitemap", ENTRY, f"names {part} twice")
            continue
        read.add(part)
        yield from _addresses(site, part, notes, listed)
    for file, note in notes.items():
        if not note.hidden and site.page_of(note.canonical) == file and note.canonical not in listed:
            yield Problem("sitemap", file, "may be shown by search engines, but no sitemap names it")


def _parts(site: Site) -> Iterator[str | Problem]:
    """The files that hold addresses: the entry itself, or those that it names."""
    try:
        events = Xml.iterparse(site.root / ENTRY, events=("start", "end"))  # noqa: S314 - a file of ours
        tag = next(node.tag for _, node in events)
        if tag == f"{MAPS}urlset":
            yield ENTRY
            return
        if tag != f"{MAPS}sitemapindex":
            yield Problem("sitemap", ENTRY, f"begins with {tag}")
            return
        for event, node in events:
            if event == "end" and node.tag == f"{MAPS}loc":
                file = site.target("", (node.text or "").strip())
                if file is None or file not in site.files:
                    yield Problem("sitemap", ENTRY, f"names {node.text}, which is not there")
                else:
                    yield file
    except Xml.ParseError as error:
        yield Problem("sitemap", ENTRY, f"is no XML: {error}")


def _addresses(site: Site, part: str, notes: Mapping[str, Note], listed: dict[str, str]) -> Iterator[Problem]:
    count = 0
    if Path(site.root, part).stat().st_size > MOST_BYTES:
        yield Problem("sitemap", part, f"is larger than {MOST_BYTES} bytes")
    try:
        for _, node in Xml.iterparse(site.root / part):  # noqa: S314 - a file of ours
            if node.tag != f"{MAPS}url":
                continue
            count += 1
            for what in _entry(site, node, notes, listed, part):
                yield Problem("sitemap", part, what)
            node.clear()
    except Xml.ParseError as error:
        yield Problem("sitemap", part, f"is no XML: {error}")
    if not 0 < count <= MOST_ADDRESSES:
        yield Problem("sitemap", part, f"has {count} addresses, 1 to {MOST_ADDRESSES} are allowed")


def _entry(
    site: Site, node: Xml.Element, notes: Mapping[str, Note], listed: dict[str, str], part: str
) -> Iterator[str]:
    places = [child.text or "" for child in node if child.tag == f"{MAPS}loc"]
    if len(places) != 1:
        yield f"an entry with {len(places)} addresses"
        return
    address = places[0]
    if address in listed:
        yield (
            f"{address} stands there twice" if listed[address] == part else f"{address} stands in {listed[address]} too"
        )
    listed[address] = part
    if len(address) > LONGEST:
        yield f"{address} is longer than {LONGEST} characters"
    yield from _page(site, address, notes)
    yield from _languages(site, address, node, notes)
    pictures = 0
    for child in node:
        name = child.tag.removeprefix(MAPS)
        if child.tag.startswith(MAPS) and name not in CHILDREN:
            yield f"{address}: the schema has no {name}"
        if name == "lastmod" and not MOMENT.fullmatch(child.text or ""):
            yield f"{address}: {child.text} is no moment"
        if child.tag == f"{IMAGES}image":
            pictures += 1
            yield from _picture(site, address, child)
    if pictures > MOST_IMAGES:
        yield f"{address}: {pictures} pictures, at most {MOST_IMAGES}"


def _languages(site: Site, address: str, node: Xml.Element, notes: Mapping[str, Note]) -> Iterator[str]:
    """Where the entry and its page disagree about translations; an entry need not name any."""
    told = {(link.get("hreflang", ""), link.get("href", "")) for link in node.findall(f"{LINKS}link")}
    note = notes.get(site.page_of(address) or "")
    if told and note is not None and told != set(note.alternates):
        strange = sorted(f"{lang} {href}" for lang, href in told ^ set(note.alternates))
        yield f"{address}: not the translations that its page names: {', '.join(strange)}"


def _page(site: Site, address: str, notes: Mapping[str, Note]) -> Iterator[str]:
    note = notes.get(site.page_of(address) or "")
    if note is None:
        yield f"{address} is no page"
    elif note.hidden:
        yield f"{address} asks not to be indexed"
    elif note.canonical != address:
        yield f"{address} is not canonical: {note.canonical} is"


def _picture(site: Site, address: str, image: Xml.Element) -> Iterator[str]:
    for child in image:
        if child.tag != f"{IMAGES}loc":
            yield f"{address}: pictures have no {child.tag} any more"
        elif site.target("", child.text or "") not in site.files:
            yield f"{address}: the picture {child.text} is not there"
