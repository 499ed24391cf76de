"""Shapes of orders: what the holder of a token sees, and what staff see and ask. Amounts are kopiyky."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.email import mask_email
from commerce_api.foundation.kit.paging import Page
from commerce_api.foundation.kit.phone import mask_phone
from commerce_api.foundation.web.parsing import OMIT_NONE, Schema, ViewSchema
from commerce_api.shop.orders.queries import LineView, OrderRow, OrderView
from commerce_api.shop.orders.status import CancelReason, OrderStatus


class OrderLineOut(Schema):
    """A line as it was sold; `discount` is the part of the order's discount that it bears."""

    sku: str
    name: str
    colour: str
    size: str
    fit: str
    url: str
    image: str | None
    quantity: int
    unit_price: int
    line_total: int
    discount: int

    @classmethod
    def of(cls, line: LineView, lang: str) -> "OrderLineOut":
        """The line with addresses for a page in `lang`."""
        return cls(
            sku=line.sku,
            name=line.name,
            colour=line.colour,
            size=line.size,
            fit=line.fit,
            url=urls.product(line.product, lang),
            image=urls.image(line.image, urls.IMAGE_WIDTHS[0]) if line.image else None,
            quantity=line.quantity,
            unit_price=line.unit_price,
            line_total=line.line_total,
            discount=line.discount,
        )


class DeliveryOut(Schema):
    kind: str
    city: str
    branch: str


class ContactOut(Schema):
    """Enough for its owner to recognise, nothing for a stranger who found the page."""

    name: str
    phone: str
    email: Annotated[str | None, OMIT_NONE] = None


class StepOut(Schema):
    at: datetime
    status: str


class OrderOut(Schema):
    """An order as its token opens it; the names and colours of its lines are in `lang`, whoever reads it."""

    number: str
    token: str
    lang: str
    status: str
    payment: str
    payment_status: str
    pay_type: str
    placed_at: datetime
    lines: list[OrderLineOut]
    promo: Annotated[str | None, OMIT_NONE] = None
    gross: int
    discount: int
    shipping: int
    payable: int
    due_now: int
    paid: int
    refunded: int
    delivery: DeliveryOut
    contact: ContactOut
    comment: str
    history: list[StepOut]
    can_cancel: bool

    @classmethod
    def of(cls, order: OrderView, lang: str) -> "OrderOut":
        """The order for whoever holds its token: phone and e-mail are masked, staff notes are not there."""
        return cls(
            number=order.number,
            token=order.token,
            lang=order.lang,
            status=order.status.value,
            payment=order.pay_type.value,
            payment_status=order.payment_status.value,
            pay_type=order.pay_type.value,
            placed_at=order.placed_at,
            lines=[OrderLineOut.of(line, lang) for line in order.lines],
            promo=order.promo_code or None,
            gross=order.gross,
            discount=order.discount,
            shipping=order.shipping,
            payable=order.payable,
            due_now=order.due_now,
            paid=order.paid,
            refunded=order.refunded,
            delivery=DeliveryOut(kind=order.delivery_kind.value, city=order.city, branch=order.branch),
            contact=ContactOut(
                name=order.name,
                phone=mask_phone(order.phone),
                email=mask_email(order.email) if order.email else None,
            ),
            comment=order.comment,
            history=[StepOut(at=step.at, status=step.new) for step in order.history if step.field == "status"],
            can_cancel=order.can_cancel,
        )


class OrderQuery(Schema):
    """Which orders staff ask for."""

    q: Annotated[str, Field(max_length=100)] = ""
    status: OrderStatus | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 25


class OrderRowOut(ViewSchema):
    """An order in the list of staff."""

    number: str
    status: str
    payment_status: str
    pay_type: str
    name: str
    phone: str
    city: str
    payable: int
    placed_at: datetime


class OrderPageOut(Schema):
    """One page of a list."""

    items: list[OrderRowOut]
    page: int
    pages: int
    total: int

    @classmethod
    def of(cls, page: Page[OrderRow]) -> "OrderPageOut":
        """The page as staff programs read it."""
        return cls(
            items=[OrderRowOut.of(row) for row in page.items],
            page=page.request.number,
            pages=page.pages,
            total=page.total,
        )


OrderNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,32}$")]
OrderToken = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]


class TransitionIn(Schema):
    """Where to move an order; a cancellation needs a `reason` of the list, `note` is in staff's own words.

    `restock` names the SKUs of a return that can be sold again.
    """

    to: OrderStatus
    reason: CancelReason | None = None
    note: Annotated[str, Field(max_length=150)] = ""
    restock: list[Annotated[str, Field(max_length=50)]] = Field(default_factory=list, max_length=100)


class TransitionOut(Schema):
    """Where the order stands now."""

    number: str
    status: str
