"""Who waits for a sold-out SKU, and telling that it came back.

A wish is kept once per SKU and contact. It is told of once: the pieces coming back record `RestockArrived` in the same
transaction, and whoever listens marks each wish as told. Contacts are forgotten by the calendar (`forget`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from commerce_api.foundation.db.retention import delete_in_batches
from commerce_api.foundation.db.tx import require_transaction, savepoint
from commerce_api.foundation.events import RestockArrived
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.service import record
from commerce_api.shop.catalog.errors import InStock, SkuUnknown
from commerce_api.shop.catalog.models import RestockRequest, Sku
from commerce_api.shop.catalog.queries import published_where

MOST_OF_CONTACT: Final = 20
"""SKUs that one person may wait for; further wishes are answered alike and not kept."""
MOST_OF_SKU: Final = 2000
"""People who may wait for one SKU."""
KEPT_DAYS: Final = 30
"""How long a contact is kept after it was told."""
LONGEST_WAIT_DAYS: Final = 365
"""How long anybody waits: after a year the wish is old news."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody who waits: the contact as stored, the language of the page it was left on, and since when."""

    id: int
    sku: str
    contact: str
    lang: str
    asked_at: datetime


async def ask(code: str, contact: str, lang: str) -> None:
    """Remember that `contact` (normalised) wants to know when the SKU is back; asking again changes nothing.

    New and repeated wishes look the same from outside. Raises SkuUnknown, InStock, NoTransaction.
    """
    require_transaction()
    found = await Sku.filter(published_where("variant__product__"), code=code, active=True).values_list("id", "stock")
    if not found:
        raise SkuUnknown(sku=code)
    sku_id, stock = found[0]
    if stock != 0:
        raise InStock(sku=code)
    once = sha256(f"{sku_id}:{contact}".encode()).hexdigest()
    known = await RestockRequest.get_or_none(once=once)
    if known is None:
        await _keep(sku_id, contact, lang, once)
    elif known.notified_at is not None:
        # It came, it was told, it is gone again: the same person may wait anew.
        await RestockRequest.filter(id=known.id).update(notified_at=None, created_at=clock.now(), lang=lang)


async def _keep(sku_id: int, contact: str, lang: str, once: str) -> None:
    waiting = RestockRequest.filter(notified_at=None)
    if await waiting.filter(contact=contact).count() >= MOST_OF_CONTACT:
        return
    if await waiting.filter(sku_id=sku_id).count() >= MOST_OF_SKU:
        return
    try:
        async with savepoint():
            await RestockRequest.create(sku_id=sku_id, contact=contact, lang=lang, once=once, created_at=clock.now())
    except IntegrityError:
        # A double press: the other request keeps the same wish.
        return


async def announce(codes: Collection[str]) -> None:
    """Record an event for each of these SKUs that can be sold again and that somebody waits for.

    Belongs to the transaction that gave the pieces back. Raises NoTransaction.
    """
    require_transaction()
    if not codes:
        return
    on_sale = published_where("sku__variant__product__")
    waiting = RestockRequest.filter(on_sale, notified_at=None, sku__code__in=list(codes))
    wanted = (
        await waiting.filter(Q(sku__stock__gt=0) | Q(sku__stock=None))
        .distinct()
        .values_list("sku__code", "sku__variant__product__slug")
    )
    for code, product in sorted(wanted):
        await record(RestockArrived(sku=code, product=product))


async def waiting_for(code: str) -> list[Wish]:
    """Who waits for a SKU that can be sold now, the longest wait first; nobody while it is sold out again."""
    rows = (
        await RestockRequest.filter(
            published_where("sku__variant__product__"),
            Q(sku__stock__gt=0) | Q(sku__stock=None),
            sku__code=code,
            notified_at=None,
        )
        .order_by("id")
        .values_list("id", "sku__code", "contact", "lang", "created_at")
    )
    return [Wish(*row) for row in rows]


async def mark_told(wish_id: int) -> None:
    """Note that this person knows; from now on the contact is kept for KEPT_DAYS only."""
    await RestockRequest.filter(id=wish_id, notified_at=None).update(notified_at=clock.now())


async def forget() -> int:
    """Delete the contacts that were told long enough ago, and those that waited in vain; how many there were."""
    now = clock.now()
    return await delete_in_batches(
        RestockRequest.filter(
            Q(notified_at__lt=now - timedelta(days=KEPT_DAYS))
            | Q(created_at__lt=now - timedelta(days=LONGEST_WAIT_DAYS))
        )
    )
