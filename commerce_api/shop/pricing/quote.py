"""The one quote: cart page, API, checkout and order all call it, so that none can show another total (lessons.md 6)."""

from collections.abc import Sequence
from datetime import datetime

from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.pricing import codes
from commerce_api.shop.pricing.codes import CodeTerms
from commerce_api.shop.pricing.lines import PricedLine, Totals
from commerce_api.shop.pricing.payments import PayType, due_now
from commerce_api.shop.pricing.shipping import DeliveryKind, free_shipping_left, shipping_price


def quote(
    lines: Sequence[PricedLine],
    shop: ShopSettings,
    delivery: DeliveryKind = DeliveryKind.BRANCH,
    pay_type: PayType = PayType.COD,
    code: CodeTerms | None = None,
    at: datetime | None = None,
    told: int | None = None,
) -> Totals:
    """Totals of the lines for a way of delivery and payment: payable = goods - discount + shipping (rules.md 1).

    Without a choice the quote is for a branch and cash on delivery, which every shopper can have. A `code` is asked at
    the moment `at` (aware) whether it applies; one that does not takes nothing off and is told in `refused`. `told` is
    the carrier's own price of delivery, None where the settings speak.
    Raises ValueError for a code without a moment.
    """
    if code and at is None:
        raise ValueError("whether a code applies depends on the moment")
    goods = sum(line.total for line in lines)
    refused = codes.refusal(code, lines, at) if code and at else None
    shares = codes.shares(code, lines) if code and not refused else (0,) * len(lines)
    discount = sum(shares)
    shipping = shipping_price(goods - discount, delivery, shop, told)
    payable = goods - discount + shipping
    return Totals(
        goods=goods,
        discount=discount,
        shipping=shipping,
        payable=payable,
        due_now=due_now(payable, pay_type, shop),
        free_shipping_left=free_shipping_left(goods - discount, shop),
        shares=shares,
        refused=refused,
    )
