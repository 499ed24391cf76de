"""Shapes of the till: what a shopper sends, by JSON or by form, and what is answered. Amounts are kopiyky."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

from commerce_api.foundation.errors import Invalid
from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.email import normalize_email
from commerce_api.foundation.kit.phone import normalize_phone
from commerce_api.foundation.web.idempotency import IdempotencyKey
from commerce_api.foundation.web.parsing import OMIT_NONE, Schema, ViewSchema, refuse
from commerce_api.shop.checkout.places import Choice
from commerce_api.shop.checkout.quoting import Quoted, in_words
from commerce_api.shop.checkout.service import Wish
from commerce_api.shop.orders.draft import Contact, Delivery
from commerce_api.shop.orders.placing import PlacedOrder
from commerce_api.shop.orders.status import CustomerReason
from commerce_api.shop.payments.queries import Attempt
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping.doors import split_house, text_of

LARGEST_TOTAL: Final = 10**12


def _one_line(text: str) -> str:
    """Line breaks become spaces: names travel in mail headers and on waybills."""
    return " ".join(text.split())


def _phone(text: str) -> str:
    return normalize_phone(text) or refuse("errors.phone_malformed")


def _email(text: str) -> str:
    return normalize_email(text) or refuse("errors.email_malformed")


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
Street = Annotated[str, Field(min_length=2, max_length=120), Line]
House = Annotated[str, Field(min_length=1, max_length=20), Line]
Flat = Annotated[str, Field(max_length=20), Line]
Token = Annotated[str, Field(min_length=1, max_length=80)]
Comment = Annotated[str, Field(max_length=500)]
Sum = Annotated[int, Field(ge=0, le=LARGEST_TOTAL)]


class ContactIn(Schema):
    """Who receives the parcel; the phone in any usual spelling."""

    name: Name
    phone: Phone
    email: Email | None = None


def _door(street: str | None, house: str | None, flat: str | None) -> str:
    """The door as an order keeps it; a house that stands behind its street is found there."""
    if not house:
        street, house = split_house(street or "")
    return text_of(street or "", house, flat or "")


def _missing_door(street: str | None, house: str | None) -> list[str]:
    missing = [] if street else ["street"]
    return missing if house or split_house(street or "")[1] else [*missing, "house"]


class CourierIn(Schema):
    """A door, in a city that was chosen or typed. An order needs the city, `street` and `house`; a quote needs none."""

    city_token: Token | None = None
    city: City | None = None
    street: Street | None = None
    house: House | None = None
    flat: Flat | None = None


class DeliveryIn(Schema):
    """A point that was chosen by its tokens, `city` and `branch` as typed by hand, or a `courier`."""

    city_token: Token | None = None
    branch_token: Token | None = None
    city: City | None = None
    branch: Branch | None = None
    courier: CourierIn | None = None

    @property
    def choice(self) -> Choice | None:
        """The tokens, when there are any."""
        if self.courier:
            return Choice(self.courier.city_token) if self.courier.city_token else None
        return Choice(self.city_token, self.branch_token or "") if self.city_token else None

    @property
    def words(self) -> Delivery:
        """What was typed, whole or not: empty where tokens speak."""
        if self.courier:
            city = "" if self.courier.city_token else self.courier.city or ""
            door = _door(self.courier.street, self.courier.house, self.courier.flat)
            return Delivery(DeliveryKind.COURIER, city, door)
        typed = ("", "") if self.city_token else (self.city or "", self.branch or "")
        return Delivery(DeliveryKind.BRANCH, *typed)

    def place(self) -> Delivery:
        """Where to, with empty words where a choice speaks. Raises Invalid naming what is missing or too much."""
        given = {name for name in ("city_token", "branch_token", "city", "branch") if getattr(self, name)}
        if self.courier:
            doubled = bool(given) or bool(self.courier.city_token and self.courier.city)
            missing = [] if self.courier.city_token or self.courier.city else ["courier.city"]
            missing += [f"courier.{name}" for name in _missing_door(self.courier.street, self.courier.house)]
        else:
            wanted = ("city_token", "branch_token") if given & {"city_token", "branch_token"} else ("city", "branch")
            doubled = not given <= set(wanted)
            missing = [name for name in wanted if name not in given]
        if doubled:
            raise Invalid({"delivery": "doubled"})
        if missing:
            raise Invalid({f"delivery.{name}": "missing" for name in missing})
        return self.words


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
        place = self.delivery.place()
        return Wish(contact, place, self.payment, self.comment, self.expected_total, self.delivery.choice)


class CancelForm(Schema):
    """The form of an order's page: why the customer cancels, if they like to say."""

    reason: CustomerReason | None = None


