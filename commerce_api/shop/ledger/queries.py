"""Reading the ledger: balances, statements, and the laws that an auditor asks for."""

from dataclasses import dataclass
from datetime import datetime

from commerce_api.foundation.db import plain
from commerce_api.foundation.kit.paging import Page, PageRequest
from commerce_api.shop.ledger.models import Entry, LedgerAccount, Posting
from commerce_api.shop.ledger.service import AccountKey


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a statement; `amount` is positive for what came in."""

    at: datetime
    cause: str
    kind: str
    amount: int


async def balance(key: AccountKey) -> int:
    """What the account holds; 0 for one that was never opened."""
    account = await LedgerAccount.get_or_none(kind=key.kind, owner=key.owner, unit=key.unit).only("balance")
    return account.balance if account else 0


async def statement(key: AccountKey, page: PageRequest) -> Page[Movement]:
    """Movements of an account, newest first."""
    entries = Entry.filter(account__kind=key.kind, account__owner=key.owner, account__unit=key.unit)
    rows = (
        await entries.order_by("-id")
        .offset(page.offset)
        .limit(page.size)
        .values_list("posting__at", "posting__cause", "posting__kind", "amount")
    )
    movements = [Movement(at, cause, kind, amount) for at, cause, kind, amount in rows]
    return Page(movements, await entries.count(), page)


async def was_posted(cause: str) -> bool:
    """Whether something was moved for this cause before."""
    return await Posting.filter(cause=cause).exists()


async def broken_laws() -> tuple[str, ...]:
    """What does not add up, in words for staff; nothing when every posting sums to zero and every balance is the sum of
    its entries."""
    postings = await plain.fetch(
        "SELECT e.posting_id AS id, a.unit AS unit, SUM(e.amount) AS total FROM ledger_entry e "
        "JOIN ledger_account a ON a.id = e.account_id GROUP BY e.posting_id, a.unit HAVING SUM(e.amount) <> 0"
    )
    accounts = await plain.fetch(
        "SELECT a.id AS id, a.balance AS balance, COALESCE(SUM(e.amount), 0) AS total FROM ledger_account a "
        "LEFT JOIN ledger_entry e ON e.account_id = a.id GROUP BY a.id, a.balance "
        "HAVING a.balance <> COALESCE(SUM(e.amount), 0)"
    )
    return (
        *(f"posting {row['id']} is {row['total']} {row['unit']} out of balance" for row in postings),
        *(f"account {row['id']} says {row['balance']}, its entries {row['total']}" for row in accounts),
    )
