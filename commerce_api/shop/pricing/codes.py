"""Promo codes as arithmetic: whether one applies to a cart, why not, and what it takes off (rules.md 4).

Who may use a code, and how often, is known by shop/promotions alone; here are its terms and the goods.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from commerce_api.foundation.kit.money import KOPIYKY, percent_of, split

LEAST_PAYABLE: Final = KOPIYKY
"""A code leaves at least one hryvnia of the goods to be paid."""


class CodeKind(StrEnum):
    """`fixed` and `voucher` take a sum off; a voucher can be used once."""

    PERCENT = "percent"
    FIXED = "fixed"
    VOUCHER = "voucher"


class Why(StrEnum):
    """Why a code takes nothing off; `promo_<word>` is the error that says so."""

    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    USED_UP = "used_up"
    OTHER_GOODS = "other_goods"
    MINIMUM = "minimum"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`missing`: kopiyky that the goods lack; `starts`: when the code begins to apply."""

    why: Why
    code: str
    missing: int = 0
    starts: datetime | None = None


@dataclass(frozen=True, slots=True)
class CodeTerms:
    """What a code promises. `value` is a percent or kopiyky; `left` counts uses, None without limit.

    `categories` and `products` are slugs; with both empty the code applies to everything.
    """

    id: int
    code: str
    kind: CodeKind
    value: int
    minimum: int = 0
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    left: int | None = None
    categories: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    group: str = ""
    once_per_customer: bool = False
    active: bool = True


class Goods(Protocol):
    """What a code looks at in a line."""

    @property
    def product(self) -> str: ...

    @property
    def category(self) -> str: ...

    @property
    def total(self) -> int: ...


def refusal(terms: CodeTerms, lines: Sequence[Goods], at: datetime) -> Refusal | None:
    """Why the code takes nothing off these lines at that moment (aware); None when it does.

    The reasons come in the order in which a person can do less and less about them, the nearest to mend last: so
    `minimum`, with what is missing, is told only of a code that would work otherwise.
    """
    if not terms.active:
        return Refusal(Why.UNKNOWN, terms.code)
    if terms.valid_until is not None and at >= terms.valid_until:
        return Refusal(Why.EXPIRED, terms.code)
    if terms.left is not None and terms.left <= 0:
        return Refusal(Why.USED_UP, terms.code)
    if terms.valid_from is not None and at < terms.valid_from:
        return Refusal(Why.NOT_YET, terms.code, starts=terms.valid_from)
    if not any(applies_to(terms, line) for line in lines):
        return Refusal(Why.OTHER_GOODS, terms.code)
    missing = terms.minimum - sum(line.total for line in lines)
    return Refusal(Why.MINIMUM, terms.code, missing=missing) if missing > 0 else None


def applies_to(terms: CodeTerms, line: Goods) -> bool:
    """Whether the code counts this line."""
    everything = not terms.categories and not terms.products
    return everything or line.category in terms.categories or line.product in terms.products


def shares(terms: CodeTerms, lines: Sequence[Goods]) -> tuple[int, ...]:
    """Kopiyky that the code takes off each line, by largest remainder over the lines it counts.

    It is the caller's part to ask `refusal` first.
    """
    weights = [line.total if applies_to(terms, line) else 0 for line in lines]
    counted, goods = sum(weights), sum(line.total for line in lines)
    wanted = percent_of(counted, terms.value) if terms.kind is CodeKind.PERCENT else terms.value
    discount = max(0, min(wanted, counted, goods - LEAST_PAYABLE))
    return tuple(split(discount, weights))
