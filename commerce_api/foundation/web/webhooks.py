"""Messages that come in the name of a service without being its own."""

from functools import partial
from typing import Final

from starlette.requests import Request

from commerce_api.foundation import metrics, telemetry
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import TooMany
from commerce_api.foundation.events import WebhookRejected
from commerce_api.foundation.outbox.service import record
from commerce_api.foundation.web.carried import carried
from commerce_api.foundation.web.rates import Rate

TOLD: Final = Rate("webhook_rejected", 1, 600)
"""Staff hear of forged messages of a service once in ten minutes, however many come: nobody may fill the outbox."""

log = telemetry.logger(__name__)


async def rejected(request: Request, service: str) -> None:
    """Count a forged message, and let staff hear of it. This is an edge: it opens a transaction."""
    metrics.WEBHOOKS.add(service, "forged")
    log.warning("webhook_rejected", service=service)
    try:
        await carried(request).limiter.count(TOLD, service)
    except TooMany:
        return
    await transact(partial(record, WebhookRejected(service=service)))
