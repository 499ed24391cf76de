"""Messages of the bank. The signature is checked over the raw bytes before anything is read (lessons.md 1); the message
says only that something changed: what, the bank is asked for."""

from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from commerce_api.foundation import metrics, telemetry
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Forbidden
from commerce_api.foundation.kit import urls
from commerce_api.foundation.web.webhooks import rejected
from commerce_api.shop.payments import notices, queries
from commerce_api.shop.payments import service as payments
from commerce_api.shop.payments.errors import BankSilent, GatewayError, NoticeForged
from commerce_api.shop.payments.gateway import Notice, PaymentGateway
from commerce_api.shop.settlement.bank import bank_of, connected, unless_silent
from commerce_api.shop.settlement.service import ask

log = telemetry.logger(__name__)

SERVICE: Final = "monobank"


class WebhookForged(Forbidden):
    code = "webhook_forged"


async def receive(request: Request) -> Response:
    """Answer 200 once the message is kept: the bank repeats it three times at most. A message that came before, or of
    an invoice we do not know, is answered alike. Raises WebhookForged, and BankSilent while the key cannot be had."""
    bank = connected(bank_of(request))
    body = await request.body()
    try:
        notice = await bank.gateway.read_notice(body, request.headers.get("x-sign", ""))
    except NoticeForged:
        await rejected(request, SERVICE)
        raise WebhookForged() from None
    except GatewayError:
        metrics.WEBHOOKS.add(SERVICE, "unchecked")
        raise BankSilent(retry_after=60) from None
    if not await transact(partial(notices.keep, notice)):
        metrics.WEBHOOKS.add(SERVICE, "again")
        return Response()
    metrics.WEBHOOKS.add(SERVICE, "taken")
    await _follow(bank.gateway, notice)
    return Response()


async def _follow(gateway: PaymentGateway, notice: Notice) -> None:
    """Ask the bank what happened. When it does not say, the poller asks at its next beat."""
    attempt = await queries.by_invoice(notice.invoice_id)
    if attempt is None:
        log.warning("webhook_invoice_unknown", service=SERVICE)
        metrics.WEBHOOKS.add(SERVICE, "unknown")
    else:
        # It was found by the bank's name for it: only a silent bank leaves nothing to tell.
        if await unless_silent(ask(gateway, attempt, "webhook"), None, attempt.reference) is None:
            await transact(partial(payments.look_now, attempt.id))
            return
    await transact(partial(notices.done, notice))


ROUTES: Final = (Route(urls.WEBHOOK_MONOBANK, receive, methods=["POST"]),)
