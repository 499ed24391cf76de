"""Shapes of favourites: the same map that browsers keep (docs/theme.md)."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from commerce_api.foundation.web.parsing import Schema
from commerce_api.shop.favourites.service import MOST

ProductSlug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=40)]
Moment = Annotated[int, Field(ge=-(2**53), le=2**53)]
"""Milliseconds since 1970; negative for what was taken out."""


class FavouritesIn(Schema):
    """A browser's list."""

    items: Annotated[dict[ProductSlug, Moment], Field(max_length=MOST)]


class FavouritesOut(Schema):
    """The account's list after that, tombstones included."""

    items: dict[str, int]


class FavouriteQuery(Schema):
    """Which product to take out."""

    product: ProductSlug


class TurnForm(Schema):
    """A button beside a product: `on` puts it in, without it it is taken out."""

    product: ProductSlug
    on: Literal["", "1"] = ""


class ShownQuery(Schema):
    """Products of a browser's list, to be shown to a guest: slugs with commas between."""

    products: Annotated[str, StringConstraints(pattern=r"^[a-z0-9,-]*$", max_length=4_000)] = ""
    part: Annotated[str, StringConstraints(pattern=r"^\d*$", max_length=20)] = ""
