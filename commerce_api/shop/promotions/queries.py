"""Reading promo codes: the terms of one, and lists for staff."""

import re
from typing import Final

from commerce_api.shop.pricing.codes import CodeTerms
from commerce_api.shop.promotions.models import PromoCode

CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{2,31}")
"""What a code looks like; nothing else is looked for."""


def normal_code(typed: str) -> str:
    """A code as it is stored: in capitals, without the spaces that people put between its parts."""
    return "".join(typed.split()).upper()


async def terms_of(typed: str | None) -> CodeTerms | None:
    """The terms of a code in any spelling, switched-off ones included; None when there is no such code."""
    code = normal_code(typed or "")
    if not CODE.fullmatch(code):
        return None
    promo = await PromoCode.get_or_none(code=code)
    return as_terms(promo) if promo else None


def as_terms(promo: PromoCode) -> CodeTerms:
    """A stored code as the quote reads it."""
    return CodeTerms(
        id=promo.id,
        code=promo.code,
        kind=promo.kind,
        value=promo.value,
        minimum=promo.minimum,
        valid_from=promo.valid_from,
        valid_until=promo.valid_until,
        left=None if promo.max_uses is None else promo.max_uses - promo.uses,
        categories=frozenset(promo.categories),
        products=frozenset(promo.products),
        group=promo.group_name,
        once_per_customer=promo.once_per_customer,
        active=promo.active,
    )


async def batch(name: str) -> list[PromoCode]:
    """The codes of a batch in the order in which they were made."""
    return await PromoCode.filter(batch=name).order_by("id")
