"""Restock requests."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('shop', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RestockRequest',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('sku', fields.ForeignKeyField('shop.Sku', source_field='sku_id', db_constraint=True, to_field='id', related_name='wishes', on_delete=OnDelete.CASCADE)),
                ('contact', fields.CharField(max_length=254)),
                ('lang', fields.CharField(max_length=8)),
                ('once', fields.CharField(max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('notified_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'restock_request', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('once',), name='restock_request_once')], 'indexes': [Index(fields=['sku_id', 'notified_at'], name='restock_request_waiting'), Index(fields=['contact'], name='restock_request_contact')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
