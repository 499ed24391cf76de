"""What a written text must keep before a person is shown it, and again after a person has edited it.

The guard never mends: it names what it found, and the text stays a text that failed.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from commerce_api.office.copywriting import claims, similarity
from commerce_api.office.copywriting.parts import LONGEST_QUESTION, LONGEST_WORD, PARTS, Form, strings_of

ALIEN: Final = re.compile("[ыэъёЫЭЪЁ]")
"""Letters that Ukrainian has not got and Russian has."""
OWN: Final = re.compile("[іїєґІЇЄҐ]")
CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
LATIN: Final = re.compile("[A-Za-z]")
BRAND: Final = "TwoComms"
"""Written so in every language."""
ENOUGH: Final = 0.8
"""Share of the letters that are those of the language: names and sizes may be in the other alphabet."""
LONG: Final = 200
"""Letters from which on a Ukrainian text has some that only Ukrainian has."""

MARKUP: Final = re.compile(r"[<>`\\]|&(?:#\d+|#x[0-9a-f]+|[a-z]+);|\{\{|\}\}|\{%|%\}|\{#|#\}|\$\{", re.IGNORECASE)
LINK: Final = re.compile(
    r"https?:|www\.|mailto:|javascript:|\]\s?\(|\[[^\]]*\]:|\S@\S|\b[\w-]+\.(?:com|net|org|ua|ru|io|info|shop|online|site|me)\b"
    r"|\b[\w-]+\.[a-z]{2,}/",
    re.IGNORECASE,
)
LAYOUT: Final = re.compile(r"^\s*(?:#{1,6}\s|[|+=]{2,}|\||(?:[-*+]|\d+[.)])\s|>|!\[|(?:[-*_]\s*){3,}$)", re.MULTILINE)
"""Headings, tables, lists, quotes and rules of Markdown: our texts are sentences."""

COMPARED: Final = ("description", "story")


def check(
    content: Mapping[str, Any], lang: str, siblings: Iterable[str] = (), pictures: int | None = None
) -> list[str]:
    """What is wrong, as `part: problem`; empty for a text that may be shown.

    `siblings` are texts of the things that stand beside this one, in the same language. `pictures` is how many
    descriptions there have to be.
    """
    problems = [f"{name}: {problem}" for name, value in content.items() for problem in _part(name, value, lang)]
    if pictures is not None and len(content.get("alts", ())) != pictures:
        problems.append("alts: count")
    long = compared(content)
    if long and similarity.most_like(long, siblings) >= similarity.TOO_LIKE:
        problems.append(f"{next(name for name in COMPARED if content.get(name))}: similar")
    return problems


def compared(content: Mapping[str, Any]) -> str:
    """The words of a text that those of its siblings are held against."""
    return "\n".join(content[name] for name in COMPARED if content.get(name))


def _part(name: str, value: Any, lang: str) -> list[str]:
    part = PARTS[name]
    strings = strings_of(value)
    whole = "\n".join(strings)
    problems = []
    if part.form is Form.LINES:
        if any(not part.shortest <= len(one) <= part.longest for one in strings):
            problems.append("length")
    elif not part.shortest <= len(whole) <= part.longest:
        problems.append("length")
    if not isinstance(value, str) and not part.least <= len(value) <= part.most:
        problems.append("count")
    if part.form is Form.WORDS and any(len(one) > LONGEST_WORD for one in strings):
        problems.append("length")
    if part.form is Form.QUESTIONS and any(not q or not a or len(q) > LONGEST_QUESTION for q, a in value):
        problems.append("length")
    if part.form is not Form.PARAGRAPHS and any("\n" in one for one in strings):
        problems.append("layout")
    problems += [] if _speaks(whole, lang) else ["language"]
    problems += _signs(whole)
    problems += [problem for problem, rule in claims.RULES.items() if rule.search(whole)]
    return list(dict.fromkeys(problems))


def _signs(text: str) -> list[str]:
    problems = []
    # Control characters, marks that turn the direction of writing, private use: nothing of it is a word.
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cs", "Cn"} and sign != "\n" for sign in text):
        problems.append("signs")
    if MARKUP.search(text):
        problems.append("markup")
    if LINK.search(text):
        problems.append("link")
    if LAYOUT.search(text):
        problems.append("layout")
    return problems


def _speaks(text: str, lang: str) -> bool:
    text = text.replace(BRAND, "")
    cyrillic, latin = len(CYRILLIC.findall(text)), len(LATIN.findall(text))
    letters = cyrillic + latin
    if not letters:
        return False
    if lang != "uk":
        return latin / letters >= ENOUGH
    if cyrillic / letters < ENOUGH or ALIEN.search(text):
        return False
    return letters < LONG or OWN.search(text) is not None
