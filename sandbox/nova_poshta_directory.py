"""The directory of the stand-in carrier: real cities, and points in them by a rule, so that each start has the same."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

BRANCH_TYPE: Final = "841339c7-591a-42e2-8233-7a0a00f0ed6f"
LOCKER_TYPE: Final = "f9316480-5f2d-425d-bc2c-ac7cd29decf0"
CARGO_TYPE: Final = "9a68df70-0267-42a8-bb5c-37f427e36ee4"

_CITIES: Final = """
Київ;Київська;170;130|Харків;Харківська;90;60|Одеса;Одеська;80;60|Дніпро;Дніпропетровська;76;56|Львів;Львівська;70;56
Запоріжжя;Запорізька;44;26|Кривий Ріг;Дніпропетровська;36;20|Миколаїв;Миколаївська;28;16|Вінниця;Вінницька;28;18
Полтава;Полтавська;22;14|Чернігів;Чернігівська;20;12|Черкаси;Черкаська;20;12|Хмельницький;Хмельницька;20;14
Житомир;Житомирська;18;12|Чернівці;Чернівецька;18;12|Суми;Сумська;16;10|Рівне;Рівненська;16;12
Івано-Франківськ;Івано-Франківська;18;14|Тернопіль;Тернопільська;16;12|Луцьк;Волинська;16;12|Ужгород;Закарпатська;12;8
Кропивницький;Кіровоградська;14;8|Херсон;Херсонська;6;0|Біла Церква;Київська;12;8|Кременчук;Полтавська;14;8
Кам’янське;Дніпропетровська;12;6|Мукачево;Закарпатська;8;4|Бровари;Київська;10;8|Умань;Черкаська;6;4
Ірпінь;Київська;8;6|Буча;Київська;5;4|Бориспіль;Київська;6;4|Вишневе;Київська;5;4|Вишгород;Київська;4;2
Обухів;Київська;4;2|Фастів;Київська;3;2|Павлоград;Дніпропетровська;7;4|Нікополь;Дніпропетровська;5;2
Самар;Дніпропетровська;4;2|Олександрія;Кіровоградська;4;2|Конотоп;Сумська;4;2|Шостка;Сумська;4;2
Бердичів;Житомирська;4;2|Коростень;Житомирська;4;2|Звягель;Житомирська;4;2|Кам’янець-Подільський;Хмельницька;6;4
Шепетівка;Хмельницька;3;2|Дрогобич;Львівська;5;3|Стрий;Львівська;4;3|Шептицький;Львівська;4;2|Трускавець;Львівська;2;2
Калуш;Івано-Франківська;4;2|Коломия;Івано-Франківська;4;2|Яремче;Івано-Франківська;1;1|Чортків;Тернопільська;2;1
Ковель;Волинська;4;2|Нововолинськ;Волинська;3;1|Дубно;Рівненська;2;1|Вараш;Рівненська;2;1|Ніжин;Чернігівська;4;2
Прилуки;Чернігівська;3;2|Лубни;Полтавська;3;1|Миргород;Полтавська;3;1|Горішні Плавні;Полтавська;3;1
Сміла;Черкаська;3;2|Ізмаїл;Одеська;4;2|Чорноморськ;Одеська;4;2|Південноукраїнськ;Миколаївська;2;1|Хуст;Закарпатська;2;1
Київець;Львівська;1;0|Криворівня;Івано-Франківська;0;0
"""
"""Name; region; branches; lockers. The last is a village that the carrier only drives to."""

STREETS: Final = (
    "вул. Хрещатик", "просп. Свободи", "вул. Шевченка", "вул. Франка", "вул. Лесі Українки", "вул. Грушевського",
    "вул. Соборна", "просп. Миру", "вул. Київська", "вул. Сагайдачного", "вул. Богдана Хмельницького",
    "вул. Січових Стрільців", "вул. Незалежності", "вул. Вокзальна", "вул. Садова", "просп. Перемоги", "вул. Гоголя",
    "вул. Довженка", "вул. Європейська", "вул. Зелена", "вул. Набережна", "вул. Університетська",
    "вул. Героїв України", "вул. Коцюбинського",
)  # fmt: skip
_SPACE: Final = uuid.UUID("5f0c4c1e-3d58-4d8c-9a64-6f1f3f7f2b10")


@dataclass(frozen=True, slots=True)
class Directory:
    """Cities and points as the carrier answers them, and both by their references."""

    cities: list[dict[str, Any]]
    points: list[dict[str, Any]]
    city_of: Mapping[str, dict[str, Any]]
    point_of: Mapping[str, dict[str, Any]]


def reference(*parts: object) -> str:
    """The reference of a thing: the same in every start."""
    return str(uuid.uuid5(_SPACE, "/".join(str(part) for part in parts)))


@cache
def directory() -> Directory:
    """All of it; made once."""
    cities, points = [], []
    for number, line in enumerate(_CITIES.replace("\n", "|").strip("|").split("|"), start=1):
        name, area, branches, lockers = line.split(";")
        ref = reference("city", name)
        cities.append(
            {
                "Ref": ref,
                "Description": name,
                "DescriptionRu": name,
                "Area": reference("area", area),
                "AreaDescription": area,
                "CityID": str(number),
                "SettlementTypeDescription": "село" if not int(branches) else "місто",
                "Delivery1": "1",
            }
        )
        points += [_branch(ref, name, one) for one in range(1, int(branches) + 1)]
        points += [_locker(ref, name, one) for one in range(1, int(lockers) + 1)]
    return Directory(cities, points, {one["Ref"]: one for one in cities}, {one["Ref"]: one for one in points})


def _street(city: str, kind: str, number: int) -> str:
    chance = uuid.uuid5(_SPACE, f"{city}/{kind}/{number}").int
    return f"{STREETS[chance % len(STREETS)]}, {chance // 97 % 140 + 1}"


def _branch(city_ref: str, city: str, number: int) -> dict[str, Any]:
    # Every seventh is a small one, and the last of a big city is closed for repairs.
    small, cargo = number % 7 == 0, number % 9 == 1
    most = "30" if small else "0"
    point = _point(city_ref, city, "branch", number)
    closed = number == 40
    return {
        **point,
        "Description": f"Відділення №{number}{' (до 30 кг на одне місце)' if small else ''}: {point['ShortAddress']}",
        "TypeOfWarehouse": CARGO_TYPE if cargo else BRANCH_TYPE,
        "CategoryOfWarehouse": "Branch",
        "PlaceMaxWeightAllowed": most,
        "TotalMaxWeightAllowed": "1000" if cargo else most,
        "ReceivingLimitationsOnDimensions": {"Width": 0, "Height": 0, "Length": 0}
        if not small
        else {"Width": 120, "Height": 120, "Length": 120},
        "WarehouseStatus": "NotWorking" if closed else "Working",
        "DenyToSelect": "0",
        "PostFinance": "1",
    }


def _locker(city_ref: str, city: str, number: int) -> dict[str, Any]:
    code = 20_000 + number * 11
    point = _point(city_ref, city, "locker", code)
    return {
        **point,
        "Description": f"Поштомат №{code}: {point['ShortAddress']} (Тільки для мешканців)"
        if number % 13 == 0
        else f"Поштомат №{code}: {point['ShortAddress']}",
        "TypeOfWarehouse": LOCKER_TYPE,
        "CategoryOfWarehouse": "Postomat",
        "PlaceMaxWeightAllowed": "20",
        "TotalMaxWeightAllowed": "20",
        "ReceivingLimitationsOnDimensions": {"Width": 40, "Height": 30, "Length": 60},
        "WarehouseStatus": "Working",
        "DenyToSelect": "1" if number % 13 == 0 else "0",
        "PostFinance": "0" if number % 5 == 0 else "1",
    }


def _point(city_ref: str, city: str, kind: str, number: int) -> dict[str, Any]:
    chance = uuid.uuid5(_SPACE, f"{city}/{number}").int
    return {
        "Ref": reference("point", city, kind, number),
        "Number": str(number),
        "ShortAddress": _street(city, kind, number),
        "CityRef": city_ref,
        "CityDescription": city,
        "SettlementRef": reference("settlement", city),
        "Latitude": f"{48 + chance % 3000 / 1000:.6f}",
        "Longitude": f"{24 + chance % 9000 / 1000:.6f}",
        "Schedule": dict.fromkeys(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"), "08:00-20:00"),
        "WarehouseIndex": f"{chance % 90 + 1}/{number}",
    }
