"""Finds products by what a person typed: exact words, beginnings, words alike, then typing errors; ranked.

Each piece between spaces is read as it stands and, when that leads nowhere, as if it had been typed on the other
keyboard. `themes/twocomms/js/lib/search-match.js` does the same in the browser; a test compares both.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from commerce_api.foundation.kit.searching.rules import Rules
from commerce_api.foundation.kit.searching.terms import WEIGHTS, Terms, letters_of
from commerce_api.foundation.kit.searching.words import Word, other_layout, read

LONGEST: Final = 80
"""Letters of a query that are looked at."""
MOST_WORDS: Final = 6
EXACT: Final = 100
ALIKE: Final = 90
BEGINNING: Final = 85
"""Less PER_LETTER for each letter that is missing, at least WEAKEST."""
PER_LETTER: Final = 5
WEAKEST: Final = 40
ALIKE_BEGINNING: Final = 70
NEAR: Final = (100, 60, 40)
"""By the number of typing errors."""
NEAR_BEGINNING: Final = (100, 45, 30)
FORGIVEN: Final = ((8, 2), (4, 1))
"""From so many letters on, so many typing errors."""
MOST_BEGINNINGS: Final = 40
SHORTEST_SWAPPED: Final = 3
"""Signs of a piece that may have been typed on the other keyboard; every single letter means something there."""
SHORTEST_FORGIVEN: Final = 3
SHORTEST_BEGUN: Final = 5
"""Letters of a stem from which on errors are forgiven: at all; in a mere beginning, in a word that only means the same,
and on the other keyboard. Shorter ones are near too much."""

Meaning = dict[str, int]
"""Stems a word may mean, and how well (up to 100)."""


@dataclass(frozen=True, slots=True)
class Found:
    """Ordinals, best first. `whole` tells whether they have all words; `read_as` is what was looked for instead of what
    was typed, None where nothing was changed."""

    ordinals: tuple[int, ...]
    whole: bool
    read_as: str | None


NOTHING: Final = Found((), False, None)


def find(query: str, terms: Terms, rules: Rules) -> Found:
    """The products that fit a query. A query without a word in it finds nothing."""
    pieces = query[:LONGEST].split()
    meanings, changed = [], False
    readings = []
    for words, piece in _pieces(pieces, rules):
        chosen, other = _understood(words, piece, terms, rules)
        meanings += chosen
        changed |= other is not None
        readings.append(other or piece)
    if not meanings:
        return NOTHING
    ordinals, whole = _ranked(meanings[:MOST_WORDS], terms)
    return Found(tuple(ordinals), whole, " ".join(readings) if changed else None)


def _pieces(pieces: list[str], rules: Rules) -> Iterator[tuple[list[Word], str]]:
    """Each piece with its words; pieces whose words are joined to one stand together, stop words stand nowhere."""
    kept = [(words, piece) for piece in pieces if (words := _kept(piece, rules))]
    if not kept:
        kept = [(words, piece) for piece in pieces if (words := read(piece, rules) or _guess(piece, rules))]
    at = 0
    while at < len(kept):
        words, piece = kept[at]
        if at + 1 < len(kept):
            both = read(f"{piece} {kept[at + 1][1]}", rules)
            if 0 < len(both) < len(words) + len(kept[at + 1][0]):
                yield both, f"{piece} {kept[at + 1][1]}"
                at += 2
                continue
        yield words, piece
        at += 1


def _kept(piece: str, rules: Rules) -> list[Word]:
    return [word for word in read(piece, rules) if word.skeleton not in rules.stop]


def _guess(piece: str, rules: Rules) -> list[Word]:
    """A piece of signs alone may be letters of the other keyboard."""
    return read(other_layout(piece, rules), rules)


def _understood(words: list[Word], piece: str, terms: Terms, rules: Rules) -> tuple[list[Meaning], str | None]:
    """What the words of a piece mean; and the piece as it is on the other keyboard, when that is what was meant."""
    exact = [_plainly(word, terms, rules) for word in words]
    if all(exact):
        return exact, None
    swapped = other_layout(piece, rules) if len(piece) >= SHORTEST_SWAPPED else piece
    others = read(swapped, rules) if swapped != piece else []
    if others:
        exact = [_plainly(word, terms, rules) for word in others]
        if all(exact):
            return exact, swapped
    near = [_plainly(word, terms, rules) or _nearly(word, terms, rules) for word in words]
    if all(near):
        return near, None
    if others and all(len(word.stem) >= SHORTEST_BEGUN for word in others):
        swapped_near = [_plainly(word, terms, rules) or _nearly(word, terms, rules) for word in others]
        if all(swapped_near):
            return swapped_near, swapped
    return near, None


def _plainly(word: Word, terms: Terms, rules: Rules) -> Meaning:
    """Stems that are the word, begin with it, or mean the same."""
    meaning: Meaning = {}
    stem = word.stem
    if stem in terms.postings:
        meaning[stem] = EXACT
    _alike(meaning, rules.alike.get(stem, ()), terms, ALIKE)
    if len(stem) > 1:
        for longer in islice(terms.beginning(stem), MOST_BEGINNINGS):
            _better(meaning, longer, max(WEAKEST, BEGINNING - PER_LETTER * (len(longer) - len(stem))))
    if len(stem) > 2:
        for key, others in rules.alike.items():
            if key != stem and key.startswith(stem):
                _alike(meaning, others, terms, ALIKE_BEGINNING)
    return meaning


def _nearly(word: Word, terms: Terms, rules: Rules) -> Meaning:
    """Stems that are a few typing errors away from the word or from what means the same.

    Only what products are called is forgiven errors: among the words of stories something is near everything.
    """
    stem = word.stem
    allowed = next((errors for length, errors in FORGIVEN if len(word.skeleton) >= length), 0)
    meaning: Meaning = {}
    if not allowed or len(stem) < SHORTEST_FORGIVEN or stem.isdigit():
        return meaning
    letters = letters_of(stem)
    for other, sign in terms.named:
        if (letters & ~sign).bit_count() > allowed or len(stem) - len(other) > allowed:
            continue
        errors = distance(stem, other, allowed)
        if errors <= allowed:
            _better(meaning, other, NEAR[errors])
        elif len(other) > len(stem) >= SHORTEST_BEGUN:
            begun = distance(stem, other[: len(stem)], allowed)
            if begun <= allowed:
                _better(meaning, other, NEAR_BEGINNING[begun])
    if len(stem) >= SHORTEST_BEGUN:
        for key, others in rules.alike.items():
            if distance(stem, key, allowed) <= allowed:
                _alike(meaning, others, terms, NEAR[allowed] - PER_LETTER)
    return meaning


def _alike(meaning: Meaning, others: Iterable[str], terms: Terms, quality: int) -> None:
    for other in others:
        if other in terms.postings:
            _better(meaning, other, quality)


def _better(meaning: Meaning, stem: str, quality: int) -> None:
    if quality > meaning.get(stem, 0):
        meaning[stem] = quality


def distance(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with the next one to get from one word to the other; `most + 1` for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        now = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, row = row, now
    return min(row[-1], most + 1)


def _ranked(meanings: list[Meaning], terms: Terms) -> tuple[list[int], bool]:
    """The products with all words, or with as many of them as any product has; the best first, then the newest."""
    total: dict[int, int] = {}
    words: dict[int, int] = {}
    for meaning in meanings:
        best: dict[int, int] = {}
        for stem, quality in meaning.items():
            for place, ordinals in terms.postings[stem].items():
                score = quality * WEIGHTS[place]
                for ordinal in ordinals:
                    if score > best.get(ordinal, 0):
                        best[ordinal] = score
        for ordinal, score in best.items():
            total[ordinal] = total.get(ordinal, 0) + score
            words[ordinal] = words.get(ordinal, 0) + 1
    if not total:
        return [], False
    most = max(words.values())
    chosen = [ordinal for ordinal in total if words[ordinal] == most]
    return sorted(chosen, key=lambda ordinal: (-total[ordinal], -ordinal)), most == len(meanings)
