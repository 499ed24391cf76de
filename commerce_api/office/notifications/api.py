"""The door for Telegram: who does not know the secret that it shares with the shop is refused (lessons.md 32)."""

import hmac
from typing import Annotated, Final

from pydantic import ValidationError
from starlette.requests import Request

from commerce_api.foundation import metrics
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Forbidden
from commerce_api.foundation.kit import urls
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.errors import Malformed
from commerce_api.foundation.web.openapi import FromHeader, Operations, api
from commerce_api.foundation.web.parsing import Schema
from commerce_api.foundation.web.webhooks import rejected
from commerce_api.office.notifications.updates import Update, take_in

SERVICE: Final = "telegram"


class NotTelegram(Forbidden):
    """Whoever spoke does not know the secret."""

    code = "not_telegram"


class Heard(Schema):
    """The update is stored; it is answered later."""

    ok: bool


@api(
    "POST",
    urls.WEBHOOK_TELEGRAM,
    summary="Updates of the Telegram bot",
    errors=(NotTelegram, Malformed),
    tag="webhooks",
)
async def hear(request: Request, secret: Annotated[str, FromHeader("X-Telegram-Bot-Api-Secret-Token")] = "") -> Heard:
    """Stores an update and answers at once. The same number again changes nothing."""
    ours = settings_of(request).outside.telegram.webhook_secret
    # Without a secret of ours nobody is Telegram: an empty one must not open the door.
    if not ours or not hmac.compare_digest(secret.encode(), ours.encode()):
        await rejected(request, SERVICE)
        raise NotTelegram()
    try:
        update = Update.model_validate_json(await request.body())
    except ValidationError as error:
        raise Malformed(reason="update") from error
    taken = await transact(lambda: take_in(update))
    metrics.WEBHOOKS.add(SERVICE, "taken" if taken else "again")
    return Heard(ok=True)


OPERATIONS: Operations = (hear,)
