"""Pages and articles that people write, finished: tokens filled from the facts, language and address known."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.money import format_amount
from commerce_api.foundation.theming import plural_form, whole_forms
from sitegen.source import ShopFacts

TOKEN: Final = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
SECTION: Final = re.compile(r"\{\{([#^])([^{}\s]+)\}\}(.*?)\{\{/\2\}\}", re.DOTALL)


COVERS: Final = ("pencil", "screens", "tub")
"""Drawings that an article may name as its `Cover` (macros/article_cover.html)."""


class BadContent(Exception):
    """A content file cannot become a page; the message names the file and what to do."""


@dataclass(frozen=True, slots=True)
class ContentView:
    """One page or article in one language. `body` is HTML; articles have a date, pages have none. `cover` is one of
    COVERS, or "" where none is named."""

    slug: str
    lang: str
    title: str
    description: str
    summary: str
    body: str
    date: date | None
    source: str
    cover: str = ""

    @property
    def path(self) -> str:
        """The page's address."""
        if self.date is None:
            return urls.content(self.slug, self.lang)
        return urls.journal(self.lang, self.slug)


Reading = Callable[[ShopFacts, Mapping[str, Any], str], str]


def _amount(name: str) -> Reading:
    return lambda facts, site, lang: format_amount(getattr(facts, name))


def _number(name: str) -> Reading:
    return lambda facts, site, lang: str(getattr(facts, name))


def _contact(name: str) -> Reading:
    return lambda facts, site, lang: str(site["contacts"][name])


def _city(facts: ShopFacts, site: Mapping[str, Any], lang: str) -> str:
    return str(site["contacts"][lang]["city"])


def _dialled(facts: ShopFacts, site: Mapping[str, Any], lang: str) -> str:
    return re.sub(r"[^+\d]", "", str(site["contacts"]["phone"]))


TOKENS: Final[Mapping[str, Reading]] = {
    "free_delivery_from": _amount("free_delivery_from"),
    "branch_price": _amount("branch_price"),
    "locker_price": _amount("locker_price"),
    "courier_price": _amount("courier_price"),
    "cod_fixed": _amount("cod_fixed"),
    "cod_percent": _number("cod_percent"),
    "cod_limit": _amount("cod_limit"),
    "locker_limit": _amount("locker_limit"),
    "prepay": _amount("prepay"),
    "return_days": _number("return_days"),
    "reserve_minutes": _number("reserve_minutes"),
    "travel_days_from": _number("travel_days_from"),
    "travel_days_to": _number("travel_days_to"),
    "wholesale_step": _number("wholesale_step"),
    "reward_points": _number("reward_points"),
    "reward_percent": _number("reward_percent"),
    "size_tolerance": _number("size_tolerance_cm"),
    "phone": _contact("phone"),
    "phone_link": _dialled,
    "email": _contact("email"),
    "telegram": _contact("telegram"),
    "city": _city,
}
"""What `{{name}}` in a content file stands for: amounts as people read them, counts as digits."""

SWITCHES: Final[Mapping[str, Callable[[ShopFacts], bool]]] = {
    "cod": lambda facts: facts.cod_enabled,
    "travel_days_range": lambda facts: facts.travel_days_from < facts.travel_days_to,
}
"""What `{{#name}}…{{/name}}` asks: its words stand while it is so, those of `{{^name}}…{{/name}}` while it is not."""


def fill(text: str, lang: str, facts: ShopFacts, site: Mapping[str, Any], source: str) -> str:
    """`text` with every section kept or left out and every token replaced by finished words.

    A count that is followed by a noun brings its forms, one for each that whole numbers take in `lang`:
    `{{return_days|день|дні|днів}}` is `14 днів`. A section in HTML begins and ends at like places, such as the ends of
    two list items, so that what is left of it stays whole. Raises BadContent naming `source` when a token or section
    is unknown, the forms are too many or too few, or content/site.toml lacks the value.
    """

    def value(match: re.Match[str]) -> str:
        name, *forms = match[1].split("|")
        if name not in TOKENS:
            known = ", ".join(sorted(TOKENS))
            raise BadContent(f"{source}: there is no {{{{{name}}}}}; known are {known}")
        try:
            words = TOKENS[name](facts, site, lang)
        except KeyError as missing:
            raise BadContent(f"{source}: {{{{{name}}}}} needs {missing} in content/site.toml") from None
        return _counted(words, forms, lang, f"{source}: {match[0]}") if forms else words

    return TOKEN.sub(value, _chosen(text, facts, source))


def _chosen(text: str, facts: ShopFacts, source: str) -> str:
    def kept(match: re.Match[str]) -> str:
        sign, name, inside = match.groups()
        if name not in SWITCHES:
            raise BadContent(f"{source}: there is no {{{{{sign}{name}}}}}; known are {', '.join(sorted(SWITCHES))}")
        return inside if SWITCHES[name](facts) == (sign == "#") else ""

    return SECTION.sub(kept, text)


def _counted(words: str, forms: Sequence[str], lang: str, where: str) -> str:
    wanted = whole_forms(lang)
    if not words.isdecimal() or len(forms) != len(wanted):
        raise BadContent(f"{where} should be the name of a count and its noun in the forms {', '.join(wanted)}")
    return f"{words}\u00a0{forms[wanted.index(plural_form(lang, int(words)))]}"
