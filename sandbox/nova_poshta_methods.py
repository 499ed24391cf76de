"""What each method of the stand-in carrier answers about prices, days and waybills, refusals included."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from sandbox import nova_poshta_people as people
from sandbox import nova_poshta_places as places
from sandbox.nova_poshta_directory import LOCKER_TYPE, directory
from sandbox.nova_poshta_office import Answer, Office, Refused, ok, page
from sandbox.nova_poshta_parcels import KYIV, TEXTS, Document, status

Method = Callable[[Office, dict[str, Any]], Answer]
CATALOGUE: Final = {
    "20000200000": "A property is empty",
    "20000200001": "Request is not valid",
    "20000200068": "API auth fail",
    "20000200069": "API key is empty",
    "20000200103": "Recipient City not found",
    "20000200206": "Document not found",
    "20000200380": "Weight is over the limit of the postomat",
    "20000200841": "Money transfer is unavailable for this postomat",
    "20000201384": "Recipient warehouse not found or closed",
    "20000300434": "Phone is in the wrong format",
    "20000401501": "To many requests",
}
"""The codes that are said here, of the thousands that there are."""


def get_price(_office: Office, asked: dict[str, Any]) -> Answer:
    sender, receiver = asked.get("CitySender"), asked.get("CityRecipient")
    if receiver not in directory().city_of:
        raise Refused("20000200103", "Recipient City not found")
    weight, cost = float(asked.get("Weight", 0)), float(asked.get("Cost", 300))
    price = (60 if sender == receiver else 70) + (10 if weight > 2 else 0) + max(0, math.ceil((cost - 200) * 0.005))
    if str(asked.get("ServiceType", "")).endswith("Doors"):
        price += 45
    return ok([{"AssessedCost": cost, "Cost": price, "CostRedelivery": 20, "CostPack": 0, "TZoneInfo": {}}])


def get_day(office: Office, asked: dict[str, Any]) -> Answer:
    days = 1 if asked.get("CitySender") == asked.get("CityRecipient") else 2
    day = office.depot.now().astimezone(KYIV) + timedelta(days=days)
    told = {"date": f"{day:%Y-%m-%d} 18:00:00.000000", "timezone_type": 3, "timezone": "Europe/Kiev"}
    return ok([{"DeliveryDate": told}])


def _check_point(asked: dict[str, Any]) -> bool:
    """Whether the parcel goes to a locker that takes it. Raises Refused as the carrier would."""
    point = directory().point_of.get(str(asked.get("RecipientAddress")))
    if point is None or point["WarehouseStatus"] != "Working":
        raise Refused("20000201384", "Recipient warehouse not found or closed")
    if point["TypeOfWarehouse"] != LOCKER_TYPE:
        return False
    seats = asked.get("OptionsSeat") or []
    if len(seats) != 1:
        raise Refused("20000200377", "OptionsSeat is empty")
    if float(seats[0]["weight"]) > 20:
        raise Refused("20000200380", "Weight is over the limit of the postomat")
    sides = sorted(float(seats[0][f"volumetric{side}"]) for side in ("Width", "Length", "Height"))
    if any(side > most for side, most in zip(sides, (30, 40, 60), strict=True)):
        raise Refused("20000200389", "Width is over the limit of the postomat")
    if float(asked["Cost"]) > 10_000:
        raise Refused("20000203801", "Cost is over the limit of the postomat")
    cash = asked.get("AfterpaymentOnGoodsCost") or asked.get("BackwardDeliveryData")
    if cash and point["PostFinance"] != "1":
        raise Refused("20000200841", "Money transfer is unavailable for this postomat")
    return True


LEAST_VOLUME: Final = 0.0004
"""Cubic metres of a parcel without seats."""
_REQUIRED: Final = (
    "PayerType", "PaymentMethod", "DateTime", "CargoType", "Weight", "ServiceType", "SeatsAmount", "Description",
    "Cost", "CitySender", "Sender", "SenderAddress", "ContactSender", "SendersPhone", "RecipientsPhone",
)  # fmt: skip


def check_document(office: Office, asked: dict[str, Any]) -> bool:
    """Whether the parcel goes to a locker. Raises Refused for what the carrier would not take."""
    for name in _REQUIRED:
        if not asked.get(name):
            raise Refused("20000200000", f"{name} is empty")
        if not isinstance(asked[name], str):
            raise Refused("20000200001", f"{name} is not a string")
    doors = asked["ServiceType"].endswith("Doors")
    if not doors and asked.get("Recipient") not in office.people:
        raise Refused("20000200104", "Recipient not found")
    if doors and not asked.get("RecipientAddressName"):
        raise Refused("20000200105", "RecipientAddressName is empty")
    if not asked.get("OptionsSeat") and not float(asked.get("VolumeGeneral") or 0) >= LEAST_VOLUME:
        raise Refused("20000200000", "VolumeGeneral is empty")
    return not doors and _check_point(asked)


def save_document(office: Office, asked: dict[str, Any]) -> Answer:
    locker = check_document(office, asked)
    cash = bool(asked.get("AfterpaymentOnGoodsCost") or asked.get("BackwardDeliveryData"))
    return ok([_saved(office.depot.make(asked, locker=locker, cash=cash))], warnings=["Phone is not verified"])


def update_document(office: Office, asked: dict[str, Any]) -> Answer:
    found = office.depot.find(str(asked.get("Ref")))
    if found is None or found.code == "2":
        raise Refused("20000200206", "Document not found")
    if found.code != "1":
        raise Refused("20000200211", "Document can not be changed")
    check_document(office, asked)
    found.asked = {name: value for name, value in asked.items() if name != "Ref"}
    return ok([_saved(found)])


def _saved(made: Document) -> Answer:
    due = made.made_at.astimezone(KYIV) + timedelta(days=1)
    return {
        "Ref": made.ref,
        "CostOnSite": 70,
        "EstimatedDeliveryDate": f"{due:%d.%m.%Y}",
        "IntDocNumber": made.number,
        "TypeDocument": "InternetDocument",
    }


def delete_document(office: Office, asked: dict[str, Any]) -> Answer:
    named = asked.get("DocumentRefs")
    refs = [named] if isinstance(named, str) else list(named or [])
    for ref in refs:
        found = office.depot.find(ref)
        if found is None or found.code == "2":
            raise Refused("20000200206", "Document not found")
        if not office.depot.remove(ref):
            raise Refused("20000200211", "Document can not be deleted")
    return ok([{"Ref": ref} for ref in refs])


def list_documents(office: Office, asked: dict[str, Any]) -> Answer:
    first = datetime.strptime(str(asked.get("DateTimeFrom")), "%d.%m.%Y").replace(tzinfo=KYIV)
    rows = [
        {
            **_saved(one),
            "Cost": one.asked.get("Cost"),
            "DateTime": f"{one.made_at.astimezone(KYIV):%Y-%m-%d %H:%M:%S}",
            "InfoRegClientBarcodes": one.asked.get("InfoRegClientBarcodes", ""),
            "StateId": one.code,
        }
        for one in office.depot.all()
        if one.made_at >= first and one.code != "2" and "Back" not in one.asked
    ]
    return page(rows, {"Limit": 100, **asked})


def get_statuses(office: Office, asked: dict[str, Any]) -> Answer:
    wanted = asked.get("Documents") or []
    if len(wanted) > 100:
        raise Refused("20000401622", "Documents count is over 100")
    data: list[Answer] = []
    for one in wanted:
        number = str(one.get("DocumentNumber", ""))
        found = office.depot.find(number)
        data.append(
            status(found)
            if found and found.code != "3"
            else {"Number": number, "StatusCode": "3", "Status": TEXTS["3"], "DateCreated": False}
        )
    return ok(
        data, warnings=[{f"ID_{row['Number']}": "Phone is not given"} for row in data if row["StatusCode"] != "3"]
    )


def get_catalogue(_office: Office, _asked: dict[str, Any]) -> Answer:
    texts = ("MessageDescriptionEN", "MessageDescriptionRU", "MessageDescriptionUA")
    return ok(
        [{"MessageCode": code, "MessageText": text, **dict.fromkeys(texts, text)} for code, text in CATALOGUE.items()]
    )


METHODS: Final[dict[tuple[str, str], Method]] = {
    ("Address", "getCities"): places.get_cities,
    ("Address", "getStreet"): places.get_streets,
    ("Address", "getWarehouses"): places.get_warehouses,
    ("Address", "getWarehouseTypes"): places.get_types,
    ("Address", "searchSettlements"): places.search_settlements,
    ("Address", "searchSettlementStreets"): places.search_streets,
    ("Common", "getMessageCodeText"): get_catalogue,
    ("ContactPerson", "save"): people.save_contact,
    ("Counterparty", "getCounterparties"): people.get_counterparties,
    ("Counterparty", "getCounterpartyAddresses"): people.get_addresses,
    ("Counterparty", "getCounterpartyContactPersons"): people.get_contacts,
    ("Counterparty", "getCounterpartyOptions"): people.get_options,
    ("Counterparty", "save"): people.save_counterparty,
    ("InternetDocument", "getDocumentPrice"): get_price,
    ("InternetDocument", "getDocumentDeliveryDate"): get_day,
    ("InternetDocument", "save"): save_document,
    ("InternetDocument", "update"): update_document,
    ("InternetDocument", "delete"): delete_document,
    ("InternetDocument", "getDocumentList"): list_documents,
    ("TrackingDocument", "getStatusDocuments"): get_statuses,
}
