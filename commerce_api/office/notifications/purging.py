"""How long marks of notices are kept, and what the bot was told: for as long as either may come again."""

from datetime import timedelta
from typing import Final

from commerce_api.foundation.db.retention import Retention
from commerce_api.office.notifications.models import Notice, TelegramUpdate

RETENTIONS: Final = (
    # An event is gone a month after everybody heard it, a dead letter is tried again while somebody remembers it.
    Retention("notice", Notice, "sent_at", timedelta(days=180)),
    Retention("telegram_update", TelegramUpdate, "done_at", timedelta(days=3), spare_newest=True),
    Retention("telegram_update_lost", TelegramUpdate, "received_at", timedelta(days=14), spare_newest=True),
)
"""The newest update stays: its number says where to go on asking."""
