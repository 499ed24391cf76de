"""Shapes of parcels for staff programs. Sums are kopiyky."""

from datetime import date

from commerce_api.foundation.web.parsing import Schema
from commerce_api.shop.shipping.shipments import ShipmentView


class ShipmentOut(Schema):
    """A parcel: `state` of its waybill, `parcel` where it is, `cash` that the carrier collects and where that stands;
    `code` and `text` are the carrier's last words."""

    number: str
    waybill: str
    state: str
    parcel: str
    code: str
    text: str
    declared: int
    cash: int
    cash_state: str
    due: date | None

    @classmethod
    def of(cls, view: ShipmentView) -> "ShipmentOut":
        """The parcel as staff programs read it."""
        return cls(
            number=view.order_number,
            waybill=view.waybill,
            state=view.state.value,
            parcel=view.parcel.value,
            code=view.code,
            text=view.text,
            declared=view.declared,
            cash=view.cash,
            cash_state=view.cash_state.value,
            due=view.due,
        )
