"""Carts that nobody came back to. A guest's cookie lives for a month; an account may return after longer."""

from datetime import timedelta
from typing import Final

from tortoise.expressions import Q

from commerce_api.foundation.db.retention import Retention
from commerce_api.shop.cart.models import Cart

RETENTIONS: Final = (
    Retention("cart", Cart, "seen_at", timedelta(days=45), only=lambda: Q(account_id=None)),
    Retention("account_cart", Cart, "seen_at", timedelta(days=400), only=lambda: ~Q(account_id=None)),
)
"""Their lines go with them (ON DELETE CASCADE)."""
