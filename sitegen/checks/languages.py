"""What pages say of themselves to search engines, compared over the whole site."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from babel.core import get_global

from sitegen.checks.report import Problem
from sitegen.checks.site import UNLISTED, Site, is_home, language_of

NEUTRAL: Final = "x-default"
CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
LONGEST: Final[Mapping[str, int]] = {"title": 70, "description": 200}
"""Characters after which search engines cut."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is kept of a page until all have been read."""

    file: str
    title: str
    description: str
    canonical: str
    hidden: bool
    alternates: tuple[tuple[str, str], ...]


def inner(site: Site, note: Note, lang: str) -> Iterator[str]:
    """What one page says wrongly of itself. `lang` is the language its root element names."""
    if lang != language_of(note.file) and note.file not in UNLISTED:
        yield f"is in {lang or 'no language'}, though it lies among the pages in {language_of(note.file)}"
    if not note.title:
        yield "no title"
    if note.hidden:
        return
    if not note.description:
        yield "no description"
    for name, text in (("title", note.title), ("description", note.description)):
        if len(text) > LONGEST[name]:
            yield f"a {name} of {len(text)} characters, at most {LONGEST[name]}"
    if not note.canonical.startswith(site.url + "/"):
        yield f"its canonical address is {note.canonical or 'missing'}"
    elif site.page_of(note.canonical) is None:
        yield f"its canonical address {note.canonical} is no page"


@lru_cache
def is_cyrillic(lang: str) -> bool:
    """Whether a language is written in Cyrillic letters, as far as anybody knows."""
    return "Cyrl" in get_global("likely_subtags").get(lang, "").split("_")


def untranslated(note: Note, heading: str) -> Iterator[str]:
    """What stands above a page in Cyrillic letters, though its language is written in Latin ones (lessons.md 69)."""
    if is_cyrillic(language_of(note.file)):
        return
    for name, text in (("title", note.title), ("heading", heading)):
        if CYRILLIC.search(text):
            yield f"nobody translated its {name}: {text.strip()}"


def between(site: Site, notes: Mapping[str, Note]) -> Iterator[Problem]:
    """What pages say of each other: canonical addresses in one step, translations that know each other."""
    for note in notes.values():
        if note.hidden:
            continue
        chosen = notes.get(site.page_of(note.canonical) or "")
        if chosen and (chosen.hidden or chosen.canonical != note.canonical):
            yield Problem("language", note.file, f"its canonical page {chosen.file} is not one itself")
        yield from _translations(site, note, notes)


def _translations(site: Site, note: Note, notes: Mapping[str, Note]) -> Iterator[Problem]:
    if not note.alternates:
        return
    given = dict(note.alternates)
    own = given.get(language_of(note.file))
    if own != note.canonical:
        yield Problem("language", note.file, f"hreflang names {own} as its own, canonical {note.canonical}")
    if NEUTRAL not in given:
        yield Problem("language", note.file, "hreflang has no x-default")
    for lang, address in note.alternates:
        other = notes.get(site.page_of(address) or "")
        if other is None:
            yield Problem("language", note.file, f"hreflang {lang} leads to {address}, which is no page")
        elif set(other.alternates) != set(note.alternates):
            yield Problem("language", note.file, f"hreflang {lang}: {address} does not say the same")
        elif lang != NEUTRAL and language_of(other.file) != lang:
            yield Problem("language", note.file, f"hreflang {lang} leads to a page in {language_of(other.file)}")


def twins(site: Site, notes: Sequence[Note]) -> Iterator[Problem]:
    """Pages of one language that search engines may show, and that have the same title or description."""
    for name in ("title", "description"):
        seen: dict[tuple[str, str], str] = {}
        for note in notes:
            if note.hidden or site.page_of(note.canonical) != note.file:
                continue
            text = note.title if name == "title" else note.description
            first = seen.setdefault((language_of(note.file), text), note.file)
            if first != note.file:
                yield Problem("twin", note.file, f"has the {name} of {first}: {text}")


def orphans(site: Site, notes: Mapping[str, Note], followed: frozenset[str]) -> Iterator[Problem]:
    """Pages that search engines may show, and that no other page of their language leads to."""
    for file, note in notes.items():
        # The second address of a page needs no link: its canonical one has them.
        lonely = file not in followed and not note.hidden and site.page_of(note.canonical) == file
        if lonely and file not in UNLISTED and not is_home(file):
            yield Problem("orphan", file, "no page leads there")
