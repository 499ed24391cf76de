"""Accounts."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('shop', '0006_search_misses')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AccessToken',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('shop.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='tokens', on_delete=OnDelete.CASCADE)),
                ('digest', fields.CharField(max_length=64)),
                ('name', fields.CharField(max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'account_token', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('digest',), name='account_token_digest')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Consent',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('shop.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='consents', on_delete=OnDelete.CASCADE)),
                ('kind', fields.CharField(max_length=32)),
                ('version', fields.CharField(max_length=32)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'account_consent', 'app': 'shop', 'indexes': [Index(fields=['account_id', 'id'], name='account_consent_account')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Favourite',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account_id', fields.IntField()),
                ('product', fields.CharField(max_length=40)),
                ('changed', fields.BigIntField()),
            ],
            options={'table': 'favourite', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('account_id', 'product'), name='favourite_once')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Proof',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('shop.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='proofs', on_delete=OnDelete.CASCADE)),
                ('purpose', fields.CharField(max_length=32)),
                ('digest', fields.CharField(max_length=64)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'account_proof', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('digest',), name='account_proof_digest')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('shop.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='recovery_codes', on_delete=OnDelete.CASCADE)),
                ('digest', fields.CharField(max_length=64)),
            ],
            options={'table': 'account_recovery_code', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('account_id', 'digest'), name='account_recovery_code_once')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Reward',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account_id', fields.IntField()),
                ('cause', fields.CharField(max_length=120)),
                ('code', fields.CharField(max_length=32)),
                ('points', fields.IntField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'loyalty_reward', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('cause',), name='loyalty_reward_cause')], 'indexes': [Index(fields=['account_id', 'id'], name='loyalty_reward_account')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SecondFactor',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('shop.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='factors', on_delete=OnDelete.CASCADE)),
                ('secret', fields.CharField(max_length=255)),
                ('confirmed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('last_step', fields.BigIntField(default=0)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'account_second_factor', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('account_id',), name='account_second_factor_one')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Account',
            name='branch',
            field=fields.CharField(default='', max_length=200),
        ),
        ops.AddField(
            model_name='Account',
            name='city',
            field=fields.CharField(default='', max_length=120),
        ),
        ops.AddField(
            model_name='Account',
            name='payment',
            field=fields.CharField(default='', max_length=32),
        ),
        ops.AddField(
            model_name='Account',
            name='phone',
            field=fields.CharField(default='', max_length=16),
        ),
        ops.AddField(
            model_name='Account',
            name='signed_in_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Account',
            name='verified_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Order',
            index=Index(fields=['email'], name='shop_order_email'),
        ),
        # Whoever could sign in before was made by hand: their addresses are known to be theirs.
        ops.RunSQL('UPDATE account SET verified_at = created_at', ops.RunSQL.noop),
    ]
