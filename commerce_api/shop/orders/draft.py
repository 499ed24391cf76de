"""An order that is not placed yet, checked and priced by whoever sells: the till, staff, a partner's portal."""

from dataclasses import dataclass
from enum import StrEnum

from commerce_api.shop.pricing.lines import Totals
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.shipping import DeliveryKind


class Channel(StrEnum):
    RETAIL = "retail"
    DROPSHIP = "dropship"
    WHOLESALE = "wholesale"


@dataclass(frozen=True, slots=True)
class Contact:
    """The person who receives the parcel; `phone` is E.164."""

    name: str
    phone: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where to; `branch` is the branch or locker, for a courier the street, house and flat."""

    kind: DeliveryKind
    city: str
    branch: str


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line in the words and at the price (kopiyky a piece) that the order keeps. `points` are of one piece."""

    sku: str
    product: str
    name: str
    colour: str
    size: str
    fit: str
    image: str
    unit_price: int
    quantity: int
    points: int


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """Everything that placing needs. `lines` are not empty, `totals` come from the one quote over them."""

    lang: str
    contact: Contact
    delivery: Delivery
    pay_type: PayType
    comment: str
    lines: tuple[DraftLine, ...]
    totals: Totals
    channel: Channel = Channel.RETAIL
    account_id: int | None = None
