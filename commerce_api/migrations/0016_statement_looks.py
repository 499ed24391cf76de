"""How far looks back into the bank's statement came."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('shop', '0015_kept_answers')]

    initial = False

    operations = [
        ops.CreateModel(
            name='StatementLook',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('until', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('reached', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'statement_look', 'app': 'shop', 'indexes': [Index(fields=['since'], name='statement_look_age')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
