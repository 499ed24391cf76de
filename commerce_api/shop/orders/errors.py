"""What orders refuse.

ShopError
+- NotFound
|  +- OrderUnknown         404  no such order, or it is somebody else's
+- Conflict
|  +- IllegalTransition    409  the order does not move there, or not by this hand
|  +- NotPaidYet           409  staff confirm cash on delivery only; other orders are confirmed by their payment
|  +- ReturnTooLate        409  the days for a return are over
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


class ReturnTooLate(Conflict):
    """`number`, `days`: how many there were."""

    code = "return_too_late"


class EmptyOrder(Invalid):
    code = "empty_order"


class ReasonNeeded(Invalid):
    """`reasons`: the list to choose from."""

    code = "reason_needed"
