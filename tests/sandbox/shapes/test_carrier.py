"""What the carrier answers fits what it documents: every answer and every refusal, no more and no less."""

from typing import Any

import httpx2
import pytest

from sandbox.environment import PARCELS_KEY, SENDER
from sandbox.nova_poshta_directory import directory, reference
from sandbox.nova_poshta_methods import METHODS
from sandbox.world import World
from tests.sandbox import shapes
from tests.sandbox.shapes.held import LVIV, fits

pytestmark = pytest.mark.anyio


async def carrier(web: httpx2.AsyncClient, method: str, properties: object = None, key: str = PARCELS_KEY) -> Any:
    """The envelope of an answer."""
    model, _, called = method.partition(".")
    asked = {"apiKey": key, "modelName": model, "calledMethod": called, "methodProperties": properties or {}}
    return fits(shapes.carrier.Envelope, await web.post("/nova-poshta/v2.0/json/", json=asked))


async def rows(web: httpx2.AsyncClient, method: str, shape: type[shapes.Shape], **properties: Any) -> list[Any]:
    told = await carrier(web, method, properties)
    assert told["success"] is True, told
    assert told["data"]
    for row in told["data"]:
        shape.model_validate(row)
    data: list[Any] = told["data"]
    return data


SETTLEMENT = reference("settlement", "Львів")

SENDER_REF = {"Ref": SENDER["NOVA_POSHTA_SENDER_REF"]}

PERSON = {"FirstName": "Оксана", "MiddleName": "", "LastName": "Шевченко", "Phone": "380671234567"}

WAY = {"CitySender": SENDER["NOVA_POSHTA_SENDER_CITY_REF"], "CityRecipient": LVIV, "ServiceType": "WarehouseWarehouse"}


async def waybill(web: httpx2.AsyncClient, **more: Any) -> Any:
    """A new document."""
    (person,) = await rows(
        web, "Counterparty.save", shapes.carrier.SavedCounterparty, CounterpartyProperty="Recipient", **PERSON
    )
    document = {
        **WAY,
        "PayerType": "Sender", "PaymentMethod": "Cash", "DateTime": "29.11.2026", "CargoType": "Parcel",
        "Weight": "0.5", "SeatsAmount": "1", "Description": "Одяг", "Cost": "890", "VolumeGeneral": "0.002",
        "Sender": SENDER_REF["Ref"], "SenderAddress": SENDER["NOVA_POSHTA_SENDER_ADDRESS_REF"],
        "ContactSender": SENDER["NOVA_POSHTA_SENDER_CONTACT_REF"], "SendersPhone": SENDER["NOVA_POSHTA_SENDER_PHONE"],
        "RecipientsPhone": PERSON["Phone"], "Recipient": person["Ref"], "InfoRegClientBarcodes": "ORDER-7",
        "RecipientAddress": reference("point", "Львів", "branch", 12), **more,
    }  # fmt: skip
    (made,) = await rows(web, "InternetDocument.save", shapes.carrier.Document, **document)
    return {**document, "Ref": made["Ref"], "number": made["IntDocNumber"]}


async def test_the_directory_of_the_carrier(web: httpx2.AsyncClient) -> None:
    cities = await rows(web, "Address.getCities", shapes.carrier.City)
    assert len(cities) == len(directory().cities)
    points = await rows(web, "Address.getWarehouses", shapes.carrier.Warehouse, CityRef=LVIV)
    assert {row["CityRef"] for row in points} == {LVIV}
    for row in directory().points:
        shapes.carrier.Warehouse.model_validate(row)
    await rows(web, "Address.getWarehouseTypes", shapes.carrier.WarehouseType)
    await rows(web, "Address.searchSettlements", shapes.carrier.Settlements, CityName="Ки", Limit="5", Page="1")
    street = {"StreetName": "Франка", "SettlementRef": SETTLEMENT, "Limit": "5"}
    await rows(web, "Address.searchSettlementStreets", shapes.carrier.FoundStreets, **street)
    await rows(web, "Address.getStreet", shapes.carrier.Street, CityRef=LVIV, FindByString="")
    await rows(web, "Common.getMessageCodeText", shapes.carrier.Code)


