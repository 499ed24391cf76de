"""Shapes of staff programs that place and edit orders. Amounts are kopiyky."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from commerce_api.foundation.errors import Invalid
from commerce_api.foundation.kit.urls import DEFAULT_LANGUAGE
from commerce_api.foundation.web.parsing import OMIT_NONE, Schema
from commerce_api.shop.checkout.desk import Dictated
from commerce_api.shop.checkout.schemas import Comment, ContactIn, DeliveryIn, Sum
from commerce_api.shop.orders.draft import Contact
from commerce_api.shop.orders.editing import Edit
from commerce_api.shop.orders.queries import OrderView
from commerce_api.shop.orders.schemas import DeliveryOut, OrderLineOut
from commerce_api.shop.pricing.lines import MOST_LINES, MOST_PIECES
from commerce_api.shop.pricing.payments import PayType

SkuCode = Annotated[str, Field(min_length=1, max_length=50)]
Pieces = Annotated[int, Field(ge=1, le=MOST_PIECES)]
Promo = Annotated[str, Field(max_length=40)]
Language = Annotated[str, Field(max_length=8)]
"""Any code: which of them the shop speaks is a setting, and the desk's to look up."""


class DeskLineIn(Schema):
    sku: SkuCode
    quantity: Pieces


Lines = Annotated[list[DeskLineIn], Field(min_length=1, max_length=MOST_LINES)]


def counted(lines: list[DeskLineIn]) -> dict[str, int]:
    """Quantity by SKU code. Raises Invalid for one that stands there twice."""
    pieces = {line.sku: line.quantity for line in lines}
    if len(pieces) != len(lines):
        raise Invalid({"lines": "errors.order_lines"})
    return pieces


def _contact(said: ContactIn) -> Contact:
    return Contact(said.name, said.phone, said.email)


class DictatedIn(Schema):
    """An order that staff place for somebody. `expected_total` is the sum the customer was told, if any."""

    lines: Lines
    contact: ContactIn
    delivery: DeliveryIn
    payment: PayType
    comment: Comment = ""
    promo: Promo = ""
    lang: Language = DEFAULT_LANGUAGE
    expected_total: Sum | None = None

    def dictated(self) -> Dictated:
        """What the desk works with. Raises Invalid for a delivery that leads nowhere."""
        return Dictated(
            lines=counted(self.lines),
            contact=_contact(self.contact),
            delivery=self.delivery.place(),
            pay_type=self.payment,
            comment=self.comment,
            promo=self.promo,
            lang=self.lang,
            expected_total=self.expected_total,
        )


class EditIn(Schema):
    """What an order is to become; what is left out stays. `lines` are all lines that it is to have.

    `version` is the one that was read: with it, an order to which something happened since is not changed.
    """

    lines: Lines | None = None
    contact: ContactIn | None = None
    delivery: DeliveryIn | None = None
    comment: Comment | None = None
    version: Annotated[int, Field(ge=0)] | None = None

    def edit(self) -> Edit:
        """What the desk works with. Raises Invalid for a delivery that leads nowhere."""
        return Edit(
            lines=counted(self.lines) if self.lines else None,
            delivery=self.delivery.place() if self.delivery else None,
            contact=_contact(self.contact) if self.contact else None,
            comment=self.comment,
            version=self.version,
        )


class ExchangeIn(Schema):
    """Another size in place of `quantity` pieces of a SKU, of all of them without it."""

    sku: SkuCode
    to_sku: SkuCode
    quantity: Pieces | None = None


class FullContactOut(Schema):
    name: str
    phone: str
    email: Annotated[str | None, OMIT_NONE] = None


class DeskStepOut(Schema):
    """A row of the history: `field` is status, payment or edit."""

    at: datetime
    field: str
    old: Annotated[str | None, OMIT_NONE] = None
    new: str
    actor: str
    reason: str


class DeskOrderOut(Schema):
    """An order as staff see it: nothing is masked."""

    number: str
    version: int
    status: str
    payment_status: str
    pay_type: str
    lines: list[OrderLineOut]
    promo: Annotated[str | None, OMIT_NONE] = None
    gross: int
    discount: int
    shipping: int
    payable: int
    due_now: int
    paid: int
    refunded: int
    contact: FullContactOut
    delivery: DeliveryOut
    comment: str
    history: list[DeskStepOut]

    @classmethod
    def of(cls, order: OrderView) -> "DeskOrderOut":
        """The order as staff programs read it."""
        return cls(
            number=order.number,
            version=order.version,
            status=order.status.value,
            payment_status=order.payment_status.value,
            pay_type=order.pay_type.value,
            lines=[OrderLineOut.of(line, order.lang) for line in order.lines],
            promo=order.promo_code or None,
            gross=order.gross,
            discount=order.discount,
            shipping=order.shipping,
            payable=order.payable,
            due_now=order.due_now,
            paid=order.paid,
            refunded=order.refunded,
            contact=FullContactOut(name=order.name, phone=order.phone, email=order.email),
            delivery=DeliveryOut(kind=order.delivery_kind.value, city=order.city, branch=order.branch),
            comment=order.comment,
            history=[
                DeskStepOut(at=s.at, field=s.field, old=s.old, new=s.new, actor=s.actor, reason=s.reason)
                for s in order.history
            ],
        )
