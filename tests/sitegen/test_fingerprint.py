"""The hash of a catalogue: every word of it counts."""

from dataclasses import fields, replace
from typing import Any

import pytest

from sitegen.fingerprint import Catalogue
from sitegen.source import CatalogView, ProductText, ProductView
from tests.sitegen.builders import catalogue, some_products

VIEW = catalogue(*some_products(2))


def with_first(product: ProductView) -> CatalogView:
    return replace(VIEW, products=(product, *VIEW.products[1:]))


@pytest.mark.parametrize("name", [field.name for field in fields(ProductText)])
def test_another_word_in_either_language_is_another_catalogue(name: str) -> None:
    first = VIEW.products[0]
    changed: Any = (("Чи сяде?", "Сяде."),) if name == "faq" else "інші слова"

    for lang, text in first.texts.items():
        other = replace(first, texts={**first.texts, lang: replace(text, **{name: changed})})
        assert Catalogue(with_first(other)).digest != Catalogue(VIEW).digest


def test_another_description_of_a_picture_is_another_catalogue() -> None:
    first = VIEW.products[0]
    variant = first.variants[0]
    image = replace(variant.images[0], alt={"uk": "Худі на вішаку"})
    other = replace(first, variants=(replace(variant, images=(image, *variant.images[1:])), *first.variants[1:]))

    assert Catalogue(with_first(other)).digest != Catalogue(VIEW).digest


def test_what_is_sold_and_for_how_much_is_another_catalogue() -> None:
    first = VIEW.products[0]
    cheaper = replace(first.variants[0], price=first.variants[0].price - 100)

    assert Catalogue(with_first(replace(first, variants=(cheaper, *first.variants[1:])))).digest != (
        Catalogue(VIEW).digest
    )


def test_neither_order_nor_identity_of_products_matters() -> None:
    turned = replace(VIEW, products=tuple(replace(product) for product in reversed(VIEW.products)))

    assert Catalogue(turned).digest == Catalogue(VIEW).digest
