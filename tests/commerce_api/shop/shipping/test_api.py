"""The directory over HTTP."""

import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.application import make_application
from commerce_api.shop.shipping import api, directory
from tests.commerce_api.shop.cart.builders import shopper
from tests.commerce_api.shop.shipping.builders import Line, mirrored

pytestmark = pytest.mark.anyio


async def test_a_program_finds_a_city_and_a_branch_and_gets_tokens_that_are_believed(sqlite_database: Settings) -> None:
    await mirrored()
    app = make_application(sqlite_database, operations=api.OPERATIONS)
    async with shopper(app, sqlite_database) as client:
        cities = (await client.get("/api/v1/delivery/cities", params={"q": "lviv"})).json()
        by_token = (
            await client.get("/api/v1/delivery/branches", params={"city": cities[0]["token"], "q": "12"})
        ).json()
        by_ref = (await client.get("/api/v1/delivery/branches", params={"city": cities[0]["ref"], "q": "12"})).json()

    assert {key: cities[0][key] for key in ("name", "area")} == {"name": "Львів", "area": "Львівська"}
    assert by_token == by_ref
    assert (by_token[0]["number"], by_token[0]["kind"]) == ("12", "branch")
    point = await directory.chosen_point(cities[0]["token"], by_token[0]["token"], sqlite_database.secret_key)
    assert point.ref == by_token[0]["ref"]


async def test_names_are_shown_in_the_letters_of_the_page_with_the_same_token(sqlite_database: Settings) -> None:
    await mirrored()
    app = make_application(sqlite_database, operations=api.OPERATIONS)
    async with shopper(app, sqlite_database) as client:
        (uk,) = (await client.get("/api/v1/delivery/cities", params={"q": "Полтава"})).json()
        (en,) = (await client.get("/api/v1/delivery/cities", params={"q": "Полтава", "lang": "en"})).json()

    assert (uk["name"], en["name"]) == ("Полтава", "Poltava")
    assert uk["token"] == en["token"]


async def test_answers_may_be_kept_by_caches_and_are_asked_for_again_cheaply(sqlite_database: Settings) -> None:
    app = make_application(sqlite_database, operations=api.OPERATIONS)
    async with shopper(app, sqlite_database) as client:
        first = await client.get("/api/v1/delivery/cities?q=x")
        again = await client.get("/api/v1/delivery/cities?q=x", headers={"if-none-match": first.headers["etag"]})

    assert first.headers["cache-control"].startswith("public, max-age=600")
    assert "set-cookie" not in first.headers
    assert again.status_code == 304


async def test_a_carrier_that_is_away_is_not_noticed_and_a_city_nobody_knows_has_no_branches(
    sqlite_database: Settings,
) -> None:
    line = await mirrored(Line())
    line.broken["*"] = "silent"
    app = make_application(sqlite_database, operations=api.OPERATIONS)
    async with shopper(app, sqlite_database) as client:
        found = await client.get("/api/v1/delivery/cities", params={"q": "Київ"})
        none = await client.get("/api/v1/delivery/branches", params={"city": "nowhere"})
        missing = await client.get("/api/v1/delivery/branches")

    assert [city["name"] for city in found.json()][:1] == ["Київ"]
    assert (none.status_code, none.json()) == (200, [])
    assert missing.status_code == 422
    assert line.asked == []
