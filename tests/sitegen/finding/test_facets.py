"""Columns to filter by: what a script reads out of them is what the products say."""

from dataclasses import replace
from itertools import accumulate
from typing import Any

from sitegen.finding import facets
from sitegen.source import ProductView
from tests.sitegen.builders import COLOURS, catalogue, product, shop_of


def sold_out(view: ProductView, colour: str, size: str) -> ProductView:
    """The same product without one size of one colour."""
    variants = tuple(
        replace(
            variant,
            skus=tuple(
                replace(sku, available=not (variant.colour.slug == colour and sku.size == size)) for sku in variant.skus
            ),
        )
        for variant in view.variants
    )
    return replace(view, variants=variants)


def rows_of(file: dict[str, Any]) -> list[tuple[int, str, int, set[tuple[str, str]]]]:
    """Ordinal, colour, price and offers of every row, as a reader of docs/finding.md would unpack them."""
    owners = [ordinal for ordinal, n in zip(accumulate(file["ordinal"]), file["rows"], strict=True) for _ in range(n)]
    offers = [
        {
            (size, fit)
            for s, size in enumerate(file["sizes"])
            for f, fit in enumerate(file["fits"])
            if file["masks"][place] >> (s * len(file["fits"]) + f) & 1
        }
        for place in file["offers"]
    ]
    colours = [file["colours"][place] for place in file["colour"]]
    return list(zip(owners, colours, accumulate(file["price"]), offers, strict=True))


def test_a_row_holds_what_is_on_sale_in_one_colour() -> None:
    kolos = sold_out(product("kolos", colours=("coal", "milk")), "coal", "M")

    file = facets.columns([kolos], [7], COLOURS.values(), ["t-shirts"])

    assert rows_of(file) == [
        (7, "coal", 89_000, {("S", "classic")}),
        (7, "milk", 89_000, {("S", "classic"), ("M", "classic")}),
    ]


def test_ordinals_and_prices_are_differences_that_sum_up() -> None:
    views = [product("a", price=89_000, colours=("milk",)), product("b", price=75_000, colours=("coal",))]

    file = facets.columns(views, [3, 9], COLOURS.values(), ["t-shirts"])

    assert (file["ordinal"], file["price"]) == ([3, 6], [89_000, -14_000])
    assert [(row[0], row[2]) for row in rows_of(file)] == [(3, 89_000), (9, 75_000)]


def test_a_category_has_its_own_file_with_the_ordinals_of_the_whole() -> None:
    shop = shop_of(catalogue(product("a", day=1), product("hood", "hoodies", day=2), product("b", day=3)))

    part = facets.part(shop, "uk")

    assert list(part.addresses) == ["", "t-shirts", "hoodies"]
    tees = facets.facets(shop, "uk", "t-shirts")
    assert tees.file.startswith("data/facets-t-shirts-uk-")
    assert '"ordinal":[0,2]' in tees.text


def test_a_file_of_which_nothing_changed_is_not_made_again() -> None:
    shop = shop_of(catalogue(product("a"), product("hood", "hoodies")))
    dearer = shop.with_products({"a": product("a", price=99_000)})

    assert facets.facets(shop, "uk", "hoodies") is facets.facets(dearer, "uk", "hoodies")
    assert facets.facets(shop, "uk", "t-shirts").file != facets.facets(dearer, "uk", "t-shirts").file
