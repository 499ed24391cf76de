"""Pages and articles that people write, finished: tokens filled from the facts, language and address known."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.money import format_amount
from sitegen.source import ShopFacts

TOKEN: Final = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
TAG: Final = re.compile(r"(<[^>]*>)")
HELD: Final = (
    re.compile(r"() (?=[—–](?:\s|$))"),
    re.compile(r"((?<![\w’'-])[авзійоуАВЗІЙОУ]) "),
    re.compile(r"(\d) (?=(?:см|мм|км|кг|г|днів|дні|МБ|cm|mm|km|kg|g|days|MB)\b|[%°₴])"),
)
"""Spaces at which no line may break: before a dash, after a word of one letter, between a number and its unit."""


class BadContent(Exception):
    """A content file cannot become a page; the message names the file and what to do."""


@dataclass(frozen=True, slots=True)
class ContentView:
    """One page or article in one language. `body` is HTML; articles have a date, pages have none."""

    slug: str
    lang: str
    title: str
    description: str
    summary: str
    body: str
    date: date | None
    source: str

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
    "phone": _contact("phone"),
    "phone_link": _dialled,
    "email": _contact("email"),
    "telegram": _contact("telegram"),
    "city": _city,
}
"""What `{{name}}` in a content file stands for: amounts as people read them, counts as digits."""


def fill(text: str, lang: str, facts: ShopFacts, site: Mapping[str, Any], source: str) -> str:
    """`text` with every token replaced by finished words.

    Raises BadContent naming `source` when a token is unknown or content/site.toml lacks its value.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in TOKENS:
            known = ", ".join(sorted(TOKENS))
            raise BadContent(f"{source}: there is no {{{{{name}}}}}; known are {known}")
        try:
            return TOKENS[name](facts, site, lang)
        except KeyError as missing:
            raise BadContent(f"{source}: {{{{{name}}}}} needs {missing} in content/site.toml") from None

    return TOKEN.sub(value, text)


def unbroken(html: str) -> str:
    """HTML whose lines break as a typesetter would have them: no dash begins one, no lone letter ends one."""
    parts = TAG.split(html)
    for place in range(0, len(parts), 2):
        for spaces in HELD:
            parts[place] = spaces.sub("\\1\u00a0", parts[place])
    return "".join(parts)
