"""Making codes, one by one or in batches, and switching them off. Who calls notes it in the audit log.

Every function joins the transaction of its caller and raises NoTransaction without one.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tortoise.exceptions import IntegrityError

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import lock_rows, require_transaction, savepoint
from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.kit.text import is_slug
from commerce_api.shop.pricing.codes import CodeKind
from commerce_api.shop.promotions.errors import BadPromo, CodeTaken
from commerce_api.shop.promotions.models import PromoCode
from commerce_api.shop.promotions.queries import CODE, normal_code

MOST_AT_ONCE: Final = 1_000
"""Codes of one batch."""
LARGEST_SUM: Final = 10_000_000
"""Kopiyky that one code may take off, or ask for as a minimum."""
MOST_USES: Final = 1_000_000
NAMING: Final = "SELECT id FROM promo_code WHERE CAST(products AS TEXT) LIKE ?"
"""Codes whose list names a product: slugs have no sign that means anything to LIKE."""
GROUP: Final = re.compile(r"[\w .-]{1,32}")


@dataclass(frozen=True, slots=True)
class NewPromo:
    """What a code promises: `value` in percent or kopiyky, `minimum` in kopiyky; moments are aware.

    `max_uses` None is without limit; a voucher has one use whatever is given.
    """

    kind: CodeKind
    value: int
    group: str = ""
    once_per_customer: bool = False
    minimum: int = 0
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    max_uses: int | None = None
    categories: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    note: str = ""


async def create(wanted: NewPromo, code: str = "") -> str:
    """Make one code and return it; without `code` it is made up of 8 characters that nobody mistakes for others.

    Raises BadPromo naming the fields that cannot be, and CodeTaken.
    """
    require_transaction()
    _check(wanted)
    if not code:
        return (await create_batch(wanted, 1, batch=""))[0]
    chosen = normal_code(code)
    if not CODE.fullmatch(chosen):
        raise BadPromo({"code": "wrong"})
    try:
        async with savepoint():
            await _row(wanted, chosen, "").save()
    except IntegrityError:
        raise CodeTaken(promo=chosen) from None
    return chosen


async def create_batch(wanted: NewPromo, count: int, batch: str) -> list[str]:
    """Make `count` (1 to 1,000) codes of the same terms under the name of a batch; returns them.

    Raises BadPromo.
    """
    require_transaction()
    _check(wanted)
    if not 1 <= count <= MOST_AT_ONCE:
        raise BadPromo({"count": "too_big" if count > MOST_AT_ONCE else "too_small"})
    if len(batch) > 32:
        raise BadPromo({"batch": "too_long"})
    made: dict[str, None] = {}
    while len(made) < count:
        fresh = {ids.readable_code() for _ in range(count - len(made))} - made.keys()
        taken = set(await PromoCode.filter(code__in=list(fresh)).values_list("code", flat=True))
        made |= dict.fromkeys(fresh - taken)
    await PromoCode.bulk_create([_row(wanted, code, batch.strip()) for code in made])
    return list(made)


async def create_some(wanted: NewPromo, count: int, code: str, batch: str) -> list[str]:
    """One code, `code` itself where it is given, or a batch of `count`; returns what was made.

    Raises BadPromo, and CodeTaken.
    """
    if count == 1 and not batch:
        return [await create(wanted, code)]
    return await create_batch(wanted, count, batch)


async def switch(code: str, *, active: bool) -> bool:
    """Switch a code on or off; False when it was so already, or does not exist. Orders placed with it stay."""
    require_transaction()
    return bool(await PromoCode.filter(code=normal_code(code), active=not active).update(active=active))


async def rename_product(old: str, new: str) -> None:
    """Let codes that are for a product by its old slug be for it by the new one. What they promise stays."""
    require_transaction()
    naming = [row["id"] for row in await plain.fetch(NAMING, f'%"{old}"%')]
    for promo in await lock_rows(PromoCode.filter(id__in=naming)) if naming else ():
        products = sorted({new if product == old else product for product in promo.products})
        await PromoCode.filter(id=promo.id).update(products=products)


def _row(wanted: NewPromo, code: str, batch: str) -> PromoCode:
    return PromoCode(
        code=code,
        kind=wanted.kind,
        value=wanted.value,
        group_name=wanted.group.strip(),
        once_per_customer=wanted.once_per_customer,
        minimum=wanted.minimum,
        valid_from=wanted.valid_from,
        valid_until=wanted.valid_until,
        max_uses=1 if wanted.kind is CodeKind.VOUCHER else wanted.max_uses,
        categories=sorted(set(wanted.categories)),
        products=sorted(set(wanted.products)),
        batch=batch,
        note=wanted.note[:120],
        created_at=clock.now(),
    )


def _check(wanted: NewPromo) -> None:
    largest = 90 if wanted.kind is CodeKind.PERCENT else LARGEST_SUM
    wrong = {
        "value": not 1 <= wanted.value <= largest,
        "minimum": not 0 <= wanted.minimum <= LARGEST_SUM,
        "max_uses": wanted.max_uses is not None and not 1 <= wanted.max_uses <= MOST_USES,
        "group": bool(wanted.group) and not GROUP.fullmatch(wanted.group),
        "valid_until": bool(wanted.valid_from and wanted.valid_until and wanted.valid_until <= wanted.valid_from),
        "categories": not _slugs(wanted.categories),
        "products": not _slugs(wanted.products),
    }
    if any(wrong.values()):
        fields = [field for field, is_wrong in wrong.items() if is_wrong]
        raise BadPromo(dict.fromkeys(fields, "wrong"), wrong=", ".join(fields))


def _slugs(values: Collection[str]) -> bool:
    return all(is_slug(value) for value in values)
