"""What somebody likes, joined from every browser they use: for each product the last word counts (docs/theme.md)."""

from collections.abc import Mapping
from typing import Final

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Subquery

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import require_transaction, savepoint
from commerce_api.foundation.kit import clock
from commerce_api.shop.catalog.queries import called_now
from commerce_api.shop.favourites.models import Favourite

MOST: Final = 300
"""Products that one account keeps a word about; the oldest words go first."""


def joined(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Two lists as one: of two words about a product the later one; of a tie, that it is liked.

    It does not matter which comes first, how often the same list comes, nor how lists are grouped.
    """
    found = dict(one)
    for product, changed in other.items():
        mine = found.get(product)
        if mine is None or (abs(changed), changed) > (abs(mine), mine):
            found[product] = changed
    return found


async def merge(account_id: int, listed: Mapping[str, int]) -> dict[str, int]:
    """Join a browser's list into the account's; the whole list, tombstones included.

    A browser whose clock runs ahead does not get the last word for ever: moments of the future count as now. Words
    about a name that a product has left are about the one it has. Raises NoTransaction.
    """
    require_transaction()
    sane = _until(_now(), listed)
    before = dict(await Favourite.filter(account_id=account_id).values_list("product", "changed"))
    known = {product: changed for product, changed in sane.items() if product in before}
    fresh_names = await named_now({product: changed for product, changed in sane.items() if product not in before})
    after = joined(before, joined(known, fresh_names))
    kept = dict(sorted(after.items(), key=lambda item: -abs(item[1]))[:MOST])
    fresh = {product: changed for product, changed in kept.items() if before.get(product) != changed}
    gone = [product for product in before if product not in kept or product in fresh]
    if gone:
        await Favourite.filter(account_id=account_id, product__in=gone).delete()
    await _store(account_id, fresh)
    return kept


async def turn(account_id: int, product: str, *, on: bool) -> dict[str, int]:
    """Put a product in or take it out, now; the whole list. Raises NoTransaction."""
    return await merge(account_id, {product: _now() if on else -_now()})


async def turned(words: Mapping[str, int], product: str, *, on: bool) -> dict[str, int]:
    """A guest's words after a product was put in or taken out, now; under the names that products have."""
    now = _now()
    return await named_now({**_until(now, words), product: now if on else -now})


async def named_now(words: Mapping[str, int]) -> dict[str, int]:
    """The same words; those about names that products have left are about the ones they have."""
    found = dict(words)
    for old, new in (await called_now(words) if words else {}).items():
        found = joined(found, {new: found.pop(old)})
    return found


def _now() -> int:
    return int(clock.now().timestamp() * 1000)


def _until(now: int, words: Mapping[str, int]) -> dict[str, int]:
    return {product: max(-now, min(now, changed)) for product, changed in words.items() if changed}


async def rename_product(old: str, new: str) -> None:
    """Let every word about a product by its old slug be about it by the new one. Raises NoTransaction."""
    require_transaction()
    speaking = Subquery(Favourite.filter(product=old).values("account_id"))
    spoken = await Favourite.filter(product=new, account_id__in=speaking).values_list("account_id", flat=True)
    await Favourite.filter(product=old).exclude(account_id__in=list(spoken)).update(product=new)
    # Who has a word about the new name already has said it later.
    await Favourite.filter(product=old).delete()


async def _store(account_id: int, words: Mapping[str, int]) -> None:
    """Store words about products that have none."""
    rows = [{"account_id": account_id, "product": product, "changed": changed} for product, changed in words.items()]
    try:
        async with savepoint():
            await plain.insert_all(Favourite, rows)
    except IntegrityError:
        # The same account in another browser speaks of the same at this moment: one by one then.
        for product, changed in words.items():
            await _store_one(account_id, product, changed)


async def _store_one(account_id: int, product: str, changed: int) -> None:
    if await Favourite.filter(account_id=account_id, product=product).update(changed=changed):
        return
    try:
        async with savepoint():
            await Favourite.create(account_id=account_id, product=product, changed=changed)
    except IntegrityError:
        await Favourite.filter(account_id=account_id, product=product).update(changed=changed)
