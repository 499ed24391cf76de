"""What the bot was told: kept answered for as long as Telegram may tell it again."""

from datetime import timedelta
from typing import Final

from commerce_api.foundation.db.retention import Retention
from commerce_api.office.notifications.models import TelegramUpdate

RETENTIONS: Final = (
    Retention("telegram_update", TelegramUpdate, "done_at", timedelta(days=3), spare_newest=True),
    Retention("telegram_update_lost", TelegramUpdate, "received_at", timedelta(days=14), spare_newest=True),
)
"""The newest stays: its number says where to go on asking."""
