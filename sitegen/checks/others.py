"""The small files that machines ask for: redirects, the manifest, robots.txt, llms.txt."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.robotparser import RobotFileParser

from sitegen.checks.languages import Note
from sitegen.checks.report import Problem
from sitegen.checks.site import UNLISTED, Site, address_of, file_of

LINK: Final = re.compile(r"\]\((\S+?)\)")
PATH_IN_SCRIPT: Final = re.compile(r'"(/[^"]+\.\w+)"')
MANIFEST: Final = "manifest.webmanifest"
TEXTS: Final = ("robots.txt", "llms.txt")
BEHIND: Final = ("sw.js", "r.json", "redirects.json")
"""What no page links to and browsers or servers ask for by themselves."""


def check(site: Site, notes: Mapping[str, Note]) -> Iterator[Problem]:
    """Everything wrong with them. `notes` are the pages."""
    yield from _redirects(site)
    for file in sorted(site.files):
        if file.endswith(".webmanifest"):
            yield from (Problem("manifest", file, what) for what in _manifest(site, file))
        elif file.endswith("llms.txt"):
            yield from _links(site, file)
    yield from (
        Problem("file", name, "is missing")
        for name in (MANIFEST, *TEXTS, *BEHIND, *sorted(UNLISTED))
        if name not in site.files
    )
    if "robots.txt" in site.files:
        yield from _robots(site, notes)
    if "sw.js" in site.files:
        yield from (Problem("file", "sw.js", what) for what in _worker(site))


def _redirects(site: Site) -> Iterator[Problem]:
    file = "redirects.json"
    if file not in site.files:
        return
    try:
        table: dict[str, Any] = json.loads((site.root / file).read_bytes())
    except ValueError as error:
        yield Problem("redirect", file, f"is no JSON: {error}")
        return
    leads: dict[str, str] = table.get("redirects", {})
    for old, new in leads.items():
        if file_of("", old) in site.files:
            yield Problem("redirect", file, f"{old} is a page and would never be redirected")
        target = site.target("", new)
        if new in leads:
            yield Problem("redirect", file, f"{old} leads to {new}, which is redirected too")
        elif target is not None and target not in site.files:
            yield Problem("redirect", file, f"{old} leads to {new}, which is no page")
    for old in table.get("gone", ()):
        if old in leads or file_of("", old) in site.files:
            yield Problem("redirect", file, f"{old} is said to be gone, and is not")


def _manifest(site: Site, file: str) -> Iterator[str]:
    try:
        told: dict[str, Any] = json.loads((site.root / file).read_bytes())
    except ValueError as error:
        yield f"is no JSON: {error}"
        return
    for name in ("name", "short_name", "start_url", "icons"):
        if not told.get(name):
            yield f"has no {name}"
    wanted = [told.get("start_url", "/"), *(icon.get("src", "") for icon in told.get("icons", ()))]
    for address in wanted:
        if site.target("", str(address).partition("?")[0]) not in site.files:
            yield f"names {address}, which is not there"


def _robots(site: Site, notes: Mapping[str, Note]) -> Iterator[Problem]:
    lines = (site.root / "robots.txt").read_text("utf-8").splitlines()
    rules = RobotFileParser()
    rules.parse(lines)
    kept_out = [file for file, note in notes.items() if not note.hidden and not rules.can_fetch("*", address_of(file))]
    if kept_out:
        more = f" and {len(kept_out) - 1} others" if len(kept_out) > 1 else ""
        yield Problem("file", "robots.txt", f"keeps search engines from {address_of(min(kept_out))}{more}")
    maps = [line.partition(":")[2].strip() for line in lines if line.lower().startswith("sitemap:")]
    if not maps:
        yield Problem("file", "robots.txt", "names no sitemap")
    for address in maps:
        if site.target("", address) not in site.files:
            yield Problem("file", "robots.txt", f"names {address}, which is not there")


def _worker(site: Site) -> Iterator[str]:
    """Paths that the service worker keeps: with one of them missing a browser does not take it."""
    text = (site.root / "sw.js").read_text("utf-8")
    for address in dict.fromkeys(PATH_IN_SCRIPT.findall(text)):
        if site.target("", address) not in site.files:
            yield f"keeps {address}, which is not there"


def _links(site: Site, file: str) -> Iterator[Problem]:
    for address in dict.fromkeys(LINK.findall((site.root / file).read_text("utf-8"))):
        target = site.target(file, address)
        if target is not None and target not in site.files:
            yield Problem("file", file, f"leads to {address}, which is not there")
