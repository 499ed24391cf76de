"""Lines of made-up goods, and strategies that make many."""

from hypothesis import strategies as st

from commerce_api.foundation.kit.money import hryvnias
from commerce_api.foundation.settings import ShopSettings
from commerce_api.shop.pricing.lines import PricedLine
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.shipping import DeliveryKind

SHOP = ShopSettings()
DELIVERIES = st.sampled_from(DeliveryKind)
PAY_TYPES = st.sampled_from(PayType)


def line(hryvnias_each: int, quantity: int = 1, sku: str = "TC-KOLOS-TEE-COAL-M") -> PricedLine:
    """A line at a price in whole hryvnias."""
    return PricedLine(sku, hryvnias(hryvnias_each), quantity)


def priced_lines(max_size: int = 12) -> st.SearchStrategy[list[PricedLine]]:
    """Carts of any sense: prices of 0 to 5,000 UAH to the kopiyka, 1 to 50 pieces."""
    one = st.builds(
        PricedLine,
        sku=st.sampled_from(["TC-A-B-M", "TC-A-B-L", "TC-C-D-S"]),
        unit_price=st.integers(0, hryvnias(5_000)),
        quantity=st.integers(1, 50),
    )
    return st.lists(one, max_size=max_size)
