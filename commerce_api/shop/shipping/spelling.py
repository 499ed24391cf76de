"""Names of places as they are searched: any alphabet, any letter case, older and Russian names of big cities.

words("Кривий Ріг")  ->  "krivi rih"        words("Kryvyi Rih")  ->  "krivi rih"
"""

from functools import lru_cache
from typing import Final

from commerce_api.foundation.kit.searching.rules import Rules, bare_rules
from commerce_api.foundation.kit.searching.words import other_layout, read
from commerce_api.foundation.kit.text import transliterate

_OTHER_NAMES: Final = {
    "Kiev": "Київ", "Kharkov": "Харків", "Odessa": "Одеса", "Lvov": "Львів", "Dnepr": "Дніпро",
    "Днепропетровск": "Дніпро", "Дніпропетровськ": "Дніпро", "Nikolaev": "Миколаїв", "Zaporozhye": "Запоріжжя",
    "Запорожье": "Запоріжжя", "Vinnitsa": "Вінниця", "Chernigov": "Чернігів", "Rovno": "Рівне",
    "Ternopol": "Тернопіль", "Chernovtsy": "Чернівці", "Черновцы": "Чернівці", "Kirovograd": "Кропивницький",
    "Кіровоград": "Кропивницький", "Кировоград": "Кропивницький", "Днепродзержинск": "Кам’янське",
    "Krivoy Rog": "Кривий Ріг", "Кривой Рог": "Кривий Ріг", "Белая Церковь": "Біла Церква", "Uzhgorod": "Ужгород",
}  # fmt: skip
"""What people still type, to what the carrier writes."""
_SHORTEST: Final = 3
"""Letters of another name from which on it is recognised while it is being typed."""


@lru_cache(maxsize=1)
def _rules() -> Rules:
    return bare_rules()


def words(text: str) -> str:
    """The words of a text as they are stored and looked for: small Latin letters and digits, spaces between."""
    return " ".join(word.skeleton for word in read(text.replace("№", " "), _rules()))


@lru_cache(maxsize=1)
def _others() -> dict[str, str]:
    return {words(other): words(name) for other, name in _OTHER_NAMES.items()}


def todays_name(typed: str) -> str | None:
    """The words of the city that another name, or its beginning, means; None when it means none."""
    if len(typed.strip()) < _SHORTEST:
        return None
    begun = words(typed)
    return next((name for other, name in _others().items() if other.startswith(begun)), None)


@lru_cache(maxsize=1)
def other_names() -> dict[str, tuple[str, ...]]:
    """What people still type, by the name of today."""
    named: dict[str, tuple[str, ...]] = {}
    for other, name in _OTHER_NAMES.items():
        named[name] = (*named.get(name, ()), other)
    return named


def mistyped(text: str) -> str:
    """The words of a text that was typed on the other keyboard."""
    return words(other_layout(text, _rules()))


def latin(name: str) -> str:
    """A place's name as an English page writes it: `Біла Церква` -> `Bila Tserkva`."""
    parts = transliterate(name).split(" ")
    return " ".join("-".join(piece[:1].upper() + piece[1:] for piece in part.split("-")) for part in parts)
