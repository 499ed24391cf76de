"""Stock movements."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

OPENING = (
    "INSERT INTO stock_movement (sku_id, at, reason, stock_change, held_change, cause, actor) "
    "SELECT id, CURRENT_TIMESTAMP, 'opening', COALESCE(stock, 0), reserved, '', '' FROM sku "
    "WHERE stock IS NOT NULL OR reserved > 0"
)
"""What a database counts already is where its movements begin."""


class Migration(migrations.Migration):
    dependencies = [('shop', '0003_promotions')]

    initial = False

    operations = [
        ops.CreateModel(
            name='StockMovement',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('sku', fields.ForeignKeyField('shop.Sku', source_field='sku_id', db_constraint=True, to_field='id', related_name='movements', on_delete=OnDelete.RESTRICT)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('reason', fields.CharField(max_length=32)),
                ('stock_change', fields.IntField()),
                ('held_change', fields.IntField()),
                ('cause', fields.CharField(default='', max_length=64)),
                ('actor', fields.CharField(default='', max_length=64)),
            ],
            options={'table': 'stock_movement', 'app': 'shop', 'indexes': [Index(fields=['sku_id', 'id'], name='stock_movement_sku')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.RunSQL(OPENING, reverse_sql=ops.RunSQL.noop),
    ]
