"""The directory as shoppers ask it: served from our mirror, never from the carrier (lessons.md 70).

Plain SQL (db/plain.py): a shopper asks with every letter typed. A search is one statement when enough is found, two
when the letters stand inside names, and never more than four, however big the directory.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from commerce_api.foundation.db import plain
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping import choices, spelling
from commerce_api.shop.shipping.errors import ChoiceUnknown
from commerce_api.shop.shipping.parcels import Limits
from commerce_api.shop.shipping.states import PointKind

MOST_CITIES: Final = 10
MOST_BRANCHES: Final = 60

CITY: Final = "SELECT ref, name, area, branches FROM delivery_city WHERE open = ?"
RANKED: Final = " ORDER BY branches DESC, words, id LIMIT ?"
POINT: Final = """
SELECT b.ref, b.city_ref, b.number, b.name, b.kind, b.max_weight_g, b.length_cm, b.width_cm, b.height_cm, b.cash,
    c.name AS city, c.area
FROM delivery_branch b JOIN delivery_city c ON c.ref = b.city_ref
WHERE b.open = ? AND c.open
"""


@dataclass(frozen=True, slots=True)
class CityRow:
    """A city to choose; `branches` is how many points it has."""

    ref: str
    name: str
    area: str
    branches: int


@dataclass(frozen=True, slots=True)
class Point:
    """A branch or locker to choose, in its city. `cash` says whether a receiver may pay there."""

    ref: str
    city_ref: str
    city: str
    area: str
    number: int
    name: str
    kind: PointKind
    cash: bool
    limits: Limits

    @property
    def delivery(self) -> DeliveryKind:
        """The way of delivery that leads there."""
        return DeliveryKind.LOCKER if self.kind is PointKind.LOCKER else DeliveryKind.BRANCH


async def find_cities(typed: str, most: int = MOST_CITIES) -> list[CityRow]:
    """Cities whose name begins with what was typed, in any alphabet and letter case, the biggest first; then those that
    have it further inside. Nothing typed: the biggest of all."""
    wanted = spelling.words(typed)
    if not wanted:
        return _cities(await plain.fetch(CITY + RANKED, True, most)) if not typed.strip() else []
    found = await _named(wanted, spelling.todays_name(typed), most)
    if found:
        return found
    other = spelling.mistyped(typed)
    return await _named(other, None, most) if other and other != wanted else []


async def _named(wanted: str, meant: str | None, most: int) -> list[CityRow]:
    begins = _cities(await _beginning(wanted, meant, most))
    if len(begins) >= most:
        return begins
    inside = _cities(await plain.fetch(f"{CITY} AND words LIKE ?{RANKED}", True, f"% {wanted}%", most))
    known = {city.ref for city in begins}
    return [*begins, *(city for city in inside if city.ref not in known)][:most]


async def _beginning(wanted: str, meant: str | None, most: int) -> Sequence[Any]:
    if len(wanted) == 1:
        return await plain.fetch(f"{CITY} AND words LIKE ?{RANKED}", True, f"{wanted}%", most)
    if meant:
        query = f"{CITY} AND ((head = ? AND words LIKE ?) OR (head = ? AND words = ?)){RANKED}"
        return await plain.fetch(query, True, wanted[:2], f"{wanted}%", meant[:2], meant, most)
    return await plain.fetch(f"{CITY} AND head = ? AND words LIKE ?{RANKED}", True, wanted[:2], f"{wanted}%", most)


def _cities(rows: Sequence[Any]) -> list[CityRow]:
    return [CityRow(row["ref"], row["name"], row["area"], row["branches"]) for row in rows]


async def find_points(city_ref: str, typed: str = "", most: int = MOST_BRANCHES) -> list[Point]:
    """Points of a city by number or words of the name; a number that fits exactly first, branches before lockers."""
    asked, values = "", []
    wanted = spelling.words(typed).split()
    number = next((int(word) for word in wanted if word.isdecimal() and len(word) < 9), -1)
    for word in wanted:
        if word.isdecimal() and int(word) == number:
            asked += " AND (b.number = ? OR b.words LIKE ?)"
            values += [number, f"% {word}%"]
        else:
            asked += " AND b.words LIKE ?"
            values.append(f"% {word}%")
    order = " ORDER BY CASE WHEN b.number = ? THEN 0 ELSE 1 END, b.kind, b.number, b.id LIMIT ?"
    rows = await plain.fetch(f"{POINT} AND b.city_ref = ?{asked}{order}", True, city_ref, *values, number, most)
    return [_point(row) for row in rows]


def _point(row: Any) -> Point:
    limits = Limits(row["max_weight_g"], row["length_cm"], row["width_cm"], row["height_cm"])
    return Point(
        ref=row["ref"],
        city_ref=row["city_ref"],
        city=row["city"],
        area=row["area"],
        number=row["number"],
        name=row["name"],
        kind=PointKind(row["kind"]),
        cash=bool(row["cash"]),
        limits=limits,
    )


async def city_by_ref(ref: str) -> CityRow | None:
    """The city of a reference; None for one that is not in the directory."""
    rows = _cities(await plain.fetch(f"{CITY} AND ref = ?", True, ref))
    return rows[0] if rows else None


def may_mean(typed: str, city: CityRow) -> bool:
    """Whether typed words can mean the city, in any of the spellings by which it is found."""
    own = f" {spelling.words(city.name)}"
    spellings = (spelling.words(typed), spelling.todays_name(typed), spelling.mistyped(typed))
    return any(f" {words}" in own for words in spellings if words)


async def point_by_ref(ref: str) -> Point | None:
    """The point of a reference; None for one that is closed or not in the directory."""
    rows = await plain.fetch(f"{POINT} AND b.ref = ?", True, ref)
    return _point(rows[0]) if rows else None


async def chosen_city(token: str, key: str) -> CityRow:
    """The city of a token of ours. Raises ChoiceUnknown."""
    city = await city_by_ref(choices.ref_of(token))
    if city is None or not choices.is_city(token, city.name, key):
        raise ChoiceUnknown({"city": "errors.choice_unknown"})
    return city


async def chosen_point(city_token: str, branch_token: str, key: str) -> Point:
    """The point of two tokens of ours that belong together. Raises ChoiceUnknown, also for one that closed since."""
    point = await point_by_ref(choices.ref_of(branch_token))
    if point is None or not choices.is_branch(branch_token, point.city_ref, point.name, key):
        raise ChoiceUnknown({"branch": "errors.choice_unknown"})
    if choices.ref_of(city_token) != point.city_ref or not choices.is_city(city_token, point.city, key):
        raise ChoiceUnknown({"city": "errors.choice_unknown"})
    return point


_NUMBER: Final = re.compile(r"\d{1,6}")
_LOCKER: Final = re.compile(r"поштомат|почтомат|locker|parcel machine", re.IGNORECASE)


async def city_meant_by(typed: str) -> CityRow | None:
    """The one city that is known by a name typed by hand; None when there is none, or more than one."""
    name = spelling.words(typed.split(",")[0].removeprefix("м.").removeprefix("m."))
    if not name:
        return None
    cities = _cities(await plain.fetch(f"{CITY} AND head = ? AND words = ?{RANKED}", True, name[:2], name, 2))
    return cities[0] if len(cities) == 1 else None


async def meant_by(city: str, branch: str) -> Point | None:
    """The one point that words typed by hand can only mean: a city known by that name, and the number of one of its
    points of the kind that was named. None when they leave a doubt."""
    numbers = set(_NUMBER.findall(branch.split(":")[0]))
    known = await city_meant_by(city) if len(numbers) == 1 else None
    if known is None:
        return None
    kind = PointKind.LOCKER if _LOCKER.search(branch) else PointKind.BRANCH
    query = f"{POINT} AND b.city_ref = ? AND b.number = ? AND b.kind = ? ORDER BY b.id LIMIT 2"
    points = await plain.fetch(query, True, known.ref, int(numbers.pop()), kind)
    return _point(points[0]) if len(points) == 1 else None
