"""What a guest's browser carries of what they like where no script keeps it: a cookie of words, which scripts take over
(docs/theme.md)."""

import re
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

from commerce_api.foundation.kit.text import SLUG
from commerce_api.foundation.web.cookies import show_scripts
from commerce_api.shop.catalog.files import SLUG_LENGTH
from commerce_api.shop.favourites.service import joined

LIKED: Final = "liked"
SECONDS: Final = 365 * 24 * 3600
"""A list survives a year without a press; every press starts the year anew."""
MOST_WORDS: Final = 60
MOST_BYTES: Final = 2_000
"""The cookie travels with every request, and one header has to hold it with all others; the oldest words go first."""

_WORD: Final = re.compile(rf"({SLUG.pattern})\.(-?[1-9][0-9]{{0,14}})")


def packed(words: Mapping[str, int]) -> str:
    """The latest words as the value of a cookie: `kolos-tee.1764512345678~sova-hoodie.-1764512345999`."""
    told = ""
    for product, changed in sorted(words.items(), key=lambda word: (-abs(word[1]), word[0]))[:MOST_WORDS]:
        longer = f"{told}~{product}.{changed}" if told else f"{product}.{changed}"
        if len(longer) > MOST_BYTES:
            break
        told = longer
    return told


def unpacked(value: str) -> dict[str, int]:
    """The words of a cookie; whatever else stands in it is passed over, because anybody may write a cookie."""
    found: dict[str, int] = {}
    for part in value.split("~", MOST_WORDS)[:MOST_WORDS]:
        word = _WORD.fullmatch(part)
        if word and len(word[1]) <= SLUG_LENGTH:
            found = joined(found, {word[1]: int(word[2])})
    return found


def guest_words(request: Request) -> dict[str, int]:
    """What this browser carries: product to milliseconds, negative for what was taken out."""
    return unpacked(request.cookies.get(LIKED, ""))


def keep_words(request: Request, words: Mapping[str, int]) -> None:
    """Give the browser its words for another year."""
    show_scripts(request, LIKED, packed(words), max_age=SECONDS)


def give_up_words(request: Request) -> None:
    """The browser has no words of its own any more."""
    if LIKED in request.cookies:
        show_scripts(request, LIKED, "", max_age=0)
