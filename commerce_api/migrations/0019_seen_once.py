"""Lines of the bank's statement that nobody knows are told once, and marks of notices are found by their age."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('shop', '0018_found_by_an_index')]

    initial = False

    operations = [
        ops.CreateModel(
            name='UnknownLine',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('invoice_id', fields.CharField(max_length=64)),
                ('seen_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'statement_unknown', 'app': 'shop', 'indexes': [Index(fields=['seen_at'], name='statement_unknown_age')], 'constraints': [UniqueConstraint(fields=('invoice_id',), name='statement_unknown_once')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddIndex(
            model_name='Notice',
            index=Index(fields=['sent_at'], name='notice_age'),
        ),
    ]
