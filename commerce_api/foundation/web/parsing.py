"""Reading what came in: JSON, forms, queries -> checked values. Every 422 begins here or in a room's rule.

Strict on purpose: one content type each, no key twice, no unknown key, no control characters, numbers that a database
can hold. `text/plain` is refused because any page of the web may send it without being asked.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, NoReturn, Self, TypeVar, get_origin
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError
from starlette.requests import Request

from commerce_api.foundation.errors import Invalid
from commerce_api.foundation.kit.text import UNFIT
from commerce_api.foundation.web.errors import Malformed, UnfitText, WrongMediaType

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
MAX_FIELDS: Final = 100
LARGEST: Final = 2**63 - 1
LARGEST_ID: Final = 2**31 - 1

_NUMBER: Final = re.compile("[1-9][0-9]{0,18}")
_OWN: Final = "shop:"
_WORDS: Final = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_too_short": "too_short",
    "too_short": "too_short",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "greater_than": "too_small",
    "greater_than_equal": "too_small",
    "less_than": "too_big",
    "less_than_equal": "too_big",
    "int_type": "number",
    "int_parsing": "number",
    "int_parsing_size": "too_big",
    "int_from_float": "number",
    "enum": "choice",
    "literal_error": "choice",
}
"""Kinds of pydantic errors -> words of the theme (`errors.fields.<word>`); any other kind is `wrong`."""

ModelT = TypeVar("ModelT", bound=BaseModel)


class Schema(BaseModel):
    """The base of every request and answer shape: frozen, and nothing it does not name gets in."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ViewSchema(Schema):
    """An answer that tells a view as it is: its fields are attributes of the view, codes become texts."""

    @classmethod
    def of(cls, view: object) -> Self:
        """The answer of a view that has every field by its name."""
        return cls.model_validate(view, from_attributes=True)


def _is_none(value: object) -> bool:
    return value is None


OMIT_NONE: Final[Any] = Field(exclude_if=_is_none)
"""`note: Annotated[str | None, OMIT_NONE] = None`: the answer has no such key when there is nothing to say."""


RowId = Annotated[int, Field(ge=1, le=LARGEST_ID)]
"""The number of a row; PostgreSQL fails when it is asked for one that its column cannot hold."""


def row_id(typed: str, largest: int = LARGEST_ID) -> int | None:
    """The number of a row as an address names it; None for what no row has: zero, a sign, other digits, too much."""
    number = int(typed) if _NUMBER.fullmatch(typed) else 0
    return number if 0 < number <= largest else None


def _decoded(raw: bytes) -> str:
    """The text of a body. Bytes that are no UTF-8 become halves of characters, which are refused with the name of their
    field: nobody could tell from a whole request that was refused what to write otherwise."""
    return raw.decode("utf-8", errors="surrogateescape")


def fit(text: str) -> str:
    """The text without characters that no text of ours has, and that a database may fail over."""
    return UNFIT.sub("", text)


def refuse(word: str) -> NoReturn:
    """For validators of schemas: the value is refused with the text `errors.fields.<word>`."""
    raise PydanticCustomError(_OWN + word, word)


def _word(kind: str) -> str:
    return kind.removeprefix(_OWN) if kind.startswith(_OWN) else _WORDS.get(kind, "wrong")


def refused_fields(errors: Iterable[ErrorDetails]) -> dict[str, str]:
    """Field (dotted when nested) -> word, the first complaint of each field."""
    fields: dict[str, str] = {}
    for error in errors:
        fields.setdefault(".".join(str(part) for part in error["loc"]), _word(error["type"]))
    return fields


def _too_big(value: object, name: str = "") -> Iterable[str]:
    if isinstance(value, BaseModel):
        for key, inner in value.__dict__.items():
            yield from _too_big(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, (list, tuple)):
        for position, inner in enumerate(value):
            yield from _too_big(inner, f"{name}.{position}")
    elif isinstance(value, int) and abs(value) > LARGEST:
        yield name


def _bounded(model: ModelT) -> ModelT:
    big = list(_too_big(model))
    if big:
        raise Invalid(dict.fromkeys(big, "too_big"))
    return model


