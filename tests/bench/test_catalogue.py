import dataclasses
from pathlib import Path

import pytest

from bench import catalogue, shelves
from bench.places import sqlite_place
from commerce_api import site_feed
from commerce_api.foundation.db import migrate

pytestmark = pytest.mark.anyio


def test_every_product_has_three_colours_and_texts_of_its_own() -> None:
    view = catalogue.make(70)
    assert len(view.products) == 70
    assert all(len({variant.colour.slug for variant in product.variants}) == 3 for product in view.products)
    descriptions = {product.texts["uk"].description_html + product.texts["uk"].name for product in view.products}
    assert len(descriptions) == 70
    assert all(len(product.slug) <= 40 for product in view.products)


def test_a_size_is_always_the_same_catalogue() -> None:
    assert catalogue.make(5) == catalogue.make(5)


async def test_the_shop_reads_from_its_rows_what_was_made(tmp_path: Path) -> None:
    place, view = sqlite_place(tmp_path), catalogue.make(8)
    await migrate.migrate(place.settings)
    async with site_feed.opened(place.settings):
        await shelves.fill(view)
        read = await site_feed.read_all()
    # The day of the last change is that of the filling.
    undated = tuple(dataclasses.replace(product, updated=None) for product in read.products)
    assert dataclasses.replace(read, products=undated) == view
