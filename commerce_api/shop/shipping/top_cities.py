"""The cities that most parcels go to, for a file of the static site: the first letters of a city are answered by it
before anybody asks us. What is chosen from it comes back signed and is looked up like any other choice."""

import hashlib
from typing import Final

from commerce_api.shop.catalog import page_keys
from commerce_api.shop.catalog.views import CityView
from commerce_api.shop.shipping import choices, directory, spelling

MOST: Final = 60
"""Half of the carrier's points lie in so many cities, and the file is smaller than a picture of a card."""
KEY: Final = "cities"
"""The group of the site's pages that shows them."""


async def top_cities(key: str) -> tuple[CityView, ...]:
    """The cities with the most points, the biggest first; none while there is no directory. `key` signs them."""
    others = spelling.other_names()
    return tuple(
        CityView(
            token=choices.city_token(city.ref, city.name, key),
            names=(city.name, spelling.latin(city.name)),
            areas=(city.area, spelling.latin(city.area)),
            others=others.get(city.name, ()),
        )
        for city in await directory.find_cities("", MOST)
    )


async def digest_of_top() -> str:
    """Another text whenever the list is another one."""
    listed = [f"{city.ref} {city.name} {city.area}" for city in await directory.find_cities("", MOST)]
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()


async def announce() -> None:
    """Have the site make its list anew, when the ambient transaction commits. Raises NoTransaction."""
    await page_keys.mark((KEY,), "the biggest cities of the carrier are others")
