"""The biggest cities for the static site: told anew when they are others, and trusted by their signature alone."""

import pytest

from commerce_api.foundation.publishing.models import PageChange
from commerce_api.foundation.settings import Settings
from commerce_api.shop.shipping import directory, mirror
from commerce_api.shop.shipping.errors import ChoiceUnknown
from commerce_api.shop.shipping.models import MirrorRun
from commerce_api.shop.shipping.schemas import CityOut
from commerce_api.shop.shipping.top_cities import MOST, top_cities
from tests.commerce_api.shop.shipping.builders import later, mirrored

pytestmark = pytest.mark.anyio


async def told() -> int:
    """How often the site was told that they are others."""
    return await PageChange.filter(key="cities").count()


async def test_they_are_the_ones_with_the_most_points_in_both_alphabets(sqlite_database: Settings) -> None:
    assert await top_cities("key") == ()
    await mirrored()

    found = await top_cities("key")

    assert found[0].names == ("Київ", "Kyiv")
    assert found[0].others == ("Kiev",)
    assert len(found) <= MOST
    assert [city.names[0] for city in found[:10]] == [city.name for city in await directory.find_cities("")]
    assert ("Кривий Ріг", "Kryvyi Rih") in {city.names for city in found}


async def test_the_site_hears_of_the_first_mirror_and_then_of_other_cities_only(database: Settings) -> None:
    line = await mirrored()
    assert await told() == 1

    with later(hours=21):
        await mirror.mirror_if_due(line.carrier())
    assert await told() == 1
    await MirrorRun.all().update(top="another list")
    with later(hours=42):
        await mirror.mirror_if_due(line.carrier())
    assert await told() == 2


async def test_a_choice_from_the_file_is_looked_up_like_one_from_the_call(sqlite_database: Settings) -> None:
    await mirrored()
    key = sqlite_database.secret_key
    city = next(one for one in await top_cities(key) if one.names[0] == "Львів")

    assert city.token == CityOut.of((await directory.find_cities("львів"))[0], key, "uk").token
    assert (await directory.chosen_city(city.token, key)).name == "Львів"
    forged = next(one for one in await top_cities("k" * 40) if one.names[0] == "Львів")
    with pytest.raises(ChoiceUnknown):
        await directory.chosen_city(forged.token, key)
