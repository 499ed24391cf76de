"""Double entry: accounts, postings, and their entries."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class LedgerAccount(Model):
    """What `owner` has of a `kind`, counted in `unit` (points, kopiyky).

    `balance` is the sum of the account's entries, kept by the same statement that guards spending. `lowest` is where it
    may never fall below; None for accounts that may owe.
    """

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=32)
    owner = fields.CharField(max_length=64)
    unit = fields.CharField(max_length=16)
    balance = fields.BigIntField(default=0)
    lowest = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "ledger_account"
        constraints = (
            UniqueConstraint(fields=("kind", "owner", "unit"), name="ledger_account_key"),
            CheckConstraint(check="lowest IS NULL OR balance >= lowest", name="ledger_account_not_below_lowest"),
        )


class Posting(Model):
    """Why something moved: one for each cause, appended and never changed."""

    id = fields.BigIntField(primary_key=True)
    cause = fields.CharField(max_length=120)
    kind = fields.CharField(max_length=32)
    at = fields.DatetimeField()

    class Meta:
        table = "ledger_posting"
        constraints = (UniqueConstraint(fields=("cause",), name="ledger_posting_cause"),)


class Entry(Model):
    """One side of a posting. The entries of a posting sum to zero."""

    id = fields.BigIntField(primary_key=True)
    posting: fields.ForeignKeyRelation[Posting] = fields.ForeignKeyField(
        "shop.Posting", related_name="entries", on_delete=fields.OnDelete.RESTRICT
    )
    posting_id: int
    account: fields.ForeignKeyRelation[LedgerAccount] = fields.ForeignKeyField(
        "shop.LedgerAccount", related_name="entries", on_delete=fields.OnDelete.RESTRICT
    )
    account_id: int
    amount = fields.BigIntField()

    class Meta:
        table = "ledger_entry"
        indexes = (Index(fields=("account_id", "id"), name="ledger_entry_account"),)
        constraints = (
            UniqueConstraint(fields=("posting_id", "account_id"), name="ledger_entry_once"),
            CheckConstraint(check="amount <> 0", name="ledger_entry_not_nothing"),
        )
