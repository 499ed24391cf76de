"""Promotions."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('shop', '0002_restock_requests')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PromoCode',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('code', fields.CharField(max_length=32)),
                ('kind', fields.CharField(max_length=32)),
                ('value', fields.BigIntField()),
                ('group_name', fields.CharField(default='', max_length=32)),
                ('once_per_customer', fields.BooleanField(default=False)),
                ('minimum', fields.BigIntField(default=0)),
                ('valid_from', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('valid_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('max_uses', fields.IntField(null=True)),
                ('uses', fields.IntField(default=0)),
                ('categories', fields.JSONField()),
                ('products', fields.JSONField()),
                ('active', fields.BooleanField(default=True)),
                ('batch', fields.CharField(default='', max_length=32)),
                ('note', fields.CharField(default='', max_length=120)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'promo_code', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('code',), name='promo_code_code'), CheckConstraint(check="value > 0 AND (kind <> 'percent' OR value <= 90)", name='promo_code_value'), CheckConstraint(check='uses >= 0 AND (max_uses IS NULL OR uses <= max_uses)', name='promo_code_uses_in_limit'), CheckConstraint(check='minimum >= 0', name='promo_code_minimum')], 'indexes': [Index(fields=['batch'], name='promo_code_batch')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PromoUse',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('promo', fields.ForeignKeyField('shop.PromoCode', source_field='promo_id', db_constraint=True, to_field='id', related_name='used', on_delete=OnDelete.RESTRICT)),
                ('order_id', fields.IntField()),
                ('state', fields.CharField(max_length=32)),
                ('discount', fields.BigIntField()),
                ('phone_key', fields.CharField(null=True, max_length=64)),
                ('email_key', fields.CharField(null=True, max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('changed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'promo_use', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('order_id',), name='promo_use_order'), UniqueConstraint(fields=('phone_key',), name='promo_use_phone'), UniqueConstraint(fields=('email_key',), name='promo_use_email'), CheckConstraint(check='discount >= 0', name='promo_use_discount_not_negative')], 'indexes': [Index(fields=['promo_id', 'id'], name='promo_use_promo')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Cart',
            name='promo',
            field=fields.CharField(null=True, max_length=32),
        ),
        ops.AddField(
            model_name='Order',
            name='promo_code',
            field=fields.CharField(default='', max_length=32),
        ),
    ]
