"""The list of parcels in the staff office, with those that were set aside."""

from typing import Any, ClassVar

from starlette.requests import Request
from starlette_admin.actions import row_action
from starlette_admin.contrib.tortoise import InlineModelView
from starlette_admin.fields import DateField, DateTimeField, EnumField, StringField
from starlette_admin.flash import flash
from tortoise.models import Model

from commerce_api.foundation.web.access import Identity
from commerce_api.foundation.web.staff_views import MoneyField, ServiceView, word
from commerce_api.shop.shipping import shipments
from commerce_api.shop.shipping.codes import ParcelState
from commerce_api.shop.shipping.models import Shipment, ShipmentEvent
from commerce_api.shop.shipping.states import CashState, ShipmentState


def _choices(kind: str, values: type[ShipmentState] | type[ParcelState] | type[CashState]) -> list[tuple[str, str]]:
    return [(value.value, word(f"parcels.{kind}.{value.value}")) for value in values]


class EventsInline(InlineModelView):
    """Everything that the carrier said of a parcel."""

    model: ClassVar[type[Model]] = ShipmentEvent  # type: ignore[misc]  # the library's own is both kinds of variable
    fk_attr = "shipment_id"

    def __init__(self, parent_view: Any = None) -> None:
        self.display_name = self.menu_label = word("parcels.text")
        self.fields = [
            DateTimeField("at", label=word("parcels.updated_at"), read_only=True),
            StringField("code", label=word("parcels.parcel"), read_only=True),
            StringField("text", label=word("parcels.text"), read_only=True),
        ]
        super().__init__(parent_view)


class ShipmentView(ServiceView):
    """The parcels, newest first; those that were set aside say why, and can be asked about again."""

    role: ClassVar[str] = "staff_orders"
    inlines = [EventsInline]

    def __init__(self) -> None:
        self.fields = [
            StringField("order_number", label=word("parcels.number"), read_only=True),
            StringField("waybill", label=word("parcels.waybill"), read_only=True),
            EnumField("state", label=word("parcels.state"), choices=_choices("states", ShipmentState), read_only=True),
            EnumField("parcel", label=word("parcels.parcel"), choices=_choices("places", ParcelState), read_only=True),
            StringField("text", label=word("parcels.text"), read_only=True),
            MoneyField("cash", label=word("parcels.cash"), read_only=True),
            EnumField(
                "cash_state", label=word("parcels.cash_state"), choices=_choices("cashes", CashState), read_only=True
            ),
            DateField("due", label=word("parcels.due"), read_only=True),
            DateTimeField("quarantined_at", label=word("parcels.quarantined_at"), read_only=True),
            StringField("reason", label=word("parcels.reason"), read_only=True),
            DateTimeField("updated_at", label=word("parcels.updated_at"), read_only=True),
        ]
        self.fields_default_sort = [("updated_at", True)]
        self.searchable_fields = ["order_number", "waybill"]
        self.sortable_fields = ["updated_at", "quarantined_at"]
        self.row_actions = ["view", "follow"]
        self.actions = []
        super().__init__(
            Shipment,
            icon="fa fa-truck-fast",
            key="parcels",
            display_name=word("parcels.one"),
            menu_label=word("parcels.many"),
        )

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        if name == "follow" and obj.quarantined_at is None:
            return False
        return name in {"view", "follow"} and await self.is_row_action_allowed(request, name)

    @row_action(name="follow", text=word("parcels.follow"), icon_class="fa fa-rotate")
    async def follow(self, request: Request, pk: Any) -> None:
        """Ask the carrier about a number that was set aside."""
        row = await self.row(request, pk)

        async def work(_account: Identity) -> None:
            await shipments.follow_again(row.id)

        await self.write(request, work, action="parcel.follow", subject=row.order_number, changes={})
        flash(request, word("parcels.followed"), "success")
