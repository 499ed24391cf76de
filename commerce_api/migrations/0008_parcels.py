"""Parcels."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('shop', '0007_accounts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Branch',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('ref', fields.CharField(max_length=36)),
                ('city_ref', fields.CharField(max_length=36)),
                ('number', fields.IntField()),
                ('name', fields.CharField(max_length=200)),
                ('kind', fields.CharField(max_length=32)),
                ('words', fields.CharField(max_length=255)),
                ('max_weight_g', fields.IntField(default=0)),
                ('width_cm', fields.IntField(default=0)),
                ('length_cm', fields.IntField(default=0)),
                ('height_cm', fields.IntField(default=0)),
                ('cash', fields.BooleanField(default=True)),
                ('open', fields.BooleanField(default=True)),
                ('run', fields.IntField()),
            ],
            options={'table': 'delivery_branch', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('ref',), name='delivery_branch_ref')], 'indexes': [Index(fields=['city_ref', 'number'], name='delivery_branch_city')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='City',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('ref', fields.CharField(max_length=36)),
                ('name', fields.CharField(max_length=120)),
                ('area', fields.CharField(max_length=120)),
                ('words', fields.CharField(max_length=200)),
                ('head', fields.CharField(max_length=2)),
                ('branches', fields.IntField(default=0)),
                ('open', fields.BooleanField(default=True)),
                ('run', fields.IntField()),
            ],
            options={'table': 'delivery_city', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('ref',), name='delivery_city_ref')], 'indexes': [Index(fields=['head', 'branches'], name='delivery_city_head'), Index(fields=['branches'], name='delivery_city_rank')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DeliveryQuote',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('asked', fields.CharField(max_length=96)),
                ('price', fields.BigIntField()),
                ('day', fields.DateField(null=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'delivery_quote', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('asked',), name='delivery_quote_asked')], 'indexes': [Index(fields=['at'], name='delivery_quote_age')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='MirrorRun',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('started_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('stage', fields.CharField(max_length=32)),
                ('page', fields.IntField(default=0)),
                ('stored', fields.IntField(default=0)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'delivery_mirror', 'app': 'shop', 'indexes': [Index(fields=['started_at'], name='delivery_mirror_age')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Shipment',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('order_id', fields.IntField()),
                ('order_number', fields.CharField(max_length=32)),
                ('attempt', fields.IntField()),
                ('direction', fields.CharField(max_length=32)),
                ('state', fields.CharField(max_length=32)),
                ('slot', fields.CharField(null=True, max_length=32)),
                ('waybill', fields.CharField(default='', max_length=20)),
                ('ref', fields.CharField(default='', max_length=36)),
                ('declared', fields.BigIntField(default=0)),
                ('cash', fields.BigIntField(default=0)),
                ('cash_state', fields.CharField(default='none', max_length=32)),
                ('cost', fields.BigIntField(default=0)),
                ('due', fields.DateField(null=True)),
                ('actor', fields.CharField(max_length=64)),
                ('reason', fields.CharField(default='', max_length=200)),
                ('parcel', fields.CharField(default='made', max_length=32)),
                ('code', fields.CharField(default='', max_length=8)),
                ('text', fields.CharField(default='', max_length=200)),
                ('misses', fields.IntField(default=0)),
                ('polled_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('next_poll_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('quarantined_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('made_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('updated_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'shipment', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('slot',), name='shipment_slot'), UniqueConstraint(fields=('order_id', 'direction', 'attempt'), name='shipment_attempt'), CheckConstraint(check='declared >= 0 AND cash >= 0 AND cost >= 0', name='shipment_not_negative')], 'indexes': [Index(fields=['order_id', 'id'], name='shipment_order'), Index(fields=['next_poll_at'], name='shipment_due'), Index(fields=['waybill'], name='shipment_waybill')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ShipmentEvent',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('shipment', fields.ForeignKeyField('shop.Shipment', source_field='shipment_id', db_constraint=True, to_field='id', related_name='events', on_delete=OnDelete.RESTRICT)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('told_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('code', fields.CharField(max_length=8)),
                ('text', fields.CharField(max_length=200)),
                ('known', fields.BooleanField()),
            ],
            options={'table': 'shipment_event', 'app': 'shop', 'indexes': [Index(fields=['shipment_id', 'id'], name='shipment_event_shipment')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Order',
            name='branch_ref',
            field=fields.CharField(default='', max_length=36),
        ),
        ops.AddField(
            model_name='Order',
            name='city_ref',
            field=fields.CharField(default='', max_length=36),
        ),
    ]
