"""Shapes of the till: what a shopper sends, by JSON or by form, and what is answered. Amounts are kopiyky."""

import re
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from commerce_api.foundation.errors import Invalid
from commerce_api.foundation.kit.phone import normalize_phone
from commerce_api.foundation.web.parsing import OMIT_NONE, Schema, refuse
from commerce_api.shop.checkout.service import Wish
from commerce_api.shop.orders.draft import Contact, Delivery
from commerce_api.shop.pricing.lines import Totals
from commerce_api.shop.pricing.payments import PayChoice, PayType
from commerce_api.shop.pricing.shipping import DeliveryKind

EMAIL: Final = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")
LARGEST_TOTAL: Final = 10**12


def _one_line(text: str) -> str:
    """Line breaks become spaces: names travel in mail headers and on waybills."""
    return " ".join(text.split())


def _phone(text: str) -> str:
    return normalize_phone(text) or refuse("errors.phone_malformed")


def _email(text: str) -> str:
    return text if EMAIL.fullmatch(text) else refuse("errors.email_malformed")


def _city(text: str) -> str:
    return text if any(letter.isalpha() for letter in text) else refuse("errors.city_malformed")


def _branch(text: str) -> str:
    return text if any(letter.isalnum() for letter in text) else refuse("errors.branch_malformed")


Line = AfterValidator(_one_line)
Name = Annotated[str, Field(min_length=2, max_length=120), Line]
Phone = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_phone)]
Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
City = Annotated[str, Field(min_length=2, max_length=120), Line, AfterValidator(_city)]
Branch = Annotated[str, Field(min_length=1, max_length=200), Line, AfterValidator(_branch)]
Comment = Annotated[str, Field(max_length=500)]
Sum = Annotated[int, Field(ge=0, le=LARGEST_TOTAL)]
IdempotencyKey = Annotated[str, Field(min_length=1, max_length=255)]


class ContactIn(Schema):
    """Who receives the parcel; the phone in any usual spelling."""

    name: Name
    phone: Phone
    email: Email | None = None


class CourierIn(Schema):
    """A door."""

    city: City
    street: Annotated[str, Field(min_length=2, max_length=120), Line]
    house: Annotated[str, Field(min_length=1, max_length=20), Line]
    flat: Annotated[str, Field(max_length=20), Line] | None = None


class DeliveryIn(Schema):
    """A branch, `city` and `branch` as typed by hand, or a `courier`."""

    city: City | None = None
    branch: Branch | None = None
    courier: CourierIn | None = None

    @property
    def kind(self) -> DeliveryKind:
        """What it costs hangs on this."""
        return DeliveryKind.COURIER if self.courier else DeliveryKind.BRANCH

    def place(self) -> Delivery:
        """Where to. Raises Invalid naming what is missing or too much."""
        if self.courier:
            if self.city or self.branch:
                raise Invalid({"delivery": "doubled"})
            door = [self.courier.street, self.courier.house, self.courier.flat or ""]
            return Delivery(DeliveryKind.COURIER, self.courier.city, ", ".join(part for part in door if part))
        if not self.city or not self.branch:
            given = {"delivery.city": self.city, "delivery.branch": self.branch}
            raise Invalid({name: "missing" for name, value in given.items() if not value})
        return Delivery(DeliveryKind.BRANCH, self.city, self.branch)


class CheckoutIn(Schema):
    """An order (interface.md)."""

    contact: ContactIn
    delivery: DeliveryIn
    payment: PayType
    comment: Comment = ""
    expected_total: Sum

    def wish(self) -> Wish:
        """What the till works with. Raises Invalid for a delivery that leads nowhere."""
        contact = Contact(self.contact.name, self.contact.phone, self.contact.email)
        return Wish(contact, self.delivery.place(), self.payment, self.comment, self.expected_total)


class CheckoutForm(Schema):
    """The form of the checkout page; `key` is new with every page that is shown."""

    key: IdempotencyKey
    expected_total: Sum
    name: Name
    phone: Phone
    email: Email | None = None
    city: City
    branch: Branch
    payment: PayType
    comment: Comment = ""

    def wish(self) -> Wish:
        """What the till works with."""
        return Wish(
            Contact(self.name, self.phone, self.email),
            Delivery(DeliveryKind.BRANCH, self.city, self.branch),
            self.payment,
            self.comment,
            self.expected_total,
        )


class PaymentStarted(Schema):
    """How the payment stands; `redirect_url` leads to the bank's page."""

    status: str
    redirect_url: Annotated[str | None, OMIT_NONE] = None


class CheckoutOut(Schema):
    """The placed order; `url` is its secret page."""

    number: str
    token: str
    url: str
    payable: int
    due_now: int
    payment: PaymentStarted


class QuoteIn(Schema):
    """What to reckon with; without a choice a branch and cash on delivery."""

    delivery: DeliveryIn | None = None
    payment: PayType | None = None


class PaymentOut(Schema):
    """A way to pay; `reason` says why it is not allowed."""

    kind: str
    allowed: bool
    reason: Annotated[str | None, OMIT_NONE] = None

    @classmethod
    def of(cls, choice: PayChoice) -> "PaymentOut":
        """The choice as programs read it."""
        return cls(kind=choice.kind.value, allowed=choice.allowed, reason=choice.reason)


class QuoteOut(Schema):
    """What the cart would cost. The days are empty until a carrier says them."""

    goods: int
    discount: int
    shipping: int
    payable: int
    due_now: int
    day_from: date | None = None
    day_to: date | None = None
    payments: list[PaymentOut]

    @classmethod
    def of(cls, totals: Totals, choices: tuple[PayChoice, ...]) -> "QuoteOut":
        """The quote as programs read it."""
        return cls(
            goods=totals.goods,
            discount=totals.discount,
            shipping=totals.shipping,
            payable=totals.payable,
            due_now=totals.due_now,
            payments=[PaymentOut.of(choice) for choice in choices],
        )
