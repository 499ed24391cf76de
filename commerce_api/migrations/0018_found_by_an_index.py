"""What sweeps, lists and persons ask for is found by an index, however many years of rows there are."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('shop', '0017_top_cities')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Shipment',
            index=Index(fields=['order_number'], name='shipment_number'),
        ),
        ops.AddIndex(
            model_name='Proof',
            index=Index(fields=['account_id'], name='account_proof_account'),
        ),
        ops.AddIndex(
            model_name='Proof',
            index=Index(fields=['expires_at'], name='account_proof_expires'),
        ),
        ops.AddIndex(
            model_name='AccessToken',
            index=Index(fields=['account_id'], name='account_token_account'),
        ),
        ops.AddIndex(
            model_name='Delivery',
            index=Index(fields=['state', 'done_at'], name='outbox_delivery_done'),
        ),
        ops.AddIndex(
            model_name='TelegramUpdate',
            index=Index(fields=['received_at'], name='telegram_update_received'),
        ),
        ops.AddIndex(
            model_name='RestockRequest',
            index=Index(fields=['created_at'], name='restock_request_created'),
        ),
        ops.AddIndex(
            model_name='RestockRequest',
            index=Index(fields=['notified_at'], name='restock_request_told'),
        ),
    ]
