"""The list of parcels begins with those that moved last."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('shop', '0013_schedule')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Shipment',
            index=Index(fields=['updated_at'], name='shipment_updated'),
        ),
    ]
