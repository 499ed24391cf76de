"""Where lines of running text may not break, for pages that people read; machines get the words as they were typed."""

import re
from typing import Final

TAG: Final = re.compile(r"(<[^>]*>)")
UNITS: Final = (
    "см|мм|м|км|кг|г|МБ|день|дні|днів|дня|хвилина|хвилину|хвилини|хвилин|бал|бали|балів|бала"
    "|cm|mm|m|km|kg|g|MB|days?|minutes?|points?"
)
HELD: Final = (
    re.compile(r"() (?=[—–](?:\s|$))"),
    re.compile(r"((?<![\w’'-])[авзійоуАВЗІЙОУ]) "),
    re.compile(rf"(\d) (?=(?:{UNITS})\b|[%°₴])"),
)
"""Spaces at which no line may break: before a dash, after a word of one letter, between a number and its unit."""

SLASH: Final = re.compile(r"(?<=г/)(?=м²)|(?<=g/)(?=m²)")
WORD_JOINER: Final = "\u2060"


def unbroken(html: str) -> str:
    """HTML whose lines break as a typesetter would have them: no dash begins one, no lone letter ends one, and
    no unit is cut at its slash."""
    parts = TAG.split(html)
    for place in range(0, len(parts), 2):
        for spaces in HELD:
            parts[place] = spaces.sub("\\1\u00a0", parts[place])
        parts[place] = SLASH.sub(WORD_JOINER, parts[place])
    return "".join(parts)
