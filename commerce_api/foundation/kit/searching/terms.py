"""Which words lead to which products: the words of a catalogue collected by their stems.

Products are known by their ordinals: their places in a list that somebody else keeps, the oldest first.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from commerce_api.foundation.kit.searching.rules import Rules
from commerce_api.foundation.kit.searching.words import stems

WEIGHTS: Final[Mapping[str, int]] = {"n": 10, "k": 6, "c": 5, "m": 3, "t": 2, "x": 1}
"""What a word counts by where it stands: name, kind, colour, size or fit, lead, story."""
NAMING: Final = frozenset("nkcm")
"""Places of the words that a product is called by."""
KEYWORDS: Final = 4
"""Words of its story that a product is found by: rare ones, because common ones find everything."""
KEYWORD_LENGTH: Final = 5
TAG: Final = re.compile(r"<[^>]+>|&[a-z]+;")
RARE: Final = 200
"""A word is rare when at most one product in so many, or two of them, tell it."""


@dataclass(frozen=True, slots=True)
class ProductWords:
    """The texts a product is found by, each of any length, "" for none."""

    name: str
    kind: str
    colours: str = ""
    marks: str = ""
    lead: str = ""
    story: str = ""


def product_words(
    text: tuple[str, str, str | None],
    slug: str,
    category: tuple[str, str],
    colours: Iterable[tuple[str, str]],
    marks: Iterable[str],
) -> ProductWords:
    """The words of a product in one language: `text` is its name, lead and story (HTML, None for none); `category` and
    `colours` are slugs with names; `marks` are sizes and fits. A SKU code is found by its parts, all of which are here.
    """
    name, lead, story = text
    return ProductWords(
        name=f"{name} {slug}",
        kind=" ".join(category),
        colours=" ".join(f"{colour} {called}" for colour, called in colours),
        marks=" ".join(marks),
        lead=lead,
        story=TAG.sub(" ", story) if story else "",
    )


@dataclass(frozen=True)
class Terms:
    """Stem -> class of place (a key of WEIGHTS) -> ordinals, ascending; a product stands once under a stem."""

    count: int
    postings: Mapping[str, Mapping[str, Sequence[int]]]

    @cached_property
    def vocabulary(self) -> list[str]:
        """All stems in order."""
        return sorted(self.postings)

    @cached_property
    def named(self) -> list[tuple[str, int]]:
        """The stems that products are called by; the set of letters of each tells what cannot be near it."""
        return [
            (stem, letters_of(stem))
            for stem in self.vocabulary
            if not stem[0].isdigit() and not NAMING.isdisjoint(self.postings[stem])
        ]

    def beginning(self, start: str) -> Iterable[str]:
        """The stems that begin with `start`, in order."""
        at = bisect_left(self.vocabulary, start)
        while at < len(self.vocabulary) and self.vocabulary[at].startswith(start):
            yield self.vocabulary[at]
            at += 1


def letters_of(word: str) -> int:
    """The letters and digits of a word as a set of bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits


@dataclass(frozen=True, slots=True)
class ReadWords:
    """The stems of a product by the classes of their places, and those of its story; each stands once."""

    places: tuple[tuple[str, tuple[str, ...]], ...]
    story: tuple[str, ...]


def read_product(product: ProductWords, rules: Rules) -> ReadWords:
    """The stems of one product: nearly all the work of `collect`, so that it can be kept."""
    known: set[str] = set()
    places = []
    texts = (product.name, product.kind, product.colours, product.marks, product.lead)
    for place, text in zip("nkcmt", texts, strict=True):
        fresh = {stem for stem in stems(text, rules) if stem not in known}
        known |= fresh
        places.append((place, tuple(sorted(fresh))))
    story = {stem for stem in stems(product.story, rules) if len(stem) >= KEYWORD_LENGTH} - known
    return ReadWords(tuple(places), tuple(sorted(story)))


def collect(products: Iterable[ReadWords]) -> Terms:
    """The words of all products; the ordinal of each is its place."""
    found: dict[str, dict[str, list[int]]] = {}
    told = []
    for ordinal, product in enumerate(products):
        for place, fresh in product.places:
            for stem in fresh:
                found.setdefault(stem, {}).setdefault(place, []).append(ordinal)
        told.append(product.story)
    for ordinal, stem in _keywords(told):
        found.setdefault(stem, {}).setdefault("x", []).append(ordinal)
    return Terms(len(told), found)


def _keywords(told: Sequence[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """The words of stories that few others tell, the longest few of each."""
    counted = Counter(stem for words in told for stem in words)
    most = max(2, len(told) // RARE)
    for ordinal, words in enumerate(told):
        rare = [word for word in words if counted[word] <= most]
        yield from ((ordinal, word) for word in sorted(rare, key=lambda word: (counted[word], -len(word)))[:KEYWORDS])
