"""Who sends and who receives, as the stand-in carrier's methods tell it. The one sender is the shop of the sandbox."""

from sandbox.environment import SENDER
from sandbox.nova_poshta_directory import directory, reference
from sandbox.nova_poshta_office import Answer, Office, Refused, ok, page


def _phone(asked: Answer) -> str:
    phone = str(asked.get("Phone", ""))
    if not phone.isdecimal() or not phone.startswith("380") or len(phone) != 12:
        raise Refused("20000300434", "Phone is in the wrong format")
    return phone


def save_counterparty(office: Office, asked: Answer) -> Answer:
    phone = _phone(asked)
    ref = reference("person", phone)
    office.people[ref] = phone
    contact = {"Ref": reference("person", phone, "contact"), "Description": asked.get("LastName", "")}
    return ok([{"Ref": ref, "Counterparty": "", "ContactPerson": ok([contact])}])


def save_contact(office: Office, asked: Answer) -> Answer:
    if asked.get("CounterpartyRef") not in office.people:
        raise Refused("20000200104", "Counterparty not found")
    name = " ".join(str(asked.get(part) or "") for part in ("LastName", "FirstName", "MiddleName")).strip()
    phone = _phone(asked)
    return ok([{"Ref": reference("person", asked["CounterpartyRef"], phone), "Description": name, "Phones": phone}])


def get_counterparties(_office: Office, asked: Answer) -> Answer:
    if asked.get("CounterpartyProperty") != "Sender":
        return page([], asked)
    sender = {
        "Ref": SENDER["NOVA_POSHTA_SENDER_REF"],
        "Description": "Приватна особа",
        "CounterpartyType": "PrivatePerson",
        "City": SENDER["NOVA_POSHTA_SENDER_CITY_REF"],
    }
    return page([sender], asked)


def _sender(asked: Answer) -> None:
    if asked.get("Ref") != SENDER["NOVA_POSHTA_SENDER_REF"]:
        raise Refused("20000200104", "Counterparty not found")


def get_contacts(_office: Office, asked: Answer) -> Answer:
    _sender(asked)
    names = {"LastName": "Майстерня", "FirstName": "Тестова", "MiddleName": ""}
    contact = {
        "Ref": SENDER["NOVA_POSHTA_SENDER_CONTACT_REF"],
        "Description": "Майстерня Тестова",
        "Phones": SENDER["NOVA_POSHTA_SENDER_PHONE"],
    }
    return page([{**contact, **names}], asked)


def get_addresses(_office: Office, asked: Answer) -> Answer:
    _sender(asked)
    point = directory().point_of[SENDER["NOVA_POSHTA_SENDER_ADDRESS_REF"]]
    place = {"Ref": point["Ref"], "Description": point["Description"], "CityRef": point["CityRef"]}
    return page([{**place, "CityDescription": point["CityDescription"]}], asked)


def get_options(_office: Office, asked: Answer) -> Answer:
    _sender(asked)
    able = {"CanPayTheThirdPerson": True, "CanAfterpaymentOnGoodsCost": True, "CanNonCashPayment": False}
    return ok([{**able, "CanCreditDocuments": False, "HideDeliveryCost": False}])
