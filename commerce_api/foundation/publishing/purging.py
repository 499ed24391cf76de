"""What the static site has learned long ago."""

from datetime import timedelta
from typing import Final

from tortoise.expressions import Q

from commerce_api.foundation.db.retention import Retention
from commerce_api.foundation.publishing.models import PageChange, RebuildRequest, RequestState

RETENTIONS: Final = (
    # The newest stays: its number is how readers know that nothing has changed since.
    Retention("page_change", PageChange, "built_at", timedelta(days=7), spare_newest=True),
    Retention(
        "rebuild_request",
        RebuildRequest,
        "finished_at",
        timedelta(days=90),
        only=lambda: ~Q(state=RequestState.QUEUED),
    ),
)
"""Only rows that are built or answered have these moments; what waits has none and stays."""
