"""How long answers are kept under their keys: nobody repeats a request after a month."""

from datetime import timedelta
from typing import Final

from commerce_api.foundation.db.retention import Retention
from commerce_api.foundation.web.models import KeptAnswer

RETENTIONS: Final = (Retention("checkout_answer", KeptAnswer, "created_at", timedelta(days=30)),)
