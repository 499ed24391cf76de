"""Settings of the business: what the shop charges, waits and allows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from commerce_api.foundation.kit.reading import Reader, flag, hryvnias, listed, whole


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """The business numbers of rules.md that may differ between shops: kopiyky, whole percents, minutes, days.

    Those of texts that a model writes are US cents, as its bill: `ai_tokens` and `ai_cents` are the most that a run may
    cost, `ai_cents_in` and `ai_cents_out` the price of a million tokens.
    """

    languages: tuple[str, ...] = ("uk", "en")
    free_delivery_from: int = 250_000
    branch_price: int = 8_000
    locker_price: int = 7_000
    courier_price: int = 12_000
    cod_enabled: bool = True
    cod_limit: int = 500_000
    locker_limit: int = 1_000_000
    cod_fixed: int = 2_000
    cod_percent: int = 2
    prepay: int = 20_000
    pay_hold: bool = False
    return_days: int = 14
    reserve_minutes: int = 30
    cutoff_hour: int = 14
    print_days: int = 2
    travel_days_from: int = 1
    travel_days_to: int = 3
    ai_tokens: int = 1_000_000
    ai_cents: int = 500
    ai_cents_in: int = 100
    ai_cents_out: int = 800
    waybill_on_packed: bool = False
    payment_control: bool = True


SHOP_PREFIX: Final = "TWOCOMMS_SHOP_"
SHOP_READERS: Final[Mapping[str, tuple[str, Callable[[str], object], str]]] = {
    "LANGUAGES": ("languages", listed, "language codes, the default one first, such as uk,en"),
    "FREE_DELIVERY_FROM": ("free_delivery_from", hryvnias, "whole hryvnias"),
    "BRANCH_PRICE": ("branch_price", hryvnias, "whole hryvnias"),
    "LOCKER_PRICE": ("locker_price", hryvnias, "whole hryvnias"),
    "COURIER_PRICE": ("courier_price", hryvnias, "whole hryvnias"),
    "COD_ENABLED": ("cod_enabled", flag, "on or off"),
    "COD_LIMIT": ("cod_limit", hryvnias, "whole hryvnias"),
    "LOCKER_LIMIT": ("locker_limit", hryvnias, "whole hryvnias"),
    "COD_FIXED": ("cod_fixed", hryvnias, "whole hryvnias"),
    "COD_PERCENT": ("cod_percent", whole, "a whole number"),
    "PREPAY": ("prepay", hryvnias, "whole hryvnias"),
    "PAY_HOLD": ("pay_hold", flag, "on or off"),
    "RETURN_DAYS": ("return_days", whole, "a whole number of days"),
    "RESERVE_MINUTES": ("reserve_minutes", whole, "a whole number of minutes"),
    "CUTOFF_HOUR": ("cutoff_hour", whole, "a whole hour in Kyiv from 0 to 24"),
    "PRINT_DAYS": ("print_days", whole, "a whole number of days"),
    "TRAVEL_DAYS_FROM": ("travel_days_from", whole, "a whole number of days"),
    "TRAVEL_DAYS_TO": ("travel_days_to", whole, "a whole number of days"),
    "AI_TOKENS": ("ai_tokens", whole, "a whole number of tokens"),
    "AI_CENTS": ("ai_cents", whole, "whole US cents"),
    "AI_CENTS_IN": ("ai_cents_in", whole, "whole US cents"),
    "AI_CENTS_OUT": ("ai_cents_out", whole, "whole US cents"),
    "WAYBILL_ON_PACKED": ("waybill_on_packed", flag, "on or off"),
    "PAYMENT_CONTROL": ("payment_control", flag, "on or off"),
}


def read_shop(reader: Reader) -> ShopSettings:
    """The business numbers; what is wrong is noted in `reader`."""
    given = {
        attribute: reader.read(SHOP_PREFIX + name, getattr(ShopSettings(), attribute), read, form)
        for name, (attribute, read, form) in SHOP_READERS.items()
    }
    shop = ShopSettings(**given)
    for name, (attribute, _, form) in SHOP_READERS.items():
        value = getattr(shop, attribute)
        if isinstance(value, int) and value < 0:
            reader.problems.append(f"{SHOP_PREFIX}{name} should be {form}, not below zero")
    if shop.travel_days_to < shop.travel_days_from:
        reader.problems.append(f"{SHOP_PREFIX}TRAVEL_DAYS_TO should not be less than {SHOP_PREFIX}TRAVEL_DAYS_FROM")
    if not shop.languages or shop.languages[0] != "uk":
        reader.problems.append(f"{SHOP_PREFIX}LANGUAGES should begin with uk, the language without an address prefix")
    return shop
