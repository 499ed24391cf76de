"""What the shop says of itself to programs."""

import pytest

from sitegen.seo.shop import website
from tests.sitegen.builders import SITE_URL, catalogue, product, shop_of


@pytest.mark.parametrize(("lang", "path"), [("uk", "/find/"), ("en", "/en/find/")])
def test_the_search_that_programs_are_told_of_answers_without_scripts(lang: str, path: str) -> None:
    shop = shop_of(catalogue(product("kolos")), features=["search"])

    target = website(shop, lang)["potentialAction"]["target"]

    assert target["urlTemplate"] == f"{SITE_URL}{path}?q={{search_term_string}}"


def test_a_shop_that_cannot_be_searched_names_no_search() -> None:
    shop = shop_of(catalogue(product("kolos")), features=[])

    assert "potentialAction" not in website(shop, "uk")