async def test_people_and_prices_of_the_carrier(web: httpx2.AsyncClient) -> None:
    await rows(
        web, "Counterparty.getCounterparties", shapes.carrier.Counterparty, CounterpartyProperty="Sender", Page="1"
    )
    await rows(web, "Counterparty.getCounterpartyContactPersons", shapes.carrier.Contact, **SENDER_REF)
    await rows(web, "Counterparty.getCounterpartyAddresses", shapes.carrier.SenderPlace, **SENDER_REF)
    await rows(web, "Counterparty.getCounterpartyOptions", shapes.carrier.Options, **SENDER_REF)
    (person,) = await rows(web, "Counterparty.save", shapes.carrier.SavedCounterparty, **PERSON)
    await rows(web, "ContactPerson.save", shapes.carrier.Contact, CounterpartyRef=person["Ref"], **PERSON)
    parcel = {**WAY, "Weight": "0.5", "Cost": "890", "CargoType": "Parcel", "SeatsAmount": "1"}
    await rows(web, "InternetDocument.getDocumentPrice", shapes.carrier.Price, **parcel)
    await rows(web, "InternetDocument.getDocumentDeliveryDate", shapes.carrier.DeliveryDay, **WAY)


@pytest.mark.parametrize("more", [{}, {"AfterpaymentOnGoodsCost": "970.50"}])
async def test_a_parcel_is_told_as_documented_wherever_it_is(
    world: World, web: httpx2.AsyncClient, more: dict[str, str]
) -> None:
    made = await waybill(web, **more)
    changed = {name: value for name, value in made.items() if name != "number"} | {"Cost": "900"}
    await rows(web, "InternetDocument.update", shapes.carrier.Document, **changed)
    listed = await rows(
        web, "InternetDocument.getDocumentList", shapes.carrier.ListedDocument, DateTimeFrom="29.11.2026"
    )
    assert [(one["InfoRegClientBarcodes"], one["Cost"]) for one in listed] == [("ORDER-7", "900")]

    codes = []
    for _ in range(6):
        (told,) = await rows(
            web,
            "TrackingDocument.getStatusDocuments",
            shapes.carrier.Tracked,
            Documents=[{"DocumentNumber": made["number"]}],
        )
        codes.append(told["StatusCode"])
        world.clock.advance(hours=1 / 80)
    assert list(dict.fromkeys(codes)) == (["1", "5", "7", "10", "11"] if more else ["1", "5", "7", "9"])
    unknown = [{"DocumentNumber": "20459999999999", "Phone": ""}]
    await rows(web, "TrackingDocument.getStatusDocuments", shapes.carrier.Unknown, Documents=unknown)
    away = await waybill(web)
    await rows(web, "InternetDocument.delete", shapes.carrier.Referred, DocumentRefs=[away["Ref"]])


async def test_the_carrier_refuses_in_its_envelope(world: World, web: httpx2.AsyncClient) -> None:
    made = await waybill(web)
    world.clock.advance(hours=1)
    refused = {
        "Address.getStreet": ({}, "20000200103"),
        "Address.searchSettlementStreets": ({"SettlementRef": SETTLEMENT}, "20000200000"),
        "Counterparty.save": ({"Phone": "0671234567"}, "20000300434"),
        "InternetDocument.getDocumentPrice": ({"CityRecipient": "nowhere"}, "20000200103"),
        "InternetDocument.delete": ({"DocumentRefs": "nothing"}, "20000200206"),
        "InternetDocument.update": ({"Ref": made["Ref"]}, "20000200211"),
        "InternetDocument.save": ({}, "20000200000"),
        "InternetDocument.getDocumentList": ({"DateTimeFrom": "soon"}, "20000200001"),
        "TrackingDocument.getStatusDocuments": ({"Documents": [{}] * 101}, "20000401622"),
        "Address.noSuchMethod": ({}, "20000200002"),
    }
    for method, (properties, code) in refused.items():
        told = await carrier(web, method, properties)
        assert (told["success"], told["errorCodes"], told["data"]) == (False, [code], []), method
        assert told["errors"]
    stranger = await carrier(web, "Address.getCities", key="another")
    assert (stranger["success"], stranger["errorCodes"]) == (False, ["20000200068"])
    nobody = await web.post("/nova-poshta/v2.0/json/", json={"modelName": "Address", "calledMethod": "getCities"})
    assert fits(shapes.carrier.Envelope, nobody, 401)["errorCodes"] == ["20000200069"]


@pytest.mark.parametrize("method", [".".join(named) for named in METHODS])
async def test_the_carrier_refuses_what_it_cannot_read(web: httpx2.AsyncClient, method: str) -> None:
    odd: tuple[object, ...] = ("x", 7, ["x"], {"x": []}, "", True)
    names = (
        "Limit", "Page", "Ref", "Weight", "Cost", "DateTimeFrom", "DocumentRefs", "Documents", "OptionsSeat", "Phone",
        "FindByString", "CityRef", "VolumeGeneral", "BackwardDeliveryData", "RecipientAddress",
    )  # fmt: skip
    for properties in ("x", [7], 7, *({"CityRef": LVIV, "Limit": "2", name: value} for name in names for value in odd)):
        told = await carrier(web, method, properties)
        assert told["success"] or told["errorCodes"]
