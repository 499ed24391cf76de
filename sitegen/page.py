"""What one page is, and the parts that pages of every kind share."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import PageMeta
from sitegen.seo import Thing
from sitegen.snapshot import Snapshot

DESCRIPTION: Final = 160
"""Characters of a description that a search result shows."""
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


Output = Page | Document


def file_of(path: str) -> str:
    """The file that a web server answers a path with."""
    return f"{path}index.html"[1:] if path.endswith("/") else path[1:]


def in_languages(languages: list[str], path: Callable[[str], str]) -> dict[str, str]:
    """The address of a page in each of its languages."""
    return {lang: path(lang) for lang in languages}


def shorten(text: str) -> str:
    """A description cut at a word to what a search result shows."""
    return text if len(text) <= DESCRIPTION else text[: DESCRIPTION - 1].rsplit(" ", 1)[0] + "…"


def crumb(shop: Snapshot, lang: str, page: str) -> tuple[str, str]:
    """A step of the way to a page: its name and path. `page` is home, catalog or journal."""
    path = {"home": urls.home, "catalog": urls.catalog, "journal": urls.journal}[page]
    return shop.texts[lang](CRUMBS[page]), path(lang)


def standing(shop: Snapshot, page: str, path: Callable[[str], str]) -> Iterator[PageMeta]:
    """The heads of a page that every language has and the theme names."""
    alternates = in_languages(list(shop.languages), path)
    for lang in shop.languages:
        t = shop.texts[lang]
        yield PageMeta(page, lang, t(f"{page}.title"), t(f"{page}.lead"), path(lang), alternates)
