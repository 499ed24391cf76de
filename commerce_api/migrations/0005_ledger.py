"""Ledger."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('shop', '0004_stock_movements')]

    initial = False

    operations = [
        ops.CreateModel(
            name='LedgerAccount',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('kind', fields.CharField(max_length=32)),
                ('owner', fields.CharField(max_length=64)),
                ('unit', fields.CharField(max_length=16)),
                ('balance', fields.BigIntField(default=0)),
                ('lowest', fields.BigIntField(null=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'ledger_account', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('kind', 'owner', 'unit'), name='ledger_account_key'), CheckConstraint(check='lowest IS NULL OR balance >= lowest', name='ledger_account_not_below_lowest')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Posting',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('cause', fields.CharField(max_length=120)),
                ('kind', fields.CharField(max_length=32)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'ledger_posting', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('cause',), name='ledger_posting_cause')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Entry',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('posting', fields.ForeignKeyField('shop.Posting', source_field='posting_id', db_constraint=True, to_field='id', related_name='entries', on_delete=OnDelete.RESTRICT)),
                ('account', fields.ForeignKeyField('shop.LedgerAccount', source_field='account_id', db_constraint=True, to_field='id', related_name='entries', on_delete=OnDelete.RESTRICT)),
                ('amount', fields.BigIntField()),
            ],
            options={'table': 'ledger_entry', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('posting_id', 'account_id'), name='ledger_entry_once'), CheckConstraint(check='amount <> 0', name='ledger_entry_not_nothing')], 'indexes': [Index(fields=['account_id', 'id'], name='ledger_entry_account')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
