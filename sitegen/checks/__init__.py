"""Looking through a built site as visitors and machines would: `twocomms site check`, `make check-site`.

Each module knows one kind of fault. The Merchant feed is read first, so that every page can be compared with it; then
all pages, each once, in two processes; then what pages say of each other. The Nu checker runs beside it.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from commerce_api.foundation.kit import toml_files
from sitegen.checks import budgets, catalogue, feeds, languages, links, markup, others, sitemap
from sitegen.checks.markup import JAR
from sitegen.checks.reading import read_page
from sitegen.checks.report import Problem, Report
from sitegen.checks.site import Site, is_home, language_of
from sitegen.checks.walk import Progress, Walk, walk
from sitegen.source import CatalogView
from sitegen.store import PART, TWINS, files_below, has_twins

__all__ = ["JAR", "Problem", "Progress", "Report", "SiteMoved", "check", "known_hosts"]

HOSTS: Final = frozenset({"t.me", "novaposhta.ua", "www.instagram.com"})
"""Hosts that pages may link to; `[links] hosts` of content/site.toml adds others."""


class SiteMoved(Exception):
    """A file went away while the site was looked at: somebody publishes right now. The message is the file."""


def known_hosts(content: Path) -> frozenset[str]:
    """The hosts that pages may link to."""
    told = toml_files.read(content / "site.toml")
    return HOSTS | frozenset(told.get("links", {}).get("hosts", ()))


def check(
    root: Path,
    url: str,
    *,
    view: CatalogView | None = None,
    hosts: frozenset[str] = HOSTS,
    jar: Path | None = None,
    workers: int = 2,
    progress: Progress = lambda done, pages: None,
) -> Report:
    """Look through every file of a built site whose pages call themselves `url` (scheme and host, no slash).

    Without `view` nothing is compared with the catalogue, without `jar` HTML is not validated; the report says so.
    Raises SiteMoved when a file went away meanwhile.
    """
    started = time.monotonic()
    files = frozenset(file for file in files_below(str(root)) if not file.endswith((*TWINS, PART)))
    pages = sorted(file for file in files if file.endswith(".html"))
    site = Site(root, url, files, hosts)
    reason = markup.missing(jar) if jar else "HTML validity: nobody asked for it"
    unchecked = [reason] if reason else []
    with ExitStack() as beside:
        checker = None
        if jar is not None and not reason:
            checker = beside.enter_context(markup.started(root, markup.sample(pages), jar))
        try:
            offers, found = feeds.merchant_offers(site)
            site = replace(site, offers=offers)
            seen = walk(site, pages, workers, progress)
            found += seen.problems
            found += _whole(site, seen)
        except FileNotFoundError as gone:
            raise SiteMoved(str(gone.filename)) from gone
        if view is None:
            unchecked.append("drafts: the catalogue cannot be read")
        else:
            found += catalogue.check(site, view, _languages(seen))
        if checker is not None:
            try:
                found += markup.finish(root, checker)
            except markup.CannotCheck as error:
                unchecked.append(str(error))
    return Report(len(pages), len(files), tuple(found), tuple(unchecked), time.monotonic() - started)


def _languages(seen: Walk) -> tuple[str, ...]:
    """The languages of the home pages."""
    return tuple(sorted(language_of(note.file) for note in seen.notes if is_home(note.file)))


def _whole(site: Site, seen: Walk) -> Iterator[Problem]:
    """What only shows when all pages have been read."""
    notes = {note.file: note for note in seen.notes}
    yield from languages.between(site, notes)
    yield from languages.twins(site, seen.notes)
    yield from languages.orphans(site, notes, frozenset(seen.followed))
    yield from sitemap.check(site, notes)
    yield from feeds.check(site, seen.skus)
    yield from others.check(site, notes)
    yield from (Problem("size", file, what) for file, what in budgets.too_big(site))
    yield from (Problem("size", file, what) for file, what in budgets.unpacked(site))
    yield from _packed(site)
    yield from (Problem("link", file, what) for file, what in links.dead_in_styles(site))
    yield from _fragments(site, seen)
    for wanted, page in seen.asked.items():
        if wanted not in seen.defined:
            yield Problem("data", page, f"refers to {wanted}, which no page describes")


def _packed(site: Site) -> Iterator[Problem]:
    """Packed text beside anything but pages, which were looked at one by one."""
    for file in sorted(site.files):
        if not file.endswith(".html"):
            data = (site.root / file).read_bytes() if has_twins(file, (site.root / file).stat().st_size) else b""
            yield from (Problem("twin", file, what) for what in budgets.stale(site, file, data) if data)


def _fragments(site: Site, seen: Walk) -> Iterator[Problem]:
    """Ids that pages ask of other pages: those few are read once more."""
    asked: dict[str, dict[str, str]] = {}
    for (target, fragment), page in seen.fragments.items():
        asked.setdefault(target, {})[fragment] = page
    for target, wanted in asked.items():
        ids = read_page((site.root / target).read_bytes().decode(errors="replace")).ids
        for fragment, page in wanted.items():
            if unquote(fragment) not in ids:
                yield Problem("link", page, f"dead fragment {links.address(target, fragment)}")
