"""What a parcel costs and when it arrives, as the carrier told within the last minutes; settings speak where it is
silent (rules.md 6). Placing an order asks nobody: it takes what was told before, or the settings."""

from datetime import timedelta
from functools import partial
from typing import Final

from tortoise.exceptions import IntegrityError

from commerce_api.foundation import metrics, telemetry
from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import savepoint, transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.web.background import Background
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping.carrier import Carrier, CarrierFailed, CarrierRefused, PriceAsk, Told
from commerce_api.shop.shipping.directory import find_cities
from commerce_api.shop.shipping.models import DeliveryQuote

FRESH: Final = timedelta(minutes=15)
HONOURED: Final = timedelta(hours=1)
"""A shopper may look at a price for longer than we would show it to the next one."""
PATIENCE: Final = 1.0
"""Seconds that a shopper who chose a point waits for the carrier's price at most."""
SLOW: Final = "carrier"
"""Where the background keeps that one shopper waited in vain: the next ones see the settings' price at once."""
WEIGHT_STEP_G: Final = 500
DECLARED_STEP: Final = 50_000
"""Steps of weight and of declared value (kopiyky) within which the carrier asks the same."""

log = telemetry.logger(__name__)


def _asked(ask: PriceAsk) -> str:
    weight, declared = -(-ask.weight_g // WEIGHT_STEP_G), -(-ask.declared // DECLARED_STEP)
    return f"{ask.city_ref}:{ask.kind.value}:{weight}:{declared}"


async def known(ask: PriceAsk, within: timedelta = HONOURED) -> Told | None:
    """What the carrier told of such a parcel not longer ago; None when it told nothing."""
    row = await DeliveryQuote.get_or_none(asked=_asked(ask), at__gte=clock.now() - within)
    return Told(row.price, row.day) if row else None


async def told(carrier: Carrier | None, ask: PriceAsk, background: Background) -> Told | None:
    """What the carrier asks for such a parcel: known, or asked now with little patience. None when it does not say.

    An edge: asks outside a transaction and stores the answer in one of its own. The call goes on without the shopper: a
    slow answer is there for the next one. Once a shopper has waited in vain nobody waits until the carrier answers
    again, however long it hangs: it is asked in the background all the same.
    """
    found = await known(ask, FRESH)
    if found or carrier is None:
        metrics.DELIVERY_QUOTES.add("known" if found else "settings")
        return found
    if not await background.within(_ask(carrier, ask, background), 0.0 if SLOW in background.slow else PATIENCE):
        background.slow.add(SLOW)
    found = await known(ask, FRESH)
    metrics.DELIVERY_QUOTES.add("carrier" if found else "settings")
    return found or await known(ask)


async def sound_out(carrier: Carrier | None, background: Background) -> None:
    """Ask for the price of a usual parcel to the biggest city, when a process begins. Until the carrier answers that or
    anything else nobody waits for it: the first shopper need not find out that it hangs. An edge."""
    if carrier is None:
        return
    background.slow.add(SLOW)
    await background.within(_sound_out(carrier, background), 0.0)


async def _sound_out(carrier: Carrier, background: Background) -> None:
    biggest = await find_cities("", 1)
    if not biggest:
        # There is no place yet that it could be asked about, for a shopper neither.
        background.slow.discard(SLOW)
        return
    await _ask(carrier, PriceAsk(biggest[0].ref, DeliveryKind.BRANCH, WEIGHT_STEP_G, DECLARED_STEP), background)


async def _ask(carrier: Carrier, ask: PriceAsk, background: Background) -> None:
    try:
        answer = await carrier.price(ask)
    except (CarrierFailed, CarrierRefused) as error:
        log.info("price_not_told", cause=type(error).__name__)
        if isinstance(error, CarrierRefused):
            # No is an answer too: the carrier does not hang.
            background.slow.discard(SLOW)
        return
    background.slow.discard(SLOW)
    await transact(partial(_keep, _asked(ask), answer))


async def _keep(asked: str, answer: Told) -> None:
    values = {"price": answer.price, "day": answer.day, "at": clock.now()}
    if await DeliveryQuote.filter(asked=asked).update(**values):
        return
    try:
        async with savepoint():
            await plain.insert(DeliveryQuote, {"asked": asked, **values})
    except IntegrityError:
        await DeliveryQuote.filter(asked=asked).update(**values)
