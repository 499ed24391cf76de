"""Ways to pay: which of them an order may use, why not, and how much is due before the parcel leaves (rules.md 5)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from commerce_api.foundation.kit.money import percent_of
from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.pricing.shipping import DeliveryKind


class PayType(StrEnum):
    ONLINE_FULL = "online_full"
    PREPAY_200 = "prepay_200"
    COD = "cod"


@dataclass(frozen=True, slots=True)
class PayChoice:
    """A way to pay as the shopper sees it; `reason` is a code, `pay_reason.<code>` in the texts, None when allowed."""

    kind: PayType
    reason: str | None

    @property
    def allowed(self) -> bool:
        return self.reason is None


@dataclass(frozen=True, slots=True)
class _Facts:
    payable: int
    delivery: DeliveryKind
    shop: ShopSettings
    bank: bool
    cash: bool


Rule = tuple[str, Callable[[_Facts], bool]]
"""A reason, and when it forbids."""

NO_BANK: Final[Rule] = ("no_bank", lambda facts: not facts.bank)
NEEDS_BRANCH: Final[Rule] = ("needs_branch", lambda facts: facts.delivery is DeliveryKind.COURIER)
LOCKER_LIMIT: Final[Rule] = (
    "locker_limit",
    lambda facts: facts.delivery is DeliveryKind.LOCKER and facts.payable > facts.shop.locker_limit,
)
NO_CASH_HERE: Final[Rule] = ("no_cash_here", lambda facts: not facts.cash)
COD_OFF: Final[Rule] = ("cod_off", lambda facts: not facts.shop.cod_enabled)
COD_LIMIT: Final[Rule] = ("cod_limit", lambda facts: facts.payable > facts.shop.cod_limit)

RULES: Final[dict[PayType, tuple[Rule, ...]]] = {
    PayType.ONLINE_FULL: (NO_BANK,),
    PayType.PREPAY_200: (NO_BANK, NEEDS_BRANCH, LOCKER_LIMIT, NO_CASH_HERE),
    PayType.COD: (COD_OFF, NEEDS_BRANCH, COD_LIMIT, LOCKER_LIMIT, NO_CASH_HERE),
}
"""What stands against each way to pay; the first reason that holds is told."""


def pay_choices(
    payable: int, delivery: DeliveryKind, shop: ShopSettings, bank: bool, *, cash: bool = True
) -> tuple[PayChoice, ...]:
    """Every way to pay with the first reason against it; `bank` says whether a bank token is configured, `cash` whether
    the receiver may pay at the point that was chosen."""
    facts = _Facts(payable, delivery, shop, bank, cash)
    return tuple(
        PayChoice(kind, next((reason for reason, forbids in rules if forbids(facts)), None))
        for kind, rules in RULES.items()
    )


def due_now(payable: int, pay_type: PayType, shop: ShopSettings) -> int:
    """Kopiyky to be paid before the parcel leaves; a prepayment is never above the total."""
    if pay_type is PayType.ONLINE_FULL:
        return payable
    return min(shop.prepay, payable) if pay_type is PayType.PREPAY_200 else 0


def cod_commission(amount: int, shop: ShopSettings) -> int:
    """What the carrier takes from the receiver for cash of that amount: stated beside the total, never added to it."""
    return shop.cod_fixed + percent_of(amount, shop.cod_percent)
