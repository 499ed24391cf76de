"""Moving points and money between accounts: double entry, one posting for each cause.

A balance changes by one conditional UPDATE, never by reading and writing back, so that two who spend at once cannot
both spend the last. Accounts are always taken in the order of their ids, so that two postings wait instead of blocking
each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from commerce_api.foundation.db.tx import require_transaction, savepoint
from commerce_api.foundation.kit import clock
from commerce_api.shop.ledger.errors import AlreadyPosted, NotEnough, Unbalanced
from commerce_api.shop.ledger.models import Entry, LedgerAccount, Posting


@dataclass(frozen=True, slots=True, order=True)
class AccountKey:
    """Which account: what is kept (`points`), whose it is (`account:7`, `shop`), and in what it counts."""

    kind: str
    owner: str
    unit: str = "points"


async def open_account(key: AccountKey, lowest: int | None = None) -> int:
    """The id of the account, opened when it is not there; `lowest` is where its balance may never fall below.

    An account that exists keeps its own `lowest`. Raises NoTransaction outside a transaction.
    """
    require_transaction()
    known = await LedgerAccount.get_or_none(kind=key.kind, owner=key.owner, unit=key.unit).only("id")
    if known:
        return known.id
    try:
        async with savepoint():
            made = await LedgerAccount.create(
                kind=key.kind, owner=key.owner, unit=key.unit, lowest=lowest, created_at=clock.now()
            )
            return int(made.id)
    except IntegrityError:
        # A rival opened it between our look and our insert.
        return (await LedgerAccount.get(kind=key.kind, owner=key.owner, unit=key.unit).only("id")).id


async def post(cause: str, kind: str, amounts: Mapping[AccountKey, int], *, spending: AccountKey | None = None) -> int:
    """Move `amounts` between accounts, for one cause; returns the id of the posting.

    The amounts of one unit sum to zero. `spending` names the account whose balance may not fall below zero by this
    posting; others may, down to their own `lowest`. `cause` is unique for ever (at most 120 characters), such as
    `order:12:earned`, so that a repeated event moves nothing.
    Raises AlreadyPosted, NotEnough, Unbalanced; NoTransaction outside a transaction, which must be rolled back then.
    """
    require_transaction()
    _check(amounts)
    posting = await _begin(cause, kind)
    ids = {key: await open_account(key) for key in sorted(amounts)}
    for key in sorted(ids, key=ids.__getitem__):
        await _move(ids[key], key, amounts[key], guarded=key == spending)
    await Entry.bulk_create(
        [Entry(posting_id=posting, account_id=ids[key], amount=amount) for key, amount in amounts.items()]
    )
    return posting


def _check(amounts: Mapping[AccountKey, int]) -> None:
    sums: dict[str, int] = {}
    for key, amount in amounts.items():
        if amount == 0:
            raise Unbalanced(f"an entry moves something: {key}")
        sums[key.unit] = sums.get(key.unit, 0) + amount
    if not sums or any(sums.values()):
        raise Unbalanced(f"the entries of a posting sum to zero in each unit: {sums}")


async def _begin(cause: str, kind: str) -> int:
    try:
        async with savepoint():
            return int((await Posting.create(cause=cause, kind=kind, at=clock.now())).id)
    except IntegrityError:
        raise AlreadyPosted(cause=cause) from None


async def _move(id_: int, key: AccountKey, amount: int, *, guarded: bool) -> None:
    account = LedgerAccount.filter(id=id_, balance__gte=-amount) if guarded else LedgerAccount.filter(id=id_)
    try:
        async with savepoint():
            moved = await account.update(balance=F("balance") + amount)
    except IntegrityError:
        moved = 0  # below the account's own lowest
    if not moved:
        left = await LedgerAccount.get(id=id_).only("balance")
        raise NotEnough(kind=key.kind, balance=left.balance, wanted=-amount)
