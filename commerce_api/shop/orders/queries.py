"""Reading orders: one by its token for whoever holds it, and lists for staff."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

from tortoise.functions import Sum
from tortoise.queryset import QuerySet

from commerce_api.foundation.kit import clock
from commerce_api.foundation.kit.money import format_amount
from commerce_api.foundation.kit.paging import Page, PageRequest
from commerce_api.foundation.kit.phone import normalize_phone
from commerce_api.shop.orders.errors import OrderUnknown
from commerce_api.shop.orders.models import Order, OrderLine, StatusChange
from commerce_api.shop.orders.status import OrderStatus, PaymentStatus, Who, may_move
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.shipping import DeliveryKind

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
"""What a token of ours looks like; nothing else is looked for."""
NUMBER: Final = re.compile(r"[A-Z0-9]{1,32}")
"""What a number of ours looks like. Some databases, and the ORM, fail over others instead of finding nothing."""


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as it was sold; amounts in kopiyky."""

    sku: str
    product: str
    name: str
    colour: str
    size: str
    fit: str
    image: str
    unit_price: int
    quantity: int
    discount: int

    @property
    def line_total(self) -> int:
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of an order's history: `field` is status or payment."""

    at: datetime
    field: str
    old: str | None
    new: str
    actor: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """Everything about one order, personal data included: whoever passes it on decides what of it to show."""

    id: int
    number: str
    token: str
    channel: str
    status: OrderStatus
    payment_status: PaymentStatus
    pay_type: PayType
    account_id: int | None
    lang: str
    name: str
    phone: str
    email: str | None
    delivery_kind: DeliveryKind
    city: str
    branch: str
    city_ref: str
    branch_ref: str
    comment: str
    promo_code: str
    gross: int
    discount: int
    shipping: int
    payable: int
    due_now: int
    paid: int
    refunded: int
    placed_at: datetime
    lines: tuple[LineView, ...]
    history: tuple[Step, ...]
    version: int = 0
    """The number of the newest history row: whatever happens to the order makes it larger."""

    @property
    def can_cancel(self) -> bool:
        """Whether the customer may still cancel it."""
        return may_move(self.status, OrderStatus.CANCELLED, Who.CUSTOMER)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in the list that staff read."""

    number: str
    status: OrderStatus
    payment_status: PaymentStatus
    pay_type: PayType
    name: str
    phone: str
    city: str
    payable: int
    placed_at: datetime


async def order_by_token(token: str) -> OrderView:
    """The order that the token opens. Raises OrderUnknown."""
    return await _view(await Order.get_or_none(token=token) if TOKEN.fullmatch(token) else None)


async def order_by_number(number: str) -> OrderView:
    """For staff only: a number is no secret. Raises OrderUnknown."""
    return await _view(await Order.get_or_none(number=number))


async def order_by_id(order_id: int) -> OrderView:
    """For handlers of events. Raises OrderUnknown."""
    return await _view(await Order.get_or_none(id=order_id))


async def unpaid_numbers(before: datetime) -> list[str]:
    """Online orders placed before that moment (aware) that still wait for their money, the oldest first."""
    orders = Order.filter(
        status=OrderStatus.NEW,
        placed_at__lt=before,
        pay_type__in=[PayType.ONLINE_FULL, PayType.PREPAY_200],
        payment_status__in=[PaymentStatus.UNPAID, PaymentStatus.PENDING, PaymentStatus.FAILED],
    )
    return [str(number) for number in await orders.order_by("placed_at").values_list("number", flat=True)]


async def figures() -> dict[str, int | str]:
    """What waits for staff, and the orders of this Kyiv day with their sum."""
    # In UTC as everything stored: SQLite compares moments as texts.
    today = datetime.combine(clock.kyiv_today(), time.min, clock.KYIV).astimezone(UTC)
    placed = Order.filter(placed_at__gte=today)
    kept = placed.exclude(status=OrderStatus.CANCELLED)
    sums = await kept.annotate(total=Sum("payable")).values_list("total", flat=True)
    return {
        "new": await Order.filter(status=OrderStatus.NEW).count(),
        "confirmed": await Order.filter(status=OrderStatus.CONFIRMED).count(),
        "today": await placed.count(),
        "today_payable": format_amount(int(str(sums[0] or 0)) if sums else 0),
    }


@dataclass(frozen=True, slots=True)
class PointsOfOrder:
    """What an account's order earns: points of all its lines, and where the order stands."""

    id: int
    account_id: int
    status: OrderStatus
    points: int
    version: int


