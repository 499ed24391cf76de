"""What the till refuses; nothing is stored then, and the same key may be tried again.

ShopError
+- Conflict
|  +- PriceChanged          409  the sum is not the one the shopper saw
+- Invalid
   +- PaymentNotAllowed     422  this order cannot be paid that way
"""

from commerce_api.foundation.errors import Conflict, Invalid


class PriceChanged(Conflict):
    """`total`: the sum now; `expected`: the sum the shopper saw (kopiyky)."""

    code = "price_changed"


class PaymentNotAllowed(Invalid):
    """`reason`: a code of pricing.payments."""

    code = "payment_not_allowed"
