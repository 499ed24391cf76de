"""Which cities were the biggest after a mirror of the directory."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('shop', '0016_statement_looks')]

    initial = False

    operations = [
        ops.AddField(
            model_name='MirrorRun',
            name='top',
            field=fields.CharField(default='', max_length=64),
        ),
    ]
