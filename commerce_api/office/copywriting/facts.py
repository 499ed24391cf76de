"""What a model is told of a thing: facts alone, cleaned of everything that is no word.

No price, percent or count is among them (rules.md 12): catalog.unwritten reads none, and a sentence of people that
speaks of money is left out. A name is data. Whatever somebody wrote into it, it comes to the model as a short string
within JSON, without brackets that templates or pages might read, and the guard reads the answer.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import orjson

from commerce_api.office.copywriting.claims import speaks_of_money
from commerce_api.office.copywriting.parts import strings_of
from commerce_api.shop.catalog.unwritten import Unwritten

LONGEST_FACT: Final = 120
LONGEST_PROSE: Final = 1200
SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+")
BRACKETS: Final = re.compile(r"[<>{}\[\]`|\\$%#]")
PROSE: Final = ("lead", "description")
"""What people wrote of it and a model may lean on."""


def clean(text: str, longest: int = LONGEST_FACT) -> str:
    """A string as a model may read it: one line, no brackets, no sign that is not seen, cut to `longest` characters."""
    plain = unicodedata.normalize("NFC", text[: longest * 8])
    kept = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in plain)
    return " ".join(BRACKETS.sub(" ", kept).split())[:longest].strip()


def of(thing: Unwritten) -> dict[str, Any]:
    """The facts of a thing, cleaned."""
    told: dict[str, Any] = {name: _clean(value) for name, value in thing.facts.items()}
    for name in PROSE:
        prose = _prose(thing.people.get(name))
        if prose:
            told[f"{name}_by_people"] = prose
    return told


def _clean(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return value


def _prose(value: object) -> str:
    sentences = SENTENCE.split(" ".join(strings_of(value or "")).replace("\n", " "))
    return clean(" ".join(one for one in sentences if not speaks_of_money(one)), LONGEST_PROSE)


def input_hash(thing: Unwritten, told: Mapping[str, Any], prompt_version: str, model: str) -> str:
    """The name of everything that decides about an answer: the same input is not paid for twice."""
    parts = [prompt_version, model, thing.subject, thing.lang, list(thing.wanted), told]
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()
