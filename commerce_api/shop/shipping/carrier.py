"""The carrier as this shop needs it. An adapter speaks its language; nothing here knows how.

Money is kopiyky, weights grams, sizes centimetres, days Kyiv days.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from commerce_api.shop.pricing.shipping import DeliveryKind


class CarrierFailed(Exception):
    """The carrier could not be asked, or its answer could not be read.

    `may_have_worked` is true when what was asked may have been done all the same: look before asking again.
    """

    def __init__(self, outcome: str, *, may_have_worked: bool = False) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.may_have_worked = may_have_worked


class CarrierRefused(Exception):
    """The carrier understood and said no; `code` is its number for that, `text` its own words."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code} {text}".strip())
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class CityFact:
    """A city of the directory."""

    ref: str
    name: str
    area: str


@dataclass(frozen=True, slots=True)
class BranchFact:
    """A branch or locker; limits of 0 are none. `open` when parcels can be sent there now."""

    ref: str
    city_ref: str
    number: int
    name: str
    locker: bool
    max_weight_g: int
    width_cm: int
    length_cm: int
    height_cm: int
    cash: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Box:
    """A parcel's weight and outer measures."""

    weight_g: int
    length_cm: int
    width_cm: int
    height_cm: int


@dataclass(frozen=True, slots=True)
class PriceAsk:
    """A parcel to be priced: where to, how, what is in it, and what the receiver pays there."""

    city_ref: str
    kind: DeliveryKind
    weight_g: int
    declared: int
    cash: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """The price of a parcel and the day it arrives, None where the carrier named none."""

    price: int
    day: date | None


@dataclass(frozen=True, slots=True)
class WaybillAsk:
    """A waybill to be made. `reference` is ours, and finds it again. `branch_ref` is empty for a courier, who goes to
    `address`. `cash` is collected from the receiver: as a money transfer, or by `payment_control` to the account of the
    business, as the contract has it."""

    reference: str
    kind: DeliveryKind
    city_ref: str
    city: str
    area: str
    branch_ref: str
    address: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    box: Box
    declared: int
    cash: int
    payment_control: bool
    about: str


@dataclass(frozen=True, slots=True)
class Waybill:
    """A waybill that is there; `cost` is what the carrier charges us."""

    ref: str
    number: str
    cost: int
    day: date | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the carrier says of a number now. `told_at` is its own time, `back` the number of a parcel that returns."""

    number: str
    code: str
    text: str
    told_at: datetime | None
    day: date | None = None
    back: str = ""


class Carrier(Protocol):
    """Every verb raises CarrierFailed and CarrierRefused."""

    async def cities(self, page: int) -> Sequence[CityFact]:
        """A page (from 1) of the cities; an empty one is behind the last."""

    async def branches(self, page: int) -> Sequence[BranchFact]:
        """A page (from 1) of all points; an empty one is behind the last."""

    async def price(self, ask: PriceAsk) -> Told:
        """What a parcel would cost us, and when it would be there."""

    async def make_waybill(self, ask: WaybillAsk) -> Waybill:
        """A new waybill: never asked twice by the adapter, for the carrier would make two."""

    async def find_waybills(self, reference: str, day: date) -> Sequence[Waybill]:
        """Those made since that day under our reference, the oldest first."""

    async def delete_waybill(self, ref: str) -> None:
        """Take one back that was not handed over; one that is gone already is fine."""

    async def label(self, ref: str) -> bytes:
        """The label as PDF."""

    async def track(self, numbers: Sequence[str]) -> Sequence[Reading]:
        """What is known of up to 100 numbers."""
