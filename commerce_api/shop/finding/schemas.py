"""Shapes of searches."""

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field

from commerce_api.foundation.kit.searching.matching import LONGEST
from commerce_api.foundation.web.parsing import Schema
from commerce_api.shop.catalog.schemas import ProductQuery


def _cut(text: object) -> object:
    return text[:LONGEST] if isinstance(text, str) else text


class FindQuery(ProductQuery):
    """What the search page is asked. What others hang onto our addresses is no reason to refuse a visitor."""

    model_config = ConfigDict(extra="ignore")

    q: Annotated[str, BeforeValidator(_cut)] = ""


class MissIn(Schema):
    """A search that found nothing on the static page."""

    query: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    lang: Annotated[str, Field(max_length=8)]
