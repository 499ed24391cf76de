"""Everything that happens in the shop, grouped by who says it.

Events are past tense and carry ids, amounts (kopiyky), weights and states that listeners need; never names, phones,
addresses or texts: those are read from their room by whoever may see them.
"""

from dataclasses import dataclass
from typing import Final

# orders


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    order_id: int
    number: str
    channel: str
    pay_type: str
    payable: int


@dataclass(frozen=True, slots=True)
class OrderStatusChanged:
    order_id: int
    number: str
    old: str
    new: str
    actor: str


Event = OrderPlaced | OrderStatusChanged

EVENTS: Final[dict[str, type[Event]]] = {event.__name__: event for event in (OrderPlaced, OrderStatusChanged)}
"""Event classes by the name they are stored under."""
