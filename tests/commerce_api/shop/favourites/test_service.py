"""Two lists become one, whichever way and however often they are joined."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.favourites import service
from commerce_api.shop.favourites.queries import liked_by
from tests.commerce_api.shop.cart.builders import shopper
from tests.commerce_api.shop.catalog.builders import a_product, add
from tests.commerce_api.shop.customer_area.builders import come_in, somebody, whole_shop

LISTS = st.dictionaries(st.sampled_from("abcd"), st.integers(-9, 9).filter(bool))


@given(LISTS, LISTS, LISTS)
def test_joining_knows_no_order_and_no_repetition(
    one: dict[str, int], other: dict[str, int], third: dict[str, int]
) -> None:
    join = service.joined
    assert join(one, other) == join(other, one)
    assert join(join(one, other), third) == join(one, join(other, third))
    assert join(one, one) == one


def test_the_later_word_counts_and_a_tombstone_is_a_word() -> None:
    assert service.joined({"tee": 5}, {"tee": -7}) == {"tee": -7}
    assert service.joined({"tee": -7}, {"tee": 9}) == {"tee": 9}


@pytest.mark.anyio
async def test_a_clock_of_the_future_does_not_have_the_last_word(database: Settings) -> None:
    ahead = int((clock.now() + timedelta(days=400)).timestamp() * 1000)
    await transact(lambda: service.merge(7, {"tee": ahead}))
    with clock.frozen(clock.now() + timedelta(seconds=5)):
        await transact(lambda: service.turn(7, "tee", on=False))
    assert await liked_by(7) == []


@pytest.mark.anyio
async def test_a_list_of_the_browser_moves_into_the_account_and_its_page(sqlite_database: Settings) -> None:
    await add(a_product("kolos-tee"))
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        guest = await client.get("/account/favourites/?products=kolos-tee,never-was")
        assert "/product/kolos-tee/" in guest.text
        await come_in(client)
        joined = await client.post("/api/v1/favourites", json={"items": {"kolos-tee": 5, "gone-tee": -6}})
        page = await client.get("/account/favourites/")
        await client.post("/account/favourites/", data={"product": "kolos-tee"})
        after = (await client.get("/api/v1/favourites")).json()["items"]
    assert joined.json()["items"] == {"kolos-tee": 5, "gone-tee": -6}
    assert "/product/kolos-tee/" in page.text
    assert after["kolos-tee"] < 0
