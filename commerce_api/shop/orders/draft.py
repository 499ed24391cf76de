"""An order that is not placed yet, checked and priced by whoever sells: the till, staff, a partner's portal."""

from dataclasses import dataclass, field
from enum import StrEnum

from commerce_api.shop.catalog.queries import Offer
from commerce_api.shop.pricing.codes import CodeTerms
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
    """Where to; `branch` is the branch or locker, for a courier the street, house and flat. The references are the
    carrier's, empty for what was typed by hand."""

    kind: DeliveryKind
    city: str
    branch: str
    city_ref: str = ""
    branch_ref: str = ""


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

    @classmethod
    def of(cls, offer: Offer, quantity: int, lang: str) -> "DraftLine":
        """So many of what stands on the shelf now, in the words of `lang`."""
        return cls(
            sku=offer.code,
            product=offer.product,
            name=offer.name(lang),
            colour=offer.colour_name(lang),
            size=offer.size,
            fit=offer.fit,
            image=offer.image,
            unit_price=offer.price,
            quantity=quantity,
            points=offer.points,
        )

    def columns(self, order_id: int, position: int, *, reserved: bool, discount: int = 0) -> dict[str, object]:
        """The line as the row of an order; `discount` is its share of the order's (kopiyky)."""
        words = {name: getattr(self, name) for name in self.__slots__}
        return {**words, "order_id": order_id, "position": position, "reserved": reserved, "discount": discount}


@dataclass(frozen=True, slots=True)
class AppliedPromo:
    """A code that takes something off; `key` hashes who used it. `email` is the address of the account that orders, by
    which its uses count whatever address it typed; None for a guest."""

    terms: CodeTerms
    key: str = field(repr=False)
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """Everything that placing needs. `lines` are not empty, `totals` come from the one quote over them.

    `promo` is the code that made the discount of `totals`, with the secret key under which its customer is known.
    """

    lang: str
    contact: Contact
    delivery: Delivery
    pay_type: PayType
    comment: str
    lines: tuple[DraftLine, ...]
    totals: Totals
    channel: Channel = Channel.RETAIL
    account_id: int | None = None
    promo: AppliedPromo | None = None
