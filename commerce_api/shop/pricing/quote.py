"""The one quote: cart page, API, checkout and order all call it, so that none can show another total (lessons.md 6)."""

from collections.abc import Sequence

from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.pricing.lines import PricedLine, Totals
from commerce_api.shop.pricing.payments import PayType, due_now
from commerce_api.shop.pricing.shipping import DeliveryKind, free_shipping_left, shipping_price


def quote(
    lines: Sequence[PricedLine],
    shop: ShopSettings,
    delivery: DeliveryKind = DeliveryKind.BRANCH,
    pay_type: PayType = PayType.COD,
) -> Totals:
    """Totals of the lines for a way of delivery and payment: payable = goods - discount + shipping (rules.md 1).

    Without a choice the quote is for a branch and cash on delivery, which every shopper can have.
    """
    goods = sum(line.total for line in lines)
    discount = 0
    shipping = shipping_price(goods - discount, delivery, shop)
    payable = goods - discount + shipping
    return Totals(
        goods=goods,
        discount=discount,
        shipping=shipping,
        payable=payable,
        due_now=due_now(payable, pay_type, shop),
        free_shipping_left=free_shipping_left(goods - discount, shop),
    )
