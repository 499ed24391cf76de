"""The terms of the shop that pages of tests tell."""

from typing import Final

from commerce_api.shop.catalog.views import ShopFacts

FACTS: Final = ShopFacts(
    free_delivery_from=250_000,
    branch_price=8_000,
    locker_price=7_000,
    courier_price=12_000,
    cod_fixed=2_000,
    cod_percent=2,
    cod_limit=500_000,
    locker_limit=1_000_000,
    prepay=20_000,
    return_days=14,
    reserve_minutes=30,
)
