"""The bank as settlement sees it: the gateway, and the addresses at which the bank finds us."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request

from commerce_api.foundation import telemetry
from commerce_api.foundation.kit import urls
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.carried import port_of, settings_of
from commerce_api.shop.payments.errors import BankNotConnected, GatewayError
from commerce_api.shop.payments.gateway import PaymentGateway

log = telemetry.logger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bank:
    """A connected bank. `minutes` is how long an unpaid order is kept, `hold`: money is held first and taken later."""

    gateway: PaymentGateway
    site_url: str
    minutes: int
    hold: bool = False

    def return_url(self, token: str, lang: str) -> str:
        """Where the bank sends the payer back to, whatever became of the payment."""
        return self.site_url + urls.order_return(token, lang)

    @property
    def webhook_url(self) -> str:
        """Where the bank tells of changes."""
        return self.site_url + urls.WEBHOOK_MONOBANK


def bank_over(settings: Settings, gateway: PaymentGateway | None) -> Bank | None:
    """The bank that a gateway reaches, for a shop of these settings; None while none is connected."""
    if gateway is None:
        return None
    return Bank(gateway, settings.site_url, settings.shop.reserve_minutes, settings.shop.pay_hold)


def bank_of(request: Request) -> Bank | None:
    """The bank of the application that answers; None while none is connected."""
    return bank_over(settings_of(request), port_of(request, PaymentGateway))


def connected(bank: Bank | None) -> Bank:
    """The bank. Raises BankNotConnected when there is none."""
    if bank is None:
        raise BankNotConnected()
    return bank


async def unless_silent(asked: Awaitable[T], otherwise: T, reference: str = "") -> T:
    """What came of asking the bank; `otherwise` when it does not say, which is noted under the `reference` that the
    question was about. For those who ask again later."""
    try:
        return await asked
    except GatewayError as error:
        log.warning("bank_does_not_say", reference=reference, outcome=type(error).__name__)
        return otherwise
