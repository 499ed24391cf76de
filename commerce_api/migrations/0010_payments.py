"""Payments."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('shop', '0009_identities')]

    initial = False

    operations = [
        ops.CreateModel(
            name='BankNotice',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('invoice_id', fields.CharField(max_length=64)),
                ('modified_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('status', fields.CharField(max_length=32)),
                ('received_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('done_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'bank_notice', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('invoice_id', 'modified_at', 'status'), name='bank_notice_once')], 'indexes': [Index(fields=['received_at'], name='bank_notice_age')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Payment',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('order_id', fields.IntField()),
                ('open_order_id', fields.IntField(null=True)),
                ('reference', fields.CharField(max_length=64)),
                ('provider', fields.CharField(max_length=32)),
                ('amount', fields.BigIntField()),
                ('basket', fields.JSONField()),
                ('status', fields.CharField(default='starting', max_length=32)),
                ('invoice_id', fields.CharField(null=True, max_length=64)),
                ('page_url', fields.CharField(default='', max_length=500)),
                ('received', fields.BigIntField(default=0)),
                ('credited', fields.BigIntField(default=0)),
                ('returned', fields.BigIntField(default=0)),
                ('failure', fields.CharField(default='', max_length=200)),
                ('receipt_url', fields.CharField(default='', max_length=500)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('called_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('modified_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('checks', fields.IntField(default=0)),
                ('next_check_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'payment', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('reference',), name='payment_reference'), UniqueConstraint(fields=('invoice_id',), name='payment_invoice'), UniqueConstraint(fields=('open_order_id',), name='payment_one_open'), CheckConstraint(check='amount > 0', name='payment_amount'), CheckConstraint(check='received >= 0 AND credited >= 0 AND credited <= received AND returned >= 0 AND returned <= received', name='payment_money_adds_up')], 'indexes': [Index(fields=['order_id', 'id'], name='payment_order'), Index(fields=['next_check_at'], name='payment_next_check'), Index(fields=['created_at'], name='payment_created')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Refund',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('order_id', fields.IntField()),
                ('payment', fields.ForeignKeyField('shop.Payment', source_field='payment_id', null=True, db_constraint=True, to_field='id', related_name='refunds', on_delete=OnDelete.RESTRICT)),
                ('reference', fields.CharField(max_length=64)),
                ('amount', fields.BigIntField()),
                ('reason', fields.CharField(max_length=32)),
                ('note', fields.CharField(default='', max_length=200)),
                ('status', fields.CharField(default='queued', max_length=32)),
                ('from_order', fields.BooleanField()),
                ('items', fields.JSONField()),
                ('actor', fields.CharField(max_length=64)),
                ('failure', fields.CharField(default='', max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('changed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'refund', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('reference',), name='refund_reference'), CheckConstraint(check='amount > 0', name='refund_amount')], 'indexes': [Index(fields=['order_id', 'id'], name='refund_order'), Index(fields=['status', 'changed_at'], name='refund_status'), Index(fields=['payment_id'], name='refund_payment')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
