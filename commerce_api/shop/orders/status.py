"""The states of an order and the one transition table: who may move what (rules.md 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class OrderStatus(StrEnum):
    NEW = "new"
    CONFIRMED = "confirmed"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    RETURNED = "returned"


class PaymentStatus(StrEnum):
    UNPAID = "unpaid"
    PENDING = "pending"
    PREPAID = "prepaid"
    PAID = "paid"
    FAILED = "failed"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"


class Who(StrEnum):
    """Who asks for a change."""

    SYSTEM = "system"
    CUSTOMER = "customer"
    STAFF = "staff"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who moves an order, and for staff which account; written into the history as `customer` or `staff:7`."""

    who: Who
    account_id: int | None = None

    def __str__(self) -> str:
        return self.who.value if self.account_id is None else f"{self.who.value}:{self.account_id}"


class CancelReason(StrEnum):
    """Why an order was cancelled; `expired` and `customer` are said by the shop itself, staff choose from the rest."""

    CUSTOMER = "customer"
    EXPIRED = "expired"
    CUSTOMER_ASKED = "customer_asked"
    OUT_OF_STOCK = "out_of_stock"
    UNREACHABLE = "unreachable"
    DUPLICATE = "duplicate"
    SUSPICIOUS = "suspicious"
    OTHER = "other"


class CustomerReason(StrEnum):
    """What customers may say when they cancel; written beside the reason `customer`."""

    CHANGED_MIND = "changed_mind"
    MISTAKE = "mistake"
    TOO_SLOW = "too_slow"
    OTHER = "other"


STAFF_CANCEL_REASONS: Final = tuple(
    reason for reason in CancelReason if reason not in {CancelReason.CUSTOMER, CancelReason.EXPIRED}
)

TRANSITIONS: Final[Mapping[tuple[OrderStatus, OrderStatus], frozenset[Who]]] = {
    (OrderStatus.NEW, OrderStatus.CONFIRMED): frozenset({Who.SYSTEM, Who.STAFF}),
    (OrderStatus.NEW, OrderStatus.CANCELLED): frozenset({Who.SYSTEM, Who.CUSTOMER, Who.STAFF}),
    (OrderStatus.CONFIRMED, OrderStatus.PACKED): frozenset({Who.STAFF, Who.CARRIER}),
    (OrderStatus.CONFIRMED, OrderStatus.CANCELLED): frozenset({Who.CUSTOMER, Who.STAFF}),
    (OrderStatus.PACKED, OrderStatus.SHIPPED): frozenset({Who.STAFF, Who.CARRIER}),
    (OrderStatus.PACKED, OrderStatus.CANCELLED): frozenset({Who.STAFF}),
    (OrderStatus.SHIPPED, OrderStatus.DELIVERED): frozenset({Who.STAFF, Who.CARRIER}),
    (OrderStatus.SHIPPED, OrderStatus.REFUSED): frozenset({Who.STAFF, Who.CARRIER}),
    (OrderStatus.REFUSED, OrderStatus.RETURNED): frozenset({Who.CARRIER}),
    (OrderStatus.DELIVERED, OrderStatus.RETURNED): frozenset({Who.STAFF}),
}


def may_move(old: OrderStatus, new: OrderStatus, who: Who) -> bool:
    """Whether the table lets `who` move an order from `old` to `new`."""
    return who in TRANSITIONS.get((old, new), frozenset())


def next_statuses(old: OrderStatus, who: Who) -> tuple[OrderStatus, ...]:
    """Where `who` may move an order that stands at `old`, in the order of the table."""
    return tuple(new for (start, new), allowed in TRANSITIONS.items() if start is old and who in allowed)
