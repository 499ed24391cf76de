"""Everything that happens in the shop, grouped by who says it.

Events are past tense and carry ids, amounts (kopiyky), weights and states that listeners need; never names, phones,
addresses or texts: those are read from their room by whoever may see them.
"""

from dataclasses import dataclass
from typing import Final, get_args

# catalogue


@dataclass(frozen=True, slots=True)
class RestockArrived:
    """A SKU that people wait for can be sold again."""

    sku: str
    product: str


@dataclass(frozen=True, slots=True)
class ProductRenamed:
    """A product has another address, and the slug in it, than it had: whoever knows it by `old` follows."""

    old: str
    new: str


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


# accounts


@dataclass(frozen=True, slots=True)
class LetterWanted:
    """An account is to be written to. `letter` says about what; `key` keeps one wish from being told twice.

    An `account_id` of 0 is nobody: whoever asked in the name of an unknown address has cost the shop just as much.
    """

    account_id: int
    letter: str
    lang: str
    key: str


# payments


@dataclass(frozen=True, slots=True)
class PaymentDue:
    """The bank is owed a call about this attempt to pay."""

    order_id: int
    attempt_id: int


@dataclass(frozen=True, slots=True)
class PaymentChanged:
    """What an order's money amounts to has changed by `amount` kopiyky, which are negative when money went back.

    `channel` is bank, carrier or staff: by whom it came. `step` is the history row that tells of it.
    """

    order_id: int
    number: str
    old: str
    new: str
    amount: int
    channel: str
    step: int


@dataclass(frozen=True, slots=True)
class RefundQueued:
    """Money has to go back: `amount` kopiyky."""

    refund_id: int
    order_id: int
    number: str
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class WebhookRejected:
    """Somebody spoke to a webhook without being the service it belongs to."""

    service: str


# parcels


@dataclass(frozen=True, slots=True)
class WaybillMade:
    order_id: int
    number: str
    shipment_id: int


@dataclass(frozen=True, slots=True)
class ParcelMoved:
    """A parcel has another state; `code` is the carrier's own for it."""

    order_id: int
    number: str
    shipment_id: int
    old: str
    new: str
    code: str


@dataclass(frozen=True, slots=True)
class WaybillDead:
    """A waybill is no more, or could not be made: somebody has to see to the parcel."""

    order_id: int
    number: str
    shipment_id: int
    reason: str


# people and texts


@dataclass(frozen=True, slots=True)
class UpdateReceived:
    """Somebody spoke to the bot; what they said is stored under Telegram's number for it."""

    update_id: int


@dataclass(frozen=True, slots=True)
class TextsPublished:
    """A run of the text writer has put `count` texts onto pages."""

    run_id: int
    count: int


Event = (
    RestockArrived
    | ProductRenamed
    | OrderPlaced
    | OrderStatusChanged
    | LetterWanted
    | PaymentDue
    | PaymentChanged
    | RefundQueued
    | WebhookRejected
    | WaybillMade
    | ParcelMoved
    | WaybillDead
    | UpdateReceived
    | TextsPublished
)

EVENTS: Final[dict[str, type[Event]]] = {event.__name__: event for event in get_args(Event)}
"""Event classes by the name they are stored under."""
