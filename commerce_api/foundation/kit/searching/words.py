"""Words as they are compared: any spelling -> a skeleton of Latin letters -> its stem.

    read("Футболками", rules)  ->  [Word("futbolkami", "futbolk")]

`themes/twocomms/js/lib/search-words.js` does the same, step by step; a test compares both.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from commerce_api.foundation.kit.searching.rules import Rules, ShopWords, bare_rules, tables

WORD: Final = re.compile(r"[a-z0-9]+")
DOUBLED: Final = re.compile(r"([a-z])\1+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was spelled (its skeleton), and the stem that it is found by."""

    skeleton: str
    stem: str


def rules_for(shop: ShopWords) -> Rules:
    """The rules of the language with the words of one shop, all of them in the form that they are compared in."""
    bare = bare_rules()
    stop = _stop_words(bare)
    joined: dict[str, str] = {}
    for pair in shop.joined:
        parts = [word.stem for word in _all_words(pair, bare)]
        if whole := _all_words(pair.replace(" ", "").replace("-", ""), bare):
            joined[" ".join(parts)] = whole[0].stem
    rules = replace(bare, stop=stop, joined=joined)
    groups = (dict.fromkeys(stem for phrase in group for stem in stems(phrase, rules)) for group in shop.alike)
    return replace(rules, groups=tuple(tuple(group) for group in groups))


def _stop_words(bare: Rules) -> frozenset[str]:
    """Skeletons that say nothing. Those that are a size too (`с`, `m`) stay words."""
    words = tables()["stop"]["words"]
    return frozenset(w.skeleton for w in _all_words(words, bare)) - frozenset(bare.sizes.values())


def read(text: str, rules: Rules) -> list[Word]:
    """The words of a text without stop words, pairs that make one word joined; all of it when nothing else is left."""
    words = _all_words(text, rules)
    kept = [word for word in words if word.skeleton not in rules.stop] or words
    return _joined(kept, rules)


def stems(text: str, rules: Rules) -> list[str]:
    """The stems of a text's words, in order."""
    return [word.stem for word in read(text, rules)]


def _all_words(text: str, rules: Rules) -> list[Word]:
    return [_word(spelled, rules) for spelled in WORD.findall(fold(text, rules))]


@lru_cache(maxsize=65_536)
def _word(spelled: str, rules: Rules) -> Word:
    size = rules.sizes.get(spelled)
    skeleton = size or _skeleton(spelled, rules)
    return Word(skeleton, size or stem(skeleton, rules))


def fold(text: str, rules: Rules) -> str:
    """Small plain Latin letters; what has none becomes a gap or stays what it is."""
    latin = unicodedata.normalize("NFC", text).lower().translate(rules.spelling)
    if latin.isascii():
        return latin
    return "".join(c for c in unicodedata.normalize("NFKD", latin) if not unicodedata.category(c).startswith("M"))


def _skeleton(spelled: str, rules: Rules) -> str:
    for sound, letter in rules.sounds:
        spelled = spelled.replace(sound, letter)
    return DOUBLED.sub(r"\1", spelled)


def stem(skeleton: str, rules: Rules) -> str:
    """A skeleton without its endings; numbers and short words stay as they are."""
    if skeleton[-1:].isdigit():
        return skeleton
    if skeleton.endswith("s") and len(skeleton) > rules.shortest and skeleton[-2] in rules.plural_after:
        skeleton = skeleton[:-1]
    while True:
        shorter = _shorter(skeleton, rules)
        if shorter == skeleton:
            return skeleton
        skeleton = shorter


def _shorter(skeleton: str, rules: Rules) -> str:
    for ending, instead in rules.replaced:
        if skeleton.endswith(ending) and len(skeleton) - len(ending) >= rules.shortest:
            return skeleton[: -len(ending)] + instead
    for ending in rules.stripped:
        if skeleton.endswith(ending) and len(skeleton) - len(ending) >= rules.shortest:
            return skeleton[: -len(ending)]
    return skeleton


def _joined(words: list[Word], rules: Rules) -> list[Word]:
    if not any(word.stem in rules.firsts for word in words):
        return words
    joined: list[Word] = []
    for word in words:
        pair = rules.joined.get(f"{joined[-1].stem} {word.stem}") if joined else None
        if pair:
            joined[-1] = Word(joined[-1].skeleton + word.skeleton, pair)
        else:
            joined.append(word)
    return joined


def other_layout(text: str, rules: Rules) -> str:
    """What the same keys write on the other keyboard: `aenjkrf` -> `футболка`, `рщщвшу` -> `hoodie`.

    Which way is told by the first letter that is of either alphabet; a text of neither stays as it is.
    """
    small = text.lower()
    for letter in small:
        if letter in rules.to_latin:
            return "".join(rules.to_latin.get(c, c) for c in small)
        if "a" <= letter <= "z":
            return "".join(rules.to_cyrillic.get(c, c) for c in small)
    return text
