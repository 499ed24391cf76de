"""How much two texts say the same: the share of runs of words that the shorter one has in common with the other."""

import re
from collections.abc import Iterable
from typing import Final

RUN: Final = 4
"""Words of a run: three make "made of cotton", which every T-shirt is."""
TOO_LIKE: Final = 0.5
"""From this share on two texts are one text with another name in it."""
LEAST_RUNS: Final = 12
"""A text of fewer runs is too short to be compared: a title of five words has two."""

WORD: Final = re.compile(r"\w+(?:[’'ʼ-]\w+)*")


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of words of a text, casefolded."""
    words = [word.casefold() for word in WORD.findall(text)]
    return frozenset(tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1))


def likeness(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """From 0 (nothing in common) to 1; 0 for texts too short to tell."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter >= LEAST_RUNS else 0.0


def most_like(text: str, others: Iterable[str]) -> float:
    """The highest likeness to any of the others."""
    own = runs(text)
    return max((likeness(own, runs(other)) for other in others), default=0.0)
