"""Lists of ordinals as short texts: steps from one to the next in a number system of letters, runs counted.

A digit of the upper half of the alphabet has another one after it. Step 0 says that a number of neighbours follows.
"""

from collections.abc import Sequence
from typing import Final

from commerce_api.foundation.kit.searching.terms import Terms

DIGITS: Final = "abcdefghijklmnopqrstuvwxyz012345ABCDEFGHIJKLMNOPQRSTUVWXYZ6789-_"
HALF: Final = 32
SHORTEST_RUN: Final = 4
"""Neighbours that are worth counting instead of writing each."""


def pack(ordinals: Sequence[int]) -> str:
    """Ascending ordinals as text."""
    packed, before, at = [], -1, 0
    while at < len(ordinals):
        end = at
        while end < len(ordinals) and ordinals[end] == before + 1 + end - at:
            end += 1
        if end - at >= SHORTEST_RUN:
            packed.append(DIGITS[0] + _number(end - at))
            at = end
        else:
            packed.append(_number(ordinals[at] - before))
            at += 1
        before = ordinals[at - 1]
    return "".join(packed)


def _number(number: int) -> str:
    digits = []
    while number >= HALF:
        digits.append(DIGITS[HALF + number % HALF])
        number //= HALF
    return "".join((*digits, DIGITS[number]))


def pack_terms(terms: Terms) -> dict[str, str]:
    """Each stem with its places: for each the class of place, a packed list, and a gap before the next."""
    return {
        stem: " ".join(f"{place}{pack(ordinals)}" for place, ordinals in terms.postings[stem].items())
        for stem in terms.vocabulary
    }
