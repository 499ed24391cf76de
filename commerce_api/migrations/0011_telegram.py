"""Telegram."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('shop', '0010_payments')]

    initial = False

    operations = [
        ops.CreateModel(
            name='NoticeChoice',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('shop.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='choices', on_delete=OnDelete.CASCADE)),
                ('mail', fields.BooleanField(default=True)),
                ('telegram', fields.BooleanField(default=True)),
            ],
            options={'table': 'account_notices', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('account_id',), name='account_notices_one')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='QuietAddress',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('digest', fields.CharField(max_length=64)),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'quiet_address', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('digest',), name='quiet_address_once')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='TelegramChat',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('shop.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='chats', on_delete=OnDelete.CASCADE)),
                ('chat_id', fields.BigIntField()),
                ('joined_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('dead_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'account_telegram', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('account_id',), name='account_telegram_one'), UniqueConstraint(fields=('chat_id',), name='account_telegram_chat')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='TelegramUpdate',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('update_id', fields.BigIntField()),
                ('content', fields.JSONField()),
                ('received_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('done_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'telegram_update', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('update_id',), name='telegram_update_once')], 'indexes': [Index(fields=['done_at'], name='telegram_update_done')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
