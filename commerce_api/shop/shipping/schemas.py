"""Shapes of the directory: what is asked of it, and what can be chosen."""

from typing import Annotated

from pydantic import Field

from commerce_api.foundation.kit.urls import DEFAULT_LANGUAGE
from commerce_api.foundation.web.parsing import Schema
from commerce_api.shop.shipping import choices, spelling
from commerce_api.shop.shipping.directory import CityRow, Point

Typed = Annotated[str, Field(max_length=100)]
Lang = Annotated[str, Field(max_length=8)]
Token = Annotated[str, Field(max_length=80)]


class CityQuery(Schema):
    """What was typed of a city's name; `lang` in which its name is shown."""

    q: Typed = ""
    lang: Lang = DEFAULT_LANGUAGE


class BranchQuery(Schema):
    """The city, by `token` or `ref`, and what was typed of a point's number or street."""

    city: Token
    q: Typed = ""
    lang: Lang = DEFAULT_LANGUAGE


class CityOut(Schema):
    """A city; its `token` goes back with the order."""

    ref: str
    name: str
    area: str
    token: str

    @classmethod
    def of(cls, city: CityRow, key: str, lang: str) -> "CityOut":
        """The city in the letters of a language; the token is the same in all of them."""
        return cls(
            ref=city.ref,
            name=shown(city.name, lang),
            area=shown(city.area, lang),
            token=choices.city_token(city.ref, city.name, key),
        )


class BranchOut(Schema):
    """A branch or a locker (`kind`); its `token` goes back with the order."""

    ref: str
    number: str
    name: str
    kind: str
    token: str

    @classmethod
    def of(cls, point: Point, key: str, lang: str) -> "BranchOut":
        """The point in the letters of a language."""
        return cls(
            ref=point.ref,
            number=str(point.number),
            name=shown(point.name, lang),
            kind=point.kind.value,
            token=choices.branch_token(point.ref, point.city_ref, point.name, key),
        )


def shown(name: str, lang: str) -> str:
    """A name of the directory as a page in `lang` writes it."""
    return name if lang == DEFAULT_LANGUAGE else spelling.latin(name)
