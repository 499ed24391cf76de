"""What parcels know of a person: numbers by which the carrier knows them. Kept with their orders for the books."""

from commerce_api.shop.shipping.models import Shipment


async def export(order_numbers: list[str]) -> list[dict[str, object]]:
    """The parcels of a person's orders."""
    rows = await Shipment.filter(order_number__in=order_numbers).exclude(waybill="").order_by("id")
    return [
        {
            "order": row.order_number,
            "waybill": row.waybill,
            "state": row.parcel.value,
            "made_at": row.made_at.isoformat() if row.made_at else None,
        }
        for row in rows
    ]
