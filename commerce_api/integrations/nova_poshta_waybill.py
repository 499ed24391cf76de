"""A waybill in the carrier's words: every value is a text (integrations.md 2.3)."""

from datetime import date
from typing import Any, Final

from commerce_api.foundation.outside_settings import Sender
from commerce_api.shop.shipping.carrier import WaybillAsk
from commerce_api.shop.shipping.doors import door_of

DESCRIPTION: Final = 120
"""Letters of a description that are kept."""


def _digits(e164: str) -> str:
    return e164.removeprefix("+")


def _names(name: str) -> dict[str, str]:
    """Surname, first name and patronymic of `Шевченко Оксана Іванівна`; a single word stands for both names."""
    last, *others = name.split()
    first, *middle = others or [last]
    return {"LastName": last, "FirstName": first, "MiddleName": " ".join(middle)}


def _sum(amount: int) -> str:
    """Kopiyky as hryvnias, with kopiyky only where there are any."""
    whole, rest = divmod(amount, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def receiver_fields(ask: WaybillAsk) -> dict[str, str]:
    """The receiver as a person of the carrier's books."""
    person = {"CounterpartyProperty": "Recipient", "CounterpartyType": "PrivatePerson", "CityRef": ask.city_ref}
    return {**person, **_names(ask.name), "Phone": _digits(ask.phone)}


def courier_fields(ask: WaybillAsk) -> dict[str, str]:
    """The receiver and the door by their words: street, house and flat."""
    door = door_of(ask.address)
    return {
        "NewAddress": "1",
        "RecipientCityName": ask.city,
        "RecipientArea": ask.area,
        "RecipientAddressName": door.street,
        "RecipientHouse": door.house,
        "RecipientFlat": door.flat,
        "RecipientName": ask.name,
        "RecipientType": "PrivatePerson",
    }


def waybill_fields(ask: WaybillAsk, sender: Sender, day: date, service: str) -> dict[str, Any]:
    """Everything of a waybill but who receives it and where. We pay for the delivery: it is part of the order."""
    box = ask.box
    weight = f"{box.weight_g / 1000:.3f}"
    seat = {
        "weight": weight,
        "volumetricWidth": str(box.width_cm),
        "volumetricLength": str(box.length_cm),
        "volumetricHeight": str(box.height_cm),
    }
    fields: dict[str, Any] = {
        "PayerType": "Sender",
        "PaymentMethod": "Cash",
        "DateTime": f"{day:%d.%m.%Y}",
        "CargoType": "Parcel",
        "Weight": weight,
        "ServiceType": service,
        "SeatsAmount": "1",
        "OptionsSeat": [seat],
        "Description": ask.about[:DESCRIPTION],
        "Cost": str(-(-ask.declared // 100)),
        "CitySender": sender.city_ref,
        "Sender": sender.ref,
        "SenderAddress": sender.address_ref,
        "ContactSender": sender.contact_ref,
        "SendersPhone": _digits(sender.phone),
        "RecipientsPhone": _digits(ask.phone),
        "InfoRegClientBarcodes": ask.reference,
    }
    if ask.cash and ask.payment_control:
        fields["AfterpaymentOnGoodsCost"] = _sum(ask.cash)
    elif ask.cash:
        fields["BackwardDeliveryData"] = [
            {"PayerType": "Recipient", "CargoType": "Money", "RedeliveryString": _sum(ask.cash)}
        ]
    return fields
