"""What orders refuse.

ShopError
+- NotFound
|  +- OrderUnknown         404  no such order, or it is somebody else's
+- Conflict
|  +- IllegalTransition    409  the order does not move there, or not by this hand
|  +- NotPaidYet           409  staff confirm cash on delivery only; other orders are confirmed by their payment
|  +- WaybillExists        409  the parcel has its waybill: that is cancelled before the order is changed
|  +- ReturnTooLate        409  the days for a return are over
|  +- NotEditable          409  the parcel left the house, there is none to come, or it is no retail order
|  +- OrderChanged         409  something happened to it since it was looked at
|  +- MoneyMissing         409  the order has not as much money as is to go back
+- Invalid
   +- EmptyOrder           422  nothing to place, or nothing to pay
   +- ReasonNeeded         422  a cancellation says why, with a reason of the list
"""

from commerce_api.foundation.errors import Conflict, Invalid, NotFound


class OrderUnknown(NotFound):
    code = "order_unknown"


class IllegalTransition(Conflict):
    """`number`, `old`, `new`: statuses."""

    code = "illegal_transition"


class NotPaidYet(Conflict):
    """`number`."""

    code = "not_paid_yet"


class WaybillExists(Conflict):
    """`number`."""

    code = "waybill_exists"


class ReturnTooLate(Conflict):
    """`number`, `n`: how many days there were."""

    code = "return_too_late"


class NotEditable(Conflict):
    """`number`, `status`."""

    code = "order_not_editable"


class OrderChanged(Conflict):
    """`number`."""

    code = "order_changed"


class MoneyMissing(Conflict):
    """`number`, `left`: kopiyky that the order has."""

    code = "money_missing"


class EmptyOrder(Invalid):
    code = "empty_order"


class ReasonNeeded(Invalid):
    """`reasons`: the list to choose from."""

    code = "reason_needed"
