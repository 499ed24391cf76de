"""The carrier by novaposhta-python-client: everything that a sender does, from looking up a city to tracking."""

import json
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
from novaposhta import NovaPoshtaApi

SANDBOX, KEY = sys.argv[1:]
BASE = f"{SANDBOX}/nova-poshta"


def main() -> None:
    with NovaPoshtaApi(KEY, f"{BASE}/v2.0/json/", raise_for_errors=True) as api:
        told = story(api)
    with NovaPoshtaApi("another-key", f"{BASE}/v2.0/json/") as stranger:
        told["stranger"] = stranger.address.get_cities()
    print(json.dumps(told))


def story(api: NovaPoshtaApi) -> dict[str, object]:
    """What the client understood."""
    city = api.address.get_cities(find_by_string="Львів")["data"][0]
    settlement = api.address.search_settlements("Львів", limit=5)["data"][0]["Addresses"][0]
    streets = api.address.search_settlement_streets("Франка", settlement["Ref"], limit=5)["data"][0]["Addresses"]
    types = {row["Description"]: row["Ref"] for row in api.address.get_warehouse_types()["data"]}
    branches = api.address.get_warehouses(
        city_ref=city["Ref"], type_of_warehouse_ref=types["Поштове відділення"], warehouse_id="12", limit=3
    )["data"]
    near = api.address.get_warehouses(settlement_ref=settlement["Ref"], limit=1)
    sender = api.counterparty.get_counterparties("Sender")["data"][0]
    contact = api.counterparty.get_counterparty_contact_persons(sender["Ref"])["data"][0]
    place = api.counterparty.get_counterparty_addresses(sender["Ref"], "Sender")["data"][0]
    options = api.counterparty.get_counterparty_options(sender["Ref"])["data"][0]
    person = api.counterparty.save(
        "Оксана", "Іванівна", "Шевченко", "380671234567", "", "PrivatePerson", "", "Recipient", city["Ref"]
    )["data"][0]
    other = api.contact_person.save("Остап", "", "Шевченко", "380671234568", "", person["Ref"])["data"][0]
    asked = {"city_sender": place["CityRef"], "city_recipient": city["Ref"], "service_type": "WarehouseWarehouse"}
    price = api.internet_document.get_document_price(
        **asked, weight=0.5, cost=890, cargo_type="Parcel", seats_amount=1
    )["data"][0]
    day = api.internet_document.get_document_delivery_date(**asked)["data"][0]["DeliveryDate"]
    today = f"{datetime.now(ZoneInfo('Europe/Kyiv')):%d.%m.%Y}"
    document = {
        **asked,
        "payer_type": "Sender",
        "payment_method": "Cash",
        "date_time": today,
        "cargo_type": "Parcel",
        "weight": "0.5",
        "seats_amount": 1,
        "description": "Одяг",
        "cost": "890",
        "sender": sender["Ref"],
        "sender_address": place["Ref"],
        "contact_sender": contact["Ref"],
        "senders_phone": "380501234567",
        "recipients_phone": "380671234567",
        "recipient": person["Ref"],
        "recipient_address": branches[0]["Ref"],
        "contact_recipient": person["ContactPerson"]["data"][0]["Ref"],
        "volume_general": "0.002",
    }
    made = api.internet_document.save(**document, info_reg_client_barcodes="ORDER-7")["data"][0]
    changed = api.internet_document.update(ref=made["Ref"], **{**document, "cost": "900"})["data"][0]
    listed = api.internet_document.get_document_list(today, today)["data"]
    tracked = api.tracking_document.get_status_documents(
        [{"DocumentNumber": made["IntDocNumber"], "Phone": ""}, {"DocumentNumber": "20459999999999", "Phone": ""}]
    )
    label = httpx.get(f"{BASE}/orders/printMarking100x100/orders[]/{made['Ref']}/type/pdf/apiKey/{KEY}/zebra")
    deleted = api.internet_document.delete(made["Ref"])["data"]
    codes = {row["MessageCode"] for row in api.common.get_message_code_text()["data"]}
    return {
        "city": city["Description"],
        "settlement": [settlement["DeliveryCity"] == city["Ref"], settlement["SettlementTypeCode"]],
        "streets": [street["SettlementRef"] == settlement["Ref"] for street in streets],
        "branches": [(one["Number"], one["CityRef"] == city["Ref"]) for one in branches],
        "near": near["info"]["totalCount"] > len(near["data"]),
        "options": options["CanAfterpaymentOnGoodsCost"],
        "people": sorted([bool(person["Ref"]), bool(other["Ref"])]),
        "price": price["Cost"] > 0,
        "day": day["timezone"],
        "made": [len(made["IntDocNumber"]), made["TypeDocument"], changed["IntDocNumber"] == made["IntDocNumber"]],
        "listed": [(one["InfoRegClientBarcodes"], one["Cost"]) for one in listed],
        "tracked": [one["StatusCode"] for one in tracked["data"]],
        "warned": sorted(name for warning in tracked["warnings"] for name in warning) == [f"ID_{made['IntDocNumber']}"],
        "label": [label.headers["content-type"], label.content[:5].decode()],
        "deleted": deleted == [{"Ref": made["Ref"]}],
        "catalogue": {"20000200068", "20000401501"} <= codes,
    }


main()
