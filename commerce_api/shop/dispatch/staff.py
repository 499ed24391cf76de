"""Parcels in the staff office: labels, the money that the carrier brought, and waybills in the rows of orders."""

from collections.abc import Sequence
from typing import Any

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.actions import row_action
from starlette_admin.flash import flash

from commerce_api.foundation.web.access import Identity
from commerce_api.foundation.web.staff_views import word
from commerce_api.shop.dispatch.api import carrier_of, make_noted, void_noted
from commerce_api.shop.dispatch.moves import cash_arrived as book_cash
from commerce_api.shop.dispatch.parcel import READY
from commerce_api.shop.dispatch.waybills import label_of
from commerce_api.shop.orders.staff import OrderView
from commerce_api.shop.orders.status import Actor, Who
from commerce_api.shop.shipping import shipments
from commerce_api.shop.shipping.codes import ParcelState
from commerce_api.shop.shipping.shipments import ShipmentView as Parcel
from commerce_api.shop.shipping.staff import ShipmentView
from commerce_api.shop.shipping.states import CashState, ShipmentState


async def label_answer(request: Request, number: str) -> Response:
    """The label as a PDF of ours: the carrier's key is in its address, which no browser gets to see."""
    waybill, pdf = await label_of(number, carrier_of(request))
    headers = {"content-disposition": f'inline; filename="{waybill}.pdf"', "cache-control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


def note_form(_request: Request, _row: Any) -> str:
    """The grounds on which staff say that money came, as a form."""
    label = escape(word("parcels.note"))
    return (
        f'<form><label class="form-label" for="cash-note">{label}</label>'
        '<input class="form-control" id="cash-note" name="note" maxlength="120" required></form>'
    )


class OrderParcelView(OrderView):
    """The orders, with the waybill of each at hand."""

    def __init__(self) -> None:
        super().__init__()
        self.row_actions = [*(self.row_actions or ()), "make_waybill", "print_label", "void_waybill"]

    async def find_all(self, request: Request, *arguments: Any, **named: Any) -> Sequence[Any]:
        rows = await super().find_all(request, *arguments, **named)
        # Every row asks three times which buttons it has: all parcels of the page at once.
        found = await shipments.of_orders([row.id for row in rows])
        request.state.parcels = {row.id: found.get(row.id) for row in rows}
        return rows

    async def _parcel_of(self, request: Request, order_id: int) -> Parcel | None:
        known: dict[int, Parcel | None] = getattr(request.state, "parcels", {})
        return known[order_id] if order_id in known else await shipments.open_of(order_id)

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        if name not in {"make_waybill", "print_label", "void_waybill"}:
            return await super().is_row_action_allowed_for_obj(request, name, obj)
        if not await self.is_row_action_allowed(request, name):
            return False
        parcel = await self._parcel_of(request, obj.id)
        if name == "make_waybill":
            return obj.status in READY and (parcel is None or parcel.state is not ShipmentState.MADE)
        return parcel is not None and parcel.state is ShipmentState.MADE and parcel.parcel is ParcelState.MADE

    @row_action(name="make_waybill", text=word("parcels.make"), icon_class="fa fa-barcode")
    async def make_waybill(self, request: Request, pk: Any) -> None:
        """Ask the carrier for a waybill."""
        order = await self.row(request, pk)
        made = await make_noted(request, order.number, type(self).audit)
        flash(request, word("parcels.made").format(waybill=made.waybill), "success")

    @row_action(name="print_label", text=word("parcels.label"), icon_class="fa fa-print", custom_response=True)
    async def print_label(self, request: Request, pk: Any) -> Response:
        """The label of the parcel."""
        order = await self.row(request, pk)
        return await label_answer(request, order.number)

    @row_action(name="void_waybill", text=word("parcels.void"), confirmation=word("parcels.void_confirm"))
    async def void_waybill(self, request: Request, pk: Any) -> None:
        """Take the waybill back."""
        order = await self.row(request, pk)
        await void_noted(request, order.number, type(self).audit)
        flash(request, word("parcels.voided"), "success")


class ParcelView(ShipmentView):
    """The parcels with their labels, and the money that the carrier brought."""

    def __init__(self) -> None:
        super().__init__()
        self.row_actions = [*(self.row_actions or ()), "print_label", "cash_arrived"]

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        if name not in {"print_label", "cash_arrived"}:
            return await super().is_row_action_allowed_for_obj(request, name, obj)
        if not await self.is_row_action_allowed(request, name):
            return False
        owed = obj.cash_state in {CashState.AWAITED, CashState.WITH_CARRIER}
        if name == "print_label":
            return obj.state is ShipmentState.MADE and obj.parcel is ParcelState.MADE
        return owed and obj.parcel is ParcelState.RECEIVED

    @row_action(name="print_label", text=word("parcels.label"), icon_class="fa fa-print", custom_response=True)
    async def print_label(self, request: Request, pk: Any) -> Response:
        """The label of the parcel."""
        row = await self.row(request, pk)
        return await label_answer(request, row.order_number)

    @row_action(
        name="cash_arrived",
        text=word("parcels.cash_arrived"),
        confirmation=word("parcels.cash_confirm"),
        form=note_form,
    )
    async def cash_arrived(self, request: Request, pk: Any) -> None:
        """The carrier's money is in the account."""
        row = await self.row(request, pk)
        note = str((await request.form()).get("note") or "").strip()[:120]

        async def work(account: Identity) -> None:
            await book_cash(row.id, Actor(Who.STAFF, account.id), note)

        changes = {"cash": row.cash}
        await self.write(request, work, action="parcel.cash", subject=row.order_number, changes=changes)
        flash(request, word("parcels.cash_noted"), "success")
