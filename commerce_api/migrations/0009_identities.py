"""Identities."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('shop', '0008_parcels')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Attempt',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('provider', fields.CharField(max_length=32)),
                ('state', fields.CharField(max_length=64)),
                ('browser', fields.CharField(max_length=64)),
                ('onward', fields.CharField(default='', max_length=500)),
                ('lang', fields.CharField(default='uk', max_length=8)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('issuer', fields.CharField(default='', max_length=200)),
                ('subject', fields.CharField(default='', max_length=255)),
                ('email', fields.CharField(default='', max_length=254)),
                ('proven_id', fields.IntField(null=True)),
            ],
            options={'table': 'account_attempt', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('state',), name='account_attempt_state')], 'indexes': [Index(fields=['browser', 'id'], name='account_attempt_browser'), Index(fields=['expires_at'], name='account_attempt_expires')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LinkedIdentity',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('shop.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='identities', on_delete=OnDelete.CASCADE)),
                ('provider', fields.CharField(max_length=32)),
                ('issuer', fields.CharField(max_length=200)),
                ('subject', fields.CharField(max_length=255)),
                ('joined_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'account_identity', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('issuer', 'subject'), name='account_identity_once')], 'indexes': [Index(fields=['account_id'], name='account_identity_account')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
