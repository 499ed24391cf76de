"""The biggest cities of the carrier as a file: the checkout answers the first letters of one by it."""

from collections.abc import Iterator
from typing import Final

import orjson

from sitegen.page import Document, Output
from sitegen.snapshot import Snapshot

FILE: Final = "data/cities.json"


def cities(shop: Snapshot, _: str) -> Iterator[Output]:
    """For each city its token, names and areas in both alphabets, and what else it is called. A list without any is a
    file too: browsers complain of one that is missing."""
    told = [[city.token, *city.names, *city.areas, *city.others] for city in shop.cities]
    yield Document("cities", FILE, orjson.dumps(told).decode())
