"""Slugs and Latin spelling of Ukrainian names."""

import re
import unicodedata
from typing import Final

UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Characters that no screen shows, and of which PostgreSQL stores some not at all."""
SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# Cabinet of Ministers resolution 55 of 27 January 2010; letters with two spellings have the word-initial one below.
LATIN: Final = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
    "я": "ia", "'": "", "’": "", "ʼ": "",
}  # fmt: skip
INITIAL: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}


def transliterate(text: str) -> str:
    """Ukrainian in Latin letters by the official table, in lower case: `Згорани` -> `zghorany`."""
    latin = []
    lowered = text.lower().replace("зг", "зgh")
    for i, letter in enumerate(lowered):
        starts_word = i == 0 or not (lowered[i - 1].isalpha() or lowered[i - 1] in "'’ʼ")
        latin.append(INITIAL[letter] if starts_word and letter in INITIAL else LATIN.get(letter, letter))
    return "".join(latin)


def slugify(text: str) -> str:
    """A slug of a name in any of our languages; empty when nothing of it can be spelled."""
    plain = unicodedata.normalize("NFKD", transliterate(text)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def is_slug(text: str) -> bool:
    """Whether `text` can stand in an address as it is."""
    return SLUG.fullmatch(text) is not None
