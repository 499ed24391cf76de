"""Journeys to a provider: what one came back with is kept no longer than it can be used."""

from datetime import timedelta
from typing import Final

from commerce_api.foundation.db.retention import Retention
from commerce_api.shop.accounts.models import Attempt

RETENTIONS: Final = (Retention("account_attempt", Attempt, "expires_at", timedelta(hours=1)),)
