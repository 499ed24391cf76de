"""The directory as the stand-in carrier's methods tell it: cities, settlements, streets, branches and lockers."""

from typing import Final

from sandbox.nova_poshta_directory import (
    BRANCH_TYPE,
    CARGO_TYPE,
    LOCKER_TYPE,
    STREETS,
    directory,
    reference,
)
from sandbox.nova_poshta_office import Answer, Office, Refused, ok, page

TYPES: Final = (
    ("6f8c7162-4b72-4b0a-88e5-906948c6a92f", "Parcel Shop"),
    (BRANCH_TYPE, "Поштове відділення"),
    (CARGO_TYPE, "Вантажне відділення"),
    (LOCKER_TYPE, "Поштомат"),
    ("95dc212d-479c-4ffb-a8ab-8c1b9073d0bc", "Поштомат ПриватБанку"),
)
MOST: Final = 500
"""Rows of a list at most."""


def get_cities(_office: Office, asked: Answer) -> Answer:
    wanted = str(asked.get("FindByString", "")).casefold()
    rows = [one for one in directory().cities if one["Description"].casefold().startswith(wanted)]
    return page([one for one in rows if asked.get("Ref") in {None, "", one["Ref"]}], asked)


def get_warehouses(_office: Office, asked: Answer) -> Answer:
    wanted = str(asked.get("FindByString", "")).casefold()
    named = (
        ("CityRef", "CityRef"),
        ("SettlementRef", "SettlementRef"),
        ("TypeOfWarehouseRef", "TypeOfWarehouse"),
        ("WarehouseId", "Number"),
    )
    fields = [(field, str(asked[name])) for name, field in named if asked.get(name)]
    rows = (one for one in directory().points if all(one[field] == value for field, value in fields))
    return page([one for one in rows if wanted in one["Description"].casefold()], asked)


def get_types(_office: Office, _asked: Answer) -> Answer:
    return ok([{"Ref": ref, "Description": name, "DescriptionRu": name} for ref, name in TYPES])


def search_settlements(_office: Office, asked: Answer) -> Answer:
    wanted = str(asked.get("CityName", "")).casefold()
    found = [one for one in directory().cities if one["Description"].casefold().startswith(wanted)]
    addresses = [_settlement(one) for one in _part(found, asked)]
    return ok([{"TotalCount": len(found), "Addresses": addresses}])


def _part(rows: list[Answer], asked: Answer) -> list[Answer]:
    size = min(int(asked.get("Limit") or 50), MOST)
    first = (int(asked.get("Page") or 1) - 1) * size
    return rows[first : first + size]


def _settlement(city: Answer) -> Answer:
    short = {"місто": "м.", "село": "с."}[city["SettlementTypeDescription"]]
    return {
        "Present": f"{short} {city['Description']}, {city['AreaDescription']} обл.",
        "Warehouses": sum(point["CityRef"] == city["Ref"] for point in directory().points),
        "MainDescription": city["Description"],
        "Area": city["AreaDescription"],
        "Region": "",
        "SettlementTypeCode": short,
        "Ref": reference("settlement", city["Description"]),
        "DeliveryCity": city["Ref"],
        "AddressDeliveryAllowed": True,
        "StreetsAvailability": True,
        "ParentRegionTypes": "область",
        "ParentRegionCode": "обл.",
        "RegionTypes": "",
        "RegionTypesCode": "",
    }


def _streets(city: str, wanted: str) -> list[tuple[str, str, str]]:
    """Reference, kind and name of the streets of a city whose names hold some words."""
    split = (street.partition(" ")[::2] for street in STREETS)
    return [(reference("street", city, name), kind, name) for kind, name in split if wanted in name.casefold()]


def search_streets(_office: Office, asked: Answer) -> Answer:
    settlement = str(asked.get("SettlementRef", ""))
    if not asked.get("Limit"):
        raise Refused("20000200000", "Limit is empty")
    city = next((one for one in directory().cities if reference("settlement", one["Description"]) == settlement), None)
    if city is None:
        raise Refused("20000200103", "Settlement not found")
    found = _streets(city["Description"], str(asked.get("StreetName", "")).casefold())
    addresses = [
        {
            "SettlementRef": settlement,
            "SettlementStreetRef": ref,
            "SettlementStreetDescription": name,
            "SettlementStreetDescriptionRu": name,
            "Present": f"{kind} {name}",
            "StreetsType": reference("street type", kind),
            "StreetsTypeDescription": kind,
            "Location": {"lat": 50.45, "lon": 30.52},
        }
        for ref, kind, name in found[: int(asked["Limit"])]
    ]
    return ok([{"TotalCount": len(found), "Addresses": addresses}])


def get_streets(_office: Office, asked: Answer) -> Answer:
    city = directory().city_of.get(str(asked.get("CityRef")))
    if city is None:
        raise Refused("20000200103", "City not found")
    found = _streets(city["Description"], str(asked.get("FindByString", "")).casefold())
    rows = [
        {"Ref": ref, "Description": name, "StreetsTypeRef": reference("street type", kind), "StreetsType": kind}
        for ref, kind, name in found
    ]
    return page(rows, asked)
