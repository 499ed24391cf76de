"""The biggest cities as a file for the checkout."""

from dataclasses import replace
from pathlib import Path

import orjson

from commerce_api.foundation.kit.served import REVALIDATE, cache_control
from sitegen.fingerprint import Catalogue
from sitegen.pages import all_keys, expand
from sitegen.source import CityView, encode, read_fixture
from tests.sitegen.builders import catalogue, shop_of, some_products
from tests.sitegen.test_pages import text_of

LVIV = CityView("ref.signature", ("Львів", "Lviv"), ("Львівська", "Lvivska"), ("Lvov",))
VIEW = catalogue(*some_products(1))


def test_each_city_stands_there_with_its_token_and_all_its_names() -> None:
    shop = shop_of(replace(VIEW, cities=(LVIV,)))

    assert "cities" in all_keys(shop)
    told = orjson.loads(text_of(shop, "cities"))
    assert told == [["ref.signature", "Львів", "Lviv", "Львівська", "Lvivska", "Lvov"]]
    assert [file for output in expand(shop, "cities") for file in output.files] == ["data/cities.json"]


def test_without_a_directory_the_list_is_empty_and_there_all_the_same() -> None:
    assert text_of(shop_of(VIEW), "cities") == "[]"


def test_other_cities_or_other_tokens_are_another_catalogue() -> None:
    views = [VIEW, replace(VIEW, cities=(LVIV,)), replace(VIEW, cities=(replace(LVIV, token="ref.other"),))]

    assert len({Catalogue(view).digest for view in views}) == 3


def test_browsers_ask_for_it_anew_each_time() -> None:
    assert cache_control("/data/cities.json") == REVALIDATE


def test_a_fixture_keeps_them(tmp_path: Path) -> None:
    view = replace(VIEW, cities=(LVIV,))
    (tmp_path / "view.json").write_bytes(encode(view))

    assert read_fixture(tmp_path / "view.json").cities == (LVIV,)
