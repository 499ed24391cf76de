"""What delivery costs until the carrier's own quote answers: settings, and free from a sum on (rules.md 4)."""

from enum import StrEnum

from commerce_api.foundation.settings import ShopSettings


class DeliveryKind(StrEnum):
    BRANCH = "branch"
    LOCKER = "locker"
    COURIER = "courier"


def shipping_price(goods: int, kind: DeliveryKind, shop: ShopSettings, told: int | None = None) -> int:
    """Kopiyky for a parcel with goods of that sum, counted after discounts; nothing to send costs nothing.

    `told` is the carrier's own price, None while it told none.
    """
    if goods <= 0 or free_shipping_left(goods, shop) == 0:
        return 0
    if told is not None:
        return told
    prices = {
        DeliveryKind.BRANCH: shop.branch_price,
        DeliveryKind.LOCKER: shop.locker_price,
        DeliveryKind.COURIER: shop.courier_price,
    }
    return prices[kind]


def free_shipping_left(goods: int, shop: ShopSettings) -> int:
    """Kopiyky that goods, after discounts, lack for free delivery; 0 when it is free."""
    return max(0, shop.free_delivery_from - goods)