def validated(model: type[ModelT], values: Mapping[str, Any]) -> ModelT:
    """A model from texts (a form, a query).

    Raises Invalid with `fields` when they do not fit.
    """
    try:
        return _bounded(model.model_validate(dict(values), strict=False))
    except ValidationError as error:
        raise Invalid(refused_fields(error.errors())) from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed(reason="doubled")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise Malformed(reason="number")


class _Numbers:
    """Reads JSON numbers with a point; remembers whether one of them was a whole number after all (10.0)."""

    def __init__(self) -> None:
        self.changed = False

    def __call__(self, text: str) -> float | int:
        number = float(text)
        if not math.isfinite(number):
            raise Malformed(reason="number")
        if number.is_integer():
            self.changed = True
            return int(number)
        return number


def _unfit(value: object, name: str = "") -> Iterable[str]:
    if isinstance(value, str):
        if UNFIT.search(value):
            yield name
    elif isinstance(value, dict):
        for key, inner in value.items():
            below = f"{name}.{fit(key)}" if name else fit(key)
            if UNFIT.search(key):
                yield below
            yield from _unfit(inner, below)
    elif isinstance(value, (list, tuple)):
        for position, inner in enumerate(value):
            yield from _unfit(inner, f"{name}.{position}" if name else str(position))


def require_fit(*values: object) -> None:
    """Raises UnfitText when a text among the values holds what no text of ours has, with the names of those fields."""
    unfit = [name for value in values for name in _unfit(value)]
    if unfit:
        raise UnfitText(dict.fromkeys(unfit, "characters"))


def parse_json(model: type[ModelT], raw: bytes) -> ModelT:
    """A model from JSON text.

    Raises Malformed when it is no JSON or says a key twice, and Invalid with `fields` when it does not fit the model or
    (UnfitText) holds texts that are not UTF-8 or characters that no text of ours has.
    """
    numbers = _Numbers()
    try:
        value = json.loads(_decoded(raw), object_pairs_hook=_object, parse_float=numbers, parse_constant=_no_constant)
        require_fit(value)
    except (ValueError, RecursionError) as error:
        raise Malformed(reason="json") from error
    # JSON Schema says that 10.0 is an integer; pydantic's strict reading says that it is not.
    text = json.dumps(value).encode() if numbers.changed else raw
    try:
        return _bounded(model.model_validate_json(text, strict=True))
    except ValidationError as error:
        raise Invalid(refused_fields(error.errors())) from error


def _media_type(request: Request) -> str:
    given, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if charset not in {"", "utf-8"}:
        raise WrongMediaType()
    return given.strip().lower()


async def read_json(request: Request, model: type[ModelT]) -> ModelT:
    """The JSON body as a model.

    Raises WrongMediaType for anything that is not application/json in UTF-8, else as `parse_json`.
    """
    if _media_type(request) != JSON:
        raise WrongMediaType()
    return parse_json(model, await request.body())


def _pairs(text: str, lists: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Names and stripped values without blank ones; names of `lists` may come several times and keep all values."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise Malformed(reason="fields") from error
    require_fit(*({name: value} for name, value in pairs))
    values = {name: value.strip() for name, value in pairs if name not in lists}
    if len(values) != sum(name not in lists for name, _ in pairs):
        raise Malformed(reason="doubled")
    several = {name: [value.strip() for key, value in pairs if key == name and value.strip()] for name in lists}
    return {name: value for name, value in {**values, **several}.items() if value}


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form, stripped; one that was left empty is not there.

    Raises WrongMediaType for other content types, Malformed for doubled fields, UnfitText for texts that are not UTF-8
    or hold what no text of ours has.
    """
    raw = await request.body()
    if not raw:
        return {}
    if _media_type(request) != FORM:
        raise WrongMediaType()
    return _pairs(_decoded(raw))


def read_query(request: Request, model: type[ModelT]) -> ModelT:
    """The query string as a model, blank values as not given; raises as `read_form` and `validated` do.

    A field whose type is a tuple may come several times.
    """
    raw: bytes = request.scope.get("query_string", b"")
    lists = frozenset(name for name, one in model.model_fields.items() if get_origin(one.annotation) is tuple)
    try:
        return validated(model, _pairs(raw.decode("ascii"), lists))
    except UnicodeDecodeError as error:
        raise Malformed(reason="characters") from error
