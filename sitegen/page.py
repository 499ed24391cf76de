"""What one page is, and the parts that pages of every kind share."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import PageMeta
from sitegen.seo.thing import Thing
from sitegen.sharing import default_card
from sitegen.snapshot import Snapshot

DESCRIPTION: Final = 160
"""Characters of a description that a search result shows."""
TITLE: Final = 65
"""Characters of a title that a search result shows."""
DANGLING: Final = " \t\n\u00a0,;:·–—-«(“"
"""What must not stand before the dots of a text that was cut."""
CRUMBS: Final = {"home": "common.home", "catalog": "catalog.title", "journal": "journal.title"}


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML page: where it goes, which template makes it, and of what.

    `things` are its schema.org objects; `copy` is a second file with the same bytes.
    """

    key: str
    file: str
    template: str
    meta: PageMeta
    context: Mapping[str, Any]
    things: tuple[Thing, ...] = ()
    copy: str | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """Every file this page becomes."""
        return (self.file, self.copy) if self.copy else (self.file,)


@dataclass(frozen=True, slots=True)
class Document:
    """A file that needs no template."""

    key: str
    file: str
    text: str

    @property
    def files(self) -> tuple[str, ...]:
        """The one file."""
        return (self.file,)


@dataclass(frozen=True, slots=True)
class Stream:
    """A file that is too large to be held: written as its parts come, which may raise what makes them impossible."""

    key: str
    file: str
    parts: Callable[[], Iterator[bytes]]

    @property
    def files(self) -> tuple[str, ...]:
        """The one file."""
        return (self.file,)


Output = Page | Document | Stream


def file_of(path: str) -> str:
    """The file that a web server answers a path with."""
    return f"{path}index.html"[1:] if path.endswith("/") else path[1:]


def in_languages(languages: list[str], path: Callable[[str], str]) -> dict[str, str]:
    """The address of a page in each of its languages."""
    return {lang: path(lang) for lang in languages}


def shorten(text: str, most: int = DESCRIPTION) -> str:
    """A text of at most `most` characters, cut after a word."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0][: most - 1].rstrip(DANGLING) + "…"


def joined(title: str, short: str, more: str) -> str:
    """`title · more`, or the short title with it where both together would be cut off."""
    whole = f"{title} · {more}"
    return whole if len(whole) <= TITLE else f"{short} · {more}"


def crumb(shop: Snapshot, lang: str, page: str) -> tuple[str, str]:
    """A step of the way to a page: its name and path. `page` is home, catalog or journal."""
    path = {"home": urls.home, "catalog": urls.catalog, "journal": urls.journal}[page]
    return shop.texts[lang](CRUMBS[page]), path(lang)


def standing(shop: Snapshot, page: str, path: Callable[[str], str]) -> Iterator[PageMeta]:
    """The heads of a page that every language has and the theme names."""
    alternates = in_languages(list(shop.languages), path)
    for lang in shop.languages:
        t = shop.texts[lang]
        description, card = shorten(t(f"{page}.lead")), default_card(shop, lang)
        yield PageMeta(page, lang, t(f"{page}.title"), description, path(lang), alternates, image=card)
