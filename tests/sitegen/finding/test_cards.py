"""Cards as data: whole, in order, and made anew only where something changed."""

import json

from sitegen.finding import cards
from sitegen.finding.order import products_in_order
from tests.sitegen.builders import catalogue, priced, product, shop_of, some_products


def test_products_stand_in_the_order_in_which_they_came() -> None:
    shop = shop_of(catalogue(*some_products(3), product("only-uk", day=1, languages=("uk",))))

    assert [view.slug for view in products_in_order(shop, "en")] == ["tee-000", "tee-001", "tee-002"]
    assert {view.slug for view in products_in_order(shop, "uk")} >= {"only-uk"}


def test_newest_first_is_the_ordinals_backwards_even_on_one_day() -> None:
    shop = shop_of(catalogue(*(product(slug, day=1) for slug in ("b", "a", "c"))))

    backwards = [view.slug for view in reversed(products_in_order(shop, "uk"))]

    assert backwards == list(shop.index.newest["uk"].slugs)


def test_a_card_names_its_colours_their_addresses_and_what_is_on_sale() -> None:
    record = cards.card(product("kolos", colours=("coal", "milk")), "en")

    assert (record["path"], record["name"], record["price"]) == ("/en/product/kolos/", "kolos en", 89_000)
    assert "from" not in record
    assert "old" not in record
    coal, milk = record["colours"]
    assert (coal["slug"], milk["slug"], coal["alt"]) == ("coal", "milk", "kolos/coal photo")
    assert len(coal["pictures"]) == 2
    assert coal["sizes"] == ["S", "M"]


def test_a_design_whose_colours_differ_in_price_is_sold_from_the_lowest() -> None:
    view = product("kolos")
    dear = product("kolos", price=99_000)
    record = cards.card(product("kolos", variants=(dear.variants[0], view.variants[1])), "uk")

    assert (record["price"], record["from"]) == (89_000, True)


def test_a_new_price_changes_the_one_file_it_stands_in() -> None:
    tees = some_products(cards.SHARD + 10)
    before = shop_of(catalogue(*tees))
    after = before.with_products({"tee-003": priced(tees[3], 95_000)})

    old, new = cards.part(before, "uk"), cards.part(after, "uk")

    assert len(old.documents) == 2
    assert old.documents[0].file != new.documents[0].file
    assert old.documents[1] is new.documents[1]
    assert json.loads(new.documents[0].text)[3]["price"] == 95_000
