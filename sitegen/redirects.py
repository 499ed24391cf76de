"""Where pages that moved live now, and which are gone for good: old links always get an answer (rules.md 3).

One table of two writers: the catalogue remembers renamed and archived products, content/redirects.toml is written by
people, whose word counts first. An entry holds for every language that has its page. Old paths are no pages and new
ones are, so that no answer needs a second hop.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from commerce_api.foundation.kit import toml_files, urls
from sitegen.content import BadContent

FILE: Final = "redirects.toml"
MACHINE: Final = "redirects.json"
"""The table as the edge reads it."""
MAPS: Final = (".nginx/redirects.map", ".nginx/gone.map")
"""The table as nginx includes it; visitors are shown no hidden file."""
PATH: Final = re.compile(r"/(?:[\w.~-]+/)*")
LONGEST: Final = 300
"""Bytes of a path: nginx keeps its maps in buckets of a fixed size."""
LANGUAGE: Final = re.compile(r"/[a-z]{2}/")
PRODUCT: Final = re.compile(r"/product/[^/]+/")
STORY: Final = "story/"

IsPage = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Table:
    """Old path to new path, paths that are gone, and the entries that were left out, each with its reason."""

    leads: Mapping[str, str]
    gone: tuple[str, ...]
    problems: tuple[str, ...]


def read(content: Path) -> dict[str, str]:
    """The entries of content/redirects.toml; none when there is no such file.

    Raises sitegen.content.BadContent naming an entry that is not written as the file says, leads in a circle, or leads
    to a path that another entry moves on.
    """
    path = content / FILE
    try:
        loaded = toml_files.read(path)
    except FileNotFoundError:
        return {}
    except toml_files.BadToml as error:
        raise BadContent(str(error)) from error
    # A way is followed through other entries, which must be paths by then.
    for problem_of in (_badly_written, lambda old, new: _winding(old, loaded)):
        for old, new in loaded.items():
            if problem := problem_of(old, new):
                raise BadContent(f'{path}: "{old}" = "{new}" {problem}')
    return loaded


def _badly_written(old: str, new: Any) -> str:
    for path in (old, new):
        if not (isinstance(path, str) and PATH.fullmatch(path)):
            return "is no pair of paths that start and end with a slash"
        if len(path.encode()) > LONGEST:
            return f"has a path longer than {LONGEST} bytes, of which a Cyrillic letter takes two"
        if LANGUAGE.match(path):
            return "names a language: write the path without it, the other languages follow by themselves"
    return "" if old == lowered(old) else "has capitals in its old path: it is found however it is asked for"


def lowered(path: str) -> str:
    """A path with small Latin letters, as old paths are compared."""
    return path.encode().lower().decode()


def _winding(old: str, entries: Mapping[str, str]) -> str:
    """What is wrong with the way that begins at `old`, empty when it is one step."""
    passed, end = {old}, entries[old]
    while end in entries and end not in passed:
        passed.add(end)
        end = entries[end]
    if end in passed:
        return "leads in a circle"
    return f'is a chain: write "{end}", where it ends' if len(passed) > 1 else ""


def table(
    languages: Iterable[str],
    redirects: Iterable[tuple[str, str]],
    gone: Iterable[str],
    written: Mapping[str, str],
    is_page: IsPage,
) -> Table:
    """The one table for pages as they are now; `redirects` and `gone` are the catalogue's, `written` is `read`'s.

    A written entry whose page the catalogue has moved since follows it there, and is gone with it: nobody who renames
    a product reads this file. Any other chain and every circle is refused.
    """
    languages = tuple(languages)
    known, lost = dict(redirects), _with_stories(gone)
    leads: dict[str, str] = {}
    problems: list[str] = []
    for old, new in {**known, **written}.items():
        by_people = old in written
        end = known.get(new, new) if by_people else new
        if end in lost:
            lost.add(old)
            continue
        ways = {urls.localized(old, lang): _standing(urls.localized(end, lang), is_page) for lang in languages}
        problem = _refused(old, end, ways, known, is_page)
        if problem:
            problems.append(f"{FILE if by_people else 'catalogue'}: {old} to {new}: {problem}")
        else:
            leads |= {way: found for way, found in ways.items() if found}
    left = {urls.localized(path, lang) for path in lost for lang in languages}
    return Table(
        leads=dict(sorted(leads.items())),
        gone=tuple(sorted(path for path in left if path not in leads and not is_page(path))),
        problems=tuple(problems),
    )


def _refused(old: str, end: str, ways: Mapping[str, str], known: Mapping[str, str], is_page: IsPage) -> str:
    if old == end:
        return "leads in a circle"
    for way in ways:
        if is_page(way):
            return f"{way} is a page"
    if any(ways.values()):
        return ""
    return f"{end} leads on to {known[end]}" if end in known else f"{end} is no page"


def _standing(path: str, is_page: IsPage) -> str:
    """The page that an entry leads to, empty when there is none; a story told no more leaves its product."""
    product = path.removesuffix(STORY)
    return next((each for each in (path, product) if is_page(each)), "")


def _with_stories(gone: Iterable[str]) -> set[str]:
    """What is gone, with the stories of products that are."""
    lost = set(gone)
    return lost | {path + STORY for path in lost if PRODUCT.fullmatch(path)}


def files(found: Table) -> dict[str, str]:
    """The table as machines read it: names and texts of files."""
    said = {"redirects": found.leads, "gone": found.gone}
    moved = (f'"{way}" "{quote(new)}";\n' for old, new in found.leads.items() for way in _asked(old))
    gone = (f'"{way}" 1;\n' for path in found.gone for way in _asked(path))
    texts = (json.dumps(said, ensure_ascii=False, indent=1), "".join(moved), "".join(gone))
    return dict(zip((MACHINE, *MAPS), texts, strict=True))


def _asked(path: str) -> tuple[str, str]:
    """An old path with the slash at its end and without: either way the answer is one hop."""
    return path, path.removesuffix("/")