class Way(StrEnum):
    """What the form of the checkout page offers to bring a parcel to."""

    POINT = "point"
    COURIER = "courier"


def unsaid(way: Way, said: Mapping[str, Any]) -> list[str]:
    """The words of a place that a form lacks; what was chosen from the directory needs none."""
    if way is Way.COURIER:
        city = [] if said.get("city_token") or said.get("city") else ["city"]
        return city + _missing_door(said.get("street"), said.get("house"))
    if said.get("city_token") and said.get("branch_token"):
        return []
    return [name for name in ("city", "branch") if not said.get(name)]


class CheckoutForm(Schema):
    """The form of the checkout page; `key` is new with every page that is shown."""

    key: IdempotencyKey
    expected_total: Sum
    name: Name
    phone: Phone
    email: Email | None = None
    city_token: Token | None = None
    branch_token: Token | None = None
    city: City | None = None
    branch: Branch | None = None
    way: Way = Way.POINT
    street: Street | None = None
    house: House | None = None
    flat: Flat | None = None
    payment: PayType
    comment: Comment = ""

    def wish(self) -> Wish:
        """What the till works with: what was chosen, else what was typed. Raises Invalid for neither."""
        missing = unsaid(self.way, dict(self))
        if missing:
            raise Invalid(dict.fromkeys(missing, "missing"))
        delivery, choice = self._to_door() if self.way is Way.COURIER else self._to_point()
        contact = Contact(self.name, self.phone, self.email)
        return Wish(contact, delivery, self.payment, self.comment, self.expected_total, choice)

    def _to_point(self) -> tuple[Delivery, Choice | None]:
        if self.city_token and self.branch_token:
            return Delivery(DeliveryKind.BRANCH, "", ""), Choice(self.city_token, self.branch_token)
        return Delivery(DeliveryKind.BRANCH, self.city or "", self.branch or ""), None

    def _to_door(self) -> tuple[Delivery, Choice | None]:
        door = _door(self.street, self.house, self.flat)
        return Delivery(DeliveryKind.COURIER, self.city or "", door), Choice(
            self.city_token
        ) if self.city_token else None


class PaymentStarted(Schema):
    """How the payment stands; `redirect_url` leads to the bank's page."""

    status: str
    redirect_url: Annotated[str | None, OMIT_NONE] = None

    @classmethod
    def of(cls, attempt: Attempt) -> "PaymentStarted":
        """An attempt to pay as the shopper is told."""
        return cls(status=attempt.status.value, redirect_url=attempt.page or None)


class CheckoutOut(Schema):
    """The placed order; `url` is its secret page."""

    number: str
    token: str
    url: str
    payable: int
    due_now: int
    payment: PaymentStarted

    @classmethod
    def of(cls, placed: PlacedOrder, lang: str) -> "CheckoutOut":
        """A placed order with the address of its page in `lang`."""
        return cls(
            number=placed.number,
            token=placed.token,
            url=urls.order(placed.token, lang),
            payable=placed.payable,
            due_now=placed.due_now,
            payment=PaymentStarted(status=placed.payment_status.value),
        )


class QuoteIn(Schema):
    """What to reckon with; without a choice a branch and cash on delivery."""

    delivery: DeliveryIn | None = None
    payment: PayType | None = None


class PaymentOut(ViewSchema):
    """A way to pay; `reason` says why it is not allowed."""

    kind: str
    allowed: bool
    reason: Annotated[str | None, OMIT_NONE] = None


class QuoteOut(Schema):
    """What the cart would cost, and the first and the last day on which it may arrive if it is ordered now; `arrival`
    says the days in words, in the language that was asked for."""

    goods: int
    discount: int
    shipping: int
    payable: int
    due_now: int
    day_from: date
    day_to: date
    arrival: str
    payments: list[PaymentOut]

    @classmethod
    def of(cls, told: Quoted, lang: str) -> "QuoteOut":
        """The quote as programs read it."""
        totals, days = told.totals, told.days
        return cls(
            goods=totals.goods,
            discount=totals.discount,
            shipping=totals.shipping,
            payable=totals.payable,
            due_now=totals.due_now,
            day_from=days.first,
            day_to=days.last,
            arrival=in_words(days, lang),
            payments=[PaymentOut.of(choice) for choice in told.choices],
        )
