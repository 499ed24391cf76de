"""Prices that the carrier told and runs of the mirror: nobody asks for them after some days. Shipments are kept."""

from datetime import timedelta
from typing import Final

from commerce_api.foundation.db.retention import Retention
from commerce_api.shop.shipping.models import DeliveryQuote, MirrorRun

RETENTIONS: Final = (
    Retention("delivery_quote", DeliveryQuote, "at", timedelta(days=1)),
    Retention("delivery_mirror", MirrorRun, "started_at", timedelta(days=14), spare_newest=True),
)
