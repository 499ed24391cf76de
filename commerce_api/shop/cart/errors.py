"""What the cart refuses.

ShopError
+- NotFound
|  +- LineUnknown      404  no such line in this cart
+- Conflict
|  +- CartEmpty        409  there is nothing to order
|  +- CartFull         409  no more different lines
+- Invalid
   +- QuantityLimit    422  more of one line than a person buys
"""

from commerce_api.foundation.errors import Conflict, Invalid, NotFound


class LineUnknown(NotFound):
    code = "line_unknown"


class CartEmpty(Conflict):
    code = "cart_empty"


class CartFull(Conflict):
    """`limit`: lines a cart may have."""

    code = "cart_full"


class QuantityLimit(Invalid):
    """`limit`: pieces a line may have."""

    code = "quantity_limit"
