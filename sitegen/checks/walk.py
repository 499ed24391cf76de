"""Reading all pages, in two processes when there are many; what they tell of each other is kept until the end."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sitegen.checks import budgets, feeds, languages, links, structured
from sitegen.checks.languages import Note
from sitegen.checks.reading import Reading, read_page
from sitegen.checks.report import Problem, problems
from sitegen.checks.site import Site

WORTH_FORKING: Final = 400
"""Pages below which a second process costs more than it brings."""
BATCH: Final = 100
Progress = Callable[[int, int], None]
"""Told the pages done and all pages."""


@dataclass(slots=True)
class Walk:
    """What was seen on the way: `fragments` maps a page and an id asked of it to the page that asked."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    followed: set[str] = field(default_factory=set)
    fragments: dict[links.Fragment, str] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)
    asked: dict[str, str] = field(default_factory=dict)
    skus: dict[str, set[str]] = field(default_factory=dict)

    def absorb(self, other: "Walk") -> None:
        """Add what another walk saw."""
        self.problems += other.problems
        self.notes += other.notes
        self.followed |= other.followed
        self.fragments |= other.fragments
        self.defined |= other.defined
        self.asked |= other.asked
        self.skus |= other.skus


_site: Site
"""The site that a forked reader works on: inherited, never sent."""


def walk(site: Site, pages: Sequence[str], workers: int, progress: Progress) -> Walk:
    """Read every page."""
    global _site
    _site = site
    seen = Walk()
    batches = [pages[start : start + BATCH] for start in range(0, len(pages), BATCH)]
    done = 0
    for part, batch in zip(_parts(batches, workers if len(pages) > WORTH_FORKING else 1), batches, strict=True):
        seen.absorb(part)
        done += len(batch)
        progress(done, len(pages))
    return seen


def _parts(batches: Sequence[Sequence[str]], workers: int) -> Iterator[Walk]:
    if workers < 2:
        yield from map(_read_batch, batches)
        return
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield from pool.imap(_read_batch, batches)


def _read_batch(batch: Iterable[str]) -> Walk:
    seen = Walk()
    for page in batch:
        look(_site, page, seen)
    return seen


def look(site: Site, page: str, seen: Walk) -> None:
    """Read one page into a walk."""
    data = Path(site.root, page).read_bytes()
    reading = read_page(data.decode(errors="replace"))
    if b"\xef\xbf\xbd" in data or not _is_utf8(data):
        reading.problems.append("is not UTF-8, or was not when it was made")
    note = Note(
        page, reading.title, reading.meta.get("description", ""), reading.canonical, reading.hidden, reading.alternates
    )
    seen.notes.append(note)
    seen.problems += problems("page", page, reading.problems)
    seen.problems += problems("link", page, links.dead(site, page, reading))
    seen.problems += problems("host", page, links.strange_hosts(site, reading))
    seen.problems += problems("language", page, languages.inner(site, note, reading.lang))
    seen.problems += problems("language", page, languages.untranslated(note, reading.heading))
    seen.problems += problems("size", page, budgets.heavy(site, page, reading))
    seen.problems += problems("twin", page, budgets.stale(site, page, data))
    for target, fragment in links.followed(site, page, reading):
        seen.followed.add(target)
        if fragment:
            seen.fragments.setdefault((target, fragment), page)
    _data(site, page, reading, seen)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _data(site: Site, page: str, reading: Reading, seen: Walk) -> None:
    data = structured.examine(reading.data)
    seen.problems += problems("data", page, data.problems)
    seen.problems += problems("data", page, _leads(site, data))
    seen.problems += problems("price", page, feeds.compare(site, data.offers, reading.price))
    if reading.sells:
        seen.problems += problems("price", page, _untold(data, reading))
    seen.defined |= data.defined
    seen.asked |= dict.fromkeys(data.asked - data.defined, page)
    if data.offers:
        seen.skus[page] = set(data.offers)


def _untold(data: structured.Data, reading: Reading) -> Iterator[str]:
    if not data.offers:
        yield "sells something, and no structured data says what it costs"
    if reading.price is None:
        yield "sells something and shows no price"


def _leads(site: Site, data: structured.Data) -> Iterator[str]:
    for address in sorted(data.leads):
        if address.startswith(site.url + "/"):
            target = site.target("", address)
            if target is not None and target not in site.files:
                yield f"names {address}, which is not there"
