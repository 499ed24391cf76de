"""What sweeps, lists and persons ask for is found by an index, however many years of rows there are."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

INDEXES = (
    ('Shipment', ['order_number'], 'shipment_number'),
    ('Proof', ['account_id'], 'account_proof_account'),
    ('Proof', ['expires_at'], 'account_proof_expires'),
    ('AccessToken', ['account_id'], 'account_token_account'),
    ('Delivery', ['state', 'done_at'], 'outbox_delivery_done'),
    ('TelegramUpdate', ['received_at'], 'telegram_update_received'),
    ('RestockRequest', ['created_at'], 'restock_request_created'),
    ('RestockRequest', ['notified_at'], 'restock_request_told'),
)

class Migration(migrations.Migration):
    dependencies = [('shop', '0017_top_cities')]

    initial = False

    operations = [ops.AddIndex(model_name=model, index=Index(fields=fields, name=name)) for model, fields, name in INDEXES]
