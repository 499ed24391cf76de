"""Orders in the staff office: a list to search, one order with lines and history, and the moves the table allows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from starlette.requests import Request
from starlette_admin.actions import ActionSelection, action, link_row_action, row_action
from starlette_admin.contrib.tortoise import InlineModelView
from starlette_admin.fields import DateTimeField, EnumField, IntegerField, StringField
from starlette_admin.flash import flash
from tortoise.expressions import Q
from tortoise.models import Model

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.access import Identity
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.staff_views import LANGUAGE, CodeField, MoneyField, ServiceView, word
from commerce_api.shop.orders import service
from commerce_api.shop.orders.editing import EDITABLE
from commerce_api.shop.orders.models import Order, OrderLine, StatusChange
from commerce_api.shop.orders.queries import goods_of
from commerce_api.shop.orders.staff_forms import reason_form, restock_form
from commerce_api.shop.orders.status import (
    STAFF_CANCEL_REASONS,
    Actor,
    CancelReason,
    CustomerReason,
    OrderStatus,
    PaymentStatus,
    Who,
    next_statuses,
)
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.shipping import DeliveryKind

SOURCE = "office"
MOVES = {
    OrderStatus.CONFIRMED: "confirm",
    OrderStatus.PACKED: "pack",
    OrderStatus.SHIPPED: "ship",
    OrderStatus.DELIVERED: "deliver",
    OrderStatus.CANCELLED: "cancel",
    OrderStatus.REFUSED: "refuse",
    OrderStatus.RETURNED: "take_back",
}
"""Status to the name of the action that moves an order there."""


def status_choices(kind: str, values: type[OrderStatus] | type[PaymentStatus]) -> list[tuple[str, str]]:
    """Values of a status with the words that shoppers see too."""
    t = texts(LANGUAGE)
    return [(value.value, t(f"order.{kind}.{value.value}")) for value in values]


def said_of(kinds: Iterable[type[StrEnum]], *, key: str) -> dict[str, str]:
    """Codes with the words under `key` of the texts that shoppers and staff read, for those that have words there."""
    entries = texts(LANGUAGE).entries
    codes = [value.value for kind in kinds for value in kind]
    return {code: str(entries[f"{key}.{code}"]) for code in codes if f"{key}.{code}" in entries}


@dataclass
class WhyField(CodeField):
    """Why an order moved: a code of the list in words, and behind it what its customer chose or staff wrote."""

    said: dict[str, str] = field(default_factory=dict)

    async def serialize_value(self, request: Request, value: Any) -> str:
        code, parted, more = str(value).partition(": ")
        told = self.words.get(code, code)
        if not parted:
            return told
        return f"{told}: {self.said.get(more, more) if code == CancelReason.CUSTOMER else more}"


class LinesInline(InlineModelView):
    """What was sold: words and prices as they stood then."""

    model: ClassVar[type[Model]] = OrderLine  # type: ignore[misc]  # the library's own is both kinds of variable
    fk_attr = "order_id"

    def __init__(self, parent_view: Any = None) -> None:
        self.display_name = self.menu_label = word("orders.lines")
        self.fields = [
            StringField("sku", label=word("orders.sku"), read_only=True),
            StringField("name", label=word("orders.name"), read_only=True),
            StringField("colour", label=word("orders.colour"), read_only=True),
            StringField("size", label=word("orders.size"), read_only=True),
            IntegerField("quantity", label=word("orders.quantity"), read_only=True),
            MoneyField("unit_price", label=word("orders.unit_price"), read_only=True),
        ]
        super().__init__(parent_view)


class HistoryInline(InlineModelView):
    """Everything that happened to an order."""

    model: ClassVar[type[Model]] = StatusChange  # type: ignore[misc]  # the library's own is both kinds of variable
    fk_attr = "order_id"

    def __init__(self, parent_view: Any = None) -> None:
        self.display_name = self.menu_label = word("orders.history")
        changed = {name: word(f"orders.changed.{name}") for name in ("status", "payment", "pay_type", "edit")}
        states = {
            **said_of([OrderStatus], key="order.status"),
            **said_of([PaymentStatus], key="order.payment_status"),
            **said_of([PayType], key="pay_type"),
        }
        who = said_of([Who], key="office.orders.who")
        reasons = said_of([CancelReason], key="office.orders.reasons")
        chosen = said_of([CustomerReason], key="order_page.reasons")
        self.fields = [
            DateTimeField("at", label=word("orders.at"), read_only=True),
            CodeField("field", label=word("orders.what"), words=changed, read_only=True),
            CodeField("old", label=word("orders.old"), words=states, read_only=True),
            CodeField("new", label=word("orders.new"), words=states, read_only=True),
            CodeField("actor", label=word("orders.actor"), words=who, read_only=True),
            WhyField("reason", label=word("orders.reason"), words=reasons, said=chosen, read_only=True),
        ]
        super().__init__(parent_view)


class OrderView(ServiceView):
    """The orders, newest first. Money and lines are shown, never typed over; an order moves by its actions."""

    role: ClassVar[str] = "staff_orders"
    inlines = [LinesInline, HistoryInline]

    def __init__(self) -> None:
        self.fields = [
            StringField("number", label=word("orders.number"), read_only=True),
            EnumField(
                "status", label=word("orders.status"), choices=status_choices("status", OrderStatus), read_only=True
            ),
            EnumField(
                "payment_status",
                label=word("orders.payment"),
                choices=status_choices("payment_status", PaymentStatus),
                read_only=True,
            ),
            StringField("name", label=word("orders.customer"), read_only=True),
            StringField("phone", label=word("orders.phone"), read_only=True),
            MoneyField("payable", label=word("orders.payable"), read_only=True),
            DateTimeField("placed_at", label=word("orders.placed_at"), read_only=True),
            EnumField(
                "delivery_kind",
                label=word("desk.kind"),
                choices=[(kind.value, word(f"desk.kinds.{kind.value}")) for kind in DeliveryKind],
                read_only=True,
                exclude_from_list=True,
            ),
            *(
                StringField(name, label=word(f"orders.{name}"), read_only=True, exclude_from_list=True)
                for name in ("email", "city", "branch", "comment")
            ),
            *(
                MoneyField(name, label=word(f"orders.{name}"), read_only=True, exclude_from_list=True)
                for name in ("gross", "discount", "shipping", "paid")
            ),
        ]
        self.fields_default_sort = [("placed_at", True)]
        self.searchable_fields = ["number"]
        self.sortable_fields = ["number", "payable", "placed_at"]
        self.row_actions = ["view", "desk", *MOVES.values()]
        self.actions = ["confirm_all"]
        super().__init__(
            Order, icon="fa fa-box", key="orders", display_name=word("orders.one"), menu_label=word("orders.many")
        )

    async def find_all(self, request: Request, *arguments: Any, **named: Any) -> Sequence[Any]:
        rows = await super().find_all(request, *arguments, **named)
        delivered = [row.id for row in rows if row.status is OrderStatus.DELIVERED]
        if delivered:
            # Each of them has a form that names its goods: all of the page at once.
            request.state.goods = await goods_of(delivered)
        return rows

    def get_search_query(self, request: Request, term: str) -> Q:
        """Part of the number, name or phone, in any letter case: `search` holds them casefolded."""
        return Q(search__contains=term.strip().casefold())

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        offered = {MOVES[status] for status in next_statuses(obj.status, Who.STAFF)}
        offered |= {"desk"} if obj.status in EDITABLE else set()
        return name == "view" or (name in offered and await self.is_row_action_allowed(request, name))

    @link_row_action(name="desk", text=word("desk.open"), icon_class="fa fa-pen")
    def desk(self, request: Request, pk: Any) -> str:
        """Lines and address are changed at the desk (checkout/desk_pages.py)."""
        return f"{urls.admin()}desk/{pk}"

    async def move(
        self,
        request: Request,
        order: Order,
        to: OrderStatus,
        reason: CancelReason | None = None,
        note: str = "",
        restock: Sequence[str] = (),
    ) -> None:
        """Move one order and note who did it."""

        async def work(account: Identity) -> None:
            await service.change_status(
                order.number,
                to,
                Actor(Who.STAFF, account.id),
                SOURCE,
                reason=reason,
                note=note,
                return_days=settings_of(request).shop.return_days,
                restock=restock,
            )

        # Words of staff about a person stand in the history alone, where they are forgotten with the person.
        changes = {"status": [order.status.value, to.value], "reason": reason.value if reason else ""}
        await self.write(request, work, action=f"order.{MOVES[to]}", subject=order.number, changes=changes)

    async def move_row(
        self,
        request: Request,
        pk: Any,
        to: OrderStatus,
        reason: CancelReason | None = None,
        note: str = "",
        restock: Sequence[str] = (),
    ) -> None:
        """Move the order of a row and say so."""
        order = await self.row(request, pk)
        await self.move(request, order, to, reason, note, restock)
        flash(request, word("orders.moved").format(number=order.number), "success")

    @row_action(
        name="confirm", text=word("orders.confirm"), icon_class="fa fa-check", action_btn_class="btn btn-success"
    )
    async def confirm(self, request: Request, pk: Any) -> None:
        """Accept the order."""
        await self.move_row(request, pk, OrderStatus.CONFIRMED)

    @row_action(name="pack", text=word("orders.pack"), icon_class="fa fa-box-open")
    async def pack(self, request: Request, pk: Any) -> None:
        """The parcel is packed."""
        await self.move_row(request, pk, OrderStatus.PACKED)

    @row_action(name="ship", text=word("orders.ship"), icon_class="fa fa-truck")
    async def ship(self, request: Request, pk: Any) -> None:
        """The carrier has it."""
        await self.move_row(request, pk, OrderStatus.SHIPPED)

    @row_action(name="deliver", text=word("orders.deliver"), icon_class="fa fa-house")
    async def deliver(self, request: Request, pk: Any) -> None:
        """The customer has it."""
        await self.move_row(request, pk, OrderStatus.DELIVERED)

    @row_action(
        name="cancel",
        text=word("orders.cancel"),
        confirmation=word("orders.cancel_confirm"),
        icon_class="fa fa-ban",
        action_btn_class="btn btn-outline-danger",
        form=reason_form,
    )
    async def cancel(self, request: Request, pk: Any) -> None:
        """Cancel with one of the reasons; stock goes back."""
        typed = await request.form()
        known = {reason.value: reason for reason in STAFF_CANCEL_REASONS}
        note = typed.get("note")
        await self.move_row(
            request,
            pk,
            OrderStatus.CANCELLED,
            known.get(str(typed.get("reason"))),
            note if isinstance(note, str) else "",
        )

    @row_action(name="refuse", text=word("orders.refuse"), confirmation=word("orders.refuse_confirm"))
    async def refuse(self, request: Request, pk: Any) -> None:
        """The customer did not take the parcel."""
        await self.move_row(request, pk, OrderStatus.REFUSED)

    @row_action(
        name="take_back",
        text=word("orders.take_back"),
        confirmation=word("orders.take_back_confirm"),
        form=restock_form,
    )
    async def take_back(self, request: Request, pk: Any) -> None:
        """The customer returned the goods in time; what was ticked goes back on the shelf."""
        ticked = [sku for sku in (await request.form()).getlist("restock") if isinstance(sku, str)]
        await self.move_row(request, pk, OrderStatus.RETURNED, restock=ticked)

    @action(name="confirm_all", text=word("orders.confirm_all"), confirmation=word("orders.confirm_all_confirm"))
    async def confirm_all(self, request: Request, selection: ActionSelection) -> None:
        """Accept the selected orders one by one; the first that cannot be stops with its reason."""
        done = 0
        for order in await selection.rows():
            await self.move(request, order, OrderStatus.CONFIRMED)
            done += 1
        flash(request, word("orders.confirmed_all").format(count=done), "success")
