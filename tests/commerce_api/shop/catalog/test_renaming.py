"""A product by another name is the same thing to whoever knew it by the old one."""

import json
from functools import partial

import pytest
from selectolax.lexbor import LexborHTMLParser

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.outbox.models import Delivery
from commerce_api.foundation.outbox.relay import run_due
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog import renaming
from commerce_api.shop.catalog.parcels import parcel_sizes
from commerce_api.shop.favourites import service as favourites
from commerce_api.shop.favourites.queries import liked_by, list_of
from commerce_api.shop.promotions.queries import terms_of
from commerce_api.wiring import Adapters, handlers
from tests.commerce_api.shop.cart.builders import promo, put_on_shelf, shopper
from tests.commerce_api.shop.catalog.builders import a_product, add
from tests.commerce_api.shop.customer_area.builders import whole_shop
from tests.commerce_api.working import work

pytestmark = pytest.mark.anyio


async def rename(old: str, new: str) -> None:
    await transact(partial(renaming.rename_slug, old, new))


async def test_a_code_for_a_product_stays_one_for_it(database: Settings) -> None:
    await put_on_shelf()
    await promo(products=["kolos-tee", "maky-tee"])
    await promo("FREE2222")

    await rename("kolos-tee", "wheat-tee")
    await work(database)

    terms, free = await terms_of("DROP10"), await terms_of("FREE2222")
    assert terms is not None
    assert free is not None
    assert sorted(terms.products) == ["maky-tee", "wheat-tee"]
    assert not free.products


async def test_what_somebody_likes_they_like_by_its_new_name(database: Settings) -> None:
    # given one who likes the product, and one whose browser told both names meanwhile
    await put_on_shelf()
    await transact(lambda: favourites.turn(7, "kolos-tee", on=True))
    await transact(lambda: favourites.turn(8, "kolos-tee", on=True))
    await transact(lambda: favourites.turn(8, "wheat-tee", on=False))

    await rename("kolos-tee", "wheat-tee")
    await work(database)

    assert await liked_by(7) == ["wheat-tee"]
    assert (await liked_by(8), list(await list_of(8))) == ([], ["wheat-tee"])


async def test_a_browser_that_knows_a_product_by_its_old_name_is_shown_its_card_once(
    sqlite_database: Settings,
) -> None:
    await add(a_product("kolos-tee"))
    await add(a_product("maky-tee"))
    await rename("kolos-tee", "wheat-tee")
    await rename("wheat-tee", "rye-tee")

    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        path = "/account/favourites/?products=kolos-tee,never-was,maky-tee,rye-tee"
        page = (await client.get(path)).text
        silent = (await client.get("/account/favourites/?products=never-was")).text

    cards = [card.attributes["data-slug"] for card in LexborHTMLParser(page).css("favourites-list product-card")]
    assert cards == ["rye-tee", "maky-tee"]
    (told,) = LexborHTMLParser(page).css("favourites-list")
    assert json.loads(str(told.attributes["data-renamed"])) == {"kolos-tee": "rye-tee"}
    assert "/product/rye-tee/" not in silent
    assert "data-renamed" not in silent


async def test_a_browser_that_joins_an_old_name_into_an_account_learns_the_new_one(database: Settings) -> None:
    # given an account that said something of the product by its new name
    await put_on_shelf()
    await rename("kolos-tee", "wheat-tee")
    await transact(lambda: favourites.merge(7, {"wheat-tee": -5}))

    later = await transact(lambda: favourites.merge(7, {"kolos-tee": 6, "maky-tee": 1}))
    earlier = await transact(lambda: favourites.merge(7, {"kolos-tee": 4}))

    assert later == earlier == {"wheat-tee": 6, "maky-tee": 1}
    assert await list_of(7) == later


async def test_two_names_told_in_the_wrong_order_end_at_the_last_one(database: Settings) -> None:
    # given a product that is renamed twice
    await put_on_shelf()
    await promo(products=["kolos-tee"])
    await transact(lambda: favourites.turn(7, "kolos-tee", on=True))
    await rename("kolos-tee", "wheat-tee")
    await rename("wheat-tee", "rye-tee")

    # when the second is heard before the first
    owed = handlers(database, Adapters())
    await run_due(owed, limit=0)
    first = await Delivery.all().order_by("id").values_list("event_id", flat=True)
    await Delivery.filter(event_id=first[0]).update(state="dead")
    await work(database)
    await Delivery.all().update(state="pending")
    await work(database)

    # then nothing is left at a name between
    terms = await terms_of("DROP10")
    assert terms is not None
    assert sorted(terms.products) == await liked_by(7) == ["rye-tee"]


async def test_a_name_that_is_taken_back_stays_when_its_leaving_is_told_again(database: Settings) -> None:
    # given a product that was renamed, and has its old name again
    await put_on_shelf()
    await promo(products=["kolos-tee"])
    await transact(lambda: favourites.turn(7, "kolos-tee", on=True))
    await rename("kolos-tee", "wheat-tee")
    await rename("wheat-tee", "kolos-tee")
    await work(database)

    # when the worker hears of both once more, the first last
    told = sorted(set(await Delivery.all().values_list("event_id", flat=True)))
    for event in reversed(told):
        await Delivery.filter(event_id=event).update(state="pending")
        await work(database)

    # then what was for it still is
    terms = await terms_of("DROP10")
    assert terms is not None
    assert sorted(terms.products) == await liked_by(7) == ["kolos-tee"]


async def test_a_parcel_of_a_renamed_product_weighs_what_it_weighed(database: Settings) -> None:
    await put_on_shelf()
    before = await parcel_sizes(["kolos-tee"])

    await rename("kolos-tee", "wheat-tee")

    assert await parcel_sizes(["kolos-tee"]) == before
