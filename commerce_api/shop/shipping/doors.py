"""A courier's door as the one text that an order keeps, and its parts again for waybills and for people.

text_of("вул. Франка", "5а", "12")  ->  "вул. Франка, 5а, 12"
"""

import re
from dataclasses import dataclass
from typing import Final

from commerce_api.foundation.theming import Texts
from commerce_api.shop.pricing.shipping import DeliveryKind

_NUMBERED: Final = re.compile(
    r"(?P<street>.*?\D)[\s,]+(?:буд(?:\.|инок)?\s*)?(?P<house>\d+(?:\s?[-/]?\s?[^\W\d_])?(?:[/-]\d+[^\W\d_]?)?)"
)
_SAID: Final = re.compile(r"^(?:будинок|буд|квартира|кв|house|flat|apartment|apt)\b\.?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Door:
    """Street, house and flat; the last two may be empty."""

    street: str
    house: str
    flat: str


def split_house(street: str) -> tuple[str, str]:
    """Street and house of a line that browsers fill in as one; the house is empty where the line names none."""
    found = _NUMBERED.fullmatch(street.strip())
    return (found["street"].rstrip(" ,"), found["house"]) if found else (street, "")


def text_of(street: str, house: str, flat: str = "") -> str:
    """The door as an order keeps it. Commas part it, so those that were typed go."""
    parts = (" ".join(part.replace(",", " ").split()) for part in (street, house, flat))
    return ", ".join(part for part in parts if part)


def door_of(text: str) -> Door:
    """The parts of such a text, or of one that staff typed."""
    street, *rest = [part.strip() for part in text.split(",")]
    house, *flat = [*rest, ""]
    return Door(street, _SAID.sub("", house), _SAID.sub("", " ".join(filter(None, flat))))


def place_words(kind: DeliveryKind, city: str, branch: str, t: Texts) -> str:
    """Where an order goes, as people read it: city and point, or city and door."""
    if kind is not DeliveryKind.COURIER:
        return f"{city}, {branch}"
    door = door_of(branch)
    if not door.flat:
        return f"{city}, {branch}"
    return t("delivery.door", city=city, street=door.street, house=door.house, flat=door.flat)