async def points_of_order(order_id: int) -> PointsOfOrder | None:
    """The points of an order; None for a guest's, which earns none."""
    order = await Order.get_or_none(id=order_id, account_id__isnull=False).only("id", "account_id", "status")
    if order is None or order.account_id is None:
        return None
    rows = await OrderLine.filter(order_id=order_id).values_list("points", "quantity")
    points = sum(each * count for each, count in rows)
    return PointsOfOrder(order.id, order.account_id, order.status, points, await version_of(order_id))


async def version_of(order_id: int) -> int:
    """The number of an order's newest history row: whatever happens to it makes it larger."""
    newest = await StatusChange.filter(order_id=order_id).order_by("-id").first().only("id")
    return newest.id if newest else 0


async def goods_of(order_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """What orders are of: by their ids, the name of each SKU."""
    goods: dict[int, dict[str, str]] = {order_id: {} for order_id in order_ids}
    for line in await OrderLine.filter(order_id__in=list(order_ids)).order_by("order_id", "position"):
        goods[line.order_id][line.sku] = f"{line.name}, {line.size}"
    return goods


async def token_of(account_id: int, number: str) -> str:
    """The token of an account's own order. Raises OrderUnknown, also for somebody else's."""
    known = Order.get_or_none(account_id=account_id, number=number).only("token")
    order = await known if NUMBER.fullmatch(number) else None
    if order is None:
        raise OrderUnknown()
    return order.token


async def of_account(account_id: int, page: PageRequest) -> Page[OrderRow]:
    """The orders of one account, newest first; never anybody else's."""
    return await _page(Order.filter(account_id=account_id), page)


async def for_staff(page: PageRequest, search: str = "", status: OrderStatus | None = None) -> Page[OrderRow]:
    """Orders, newest first. `search` is a number, a phone in any spelling, or a part of number, name or e-mail."""
    orders = Order.filter(status=status) if status else Order.all()
    return await _page(_searched(orders, search.strip()) if search.strip() else orders, page)


def _searched(orders: QuerySet[Order], search: str) -> QuerySet[Order]:
    phone = normalize_phone(search)
    if phone:
        return orders.filter(phone=phone)
    return orders.filter(search__contains=search.casefold())


async def _page(orders: QuerySet[Order], page: PageRequest) -> Page[OrderRow]:
    total = await orders.count()
    rows = await orders.order_by("-placed_at", "-id").offset(page.offset).limit(page.size)
    return Page([_row(order) for order in rows], total, page)


def _row(order: Order) -> OrderRow:
    return OrderRow(
        number=order.number,
        status=order.status,
        payment_status=order.payment_status,
        pay_type=order.pay_type,
        name=order.name,
        phone=order.phone,
        city=order.city,
        payable=order.payable,
        placed_at=order.placed_at,
    )


async def _view(order: Order | None) -> OrderView:
    if order is None:
        raise OrderUnknown()
    lines = await OrderLine.filter(order_id=order.id).order_by("position")
    changes = await StatusChange.filter(order_id=order.id).order_by("id")
    return _viewed(order, lines, changes)


def _viewed(order: Order, lines: Sequence[OrderLine], changes: Sequence[StatusChange]) -> OrderView:
    return OrderView(
        id=order.id,
        number=order.number,
        token=order.token,
        channel=order.channel.value,
        status=order.status,
        payment_status=order.payment_status,
        pay_type=order.pay_type,
        account_id=order.account_id,
        lang=order.lang,
        name=order.name,
        phone=order.phone,
        email=order.email,
        delivery_kind=order.delivery_kind,
        city=order.city,
        branch=order.branch,
        city_ref=order.city_ref,
        branch_ref=order.branch_ref,
        comment=order.comment,
        promo_code=order.promo_code,
        gross=order.gross,
        discount=order.discount,
        shipping=order.shipping,
        payable=order.payable,
        due_now=order.due_now,
        paid=order.paid,
        refunded=order.refunded,
        placed_at=order.placed_at,
        lines=tuple(
            LineView(
                sku=line.sku,
                product=line.product,
                name=line.name,
                colour=line.colour,
                size=line.size,
                fit=line.fit,
                image=line.image,
                unit_price=line.unit_price,
                quantity=line.quantity,
                discount=line.discount,
            )
            for line in lines
        ),
        history=tuple(
            Step(step.at, step.field, step.old, step.new, step.actor, step.source, step.reason) for step in changes
        ),
        version=changes[-1].id if changes else 0,
    )
