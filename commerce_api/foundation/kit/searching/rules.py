"""The tables that words are read by: those of the language, and the words of one shop that mean the same."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from commerce_api.foundation.kit import toml_files
from commerce_api.foundation.kit.toml_files import BadToml

TABLES: Final = Path(__file__).with_name("rules.toml")
SHOP_WORDS: Final = "search.toml"
"""The file of content/ with the shop's own words."""


@dataclass(frozen=True, eq=False)
class Rules:
    """How words are read: the same object for as long as they hold.

    All tables but `letters`, `sizes`, `sounds` and the keyboard are in the form that words are compared in. A word of
    `groups` means the same as the others of its group; `joined` maps a pair ("t shirt") to the word they make.
    """

    apostrophes: str
    shortest: int
    letters: Mapping[str, str]
    sizes: Mapping[str, str]
    sounds: tuple[tuple[str, str], ...]
    stripped: tuple[str, ...]
    plural_after: str
    replaced: tuple[tuple[str, str], ...]
    to_cyrillic: Mapping[str, str]
    to_latin: Mapping[str, str]
    stop: frozenset[str] = frozenset()
    groups: tuple[tuple[str, ...], ...] = ()
    joined: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def alike(self) -> dict[str, tuple[str, ...]]:
        """The other words of the groups that a word stands in."""
        others: dict[str, dict[str, None]] = {}
        for group in self.groups:
            for word in group:
                others.setdefault(word, {}).update(dict.fromkeys(other for other in group if other != word))
        return {word: tuple(known) for word, known in others.items()}

    @cached_property
    def spelling(self) -> dict[int, str]:
        """`letters` and `apostrophes` for str.translate."""
        return str.maketrans({**self.letters, **dict.fromkeys(self.apostrophes, "")})

    @cached_property
    def firsts(self) -> frozenset[str]:
        """Words that begin a pair of `joined`."""
        return frozenset(pair.split(" ")[0] for pair in self.joined)


@lru_cache(maxsize=1)
def tables() -> Mapping[str, Any]:
    """`rules.toml` as it stands."""
    return tomllib.loads(TABLES.read_text("utf-8"))


def bare_rules() -> Rules:
    """The language alone, before stop words and groups are read by it."""
    given = tables()
    latin, cyrillic = given["layout"]["latin"], given["layout"]["cyrillic"]
    return Rules(
        apostrophes=given["apostrophes"],
        shortest=given["shortest"],
        letters=given["letters"],
        sizes=given["sizes"],
        sounds=tuple((sound["from"], sound["to"]) for sound in given["sounds"]),
        stripped=tuple(given["endings"]["stripped"]),
        plural_after=given["endings"]["plural_after"],
        replaced=tuple(given["endings"]["replaced"].items()),
        to_cyrillic=dict(zip(latin, cyrillic, strict=True)),
        to_latin={**dict(zip(cyrillic, latin, strict=True)), **given["layout"]["also"]},
    )


@dataclass(frozen=True, slots=True)
class ShopWords:
    """What one shop knows about words: groups that mean the same, pairs written apart, searches to offer."""

    alike: tuple[tuple[str, ...], ...] = ()
    joined: tuple[str, ...] = ()
    popular: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_shop_words(content: Path) -> ShopWords:
    """`search.toml` of a content folder; a shop without one has no words of its own.

    Raises BadToml for a file that is not as docs/finding.md says.
    """
    path = content / SHOP_WORDS
    try:
        given = toml_files.read(path)
    except FileNotFoundError:
        return ShopWords()
    groups, popular = given.get("alike", []), given.get("popular", {})
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        raise BadToml(f"{path}: alike should be groups, each below a line [[alike]]")
    if not isinstance(popular, dict):
        raise BadToml(f"{path}: popular should be a table [popular] with a list of texts for each language")
    return ShopWords(
        alike=tuple(_texts(path, "words of each [[alike]]", group.get("words")) for group in groups),
        joined=_texts(path, "joined", given.get("joined", [])),
        popular={lang: _texts(path, f"{lang} of [popular]", offered) for lang, offered in popular.items()},
    )


def _texts(path: Path, name: str, given: object) -> tuple[str, ...]:
    # One text without its brackets would be taken for a list of its letters.
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        raise BadToml(f'{path}: {name} should be a list of texts, such as ["худі", "hoodie"]')
    return tuple(given)


def plain(rules: Rules) -> dict[str, Any]:
    """The rules as JSON, for the browser: its code reads words by these tables and holds none of its own."""
    return {
        "apostrophes": rules.apostrophes,
        "shortest": rules.shortest,
        "letters": dict(rules.letters),
        "sizes": dict(rules.sizes),
        "sounds": [list(sound) for sound in rules.sounds],
        "stripped": list(rules.stripped),
        "plural_after": rules.plural_after,
        "replaced": [list(pair) for pair in rules.replaced],
        "latin": "".join(rules.to_cyrillic),
        "cyrillic": "".join(rules.to_cyrillic.values()),
        "also": {key: value for key, value in rules.to_latin.items() if key not in rules.to_cyrillic.values()},
        "stop": sorted(rules.stop),
        "groups": [list(group) for group in rules.groups],
        "joined": dict(rules.joined),
    }
