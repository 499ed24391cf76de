"""Search misses."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('shop', '0005_ledger')]

    initial = False

    operations = [
        ops.CreateModel(
            name='SearchMiss',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('day', fields.DateField()),
                ('lang', fields.CharField(max_length=8)),
                ('query', fields.CharField(max_length=60)),
                ('count', fields.IntField(default=1)),
            ],
            options={'table': 'search_miss', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('day', 'lang', 'query'), name='search_miss_query')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
