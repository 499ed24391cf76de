"""What comes in: one way to write it, and a clear word for everything else."""

import json
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, field_validator
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from commerce_api.foundation.errors import Invalid, ShopError
from commerce_api.foundation.web.errors import Malformed, WrongMediaType
from commerce_api.foundation.web.parsing import (
    Schema,
    parse_json,
    read_form,
    read_json,
    refuse,
    validated,
)
from tests.commerce_api.foundation.web.apps import visiting


class Inner(Schema):
    city: Annotated[str, Field(min_length=2, max_length=9)]


class Wanted(Schema):
    sku: Annotated[str, Field(max_length=5)]
    quantity: Annotated[int, Field(ge=1, le=50)] = 1
    inner: Inner | None = None

    @field_validator("sku")
    @classmethod
    def known(cls, value: str) -> str:
        if value == "NONE":
            refuse("unknown_sku")
        return value


def refused(raw: bytes) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        parse_json(Wanted, raw)
    return dict(caught.value.fields)


def test_a_body_that_fits_becomes_a_model() -> None:
    assert parse_json(Wanted, b'{"sku": " TEE ", "quantity": 3}') == Wanted(sku="TEE", quantity=3)


def test_a_whole_number_with_a_point_is_a_whole_number() -> None:
    assert parse_json(Wanted, b'{"sku": "T", "quantity": 10.0}').quantity == 10


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (b"{}", {"sku": "missing"}),
        (b'{"sku": 5}', {"sku": "wrong"}),
        (b'{"sku": "T", "quantity": "3"}', {"quantity": "number"}),
        (b'{"sku": "T", "quantity": true}', {"quantity": "number"}),
        (b'{"sku": "T", "quantity": 2.5}', {"quantity": "number"}),
        (b'{"sku": "T", "quantity": 0}', {"quantity": "too_small"}),
        (b'{"sku": "T", "quantity": 1000000000000000000000}', {"quantity": "too_big"}),
        (b'{"sku": "TOOLONG"}', {"sku": "too_long"}),
        (b'{"sku": "T", "price": 1}', {"price": "unknown"}),
        (b'{"sku": "NONE"}', {"sku": "unknown_sku"}),
        (b'{"sku": "T", "inner": {"city": "X"}}', {"inner.city": "too_short"}),
    ],
)
def test_a_body_that_does_not_fit_names_the_field_and_the_reason(raw: bytes, fields: dict[str, str]) -> None:
    assert refused(raw) == fields


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"sku": "A", "sku": "B"}',
        b'{"sku": "T", "inner": {"city": "Lviv", "city": "Odesa"}}',
        b'{"sku": NaN}',
        b'{"sku": "T", "quantity": 1e999}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_proper_json_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_json(Wanted, raw)


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (b'{"sku": "a\\u0000"}', ["sku"]),
        (b'{"sku": "a\\u000bb"}', ["sku"]),
        (b'{"sku": "\\ud800", "inner": {"city": "\\udfff"}}', ["sku", "inner.city"]),
        (b'{"sku": "T", "many": ["a", "\\u007f"]}', ["many.1"]),
        (b'{"s\\u0000ku": "T"}', ["sku"]),
        (b'"\\u0000"', [""]),
        ('{"sku": "T", "inner": {"city": "Львів"}}'.encode("cp1251"), ["inner.city"]),
        (b'{"s\xffku": "T"}', ["sku"]),
    ],
)
def test_characters_that_nobody_sees_are_refused_where_they_stand(raw: bytes, fields: list[str]) -> None:
    assert refused(raw) == dict.fromkeys(fields, "characters")


def test_a_number_that_no_database_holds_is_refused_without_a_rule_of_the_schema() -> None:
    class Loose(Schema):
        numbers: list[int]

    with pytest.raises(Invalid) as caught:
        parse_json(Loose, b'{"numbers": [1, 9223372036854775808]}')

    assert caught.value.fields == {"numbers.1": "too_big"}


def outcome(raw: bytes) -> int:
    """200 for a body that fits, else the status of its refusal."""
    try:
        parse_json(Wanted, raw)
    except ShopError as error:
        return error.status
    return 200


@given(st.binary(max_size=200))
def test_no_bytes_end_in_anything_but_a_model_or_a_refusal(raw: bytes) -> None:
    assert outcome(raw) in {200, 400, 422}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["sku", "quantity", "inner", "other"]), JSON_VALUES))
def test_no_json_ends_in_anything_but_a_model_or_a_refusal(value: dict[str, Any]) -> None:
    assert outcome(json.dumps(value).encode()) in {200, 400, 422}


def test_texts_of_a_form_become_numbers() -> None:
    assert validated(Wanted, {"sku": "T", "quantity": "7"}).quantity == 7


def test_a_form_that_does_not_fit_names_its_fields() -> None:
    with pytest.raises(Invalid) as caught:
        validated(Wanted, {"quantity": "many"})

    assert caught.value.fields == {"sku": "missing", "quantity": "number"}


async def show_form(request: Request) -> Response:
    try:
        return JSONResponse(await read_form(request))
    except ShopError as error:
        return JSONResponse(error.code, status_code=error.status)


async def show_json(request: Request) -> Response:
    try:
        return JSONResponse((await read_json(request, Wanted)).sku)
    except ShopError as error:
        return JSONResponse(error.code, status_code=error.status)


APP = Starlette(routes=[Route("/form", show_form, methods=["POST"]), Route("/json", show_json, methods=["POST"])])
FORM = "application/x-www-form-urlencoded"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("content_type", "raw", "status"),
    [
        (FORM, b"a=1&b=+x+&blank=&spaces=++", 200),
        (f"{FORM}; charset=UTF-8", "a=ї".encode(), 200),
        (FORM, b"a=1&a=2", 400),
        (FORM, b"a=%ff", 422),
        (FORM, b"a=%00", 422),
        (FORM, "a=ї".encode("cp1251"), 422),
        (FORM, b"&".join(b"f%d=1" % i for i in range(101)), 400),
        (f"{FORM}; charset=koi8-u", b"a=1", 415),
        ("text/plain", b"a=1", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/json", b"{}", 415),
        ("", b"a=1", 415),
        ("", b"", 200),
    ],
)
async def test_a_form_has_one_content_type_and_no_field_twice(content_type: str, raw: bytes, status: int) -> None:
    async with visiting(APP) as visitor:
        answer = await visitor.post("/form", content=raw, headers={"content-type": content_type})

    assert answer.status_code == status, answer.text


@pytest.mark.anyio
async def test_fields_left_blank_are_not_there_and_others_are_stripped() -> None:
    async with visiting(APP) as visitor:
        answer = await visitor.post("/form", content=b"a=1&b=+x+&blank=&spaces=++", headers={"content-type": FORM})

    assert answer.json() == {"a": "1", "b": "x"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("application/json; charset=utf-16", 415),
        ("text/plain", 415),
        ("text/json", 415),
        (FORM, 415),
        ("", 415),
    ],
)
async def test_json_has_one_content_type(content_type: str, status: int) -> None:
    async with visiting(APP) as visitor:
        answer = await visitor.post("/json", content=b'{"sku": "T"}', headers={"content-type": content_type})

    assert answer.status_code == status


def test_the_refusals_have_codes_that_programs_can_hold_on_to() -> None:
    assert (Malformed.code, WrongMediaType.code, Invalid.code) == ("malformed", "wrong_media_type", "invalid")
