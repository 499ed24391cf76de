"""Answers are kept for staff's keys as well as for checkouts; the table stays as it is."""

from tortoise import migrations
from tortoise.migrations import operations as ops

class Migration(migrations.Migration):
    dependencies = [('shop', '0014_newest_parcels')]

    initial = False

    operations = [
        ops.RenameModel(old_name='CheckoutAnswer', new_name='KeptAnswer'),
    ]
