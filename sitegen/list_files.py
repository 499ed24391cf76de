"""Words about lists, kept as files: content/collections/<slug>.toml and content/colours.toml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from commerce_api.foundation.kit import toml_files
from commerce_api.foundation.kit.urls import RESERVED_SLUGS
from sitegen.content import BadContent

INKS: Final = ("rye", "dnipro", "malva", "moss")
"""Pairs of inks that css/tokens.css knows."""


@dataclass(frozen=True, slots=True)
class CollectionText:
    """One language of a collection; `text` is paragraphs."""

    name: str
    lead: str
    text: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A list that somebody put together: a drop, by products in their order, or drawings that belong together.

    `place` orders collections among themselves, the lowest first.
    """

    slug: str
    place: int
    inks: str
    products: tuple[str, ...]
    prints: tuple[str, ...]
    texts: Mapping[str, CollectionText]


def read_lists(content: Path, languages: Sequence[str]) -> dict[str, Any]:
    """`collections` in their order and `colours`, words by colour and language.

    Raises BadContent for a file that is not as it should be.
    """
    paths = sorted((content / "collections").glob("*.toml"))
    collections = sorted((_collection(path, languages) for path in paths), key=lambda each: (each.place, each.slug))
    colours = content / "colours.toml"
    return {"collections": tuple(collections), "colours": _toml(colours) if colours.is_file() else {}}


def _collection(path: Path, languages: Sequence[str]) -> Collection:
    loaded = _toml(path)
    inks = loaded.get("inks", INKS[0])
    if inks not in INKS:
        raise BadContent(f"{path}: inks are one of {', '.join(INKS)}, not {inks!r}")
    if bool(loaded.get("products")) == bool(loaded.get("prints")):
        raise BadContent(f"{path}: name either products or prints")
    if path.stem in RESERVED_SLUGS:
        raise BadContent(f"{path}: the address {path.stem!r} is taken")
    return Collection(
        slug=path.stem,
        place=loaded.get("place", 0),
        inks=inks,
        products=tuple(loaded.get("products", ())),
        prints=tuple(loaded.get("prints", ())),
        texts={lang: _text(path, loaded[lang]) for lang in languages if lang in loaded},
    )


def _text(path: Path, words: Mapping[str, Any]) -> CollectionText:
    try:
        return CollectionText(words["name"], words["lead"], tuple(words["text"]), words["description"])
    except KeyError as missing:
        raise BadContent(f"{path}: {missing} is missing") from None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return toml_files.read(path)
    except toml_files.BadToml as error:
        raise BadContent(str(error)) from error
